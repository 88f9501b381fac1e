import { expect, test } from '@jest/globals';
import { validateConfigMap, validateConfigMapUpdate } from '../../../../src/api/configmap/validate-configmap.ts';
import type { ConfigMap } from '../../../../src/api/generated/types.ts';
import { errorTexts } from '../../../support/error-texts.ts';

const map = (own: Partial<ConfigMap>): ConfigMap => ({ metadata: { name: 'c' }, ...own });
const MIB = 1_048_576;
const FIXED = 'Forbidden: field is immutable when `immutable` is set';

test.each<[title: string, own: Partial<ConfigMap>, errors: readonly unknown[]]>([
  ['an empty one passes', {}, []],
  ['text and bytes pass', { data: { 'a.txt': 'b', _: '' }, binaryData: { 'c-d': 'AAA=' } }, []],
  ['a key is like a file name', { data: { 'a/b': '' } }, [expect.stringMatching(/^data\[a\/b\]: Invalid value: "a\/b": a valid config key must consist of/)]],
  ['a key is not empty', { data: { '': '' } }, [expect.stringMatching(/^data\[\]: Invalid value: "": a valid config key must consist of/)]],
  ['a key of bytes is judged too', { binaryData: { '..': '' } }, [`binaryData[..]: Invalid value: "..": must not be '..'`]],
  ['a key is text or bytes', { data: { a: '' }, binaryData: { a: '' } }, ['data[a]: Invalid value: "a": duplicate of key present in binaryData']],
  ['a mebibyte passes', { data: { a: 'x'.repeat(MIB) } }, []],
  ['text and bytes together are at most a mebibyte', { data: { a: 'x'.repeat(MIB - 2) }, binaryData: { b: 'AAAA' } }, ['[]: Too long: may not be more than 1048576 bytes']],
  ['a name is a subdomain', { metadata: { name: 'A' } }, [expect.stringContaining('metadata.name: Invalid value: "A"')]],
])('%s', (_title, own, errors) => {
  expect(errorTexts(validateConfigMap(map(own)))).toEqual(errors);
});

test.each<[title: string, old: Partial<ConfigMap>, next: Partial<ConfigMap>, errors: readonly string[]]>([
  ['a mutable one may change', { data: { a: 'b' } }, { data: { a: 'c' }, immutable: true }, []],
  ['a fixed one may be labelled', { data: { a: 'b' }, immutable: true }, { metadata: { name: 'c', labels: { a: 'b' } }, data: { a: 'b' }, immutable: true }, []],
  ['a fixed one keeps its text', { data: { a: 'b' }, immutable: true }, { data: { a: 'c' }, immutable: true }, [`data: ${FIXED}`]],
  ['a fixed one keeps its bytes', { immutable: true }, { binaryData: { a: 'AAAA' }, immutable: true }, [`binaryData: ${FIXED}`]],
  ['a fixed one stays fixed', { immutable: true }, {}, [`immutable: ${FIXED}`]],
])('%s', (_title, old, next, errors) => {
  expect(errorTexts(validateConfigMapUpdate(map(next), map(old)))).toEqual(errors);
});
