import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { matchesFields, parseFieldSelector, type FieldRequirement } from '../../../src/api/field-selector.ts';

const one = (field: string, operator: '=' | '!=', value: string): FieldRequirement => ({ field, operator, value });

describe('text to requirements', () => {
  test.each<[string, string, FieldRequirement[]]>([
    ['nothing selects everything', '', []],
    ['an equality', 'metadata.name=x', [one('metadata.name', '=', 'x')]],
    ['a double equality', 'metadata.name==x', [one('metadata.name', '=', 'x')]],
    ['several', 'status.phase!=Running,spec.nodeName=', [one('status.phase', '!=', 'Running'), one('spec.nodeName', '=', '')]],
    ['escaped signs', String.raw`a=b\,c\=d\\e`, [one('a', '=', String.raw`b,c=d\e`)]],
    ['empty terms between commas', ',a=b,', [one('a', '=', 'b')]],
  ])('%s', (_, text, requirements) => {
    expect(parseFieldSelector(text)).toEqual(requirements);
  });

  test.each([
    ['metadata.name', "invalid selector: 'metadata.name'; can't understand 'metadata.name'"],
    ['a=b,c', "invalid selector: 'a=b,c'; can't understand 'c'"],
    ['a=b=c', 'invalid field selector: unescaped character in value: ='],
    [String.raw`a=b\c`, String.raw`invalid field selector: invalid escape sequence: \c`],
    ['a=b\\', 'invalid field selector: invalid escape sequence: \\'],
  ])('%s is refused: %s', (text, message) => {
    expect(() => parseFieldSelector(text)).toThrow(expect.objectContaining({ message, code: 400 }));
  });

  test('any value can be asked for when it is escaped', () => {
    fc.assert(
      fc.property(fc.string(), (value) => {
        const escaped = value.replace(/[\\,=]/g, '\\$&');
        expect(parseFieldSelector(`a=${escaped},b!=${escaped}`)).toEqual([one('a', '=', value), one('b', '!=', value)]);
      }),
    );
  });
});

describe('matching', () => {
  test.each([
    ['', {}, true],
    ['a=b', { a: 'b' }, true],
    ['a=b', { a: 'c' }, false],
    ['a!=b', { a: 'c' }, true],
    ['a=', {}, true],
    ['a!=b', {}, true],
    ['a=b,c=d', { a: 'b', c: 'e' }, false],
  ])('%j on %j: %j', (text, fields, expected) => {
    expect(matchesFields(parseFieldSelector(text), fields as Record<string, string>)).toBe(expected);
  });
});
