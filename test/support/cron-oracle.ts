// An oracle for schedules: slow, simple, and sharing nothing with the code it judges. It looks at every minute of real time,
// asks Intl what a clock on the wall shows, and compares that with sets of values that the test itself drew.

const MINUTE = 60_000;
const STEP = 15;

export interface DrawnField {
  readonly text: string;
  readonly values: ReadonlySet<number>;
  /** A star without a step: upstream's day rule asks for it. */
  readonly isStar: boolean;
}

export interface DrawnSchedule {
  readonly minute: DrawnField;
  readonly hour: DrawnField;
  readonly dayOfMonth: DrawnField;
  readonly month: DrawnField;
  readonly dayOfWeek: DrawnField;
}

export function textOf(schedule: DrawnSchedule): string {
  return [schedule.minute, schedule.hour, schedule.dayOfMonth, schedule.month, schedule.dayOfWeek].map((field) => field.text).join(' ');
}

/** What the wall showed at each minute of a stretch of real time. */
export interface WallMinutes {
  readonly zone: string;
  /** Ms since the epoch of the first minute. */
  readonly from: number;
  /** Minutes since local midnight. */
  readonly minuteOfDay: Uint16Array;
  readonly days: readonly WallDay[];
  /** Runs of minutes that the wall dates alike, in order; a day can come in two when the clock is set back over midnight. */
  readonly stretches: readonly { /** Index into `days`. */ readonly day: number; readonly from: number; /** Exclusive. */ readonly until: number }[];
  /** The minutes, as ms since the epoch, at which the wall clock jumped. */
  readonly jumps: readonly number[];
}

interface WallDay {
  readonly dayOfMonth: number;
  readonly month: number;
  readonly dayOfWeek: number;
}

/** Both ends are ms since the epoch, on whole quarters of an hour. */
export function readWall(zone: string, from: number, until: number): WallMinutes {
  const showAt = wallReader(zone);
  const minutes = (until - from) / MINUTE;
  const minuteOfDay = new Uint16Array(minutes);
  const day = new Uint16Array(minutes);
  const days: WallDay[] = [];
  const indexOf = new Map<number, number>();
  const jumps: number[] = [];
  let shown = showAt(from);
  for (let i = 0; i < minutes; i += STEP) {
    const next = showAt(from + (i + STEP) * MINUTE);
    // No clock jumps there and back within a quarter of an hour: where both ends fit, Intl need not be asked between them.
    const isSteady = next - shown === STEP * MINUTE;
    if (!isSteady) jumps.push(...jumpsBetween(showAt, from + i * MINUTE));
    for (let j = i; j < i + STEP; j += 1) {
      const wall = isSteady ? shown + (j - i) * MINUTE : showAt(from + j * MINUTE);
      const midnight = Math.floor(wall / 86_400_000) * 86_400_000;
      let index = indexOf.get(midnight);
      if (index === undefined) {
        index = days.length;
        indexOf.set(midnight, index);
        const date = new Date(midnight);
        days.push({ dayOfMonth: date.getUTCDate(), month: date.getUTCMonth() + 1, dayOfWeek: date.getUTCDay() });
      }
      day[j] = index;
      minuteOfDay[j] = (wall - midnight) / MINUTE;
    }
    shown = next;
  }
  return { zone, from, minuteOfDay, days, stretches: stretchesOf(day), jumps };
}

function stretchesOf(day: Uint16Array): { day: number; from: number; until: number }[] {
  const stretches: { day: number; from: number; until: number }[] = [];
  for (const [minute, index] of day.entries()) {
    const last = stretches.at(-1);
    if (last?.day === index) last.until = minute + 1;
    else stretches.push({ day: index, from: minute, until: minute + 1 });
  }
  return stretches;
}

/** Within the quarter of an hour after `start`, its end included. */
function jumpsBetween(showAt: (time: number) => number, start: number): number[] {
  const minutes = Array.from({ length: STEP }, (_, i) => start + (i + 1) * MINUTE);
  return minutes.filter((time) => showAt(time) - showAt(time - MINUTE) !== MINUTE);
}

/** Every minute at which the schedule matches what the wall shows, ascending. */
export function oracleTimes(schedule: DrawnSchedule, wall: WallMinutes): number[] {
  const dayRuns = Uint8Array.from(wall.days, (day) => Number(runsOn(schedule, day)));
  const minuteRuns = Uint8Array.from({ length: 1440 }, (_, minute) => Number(schedule.hour.values.has(Math.floor(minute / 60)) && schedule.minute.values.has(minute % 60)));
  const times: number[] = [];
  for (const { day, from, until } of wall.stretches) {
    if (dayRuns[day] === 0) continue;
    for (let i = from; i < until; i += 1) {
      if (minuteRuns[wall.minuteOfDay[i]!] === 1) times.push(wall.from + i * MINUTE);
    }
  }
  return times;
}

function runsOn(schedule: DrawnSchedule, day: WallDay): boolean {
  if (!schedule.month.values.has(day.month)) return false;
  const byMonth = schedule.dayOfMonth.values.has(day.dayOfMonth);
  const byWeek = schedule.dayOfWeek.values.has(day.dayOfWeek);
  return schedule.dayOfMonth.isStar || schedule.dayOfWeek.isStar ? byMonth && byWeek : byMonth || byWeek;
}

/** What the wall shows, as ms as if it showed UTC. */
function wallReader(zone: string): (time: number) => number {
  const format = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour12: false, year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' });
  return (time) => {
    // "31/12/2025, 23:59"
    const text = format.format(time);
    const number = (from: number, to: number): number => Number(text.slice(from, to));
    return Date.UTC(number(6, 10), number(3, 5) - 1, number(0, 2), number(12, 14) % 24, number(15, 17));
  };
}
