import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseJson } from '../../../../src/api/schema/json.ts';

describe('fields that occur twice', () => {
  test.each<[string, string, string[]]>([
    ['nothing', '{}', []],
    ['each once', '{"a":1,"b":{"a":1},"c":[{"a":1},{"a":1}]}', []],
    ['one at the top', '{"a":1,"a":2}', ['a']],
    ['one inside', '{"spec":{"x":1,"y":2,"x":3}}', ['spec.x']],
    ['one in a list', '{"a":[{"b":1},{"b":1,"c":2,"b":3}]}', ['a[1].b']],
    ['one in lists of lists', '[[1,2],[{"b":1,"b":3}]]', ['[1][0].b']],
    ['thrice is told once', '{"a":1,"a":2,"a":3}', ['a']],
    ['several', '{"a":1,"a":2,"b":{"c":1,"c":2}}', ['a', 'b.c']],
    ['one written with an escape', String.raw`{"a":1,"\u0061":2}`, ['a']],
    ['texts that look like fields', String.raw`{"a":"{\"b\":1,\"b\":2}","b":"\\","c":"x\\\"","d":["a","a"]}`, []],
    ['a field named __proto__', '{"__proto__":1,"__proto__":2}', ['__proto__']],
    ['no object', '"a"', []],
  ])('%s', (_, text, duplicateFields) => {
    expect(parseJson(text)).toEqual({ value: JSON.parse(text) as unknown, duplicateFields });
  });

  test('what JSON.stringify writes has none', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(undefined, 2), (value, space) => {
        const text = JSON.stringify(value, null, space);
        expect(parseJson(text)).toEqual({ value: JSON.parse(text) as unknown, duplicateFields: [] });
      }),
    );
  });

  test('every second writing of a field is found', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1 }), (names) => {
        const text = `{${names.map((name, at) => `${JSON.stringify(name)}: ${at}`).join(' , ')}}`;
        const repeated = new Set(names.filter((name, at) => names.indexOf(name) !== at));
        expect(new Set(parseJson(text).duplicateFields)).toEqual(repeated);
      }),
    );
  });
});

describe('text that is refused', () => {
  test.each(['', '{', '{"a":}', "{'a':1}", 'nope'])('%j', (text) => {
    expect(() => parseJson(text)).toThrow(expect.objectContaining({ code: 400, message: expect.stringContaining('the body is not valid JSON: ') }));
  });

  test('nested beyond reason', () => {
    const deep = (levels: number): string => `${'['.repeat(levels)}${']'.repeat(levels)}`;
    expect(parseJson(deep(500)).duplicateFields).toEqual([]);
    expect(() => parseJson(deep(501))).toThrow('the body is nested more than 500 levels deep');
    expect(() => parseJson(deep(1_000_000))).toThrow('the body is nested more than 500 levels deep');
  });

  test('megabytes of text in one field are read', () => {
    const text = JSON.stringify({ data: { a: 'x"\\'.repeat(1_000_000) } });
    expect(parseJson(text).duplicateFields).toEqual([]);
  });
});
