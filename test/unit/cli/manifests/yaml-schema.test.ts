// Which YAML scalars are what: the values are those that kubectl 1.35 reads.
import { load } from 'js-yaml';
import { describe, expect, test } from '@jest/globals';
import { MANIFEST_SCHEMA } from '../../../../src/cli/manifests/yaml-schema.ts';

const read = (text: string): unknown => load(`v: ${text}\n`, { schema: MANIFEST_SCHEMA });

describe('scalars', () => {
  test.each<[string, unknown]>([
    ['text', 'text'],
    ['""', ''],
    ['yes', true],
    ['on', true],
    ['y', true],
    ['N', false],
    ['Off', false],
    ['TRUE', true],
    ['tRue', 'tRue'],
    ['yEs', 'yEs'],
    ['~', null],
    ['Null', null],
    ['nUll', 'nUll'],
    ['0644', 420],
    ['0o644', 420],
    ['-0644', -420],
    ['+0644', 420],
    ['0_644', 420],
    ['"0644"', '0644'],
    ['08', 8],
    ['0o9', '0o9'],
    ['00', 0],
    ['-0', 0],
    ['0x1F', 31],
    ['-0X1f', -31],
    ['0b11', 3],
    ['0x', '0x'],
    ['1_000', 1000],
    ['1_0.5', 10.5],
    ['_1', '_1'],
    ['+5', 5],
    ['.5', 0.5],
    ['5.', 5],
    ['1.0', 1],
    ['1e3', 1000],
    ['12e03', 12000],
    ['0.1e-7', 1e-8],
    ['1e', '1e'],
    ['1.5.2', '1.5.2'],
    ['1e400', '1e400'],
    ['1,000', '1,000'],
    ['12:30', '12:30'],
    ['190:20:30', '190:20:30'],
    ['2020-01-02', '2020-01-02'],
    ['2020-01-02T03:04:05Z', '2020-01-02T03:04:05Z'],
    ['!!timestamp 2020-01-01', '2020-01-01'],
    ['!!str 5', '5'],
    ['!!int "5"', 5],
    ['!!bool "yes"', true],
    ['!!binary aGVsbG8=', 'hello'],
    ['!foo 5', '5'],
    ['off # comment', false],
    ['=', '='],
  ])('%s', (text, value) => {
    expect(read(text)).toEqual({ v: value });
  });
});

describe('maps', () => {
  test.each<[string, string, unknown]>([
    ['keys become strings', '{1: one, yes: w, 0644: x}', { '1': 'one', true: 'w', '420': 'x' }],
    ['a merge key adds what is not there', '{<<: {a: 1, b: 2}, a: 3}', { a: 3, b: 2 }],
    ['the first of several merged maps wins', '{<<: [{a: 1}, {a: 2, b: 2}]}', { a: 1, b: 2 }],
  ])('%s', (_, text, value) => {
    expect(read(text)).toEqual({ v: value });
  });

  test('an empty key is refused', () => {
    expect(() => read('{~: x}')).toThrow('a key must not be empty or null');
  });

  test('the key __proto__ is a key like any other', () => {
    const map = (read('{__proto__: {a: 1}}') as { v: object }).v;
    expect(Object.keys(map)).toEqual(['__proto__']);
    expect(Object.getPrototypeOf(map)).toBe(Object.prototype);
  });
});
