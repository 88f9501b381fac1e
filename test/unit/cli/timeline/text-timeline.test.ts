// Goldens: what people see, at a fixed time and width. Widths are counted without the line's end.
import { describe, expect, test } from '@jest/globals';
import { timelineText } from '../../../../src/cli/timeline/text-timeline.ts';
import type { Row, Timeline } from '../../../../src/cli/timeline/timeline.ts';
import { NOW } from '../../../support/why-facts.ts';

const s = (seconds: number): number => NOW + seconds * 1_000;
const CLOCK = new Date(NOW).toTimeString().slice(0, 8);

const TIMELINE: Timeline = {
  subject: 'job/import',
  health: 'trouble',
  state: 'failed: BackoffLimitExceeded',
  from: s(0),
  to: s(40),
  isLive: false,
  rows: [
    { name: 'import-x7k2p', state: 'failed', note: 'exit 3', marks: [{ at: s(5), kind: 'failure', text: 'exit 3' }], spans: [{ kind: 'waiting', from: s(0), to: s(2), text: '' }, { kind: 'running', from: s(2), to: s(5), text: '' }] },
    { name: 'import-9k3fz', container: 'prepare', state: 'succeeded', note: 'exit 0', marks: [{ at: s(17), kind: 'success', text: 'exit 0' }], spans: [{ kind: 'back-off', from: s(5), to: s(15), text: '' }, { kind: 'running', from: s(15), to: s(17), text: '' }] },
    { name: 'import-9k3fz', container: 'main', state: 'failed', note: 'OOMKilled', marks: [{ at: s(40), kind: 'failure', text: 'OOMKilled' }], spans: [{ kind: 'waiting', from: s(15), to: s(17), text: '' }, { kind: 'running', from: s(17), to: s(36), text: '' }, { kind: 'terminating', from: s(36), to: s(40), text: '' }] },
  ],
};

const GOLDEN: Readonly<Record<number, string>> = {
  40: `job/import  failed: BackoffLimitExceeded
40s, from <clock>

               0s       30s
import-x7k2p   ╌━✗             exit 3
…k3fz prepare   ····━✓         exit 0
  main              ╌━━━━━━┅✗  OOMKilled

╌ waiting   ━ running   · back-off
┅ terminating   ✓ succeeded   ✗ failed
`,
  80: `job/import  failed: BackoffLimitExceeded  40s, from <clock>

                      0s         10s         20s        30s
import-x7k2p          ╌╌━━━━✗                                          exit 3
import-9k3fz prepare        ···········━━━✓                            exit 0
  main                                 ╌╌╌━━━━━━━━━━━━━━━━━━━━━┅┅┅┅┅✗  OOMKilled

╌ waiting   ━ running   · back-off   ┅ terminating   ✓ succeeded   ✗ failed
`,
  200: `job/import  failed: BackoffLimitExceeded  40s, from <clock>

                      0s                  5s                   10s                  15s                  20s                 25s                  30s                  35s
import-x7k2p          ╌╌╌╌╌╌╌╌━━━━━━━━━━━━━✗                                                                                                                                                   exit 3
import-9k3fz prepare                       ·········································━━━━━━━━━✓                                                                                                 exit 0
  main                                                                              ╌╌╌╌╌╌╌╌╌━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┅┅┅┅┅┅┅┅┅┅┅┅┅┅┅┅┅✗  OOMKilled

╌ waiting   ━ running   · back-off   ┅ terminating   ✓ succeeded   ✗ failed
`,
};

describe('a timeline in a terminal', () => {
  test.each(Object.entries(GOLDEN).map(([columns, golden]) => ({ columns: Number(columns), golden })))('of $columns columns', ({ columns, golden }) => {
    const text = timelineText(TIMELINE, { colour: false, columns }).replace(CLOCK, '<clock>');
    expect(text).toBe(golden);
  });

  test.each([40, 60, 80, 120, 200])('never writes beyond %i columns', (columns) => {
    const lines = timelineText(TIMELINE, { colour: false, columns }).split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(columns);
  });

  test('has colours only where they are wanted', () => {
    expect(timelineText(TIMELINE, { colour: true, columns: 80 })).toContain('\u001b[34m━');
    expect(timelineText(TIMELINE, { colour: false, columns: 80 })).not.toContain('\u001b');
  });

  test('says so when nothing has run', () => {
    expect(timelineText({ ...TIMELINE, rows: [] }, { colour: false, columns: 80 })).toMatch(/\n\n {2}nothing has run yet\n$/);
  });

  test('shows a run that is shorter than a cell', () => {
    const row: Row = { name: 'a', state: 'failed', note: 'exit 1', spans: [{ kind: 'running', from: s(10), to: s(10), text: '' }], marks: [{ at: s(10), kind: 'failure', text: '' }] };
    expect(timelineText({ ...TIMELINE, to: s(3_600), rows: [row] }, { colour: false, columns: 80 })).toContain('a  ━✗');
  });

  test('keeps the rows that still move when there are too many for the screen', () => {
    const rows: Row[] = Array.from({ length: 30 }, (_, at) => ({ ...TIMELINE.rows[0]!, name: `done-${at}`, state: 'succeeded' }));
    rows[3] = { ...rows[3]!, name: 'moving', state: 'running' };
    const text = timelineText({ ...TIMELINE, rows }, { colour: false, columns: 80, rows: 5 });
    expect(text.match(/^(done|moving)\S*/gm)).toEqual(['moving', 'done-26', 'done-27', 'done-28', 'done-29']);
    expect(text).toContain('25 more rows above are not shown');
  });
});
