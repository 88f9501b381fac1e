// Bytes to lines: cut anywhere, nothing is lost and nothing is doubled.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { LineSplitter } from '../../../../src/cli/job-run/line-splitter.ts';

const split = (chunks: readonly Uint8Array[]): string[] => {
  const splitter = new LineSplitter();
  return [...chunks.flatMap((chunk) => splitter.push(chunk)), ...splitter.end()];
};

describe('lines', () => {
  test.each([
    ['', []],
    ['a\n', ['a']],
    ['a', ['a']],
    ['a\n\nb', ['a', '', 'b']],
  ])('of %j', (text, lines) => {
    expect(split([Buffer.from(text)])).toEqual(lines);
  });

  test('are the same wherever the bytes are cut', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' })), fc.array(fc.nat(200)), (texts, cuts) => {
        const bytes = Buffer.from(texts.join('\n'));
        const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
        const chunks = [0, ...places].map((from, at) => bytes.subarray(from, places[at] ?? bytes.length));
        expect(split(chunks)).toEqual(split([bytes]));
      }),
    );
  });

  test('are remembered, the last twenty, cut where they are endless', () => {
    const splitter = new LineSplitter();
    splitter.push(Buffer.from(`${Array.from({ length: 30 }, (_, at) => `line ${at}`).join('\n')}\n`));
    splitter.push(Buffer.from(`${'x'.repeat(5_000)}\n`));
    expect(splitter.lastLines.slice(0, 2)).toEqual(['line 11', 'line 12']);
    expect(splitter.lastLines.at(-1)).toBe(`${'x'.repeat(2_000)} ...`);
    expect(splitter.lastLines).toHaveLength(20);
  });
});
