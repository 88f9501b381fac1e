// The last bytes of a stream, whole lines only.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { LogTail } from '../../../../src/kubelet/archive/log-tail.ts';

const tailOf = (chunks: readonly Uint8Array[], limit: number): { text: string; isTruncated: boolean } => {
  const tail = new LogTail(limit);
  for (const chunk of chunks) tail.push(chunk);
  const { bytes, isTruncated } = tail.end();
  return { text: Buffer.from(bytes).toString('latin1'), isTruncated };
};
const bytes = (text: string): Uint8Array => Buffer.from(text, 'latin1');

describe('the tail of a log', () => {
  test.each([
    { log: '', limit: 4, text: '', isTruncated: false },
    { log: 'ab\ncd\n', limit: 6, text: 'ab\ncd\n', isTruncated: false },
    { log: 'ab\ncd\n', limit: 5, text: 'cd\n', isTruncated: true },
    { log: 'ab\ncd\n', limit: 3, text: 'cd\n', isTruncated: true },
    { log: 'ab\ncd\n', limit: 2, text: '', isTruncated: true },
    { log: 'ab\ncd', limit: 4, text: 'cd', isTruncated: true },
    { log: 'abcdef', limit: 4, text: '', isTruncated: true },
  ])('of $log within $limit bytes', ({ log, limit, text, isTruncated }) => expect(tailOf([bytes(log)], limit)).toEqual({ text, isTruncated }));

  const lines = fc.array(fc.tuple(fc.nat({ max: 9_000 }), fc.integer({ min: 97, max: 122 })), { maxLength: 60 });

  test('is the same however the log comes in pieces, also far beyond the limit', () => {
    fc.assert(
      fc.property(lines, fc.integer({ min: 0, max: 200_000 }), fc.integer({ min: 1, max: 70_000 }), (all, limit, size) => {
        const whole = Buffer.from(all.map(([length, letter]) => `${String.fromCharCode(letter).repeat(length)}\n`).join(''), 'latin1');
        const pieces: Uint8Array[] = [];
        for (let at = 0; at < whole.length; at += size) pieces.push(whole.subarray(at, at + size));
        const { text, isTruncated } = tailOf(pieces, limit);
        const expected = all.map(([length, letter]) => `${String.fromCharCode(letter).repeat(length)}\n`);
        while (expected.join('').length > limit) expected.shift();
        expect(text === expected.join('')).toBe(true);
        expect(isTruncated).toBe(whole.length > limit);
      }),
      { numRuns: 60 },
    );
  });
});
