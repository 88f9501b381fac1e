// pure: what a ConfigMap must be, and what an immutable one still allows.
import { checkConfigKey, checkSubdomain } from '../dns-name.ts';
import { sameValue } from '../equality.ts';
import { forbidden, invalid, key, tooLong, type FieldError } from '../field-errors.ts';
import type { ConfigMap } from '../generated/types.ts';
import { utf8Length, validateMeta, validateMetaUpdate } from '../meta/validate-meta.ts';

export const MAX_DATA_BYTES = 1024 * 1024;
export const IMMUTABLE_TEXT = 'field is immutable when `immutable` is set';

export function validateConfigMap(map: ConfigMap): FieldError[] {
  return [...validateMeta(map.metadata, checkSubdomain), ...validateData(map)];
}

function validateData(map: ConfigMap): FieldError[] {
  const { data = {}, binaryData = {} } = map;
  const size = [...Object.values(data).map(utf8Length), ...Object.values(binaryData).map(base64Length)].reduce((sum, bytes) => sum + bytes, 0);
  return [
    ...Object.keys(data).flatMap((name) => checkConfigKey(name).map((problem) => invalid(key('data', name), name, problem))),
    ...Object.keys(binaryData).flatMap((name) => checkConfigKey(name).map((problem) => invalid(key('binaryData', name), name, problem))),
    ...Object.keys(binaryData).filter((name) => Object.hasOwn(data, name)).map((name) => invalid(key('data', name), name, 'duplicate of key present in binaryData')),
    ...(size > MAX_DATA_BYTES ? [tooLong('[]', MAX_DATA_BYTES)] : []),
  ];
}

export function validateConfigMapUpdate(next: ConfigMap, old: ConfigMap): FieldError[] {
  const fixed =
    old.immutable === true
      ? [
          ...(next.immutable === true ? [] : [forbidden('immutable', IMMUTABLE_TEXT)]),
          ...(sameValue(next.data ?? {}, old.data ?? {}) ? [] : [forbidden('data', IMMUTABLE_TEXT)]),
          ...(sameValue(next.binaryData ?? {}, old.binaryData ?? {}) ? [] : [forbidden('binaryData', IMMUTABLE_TEXT)]),
        ]
      : [];
  return [...validateMetaUpdate(next.metadata), ...fixed, ...validateData(next)];
}

/** How many bytes base64 text stands for. */
export function base64Length(text: string): number {
  return Math.floor((text.replace(/=+$/, '').length * 3) / 4);
}
