// pure: what changes of the clocks do to a schedule: times of day that are left out, and times of day that come twice.
import { countTimes, latestTime, nextTime } from './next-time.ts';
import type { Schedule } from './schedule.ts';
import { UTC, type Zone } from './zone.ts';

/** Readings are what the wall clock shows, in ms as if it showed UTC. */
export type ClockChange =
  /** At `at` the clocks skip `count` scheduled readings. */
  | { readonly type: 'gap'; readonly at: number; readonly count: number; readonly first: number; readonly last: number }
  /** The run at `first` comes a second time, by the clock, at `second`. */
  | { readonly type: 'repeat'; readonly first: number; readonly second: number; readonly reading: number };

const HOUR = 3_600_000;

/**
 * Those of [from, until], in the order in which clocks change. None for an interval, which takes no notice of clocks, and for a
 * schedule of every hour when whole hours are skipped or repeated: it runs once in each real hour all the same.
 */
export function clockChanges(schedule: Schedule, zone: Zone, { from, until }: { readonly from: number; readonly until: number }): readonly ClockChange[] {
  if (schedule.type === 'interval') return [];
  const changes: ClockChange[] = [];
  // Of a pair one may lie on this side of the window's edge and the change on the other.
  for (let span = zone.spanAt(from - 24 * HOUR); span.until <= until + 24 * HOUR; ) {
    const at = span.until;
    const next = zone.spanAt(at);
    const jump = next.offset - span.offset;
    const isSeen = schedule.hours.length < 24 || jump % HOUR !== 0;
    if (jump > 0 && isSeen && at >= from && at <= until) changes.push(...gap(schedule, at, { from: at + span.offset, to: at + next.offset }));
    if (jump < 0 && isSeen) changes.push(...repeats(schedule, zone, { at, overlap: -jump }).filter(({ first, second }) => second >= from && first <= until));
    span = next;
  }
  return changes;
}

/** The wall clock's own times: the schedule read as if the zone had no offset. */
function gap(schedule: Schedule, at: number, { from, to }: { readonly from: number; readonly to: number }): ClockChange[] {
  const window = { after: from - 1000, until: to - 1000 };
  const first = nextTime(schedule, UTC, window.after);
  if (first === undefined || first > window.until) return [];
  return [{ type: 'gap', at, count: countTimes(schedule, UTC, { ...window, atMost: Infinity }), first, last: latestTime(schedule, UTC, window)! }];
}

type Repeat = ClockChange & { readonly type: 'repeat' };

function repeats(schedule: Schedule, zone: Zone, { at, overlap }: { readonly at: number; readonly overlap: number }): Repeat[] {
  const found: Repeat[] = [];
  for (let second = nextTime(schedule, zone, at - 1000); second !== undefined && second < at + overlap; second = nextTime(schedule, zone, second)) {
    found.push({ type: 'repeat', first: second - overlap, second, reading: second + zone.spanAt(second).offset });
  }
  return found;
}
