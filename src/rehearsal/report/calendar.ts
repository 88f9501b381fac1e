// pure: the timeline of a CronJob: rows of local time, each cell a mark for what happened in its stretch of it.
import type { Occurrence, Rehearsal } from '../story.ts';
import { wallText, type Offsets } from './local-time.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** The epoch was a Thursday. */
const MONDAY = 4 * DAY;

interface Scale {
  readonly rowMs: number;
  readonly cellMs: number;
  /** Readings of the wall clock at which rows begin: this one and every row's length from it. */
  readonly origin: number;
  readonly label: (wall: number) => string;
  readonly ruler: string;
}

const HOURS: Scale = { rowMs: HOUR, cellMs: MINUTE, origin: 0, label: (wall) => wallText(wall).slice(5, 13).concat('h'), ruler: ':00            :15            :30            :45' };
const DAYS: Scale = { rowMs: DAY, cellMs: 30 * MINUTE, origin: 0, label: (wall) => wallText(wall).slice(0, 10), ruler: '00h         06h         12h         18h' };
const WEEKS: Scale = { rowMs: 7 * DAY, cellMs: 3 * HOUR, origin: MONDAY, label: (wall) => wallText(wall).slice(0, 10), ruler: 'Mon     Tue     Wed     Thu     Fri     Sat     Sun' };
const LONG: Scale = { rowMs: 364 * DAY, cellMs: 7 * DAY, origin: MONDAY, label: (wall) => wallText(wall).slice(0, 10), ruler: 'a week a column' };

/** From the least to the most telling: a cell shows the last of these that it holds. */
const MARKS = [' ', '-', '+', 'w', '!', 'r', 'x'] as const;
const LEGEND = '+ start, - running, w waits for another, ! missed, r replaced, x failed for good';

/** Lines; none without runs. */
export function calendar(rehearsal: Rehearsal, zone: Offsets): readonly string[] {
  const { from, until, runs, occurrences } = rehearsal;
  const scale = scaleOf(until - from);
  const rows = new Map<number, number[]>();
  const mark = (at: number, what: (typeof MARKS)[number]): void => {
    const wall = at + zone.spanAt(at).offset;
    const start = scale.origin + Math.floor((wall - scale.origin) / scale.rowMs) * scale.rowMs;
    const cells = rows.get(start) ?? new Array<number>(Math.round(scale.rowMs / scale.cellMs)).fill(0);
    const cell = Math.floor((wall - start) / scale.cellMs);
    cells[cell] = Math.max(cells[cell]!, MARKS.indexOf(what));
    rows.set(start, cells);
  };
  const last = Math.max(until - 1, from);
  for (let at = from; at < last; at += Math.min(scale.rowMs, DAY)) mark(at, ' ');
  mark(last, ' ');
  for (const { createdAt, endedAt = last, outcome } of runs) {
    for (let at = createdAt; at < endedAt; at += scale.cellMs) mark(at, '-');
    mark(createdAt, '+');
    if (outcome === 'failed') mark(endedAt, 'x');
    if (outcome === 'replaced') mark(endedAt, 'r');
  }
  for (const { at, kind, reason } of occurrences) {
    const what = kind === 'CronJob' ? markOf(reason) : undefined;
    if (what !== undefined) mark(at, what);
  }
  if (runs.length === 0 && [...rows.values()].every((cells) => cells.every((cell) => cell === 0))) return [];
  const drawn = [...rows].sort(([a], [b]) => a - b).map(([start, cells]) => `${scale.label(start)} |${cells.map((cell) => MARKS[cell]).join('')}|`);
  return [`${''.padEnd(scale.label(0).length)}  ${scale.ruler}`, ...drawn, `${''.padEnd(scale.label(0).length)}  ${LEGEND}`];
}

function scaleOf(lengthMs: number): Scale {
  if (lengthMs <= 2 * DAY) return HOURS;
  if (lengthMs <= 62 * DAY) return DAYS;
  return lengthMs <= 434 * DAY ? WEEKS : LONG;
}

function markOf(reason: Occurrence['reason']): 'w' | '!' | undefined {
  if (reason === 'MustWait') return 'w';
  return reason === 'MissSchedule' || reason === 'TooManyMissedTimes' ? '!' : undefined;
}
