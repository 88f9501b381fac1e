// Sets of indexes as runs, against plain sets.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { clipRanges, commonRanges, countIndexes, firstOverlap, hasIndex, lowestMissing, rangesOf, unionRanges, type IndexRange } from '../../../../src/api/job/index-ranges.ts';

const SPAN = 40;
const indexes = fc.uniqueArray(fc.nat(SPAN - 1), { maxLength: 25 });
const listed = (ranges: readonly IndexRange[]): number[] => ranges.flatMap(({ first, last }) => Array.from({ length: last - first + 1 }, (_, at) => first + at));
const ascending = (numbers: Iterable<number>): number[] => [...new Set(numbers)].sort((a, b) => a - b);

/** Runs that touch would make two texts for one set. */
function expectCanonical(ranges: readonly IndexRange[]): void {
  for (const [at, { first, last }] of ranges.entries()) {
    expect(first).toBeLessThanOrEqual(last);
    if (at > 0) expect(first).toBeGreaterThan(ranges[at - 1]!.last + 1);
  }
}

describe('like plain sets', () => {
  test('runs hold what was put in', () => {
    fc.assert(
      fc.property(indexes, (some) => {
        const ranges = rangesOf(some);
        expectCanonical(ranges);
        expect(listed(ranges)).toEqual(ascending(some));
        expect(countIndexes(ranges)).toBe(some.length);
        for (let index = 0; index < SPAN; index += 1) expect(hasIndex(ranges, index)).toBe(some.includes(index));
      }),
    );
  });

  test('union, intersection and first overlap', () => {
    fc.assert(
      fc.property(indexes, indexes, (a, b) => {
        const union = unionRanges(rangesOf(a), rangesOf(b));
        const common = ascending(a.filter((index) => b.includes(index)));
        expectCanonical(union);
        expect(listed(union)).toEqual(ascending([...a, ...b]));
        expect(listed(commonRanges(rangesOf(a), rangesOf(b)))).toEqual(common);
        expect(firstOverlap(rangesOf(a), rangesOf(b))).toBe(common[0]);
      }),
    );
  });

  test('clipping and the lowest that are missing', () => {
    fc.assert(
      fc.property(indexes, fc.nat(SPAN), fc.nat(8), (some, completions, count) => {
        expect(listed(clipRanges(rangesOf(some), completions))).toEqual(ascending(some.filter((index) => index < completions)));
        const missing = Array.from({ length: completions }, (_, index) => index).filter((index) => !some.includes(index));
        expect(lowestMissing(rangesOf(some), { count, completions })).toEqual(missing.slice(0, count));
      }),
    );
  });
});
