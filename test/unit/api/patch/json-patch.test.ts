import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { PODS } from '../../../../src/api/kinds.ts';
import { applyPatch } from '../../../../src/api/patch/apply-patch.ts';
import { StatusError } from '../../../../src/api/status-error.ts';

const apply = (current: unknown, body: unknown): unknown => applyPatch(PODS, current, { type: 'json', body });

describe('operations', () => {
  test.each<[string, unknown, object[], unknown]>([
    ['nothing to do', { a: 1 }, [], { a: 1 }],
    ['add a field', { a: 1 }, [{ op: 'add', path: '/b', value: 2 }], { a: 1, b: 2 }],
    ['add over a field', { a: 1 }, [{ op: 'add', path: '/a', value: null }], { a: null }],
    ['add into a list', { a: [1, 3] }, [{ op: 'add', path: '/a/1', value: 2 }], { a: [1, 2, 3] }],
    ['add behind the last', { a: [1] }, [{ op: 'add', path: '/a/-', value: 2 }, { op: 'add', path: '/a/2', value: 3 }], { a: [1, 2, 3] }],
    ['add inside an item', { a: [{ b: 1 }] }, [{ op: 'add', path: '/a/0/c', value: 2 }], { a: [{ b: 1, c: 2 }] }],
    ['add the whole', { a: 1 }, [{ op: 'add', path: '', value: { b: 1 } }], { b: 1 }],
    ['remove a field', { a: 1, b: 2 }, [{ op: 'remove', path: '/a' }], { b: 2 }],
    ['remove an item', { a: [1, 2, 3] }, [{ op: 'remove', path: '/a/1' }], { a: [1, 3] }],
    ['replace a field', { a: { b: 1 } }, [{ op: 'replace', path: '/a/b', value: 'c' }], { a: { b: 'c' } }],
    ['replace a field that is not there', { a: {} }, [{ op: 'replace', path: '/a/b', value: 'c' }], { a: { b: 'c' } }],
    ['replace the whole', { a: 1 }, [{ op: 'replace', path: '', value: { b: 1 } }], { b: 1 }],
    ['indexes from the end', { a: [1, 2, 3] }, [{ op: 'remove', path: '/a/-2' }, { op: 'add', path: '/a/-1', value: 4 }, { op: 'replace', path: '/a/-3', value: 0 }], { a: [0, 3, 4] }],
    ['replace an item', { a: [1, 2] }, [{ op: 'replace', path: '/a/0', value: 3 }], { a: [3, 2] }],
    ['move', { a: { b: 1 }, c: [] }, [{ op: 'move', from: '/a/b', path: '/c/0' }], { a: {}, c: [1] }],
    ['copy', { a: { b: 1 } }, [{ op: 'copy', from: '/a', path: '/c' }], { a: { b: 1 }, c: { b: 1 } }],
    ['a test that holds', { a: { b: [1, { c: 2 }] } }, [{ op: 'test', path: '/a', value: { b: [1, { c: 2 }] } }], { a: { b: [1, { c: 2 }] } }],
    ['a test for nothing', { a: 1 }, [{ op: 'test', path: '/b', value: null }], { a: 1 }],
    ['escaped names', { 'a/b': 1, 'c~d': 2, '~1': 3 }, [{ op: 'remove', path: '/a~1b' }, { op: 'replace', path: '/c~0d', value: 0 }, { op: 'remove', path: '/~01' }], { 'c~d': 0 }],
    ['the empty name', { '': 1 }, [{ op: 'replace', path: '/', value: 2 }], { '': 2 }],
  ])('%s', (_, current, body, expected) => {
    const before = structuredClone([current, body]);
    expect(apply(current, body)).toEqual(expected);
    expect([current, body]).toEqual(before);
  });

  test('a field named __proto__ is a field', () => {
    const result = apply({}, JSON.parse('[{"op":"add","path":"/__proto__","value":{"polluted":1}}]'));
    expect(JSON.stringify(result)).toBe('{"__proto__":{"polluted":1}}');
    expect((result as { polluted?: number }).polluted).toBeUndefined();
  });
});

describe('what is refused', () => {
  const REJECTED = 'the server rejected our request due to an error in our request: ';
  test.each<[unknown, number, string]>([
    [{}, 400, 'json: cannot unmarshal object into Go value of type jsonpatch.Patch'],
    [['x'], 400, 'error decoding patch: operation 0 is not an object'],
    [[{ op: 'add', value: 1 }], 400, 'error decoding patch: operation 0 has no "path"'],
    [[{ op: 'add', path: '/a' }], 400, 'error decoding patch: operation 0 (add) has no "value"'],
    [[{ op: 'copy', path: '/b' }], 400, 'error decoding patch: operation 0 (copy) has no "from"'],
    [[{ op: 'merge', path: '/b' }], 400, 'error decoding patch: operation 0 has the "op" "merge": supported values: "add", "copy", "move", "remove", "replace", "test"'],
    [[{ op: 'remove', path: 'b' }], 400, 'error decoding patch: path "b" must begin with "/"'],
    [[{ op: 'remove', path: '/b' }], 422, `${REJECTED}path /b does not exist`],
    [[{ op: 'replace', path: '/b/c', value: 1 }], 422, `${REJECTED}path /b does not exist`],
    [[{ op: 'add', path: '/b/c', value: 1 }], 422, `${REJECTED}path /b/c does not exist`],
    [[{ op: 'add', path: '/constructor/x', value: 1 }], 422, `${REJECTED}path /constructor/x does not exist`],
    [[{ op: 'add', path: '/list/3', value: 1 }], 422, `${REJECTED}Unable to access invalid index: 3 (the list has 2 items)`],
    [[{ op: 'replace', path: '/list/2', value: 1 }], 422, `${REJECTED}Unable to access invalid index: 2 (the list has 2 items)`],
    [[{ op: 'remove', path: '/list/-3' }], 422, `${REJECTED}Unable to access invalid index: -3 (the list has 2 items)`],
    [[{ op: 'remove', path: '/list/-' }], 422, `${REJECTED}Unable to access invalid index: - (the list has 2 items)`],
    [[{ op: 'remove', path: '/list/01' }], 422, `${REJECTED}Unable to access invalid index: 01 (the list has 2 items)`],
    [[{ op: 'test', path: '/a', value: 2 }], 422, `${REJECTED}testing value /a failed`],
    [[{ op: 'move', from: '/o', path: '/o/p' }], 422, `${REJECTED}path /o/p does not exist`],
    [Array.from({ length: 10_001 }, () => ({ op: 'remove', path: '/a' })), 413, 'The allowed maximum operations in a JSON patch is 10000, got 10001'],
  ])('%j', (body, code, message) => {
    expect(() => apply({ a: 1, list: [1, 2], o: {} }, body)).toThrow(expect.objectContaining({ code, message: expect.stringContaining(message) }));
  });

  test('one broken operation refuses all', () => {
    const current = { a: 1 };
    expect(() => apply(current, [{ op: 'replace', path: '/a', value: 2 }, { op: 'remove', path: '/b' }])).toThrow(StatusError);
    expect(current).toEqual({ a: 1 });
  });
});

test('any patch is carried out or refused, and changes neither argument', () => {
  const path = fc.array(fc.constantFrom('a', 'b', '0', '1', '-', '__proto__', '~0', ''), { maxLength: 3 }).map((parts) => parts.map((part) => `/${part}`).join(''));
  const operation = fc.record({ op: fc.constantFrom('add', 'remove', 'replace', 'move', 'copy', 'test'), path, from: path, value: fc.jsonValue({ maxDepth: 1 }) });
  const documents = fc.oneof(fc.jsonValue(), fc.record({ a: fc.jsonValue(), b: fc.array(fc.jsonValue({ maxDepth: 1 })) }));
  fc.assert(
    fc.property(documents, fc.oneof(fc.jsonValue(), fc.array(operation, { maxLength: 4 })), (current, body) => {
      const before = JSON.stringify([current, body]);
      try {
        apply(current, body);
      } catch (error) {
        expect(error).toBeInstanceOf(StatusError);
      }
      expect(JSON.stringify([current, body])).toBe(before);
    }),
  );
});
