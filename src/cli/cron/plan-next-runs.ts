// pure: the next runs of a schedule, and what changes of the clocks do to them on the way.
import { clockChanges, type ClockChange } from '../../api/cron/clock-changes.ts';
import { nextTime } from '../../api/cron/next-time.ts';
import type { Schedule } from '../../api/cron/schedule.ts';
import type { Zone } from '../../api/cron/zone.ts';

/** Times are ms since the epoch. */
export type NextLine =
  | { readonly type: 'run'; readonly at: number; /** Of two runs at the same reading of the clock. */ readonly turn?: 'first' | 'second' }
  /** Readings that the clocks skip; first and last in ms as if the clock showed UTC. */
  | (ClockChange & { readonly type: 'gap' });

export interface NextRuns {
  /** In the order of time. */
  readonly lines: readonly NextLine[];
  /** True when five years hold no more runs than these. */
  readonly isAll: boolean;
}

export interface NextRunsWish {
  readonly schedule: Schedule;
  readonly zone: Zone;
  /** Inclusive. */
  readonly from: number;
  /** From where an interval is counted; `from` unless it says another. */
  readonly countedFrom?: number;
  readonly count: number;
}

export function planNextRuns({ schedule, zone, from, countedFrom = from, count }: NextRunsWish): NextRuns {
  const runs: number[] = [];
  let time: number | undefined = schedule.type === 'interval' ? lastBefore(schedule.everyMs, { from, countedFrom }) : from - 1;
  while (runs.length < count) {
    time = nextTime(schedule, zone, time);
    if (time === undefined) break;
    runs.push(time);
  }
  const changes = clockChanges(schedule, zone, { from, until: runs.at(-1) ?? from });
  const turns = new Map(changes.flatMap((change) => (change.type === 'repeat' ? ([[change.first, 'first'], [change.second, 'second']] as const) : [])));
  const lines: NextLine[] = runs.map((at) => ({ type: 'run', at, ...(turns.has(at) ? { turn: turns.get(at)! } : {}) }));
  const gaps = changes.filter((change) => change.type === 'gap');
  // A run at the very moment of the change follows the skipped readings.
  const sorted = [...gaps, ...lines].sort((a, b) => a.at - b.at);
  return { lines: sorted, isAll: runs.length < count };
}

/** An interval goes on from run to run. */
function lastBefore(everyMs: number, { from, countedFrom }: { readonly from: number; readonly countedFrom: number }): number {
  return countedFrom + Math.max(0, Math.ceil((from - countedFrom) / everyMs) - 1) * everyMs;
}
