// pure: the times of a schedule on a wall clock that never jumps; next-time.ts lays it over a zone's spans.
import type { CalendarSchedule } from './schedule.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Wall-clock times are ms as if the wall clock showed UTC. */
export interface WallClock {
  /** The first time in [from, until). */
  first(from: number, until: number): number | undefined;
  /** The last time in [from, until). */
  last(from: number, until: number): number | undefined;
  /** How many times lie in [from, until), counted no further than `atMost`. */
  count(from: number, until: number, atMost: number): number;
}

export function wallClockOf(schedule: CalendarSchedule): WallClock {
  const known = clocks.get(schedule);
  if (known !== undefined) return known;
  const clock = makeWallClock(schedule);
  clocks.set(schedule, clock);
  return clock;
}

/** What a schedule's lists come to, worked out once. */
const clocks = new WeakMap<CalendarSchedule, WallClock>();

function makeWallClock(schedule: CalendarSchedule): WallClock {
  const times = schedule.hours.flatMap((hour) => schedule.minutes.map((minute) => hour * HOUR + minute * MINUTE));
  const runsOn = dayMatcher(schedule);
  return {
    first(from, until) {
      for (let day = dayOf(from); day < until; day = runsOn.nextDay(day)) {
        if (!runsOn.day(day)) continue;
        const time = times[firstIndex(times, from - day)];
        if (time !== undefined) return day + time < until ? day + time : undefined;
      }
      return undefined;
    },
    last(from, until) {
      for (let day = dayOf(until - 1); day + DAY > from; day = runsOn.previousDay(day)) {
        if (!runsOn.day(day)) continue;
        const time = times[firstIndex(times, until - day) - 1];
        if (time !== undefined) return day + time >= from ? day + time : undefined;
      }
      return undefined;
    },
    count(from, until, atMost) {
      let count = 0;
      for (let day = dayOf(from); day < until && count < atMost; day = runsOn.nextDay(day)) {
        if (runsOn.day(day)) count += firstIndex(times, until - day) - firstIndex(times, from - day);
      }
      return Math.min(count, atMost);
    },
  };
}

interface DayMatcher {
  day(day: number): boolean;
  /** The next day that is worth a look: months that never run are passed over. */
  nextDay(day: number): number;
  previousDay(day: number): number;
}

function dayMatcher(schedule: CalendarSchedule): DayMatcher {
  const months = new Set(schedule.months);
  const daysOfMonth = new Set(schedule.daysOfMonth);
  const daysOfWeek = new Set(schedule.daysOfWeek);
  const inMonth = (day: number): boolean => months.has(new Date(day).getUTCMonth() + 1);
  return {
    day(day) {
      const date = new Date(day);
      if (!months.has(date.getUTCMonth() + 1)) return false;
      const byMonth = daysOfMonth.has(date.getUTCDate());
      const byWeek = daysOfWeek.has(date.getUTCDay());
      return schedule.eitherDay ? byMonth || byWeek : byMonth && byWeek;
    },
    nextDay: (day) => (inMonth(day) ? day + DAY : startOfMonth(day, 1)),
    previousDay: (day) => (inMonth(day) ? day - DAY : startOfMonth(day, 0) - DAY),
  };
}

function dayOf(time: number): number {
  return Math.floor(time / DAY) * DAY;
}

function startOfMonth(day: number, monthsLater: number): number {
  const date = new Date(day);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + monthsLater, 1);
}

/** Where the first number that is not below `least` stands in an ascending list. */
function firstIndex(numbers: readonly number[], least: number): number {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (numbers[middle]! < least) low = middle + 1;
    else high = middle;
  }
  return low;
}
