// Which requests minik proxy hands on.
import { describe, expect, test } from '@jest/globals';
import { DEFAULT_FILTER, requestFilter } from '../../../src/cli/proxy/request-filter.ts';

describe('the filter of the proxy', () => {
  const asked = { method: 'GET', path: '/api/v1/pods', host: 'localhost:8001' };
  test.each<[what: string, change: Partial<typeof asked>, accepted: boolean]>([
    ['a request for localhost', {}, true],
    ['one for 127.0.0.1, without a port', { host: '127.0.0.1' }, true],
    ['one for ::1', { host: '[::1]:8001' }, true],
    ['one for another name, as a page of the web would ask', { host: 'example.com:8001' }, false],
    ['one for a name that only begins so', { host: 'localhost.example.com' }, false],
    ['a command in a container', { path: '/api/v1/namespaces/default/pods/web/exec' }, false],
    ['its terminal', { path: '/api/v1/namespaces/default/pods/web/attach' }, false],
    ['its log', { path: '/api/v1/namespaces/default/pods/web/log' }, true],
    ['any method', { method: 'DELETE' }, true],
  ])('on %s', (_what, change, accepted) => {
    expect(requestFilter(DEFAULT_FILTER)({ ...asked, ...change })).toBe(accepted);
  });

  test('does as it is told', () => {
    const accepts = requestFilter({ ...DEFAULT_FILTER, acceptHosts: '^minik$,\\.test$', acceptPaths: '^/api/v1/pods', rejectMethods: 'POST,PUT' });
    expect(accepts({ ...asked, host: 'a.test' })).toBe(true);
    expect(accepts({ ...asked, host: 'localhost' })).toBe(false);
    expect(accepts({ ...asked, host: 'minik', path: '/api/v1/services' })).toBe(false);
    expect(accepts({ ...asked, host: 'minik', method: 'PUT' })).toBe(false);
  });

  test('says which pattern is none', () => {
    expect(() => requestFilter({ ...DEFAULT_FILTER, acceptHosts: '^a$,(' })).toThrow('--accept-hosts takes regular expressions, comma separated: "(" is none');
  });
});
