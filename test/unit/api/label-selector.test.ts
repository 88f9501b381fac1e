import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { formatLabelSelector, labelSelectorToRequirements, matchesLabels, parseLabelSelector, type LabelRequirement } from '../../../src/api/label-selector.ts';
import { StatusError } from '../../../src/api/status-error.ts';

const one = (key: string, operator: LabelRequirement['operator'], ...values: string[]): LabelRequirement => ({ key, operator, values });

describe('text to requirements', () => {
  test.each<[string, string, LabelRequirement[]]>([
    ['nothing selects everything', '', []],
    ['blanks are nothing', ' \t ', []],
    ['an equality', 'a=b', [one('a', '=', 'b')]],
    ['a double equality', 'a==b', [one('a', '=', 'b')]],
    ['an inequality with blanks', ' a != b ', [one('a', '!=', 'b')]],
    ['the empty value', 'a=,b', [one('a', '=', ''), one('b', 'exists')]],
    ['a set', 'a in (c,b)', [one('a', 'in', 'b', 'c')]],
    ['a set without blanks', 'a in(b)', [one('a', 'in', 'b')]],
    ['a set with an empty value', 'a notin (b,)', [one('a', 'notin', '', 'b')]],
    ['a set of nothing but the empty value', 'a in (),b in (,)', [one('a', 'in', ''), one('b', 'in', '')]],
    ['a set that names a value twice', 'a in (b,b)', [one('a', 'in', 'b')]],
    ['a key', 'job-name', [one('job-name', 'exists')]],
    ['no key', '! a', [one('a', '!exists')]],
    ['a prefixed key', 'batch.kubernetes.io/job-name=x', [one('batch.kubernetes.io/job-name', '=', 'x')]],
    ['numbers', 'a>1,b<2', [one('a', 'gt', '1'), one('b', 'lt', '2')]],
    ['words that look like operators', 'in=notin,notin in (in)', [one('in', '=', 'notin'), one('notin', 'in', 'in')]],
    ['several', 'a=b,c in (d,e),!f', [one('a', '=', 'b'), one('c', 'in', 'd', 'e'), one('f', '!exists')]],
  ])('%s', (_, text, requirements) => {
    expect(parseLabelSelector(text)).toEqual(requirements);
  });

  test.each([
    ['a in b', "unable to parse requirement: found 'b' expected: '('"],
    ['a in (b', "unable to parse requirement: found '', expected: ',' or ')'"],
    ['a in (', "unable to parse requirement: found '', expected: ',', ')' or identifier"],
    ['a in (=', "unable to parse requirement: found '=', expected: ',', ')' or identifier"],
    ['a b', "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt"],
    ['a constructor b', "unable to parse requirement: found 'constructor', expected: in, notin, =, ==, !=, gt, lt"],
    ['a=b c', "found 'c', expected: ',' or 'end of string'"],
    ['a=b,', "found '', expected: identifier after ','"],
    ['=b', "found '=', expected: !, identifier, or 'end of string'"],
    ['a=(', "unable to parse requirement: found '(', expected: identifier"],
    ['!', "unable to parse requirement: found '', expected: identifier"],
    ['a>x', `unable to parse requirement: values[0]: Invalid value: "x": for 'Gt', 'Lt' operators, the value must be an integer`],
  ])('%s is refused: %s', (text, message) => {
    expect(() => parseLabelSelector(text)).toThrow(expect.objectContaining({ message, code: 400, reason: 'BadRequest' }));
  });

  test('keys and values that no label can have are explained', () => {
    expect(() => parseLabelSelector('a/b/c=d')).toThrow(/^unable to parse requirement: <nil>: Invalid value: "a\/b\/c": a qualified name must consist of/);
    expect(() => parseLabelSelector('a=-b')).toThrow(/^unable to parse requirement: values\[0\]\[a\]: Invalid value: "-b": a valid label must be/);
  });

  test('any text is parsed or refused with 400', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', 'in', 'notin', ' ', '=', '!', '(', ')', ',', '>', '<', '/', '-', 'é') }), (text) => {
        try {
          expect(Array.isArray(parseLabelSelector(text))).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(StatusError);
          expect((error as StatusError).code).toBe(400);
        }
      }),
    );
  });
});

describe('matching', () => {
  test.each([
    ['', {}, true],
    ['a=b', { a: 'b', c: 'd' }, true],
    ['a=b', { a: 'c' }, false],
    ['a=b', {}, false],
    ['a!=b', { a: 'c' }, true],
    ['a!=b', {}, true],
    ['a!=b', { a: 'b' }, false],
    ['a in (b,c)', { a: 'c' }, true],
    ['a in (b,c)', {}, false],
    ['a notin (b,c)', { a: 'c' }, false],
    ['a notin (b,c)', {}, true],
    ['a', { a: '' }, true],
    ['a', {}, false],
    ['!a', {}, true],
    ['!a', { a: '' }, false],
    ['a>9', { a: '10' }, true],
    ['a>9', { a: 'x' }, false],
    ['a<9', { a: '8' }, true],
    ['a<9', {}, false],
    ['constructor', {}, false],
    ['a=b,c', { a: 'b' }, false],
  ])('%j on %j: %j', (text, labels, expected) => {
    expect(matchesLabels(parseLabelSelector(text), labels as Record<string, string>)).toBe(expected);
  });
});

describe('LabelSelector objects', () => {
  test.each([
    ['an empty one', {}, ''],
    ['labels, in order of their keys', { matchLabels: { b: '2', a: '1' } }, 'a=1,b=2'],
    [
      'every operator',
      {
        matchLabels: { z: 'y' },
        matchExpressions: [
          { key: 'c', operator: 'In', values: ['e', 'd'] },
          { key: 'f', operator: 'NotIn', values: ['g'] },
          { key: 'h', operator: 'Exists' },
          { key: 'i', operator: 'DoesNotExist' },
        ],
      },
      'c in (d,e),f notin (g),h,!i,z=y',
    ],
  ])('%s', (_, selector, text) => {
    expect(formatLabelSelector(selector)).toBe(text);
  });

  test('an absent one has no text', () => {
    expect(formatLabelSelector(undefined)).toBe('');
  });

  test('an operator that validation refuses selects nothing', () => {
    const requirements = labelSelectorToRequirements({ matchExpressions: [{ key: 'a', operator: 'Sometimes', values: ['b'] }] });
    expect(matchesLabels(requirements, { a: 'b' })).toBe(false);
  });

  test('what is written is read back, and selects the same', () => {
    const word = fc.stringMatching(/^[a-z][a-z0-9]{0,4}$/);
    const expression = fc.oneof(
      fc.record({ key: word, operator: fc.constantFrom('In', 'NotIn'), values: fc.array(word, { minLength: 1, maxLength: 3 }) }),
      fc.record({ key: word, operator: fc.constantFrom('Exists', 'DoesNotExist') }),
    );
    const selectors = fc.record({ matchLabels: fc.dictionary(word, word, { maxKeys: 2 }), matchExpressions: fc.array(expression, { maxLength: 3 }) });
    fc.assert(
      fc.property(selectors, fc.dictionary(word, word), (selector, labels) => {
        const written = parseLabelSelector(formatLabelSelector(selector));
        expect(matchesLabels(written, labels)).toBe(matchesLabels(labelSelectorToRequirements(selector), labels));
      }),
    );
  });
});
