import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { formatRanges, parseIndexRanges, storedRanges } from '../../../../src/api/job/index-list.ts';
import { countIndexes, rangesOf } from '../../../../src/api/job/index-ranges.ts';

test.each<[title: string, indexes: readonly number[], text: string]>([
  ['nothing is an empty text', [], ''],
  ['one index is itself', [5], '5'],
  ['two in a row take a comma', [0, 1], '0,1'],
  ['three in a row take a dash', [3, 4, 5], '3-5'],
  ['runs and single ones mix', [7, 1, 3, 4, 5], '1,3-5,7'],
  ['repeated ones count once', [2, 2, 2], '2'],
])('%s', (_title, indexes, text) => {
  expect(formatRanges(rangesOf(indexes))).toBe(text);
});

test.each<[title: string, text: string, problem: string]>([
  ['an index is below completions', '10', 'too large index: "10"'],
  ['the end of a run is below completions', '3-10', 'too large index: "10"'],
  ['an index is a number', '1,x', 'cannot convert string to integer for index: "x"'],
  ['a list has no gaps in its text', '1,,2', 'cannot convert string to integer for index: ""'],
  ['a run has two ends', '1-2-3', 'the fragment "1-2-3" violates the requirement that an index interval can have at most two parts separated by \'-\''],
  ['a list ascends', '3,1', 'non-increasing order, previous: 3, current: 1'],
  ['a list does not repeat', '1-3,3', 'non-increasing order, previous: 3, current: 3'],
  ['a run ascends', '5-2', 'non-increasing order, previous: 5, current: 2'],
])('%s', (_title, text, problem) => {
  expect(parseIndexRanges(text, 10)).toEqual({ ok: false, problem });
});

test('a run over all of a huge Job costs no memory', () => {
  const parsed = parseIndexRanges('0-2147483645', 2_147_483_647);
  expect(parsed).toEqual({ ok: true, ranges: [{ first: 0, last: 2_147_483_645 }] });
  expect(countIndexes(parsed.ok ? parsed.ranges : [])).toBe(2_147_483_646);
});

test.each<[title: string, text: string | undefined, completions: number, kept: string]>([
  ['no text stands for no index', undefined, 5, ''],
  ['a Job that shrank forgets what it no longer wants', '0,2-6,9', 4, '0,2,3'],
  ['a text that nobody can read stands for no index', '5-2', 9, ''],
])('%s', (_title, text, completions, kept) => {
  expect(formatRanges(storedRanges(text, completions))).toBe(kept);
});

test('what is formatted parses back to itself', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(199)), (indexes) => {
      const sorted = [...indexes].sort((a, b) => a - b);
      const ranges = storedRanges(formatRanges(rangesOf(indexes)), 200);
      expect(ranges.flatMap(({ first, last }) => Array.from({ length: last - first + 1 }, (_, at) => first + at))).toEqual(sorted);
    }),
  );
});
