// pure: when a schedule runs in a zone. All times are ms since the epoch.
// A time runs when the zone's wall clock shows it. So one inside the gap of spring is skipped, one of the repeated hour of autumn
// runs twice, and an hourly schedule runs once in each real hour. kube: so says upstream's library, and so it does, but for days
// that begin after midnight and changes by or at half hours: there its walk by day and hour loses, misplaces or repeats runs, or
// never ends (Samoa's missing day). Nobody can want that, so the rule holds here on those days too.
import type { Schedule } from './schedule.ts';
import { type WallClock, wallClockOf } from './wall-clock.ts';
import type { Zone } from './zone.ts';

const SECOND = 1000;
/** kube: the search ends with the fifth year after this one. */
const YEARS_AHEAD = 5;

export interface Window {
  /** Exclusive. */
  readonly after: number;
  /** Inclusive. */
  readonly until: number;
}

/** The first time strictly after `after`; undefined if five years hold none. */
export function nextTime(schedule: Schedule, zone: Zone, after: number): number | undefined {
  if (schedule.type === 'interval') return wholeSecond(after) + schedule.everyMs;
  const from = wholeSecond(after) + SECOND;
  const thisYear = new Date(from + zone.spanAt(from).offset).getUTCFullYear();
  const end = Date.UTC(thisYear + YEARS_AHEAD + 1, 0, 1);
  return firstTime({ wall: wallClockOf(schedule), zone, from, until: end - zone.spanAt(end).offset });
}

/** The last time of the window. */
export function latestTime(schedule: Schedule, zone: Zone, { after, until }: Window): number | undefined {
  if (schedule.type === 'interval') {
    const times = Math.floor((until - wholeSecond(after)) / schedule.everyMs);
    return times < 1 ? undefined : wholeSecond(after) + times * schedule.everyMs;
  }
  const wall = wallClockOf(schedule);
  const from = wholeSecond(after) + SECOND;
  for (let end = wholeSecond(until) + 1; end > from; ) {
    const span = zone.spanAt(end - 1);
    const time = wall.last(Math.max(from, span.from) + span.offset, end + span.offset);
    if (time !== undefined) return time - span.offset;
    end = span.from;
  }
  return undefined;
}

/** How many times the window holds, counted no further than `atMost`. */
export function countTimes(schedule: Schedule, zone: Zone, { after, until, atMost }: Window & { readonly atMost: number }): number {
  if (schedule.type === 'interval') return Math.min(atMost, Math.max(0, Math.floor((until - wholeSecond(after)) / schedule.everyMs)));
  const wall = wallClockOf(schedule);
  const end = wholeSecond(until) + 1;
  let count = 0;
  for (let from = wholeSecond(after) + SECOND; from < end && count < atMost; ) {
    const span = zone.spanAt(from);
    count += wall.count(from + span.offset, Math.min(end, span.until) + span.offset, atMost - count);
    from = span.until;
  }
  return count;
}

interface Search {
  readonly wall: WallClock;
  readonly zone: Zone;
  readonly from: number;
  /** Exclusive. */
  readonly until: number;
}

function firstTime({ wall, zone, from, until }: Search): number | undefined {
  for (let start = from; start < until; ) {
    const span = zone.spanAt(start);
    const time = wall.first(start + span.offset, Math.min(span.until, until) + span.offset);
    if (time !== undefined) return time - span.offset;
    start = span.until;
  }
  return undefined;
}

function wholeSecond(time: number): number {
  return Math.floor(time / SECOND) * SECOND;
}
