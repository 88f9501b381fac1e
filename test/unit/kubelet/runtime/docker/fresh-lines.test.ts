import { describe, expect, test } from '@jest/globals';
import type { FramePiece, OutputStream } from '../../../../../src/kubelet/runtime/docker/frames.ts';
import { createFreshLines } from '../../../../../src/kubelet/runtime/docker/fresh-lines.ts';

const at = (fraction: string): string => `2026-01-01T00:00:00${fraction}Z `;
const piece = (text: string, { stream = 'stdout', isFirst = true }: { stream?: OutputStream; isFirst?: boolean } = {}): FramePiece => ({ stream, isFirst, bytes: Buffer.from(text) });
const shown = (pieces: readonly FramePiece[], options: { wanted?: OutputStream; timestamps?: boolean } = {}): string => Buffer.concat(createFreshLines({ timestamps: false, ...options }).filter(pieces)).toString();

describe('lines', () => {
  test.each<[title: string, pieces: readonly FramePiece[], text: string]>([
    ['come as they were written', [piece(`${at('.1')}one\n`), piece(`${at('.2')}two\n`)], 'one\ntwo\n'],
    ['are told once, whatever the engine repeats', [piece(`${at('.1')}one\n`), piece(`${at('.2')}two\n`), piece(`${at('.1')}one\n`), piece(`${at('.2')}two\n`), piece(`${at('.3')}three\n`)], 'one\ntwo\nthree\n'],
    ['are compared by time, not by its digits', [piece(`${at('.1')}one\n`), piece(`${at('.100000001')}two\n`), piece(`${at('.12')}three\n`)], 'one\ntwo\nthree\n'],
    ['of the streams have times of their own', [piece(`${at('.2')}out\n`), piece(`${at('.1')}err\n`, { stream: 'stderr' })], 'out\nerr\n'],
    ['that the engine cut stay whole', [piece(`${at('.1')}half`), piece(`${at('.1')} a line\n`), piece(`${at('.2')}two\n`)], 'half a line\ntwo\n'],
    ['that the engine cut are repeated in no part', [piece(`${at('.2')}one\n`), piece(`${at('.1')}half`), piece(`${at('.1')} a line\n`)], 'one\n'],
    ['may come in pieces, the time too', [piece(at('.1').slice(0, 9)), piece(`${at('.1').slice(9)}o`, { isFirst: false }), piece('ne\n', { isFirst: false })], 'one\n'],
  ])('%s', (_title, pieces, text) => {
    expect(shown(pieces)).toBe(text);
  });

  test('keep their times where those are wanted, and are those of the stream that is', () => {
    const pieces = [piece(`${at('.1')}out\n`), piece(`${at('.15')}err\n`, { stream: 'stderr' })];
    expect(shown(pieces, { timestamps: true })).toBe(`${at('.1')}out\n${at('.15')}err\n`);
    expect(shown(pieces, { wanted: 'stderr' })).toBe('err\n');
  });
});

test('the newest time is that of either stream', () => {
  const lines = createFreshLines({ timestamps: false });
  expect(lines.newest()).toBeUndefined();
  lines.filter([piece(`${at('.2')}out\n`), piece(`${at('.1')}err\n`, { stream: 'stderr' })]);
  expect(lines.newest()).toBe('2026-01-01T00:00:00.200000000Z');
});
