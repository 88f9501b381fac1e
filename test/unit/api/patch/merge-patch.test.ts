import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { PODS } from '../../../../src/api/kinds.ts';
import { applyPatch } from '../../../../src/api/patch/apply-patch.ts';
import { applyMergePatch, threeWayJsonMergePatch } from '../../../../src/api/patch/merge-patch.ts';

describe('applying', () => {
  test.each<[string, unknown, unknown, unknown]>([
    ['nothing to do', { a: 'b' }, {}, { a: 'b' }],
    ['a field changed', { a: 'b' }, { a: 'c' }, { a: 'c' }],
    ['a field added', { a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
    ['a field removed', { a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
    ['a list replaced', { a: ['b'] }, { a: ['c', null] }, { a: ['c', null] }],
    ['a scalar becomes an object', { a: 'b' }, { a: { c: 1, d: null } }, { a: { c: 1 } }],
    ['an object becomes a scalar', { a: { b: 1 } }, { a: 1 }, { a: 1 }],
    ['inside an object', { a: { b: 'c', d: 1 } }, { a: { b: 'd', c: null } }, { a: { b: 'd', d: 1 } }],
    ['a list under an object', [1, 2], { a: 1 }, { a: 1 }],
    ['no field, but nulls inside', {}, { a: { b: { c: null } } }, { a: { b: {} } }],
  ])('%s', (_, current, patch, expected) => {
    const before = structuredClone([current, patch]);
    expect(applyMergePatch(current, patch)).toEqual(expected);
    expect([current, patch]).toEqual(before);
  });

  test('a field named __proto__ is a field', () => {
    const result = applyMergePatch({ a: 1 }, JSON.parse('{"__proto__":{"polluted":1}}'));
    expect(JSON.stringify(result)).toBe('{"a":1,"__proto__":{"polluted":1}}');
    expect((result as { polluted?: number }).polluted).toBeUndefined();
  });

  test.each([
    [[], 'error decoding patch: json: cannot unmarshal array into Go value of type map[string]interface {}'],
    ['a', 'error decoding patch: json: cannot unmarshal string into Go value of type map[string]interface {}'],
  ])('a patch that is no object is refused: %j', (body, message) => {
    expect(() => applyPatch(PODS, {}, { type: 'merge', body })).toThrow(expect.objectContaining({ message, code: 400 }));
  });
});

describe('the three-way patch', () => {
  test.each<[string, object, object, object, object]>([
    ['nothing to do', { a: 1 }, { a: 1 }, { a: 1, other: 2 }, {}],
    ['changed', { a: 1 }, { a: 2 }, { a: 1 }, { a: 2 }],
    ['changed by others', { a: 1 }, { a: 1 }, { a: 3 }, { a: 1 }],
    ['removed', { a: 1, b: { c: 1, d: 2 } }, { b: { c: 1 } }, { a: 1, b: { c: 1, d: 2, e: 3 } }, { a: null, b: { d: null } }],
    ['lists are whole', { a: [1] }, { a: [2] }, { a: [1, 3] }, { a: [2] }],
  ])('%s', (_, original, modified, current, patch) => {
    expect(threeWayJsonMergePatch({ original, modified, current })).toEqual(patch);
  });

  /** Manifests of kinds without a schema: nulls in them mean nothing. */
  const values = fc.letrec((tie) => ({
    object: fc.dictionary(fc.constantFrom('a', 'b', 'c', '__proto__'), fc.oneof(fc.nat(3), fc.array(fc.nat(3), { maxLength: 2 }), tie('object')), { maxKeys: 3 }),
  })).object as fc.Arbitrary<object>;

  test('carried out on what was applied, it gives what is to be', () => {
    fc.assert(
      fc.property(values, values, (original, modified) => {
        const patch = threeWayJsonMergePatch({ original, modified, current: original });
        expect(text(applyMergePatch(original, patch))).toBe(text(modified));
      }),
    );
  });

  test('whatever others did meanwhile, what is to be is there, and what they added stays', () => {
    fc.assert(
      fc.property(values, values, values, (original, modified, current) => {
        const patched = applyMergePatch(current, threeWayJsonMergePatch({ original, modified, current }));
        expect(text(applyMergePatch(patched, modified))).toBe(text(patched));
        for (const name of Object.keys(current)) if (!Object.hasOwn(original, name)) expect(Object.hasOwn(patched as object, name)).toBe(true);
      }),
    );
  });

  /** With fields in order. */
  function text(value: unknown): string {
    return JSON.stringify(sorted(value));
  }

  function sorted(value: unknown): unknown {
    if (Array.isArray(value) || typeof value !== 'object' || value === null) return value;
    return Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, item]) => [name, sorted(item)]);
  }
});
