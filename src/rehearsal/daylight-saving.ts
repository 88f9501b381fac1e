// pure: what changes of the clocks do to a schedule: times of day that are left out, and times of day that come twice.
import { countTimes, latestTime, nextTime } from '../api/cron/next-time.ts';
import type { Schedule } from '../api/cron/schedule.ts';
import { UTC, type Zone } from '../api/cron/zone.ts';

export type ClockChange =
  /** The clocks skip from one reading to another, and over scheduled times. Readings are given as if they were UTC. */
  | { readonly type: 'gap'; readonly at: number; readonly skipped: number; readonly first: number; readonly last: number }
  /** This run's time of day has come before, an hour ago. */
  | { readonly type: 'repeat'; readonly at: number; readonly reading: number };

/** In the order of time. An interval takes no notice of clocks. */
export function clockChanges(schedule: Schedule, zone: Zone, { from, until }: { readonly from: number; readonly until: number }): readonly ClockChange[] {
  if (schedule.type === 'interval') return [];
  const changes: ClockChange[] = [];
  for (let span = zone.spanAt(from); span.until <= until; ) {
    const at = span.until;
    const next = zone.spanAt(at);
    if (next.offset > span.offset) changes.push(...gap(schedule, { at, from: at + span.offset, to: at + next.offset }));
    if (next.offset < span.offset) changes.push(...repeats(schedule, zone, { at, until: Math.min(at + span.offset - next.offset, until + 1), offset: next.offset }));
    span = next;
  }
  return changes;
}

/** The wall clock's own times: the schedule read as if the zone had no offset. */
function gap(schedule: Schedule, { at, from, to }: { readonly at: number; readonly from: number; readonly to: number }): ClockChange[] {
  const window = { after: from - 1000, until: to - 1000 };
  const skipped = countTimes(schedule, UTC, { ...window, atMost: 10_000 });
  if (skipped === 0) return [];
  return [{ type: 'gap', at, skipped, first: nextTime(schedule, UTC, window.after)!, last: latestTime(schedule, UTC, window)! }];
}

function repeats(schedule: Schedule, zone: Zone, { at, until, offset }: { readonly at: number; readonly until: number; readonly offset: number }): ClockChange[] {
  const found: ClockChange[] = [];
  for (let time = nextTime(schedule, zone, at - 1000); time !== undefined && time < until; time = nextTime(schedule, zone, time)) {
    found.push({ type: 'repeat', at: time, reading: time + offset });
  }
  return found;
}
