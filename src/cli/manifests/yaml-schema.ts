// pure: which YAML scalars are what, by the rules of the parser in kubectl: YAML 1.1 booleans and octals, times stay text.
import { defineMappingTag, defineScalarTag, mergeTag, nullCoreTag, NOT_RESOLVED, Schema, seqTag, strTag } from 'js-yaml';

const TRUE_WORDS = new Set(['y', 'Y', 'yes', 'Yes', 'YES', 'on', 'On', 'ON', 'true', 'True', 'TRUE']);
const FALSE_WORDS = new Set(['n', 'N', 'no', 'No', 'NO', 'off', 'Off', 'OFF', 'false', 'False', 'FALSE']);
const DIGIT_STARTS = [...'+-.0123456789'];

const boolTag = defineScalarTag('tag:yaml.org,2002:bool', {
  implicit: true,
  implicitFirstChars: [...'yYnNtTfFoO'],
  resolve: (source) => (TRUE_WORDS.has(source) ? true : FALSE_WORDS.has(source) ? false : NOT_RESOLVED),
  identify: (value) => typeof value === 'boolean',
});

const intTag = defineScalarTag('tag:yaml.org,2002:int', {
  implicit: true,
  implicitFirstChars: DIGIT_STARTS,
  resolve: (source) => parseInteger(source) ?? NOT_RESOLVED,
  identify: (value) => Number.isInteger(value),
});

const floatTag = defineScalarTag('tag:yaml.org,2002:float', {
  implicit: true,
  implicitFirstChars: DIGIT_STARTS,
  resolve: (source) => parseFloatText(source) ?? NOT_RESOLVED,
  identify: (value) => typeof value === 'number',
});

const binaryTag = defineScalarTag('tag:yaml.org,2002:binary', {
  resolve: (source) => new TextDecoder().decode(Uint8Array.from(atob(source.replace(/\s/g, '')), (char) => char.charCodeAt(0))),
  identify: () => false,
});

const timestampTag = defineScalarTag('tag:yaml.org,2002:timestamp', { resolve: (source) => source, identify: () => false });

/** Tags of the writer's own say nothing to Kubernetes: the text counts. */
const privateTag = defineScalarTag('!', { matchByTagPrefix: true, resolve: (source) => source, identify: () => false });

const mapTag = defineMappingTag('tag:yaml.org,2002:map', {
  create: (): Record<string, unknown> => ({}),
  addPair: (map, key, value) => {
    if (key === null) return 'a key must not be empty or null';
    if (typeof key === 'object') return 'a key must be a string, not a map or a list';
    setOwn(map, String(key), value);
    return '';
  },
  has: (map, key) => Object.hasOwn(map, String(key)),
  keys: (map) => Object.keys(map),
  get: (map, key) => map[String(key)],
  identify: () => false,
});

export const MANIFEST_SCHEMA = new Schema([
  nullCoreTag,
  boolTag,
  intTag,
  floatTag,
  mergeTag,
  strTag,
  binaryTag,
  timestampTag,
  privateTag,
  seqTag,
  mapTag,
]);

/** "0644" is 420, as is "0o644"; "08" is left to the floats, which read it as 8. */
function parseInteger(source: string): number | undefined {
  const match = /^([-+]?)(0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO][0-7]+|0[0-7]*|[1-9][0-9]*)$/.exec(source.replaceAll('_', ''));
  if (match === null || source.startsWith('_')) return undefined;
  const digits = match[2]!;
  const value = /^0[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : Number(digits.toLowerCase());
  return match[1] === '-' && value !== 0 ? -value : value;
}

function parseFloatText(source: string): number | undefined {
  if (source.startsWith('_') || !/^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/.test(source.replaceAll('_', ''))) return undefined;
  const value = Number(source.replaceAll('_', ''));
  return Number.isFinite(value) ? value : undefined;
}

/** Plain assignment of "__proto__" would set the prototype. */
function setOwn(map: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__') Object.defineProperty(map, key, { value, enumerable: true, configurable: true, writable: true });
  else map[key] = value;
}
