// Which number of a range is handed out.
import { describe, expect, test } from '@jest/globals';
import { keptAddresses, keptPorts, pickFree } from '../../../src/apiserver/allocation/address-range.ts';

describe('a number of a range', () => {
  const range = { first: 100, last: 119, kept: 16 };
  /** Draws the lowest every time. */
  const lowest = (_limit: number): number => 0;
  const pick = (taken: readonly number[], below = lowest) => pickFree(range, (number) => taken.includes(number), below);

  test.each<[what: string, taken: number[], picked: number | undefined]>([
    ['is of the upper band', [], 116],
    ['is not one that is taken', [116, 117], 118],
    ['is of the low band when the upper is full', [116, 117, 118, 119], 100],
    ['is the last that is left', Array.from({ length: 19 }, (_, at) => 100 + (at < 7 ? at : at + 1)), 107],
    ['is none when all are taken', Array.from({ length: 20 }, (_, at) => 100 + at), undefined],
  ])('%s', (_what, taken, picked) => {
    expect(pick(taken)).toBe(picked);
  });

  test('is drawn, so that neighbours in time are seldom neighbours in number', () => {
    expect(pick([], (limit) => limit - 1)).toBe(119);
  });
});

test.each([
  [65_534, 256],
  [254, 16],
  [1_024, 64],
  [10, 0],
])('of %i addresses, the lowest %i are left to those who choose theirs', (size, kept) => {
  expect(keptAddresses(size)).toBe(kept);
});

test('of the node ports, the lowest 86 are left to those who choose theirs', () => {
  expect(keptPorts(32_767 - 30_000 + 1)).toBe(86);
});
