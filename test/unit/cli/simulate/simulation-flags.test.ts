// What the flags of minik simulate mean, and what is said of those that mean nothing.
import { describe, expect, test } from '@jest/globals';
import { openZone, UTC } from '../../../../src/api/cron/zone.ts';
import { lengthOf, momentOf, shareOf, spanOf, wholeNumberOf } from '../../../../src/cli/simulate/simulation-flags.ts';

test.each([
  ['90s', 90_000],
  ['1m30s', 90_000],
  ['1.5h', 5_400_000],
  ['250ms', 250],
  ['1d12h', 129_600_000],
  ['2w', 1_209_600_000],
])('--for %s is %d ms', (text, ms) => {
  expect(spanOf(text, '--for')).toBe(ms);
});

test.each(['7x', '', '-5s', '5', 'PT5S', '1h 30m'])('--for %j is refused', (text) => {
  expect(() => spanOf(text, '--for')).toThrow(`invalid argument ${JSON.stringify(text)} for "--for" flag: expected a duration such as 7d, 12h or 90s`);
});

describe('--duration', () => {
  test('is one length or two', () => {
    expect(lengthOf('90s')).toEqual({ type: 'fixed', ms: 90_000 });
    expect(lengthOf('60s-2m')).toEqual({ type: 'between', leastMs: 60_000, mostMs: 120_000 });
  });

  test.each([
    ['2m-60s', 'expected the shorter duration first'],
    ['1s-2s-3s', 'expected a duration such as 7d, 12h or 90s, or two of them such as 60s-2m'],
    ['-', 'expected a duration'],
  ])('%j is refused', (text, why) => {
    expect(() => lengthOf(text)).toThrow(why);
  });
});

test.each([
  ['0.2', 0.2],
  ['20%', 0.2],
  ['0', 0],
  ['1', 1],
])('--fail-rate %s is %d', (text, share) => {
  expect(shareOf(text, '--fail-rate')).toBe(share);
});

test.each(['2', '-1', '101%', 'x', ''])('--fail-rate %j is refused', (text) => {
  expect(() => shareOf(text, '--fail-rate')).toThrow('expected a share from 0 to 1 such as 0.2, or 20%');
});

test('--exit-code must be one that a failing process can have', () => {
  expect(wholeNumberOf('42', '--exit-code', { least: 1, most: 255 })).toBe(42);
  expect(() => wholeNumberOf('0', '--exit-code', { least: 1, most: 255 })).toThrow('invalid argument "0" for "--exit-code" flag: expected a whole number from 1 to 255');
});

describe('--from', () => {
  const berlin = openZone('Europe/Berlin')!;

  test.each([
    ['2026-03-29', '2026-03-28T23:00:00Z'],
    ['2026-03-29 01:30', '2026-03-29T00:30:00Z'],
    ['2026-03-29T03:30:15', '2026-03-29T01:30:15Z'],
    ['2026-03-29T01:30:00Z', '2026-03-29T01:30:00Z'],
    ['2026-03-29T01:30-05:30', '2026-03-29T07:00:00Z'],
    ['2026-10-25 02:30', '2026-10-25T00:30:00Z'],
    ['2026-03-29 02:30', '2026-03-29T01:30:00Z'],
  ])('%s is by the clocks of the zone: %s', (text, time) => {
    expect(new Date(momentOf(text, berlin)).toISOString()).toBe(time.replace('Z', '.000Z'));
  });

  test.each(['tomorrow', '2026-02-30', '2026-03-29 25:00', '29.3.2026'])('%j is refused', (text) => {
    expect(() => momentOf(text, UTC)).toThrow(/^invalid argument ".*" for "--from" flag: expected a time such as 2026-03-29/);
  });
});
