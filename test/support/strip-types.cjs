// Jest transform: strips TypeScript types with Node's own stripper, so tests run the very text that Node runs.
const { stripTypeScriptTypes } = require('node:module');

module.exports = {
  process: (source) => ({ code: stripTypeScriptTypes(source, { mode: 'strip' }) }),
};
