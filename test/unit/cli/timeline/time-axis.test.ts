import { describe, expect, test } from '@jest/globals';
import { ticks } from '../../../../src/cli/timeline/time-axis.ts';

describe('the ticks of a time axis', () => {
  test.each([
    { length: 1, atMost: 5, labels: ['0s', '1s'] },
    { length: 34, atMost: 5, labels: ['0s', '10s', '20s', '30s'] },
    { length: 95, atMost: 8, labels: ['0s', '15s', '30s', '45s', '1m', '1m15s', '1m30s'] },
    { length: 3_600, atMost: 5, labels: ['0s', '15m', '30m', '45m', '1h'] },
    { length: 5 * 86_400, atMost: 4, labels: ['0s', '2d', '4d'] },
    { length: 34, atMost: 0, labels: ['0s'] },
  ])('of $length seconds, at most $atMost', ({ length, atMost, labels }) => {
    expect(ticks(length * 1_000, atMost).map(({ label }) => label)).toEqual(labels);
  });
});
