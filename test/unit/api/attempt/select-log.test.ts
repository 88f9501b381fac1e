// The part of a kept log that is asked for.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { selectLog } from '../../../../src/api/attempt/select-log.ts';

const LOG = '2026-01-01T00:00:01.000000001Z one\n2026-01-01T00:00:02.500000000Z two words\n2026-01-01T00:00:03Z \n2026-01-01T00:00:04.123456789Z end';
const at = (time: string): number => Date.parse(time);
const select = (range: Partial<Parameters<typeof selectLog>[1]>, log = LOG): string => new TextDecoder().decode(selectLog(new TextEncoder().encode(log), { timestamps: false, ...range }));

describe('a kept log', () => {
  test.each([
    { range: {}, seen: 'one\ntwo words\n\nend' },
    { range: { timestamps: true }, seen: LOG },
    { range: { tailLines: 0 }, seen: '' },
    { range: { tailLines: 1 }, seen: 'end' },
    { range: { tailLines: 9 }, seen: 'one\ntwo words\n\nend' },
    { range: { sinceMs: at('2026-01-01T00:00:02.500Z') }, seen: 'two words\n\nend' },
    { range: { sinceMs: at('2026-01-01T00:00:09Z') }, seen: '' },
    { range: { sinceMs: at('2026-01-01T00:00:02Z'), tailLines: 2 }, seen: '\nend' },
    { range: { sinceMs: -1e18 }, seen: 'one\ntwo words\n\nend' },
    { range: { sinceMs: 1e18 }, seen: '' },
    { range: { limitBytes: 0 }, seen: '' },
    { range: { limitBytes: 5 }, seen: 'one\nt' },
    { range: { tailLines: 1, timestamps: true, limitBytes: 4 }, seen: '2026' },
  ])('gives $range', ({ range, seen }) => expect(select(range)).toBe(seen));

  test('that is empty gives nothing', () => expect(select({ tailLines: 3 }, '')).toBe(''));
  test('without times is shown as it is', () => expect(select({}, 'no time here\nx\n')).toBe('no time here\nx\n'));

  test('is cut as a plain reading of the rules would', () => {
    const lines = fc.array(fc.tuple(fc.nat({ max: 5_000 }), fc.stringMatching(/^[a-z \-T:Z0-9]{0,12}$/)), { maxLength: 12 });
    const ranges = fc.record({ timestamps: fc.boolean(), tailLines: fc.option(fc.nat({ max: 14 }), { nil: undefined }), sinceMs: fc.option(fc.nat({ max: 5_000 }), { nil: undefined }), limitBytes: fc.option(fc.nat({ max: 200 }), { nil: undefined }) });
    fc.assert(
      fc.property(lines, ranges, fc.boolean(), (rows, range, endsOpen) => {
        const ordered = [...rows].sort(([a], [b]) => a - b);
        const whole = ordered.map(([ms, words]) => ({ ms, time: `${new Date(ms).toISOString()} `, words: `${words}\n` }));
        if (endsOpen && whole.length > 0) whole.at(-1)!.words = whole.at(-1)!.words.slice(0, -1);
        const { tailLines = Infinity, sinceMs = 0, limitBytes = Infinity, timestamps } = range;
        const expected = whole.slice(Math.max(0, whole.length - tailLines)).filter(({ ms }) => ms >= sinceMs).map(({ time, words }) => (timestamps ? time : '') + words).join('').slice(0, limitBytes);
        expect(select(range, whole.map(({ time, words }) => time + words).join(''))).toBe(expected);
      }),
    );
  });

  test('keeps bytes that are no text', () => {
    const log = new Uint8Array([...new TextEncoder().encode('2026-01-01T00:00:01Z '), 0xff, 0x00, 0xfe, 10]);
    expect([...selectLog(log, { timestamps: false })]).toEqual([0xff, 0x00, 0xfe, 10]);
  });
});
