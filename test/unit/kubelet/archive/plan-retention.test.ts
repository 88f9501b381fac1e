// Which attempts go: by table, and held to what retention promises.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { planRetention, type KeptAttempt, type RetentionPolicy } from '../../../../src/kubelet/archive/plan-retention.ts';

const WIDE: RetentionPolicy = { maxBytes: 1_000, maxAgeMs: 1_000, maxCount: 100 };
const kept = (...rows: readonly (readonly [key: string, bytes: number, at: number])[]): KeptAttempt[] => rows.map(([key, bytes, at]) => ({ key, bytes, at }));

describe('retention', () => {
  test.each<{ what: string; attempts: readonly KeptAttempt[]; policy?: Partial<RetentionPolicy>; now?: number; gone: readonly string[] }>([
    { what: 'nothing to do', attempts: [], gone: [] },
    { what: 'all within bounds', attempts: kept(['a', 500, 1], ['b', 500, 2]), gone: [] },
    { what: 'too old, to the millisecond', attempts: kept(['a', 1, 0], ['b', 1, 1]), now: 1_001, gone: ['a'] },
    { what: 'too much: the oldest first, down to nine tenths', attempts: kept(['c', 400, 3], ['a', 400, 1], ['b', 400, 2]), gone: ['a'] },
    { what: 'too much: more than one', attempts: kept(['a', 50, 1], ['b', 900, 2], ['c', 100, 3]), gone: ['a', 'b'] },
    { what: 'too many', attempts: kept(['a', 1, 1], ['b', 1, 2], ['c', 1, 3]), policy: { maxCount: 2 }, gone: ['a', 'b'] },
    { what: 'one alone that is too much', attempts: kept(['a', 2_000, 1]), gone: ['a'] },
    { what: 'of the same moment by key', attempts: kept(['b', 600, 1], ['a', 600, 1]), gone: ['a'] },
    { what: 'too old does not count as too much', attempts: kept(['a', 900, 0], ['b', 900, 2_000]), now: 2_000, gone: ['a'] },
    { what: 'no room at all', attempts: kept(['a', 1, 1]), policy: { maxBytes: 0 }, gone: ['a'] },
    { what: 'no age at all spares what ends now', attempts: kept(['a', 1, 5], ['b', 1, 4]), policy: { maxAgeMs: 0 }, now: 5, gone: ['b'] },
  ])('$what', ({ attempts, policy, now = 100, gone }) => expect(planRetention(attempts, { ...WIDE, ...policy }, now)).toEqual(gone));

  const attempts = fc.uniqueArray(fc.record({ key: fc.string({ minLength: 1, maxLength: 4 }), bytes: fc.nat({ max: 500 }), at: fc.nat({ max: 2_000 }) }), { selector: ({ key }) => key, maxLength: 40 });
  const policies = fc.record({ maxBytes: fc.nat({ max: 5_000 }), maxAgeMs: fc.nat({ max: 2_000 }), maxCount: fc.nat({ max: 50 }) });

  test('keeps its bounds, lets the oldest go before any newer, and none without need', () => {
    fc.assert(
      fc.property(attempts, policies, fc.nat({ max: 3_000 }), (all, policy, now) => {
        const gone = new Set(planRetention(all, policy, now));
        const stay = all.filter(({ key }) => !gone.has(key));
        const bytes = (some: readonly KeptAttempt[]): number => some.reduce((sum, one) => sum + one.bytes, 0);
        expect(bytes(stay)).toBeLessThanOrEqual(policy.maxBytes);
        expect(stay.length).toBeLessThanOrEqual(policy.maxCount);
        expect(stay.every(({ at }) => now - at <= policy.maxAgeMs)).toBe(true);
        const newestGone = Math.max(-1, ...all.filter(({ key }) => gone.has(key)).map(({ at }) => at));
        expect(stay.every(({ at }) => at >= newestGone)).toBe(true);
        const young = all.filter(({ at }) => now - at <= policy.maxAgeMs);
        if (bytes(young) <= policy.maxBytes && young.length <= policy.maxCount) expect(stay).toHaveLength(young.length);
        // What is done once need not be done again.
        expect(planRetention(stay, policy, now)).toEqual([]);
      }),
    );
  });
});
