// Holds the schedules of src to the oracle over a long stretch of time: each run, each month's count, the latest of each month.
import { countTimes, latestTime, nextTime } from '../../src/api/cron/next-time.ts';
import { parseSchedule, type Schedule } from '../../src/api/cron/schedule.ts';
import { openZone, type Zone } from '../../src/api/cron/zone.ts';
import { type DrawnSchedule, oracleTimes, textOf, type WallMinutes } from './cron-oracle.ts';

const DAY = 86_400_000;
/** Up to so many runs every one is asked for; of more, those around each jump of the clock and in a few stretches of each year. */
const MOST_RUNS = 8_000;

/** Zones with each kind of change, and the first of the ten years in which they made it. */
export const MODEL_ZONES: readonly (readonly [zone: string, firstYear: number])[] = [
  ['UTC', 2017], ['America/New_York', 2017], ['America/Los_Angeles', 2017], ['US/Eastern', 2017], ['America/St_Johns', 2006], ['America/Sao_Paulo', 2010],
  ['America/Asuncion', 2015], ['America/Santiago', 2015], ['America/Havana', 2017], ['America/Caracas', 2007], ['America/Nuuk', 2018], ['America/Scoresbysund', 2018],
  ['America/Goose_Bay', 2003], ['America/Mexico_City', 2015], ['Atlantic/Azores', 2017], ['Europe/London', 2017], ['Europe/Berlin', 2017], ['Europe/Dublin', 2017],
  ['Europe/Istanbul', 2010], ['Europe/Moscow', 2008], ['Europe/Simferopol', 2010], ['Africa/Cairo', 2008], ['Africa/Casablanca', 2017], ['Africa/Juba', 2015],
  ['Asia/Beirut', 2017], ['Asia/Amman', 2014], ['Asia/Gaza', 2009], ['Asia/Tehran', 2015], ['Asia/Pyongyang', 2012], ['Asia/Kolkata', 2017], ['Asia/Kathmandu', 2017],
  ['Asia/Tokyo', 2017], ['Australia/Sydney', 2017], ['Australia/Lord_Howe', 2017], ['Antarctica/Troll', 2017], ['Antarctica/Casey', 2009], ['Pacific/Apia', 2008],
  ['Pacific/Chatham', 2017], ['Pacific/Auckland', 2017], ['Pacific/Fiji', 2013],
];

export interface Verdict {
  /** Runs that both named. */
  readonly runs: number;
  /** Questions asked of src. */
  readonly asked: number;
  /** What src said wrong; empty when all is well. */
  readonly wrong: readonly string[];
}

export function judge(drawn: DrawnSchedule, wall: WallMinutes): Verdict {
  const text = textOf(drawn);
  const parsed = parseSchedule(text);
  const zone = openZone(wall.zone);
  if (!parsed.ok || zone === undefined) return { runs: 0, asked: 1, wrong: [`${text} in ${wall.zone}: ${parsed.ok ? 'no such zone' : parsed.problem}`] };
  const expected = oracleTimes(drawn, wall);
  const until = wall.from + wall.minuteOfDay.length * 60_000;
  const question = new Question({ schedule: parsed.schedule, zone, expected, label: `"${text}" in ${wall.zone}` });
  if (expected.length <= MOST_RUNS) question.eachRun(wall.from, until);
  else {
    for (const jump of wall.jumps) question.eachRun(jump - 2 * DAY, Math.min(until, jump + 2 * DAY));
    for (let from = wall.from; from < until; from += 73 * DAY) question.eachRun(from, Math.min(until, from + DAY / 4));
  }
  for (let from = wall.from; from < until; from += 30 * DAY) question.count(from, Math.min(until, from + 30 * DAY));
  question.count(wall.from, until);
  return { runs: expected.length, asked: question.asked, wrong: question.wrong };
}

interface Asked {
  readonly schedule: Schedule;
  readonly zone: Zone;
  /** Ascending. */
  readonly expected: readonly number[];
  readonly label: string;
}

class Question {
  readonly #of: Asked;
  readonly wrong: string[] = [];
  asked = 0;

  constructor(of: Asked) {
    this.#of = of;
  }

  /** Every run of [from, until), one after the other. */
  eachRun(from: number, until: number): void {
    const { schedule, zone, expected } = this.#of;
    let index = firstIndex(expected, from);
    let after = from - 1;
    for (;;) {
      const said = nextTime(schedule, zone, after);
      const right = expected[index] !== undefined && expected[index]! < until ? expected[index] : undefined;
      this.asked += 1;
      if (right === undefined && (said === undefined || said >= until)) return;
      if (said !== right) return void this.wrong.push(`next of ${this.#of.label} after ${show(after)}: said ${show(said)}, should be ${show(right)}`);
      after = right!;
      index += 1;
    }
  }

  /** How many runs [from, until) holds, and which is the last. */
  count(from: number, until: number): void {
    const { schedule, zone, expected, label } = this.#of;
    const window = { after: from - 1, until: until - 1 };
    const [first, end] = [firstIndex(expected, from), firstIndex(expected, until)];
    const count = countTimes(schedule, zone, { ...window, atMost: Infinity });
    const latest = latestTime(schedule, zone, window);
    this.asked += 2;
    if (count !== end - first) this.wrong.push(`count of ${label} from ${show(from)} to ${show(until)}: said ${count}, should be ${end - first}`);
    const right = end > first ? expected[end - 1] : undefined;
    if (latest !== right) this.wrong.push(`latest of ${label} from ${show(from)} to ${show(until)}: said ${show(latest)}, should be ${show(right)}`);
  }
}

function firstIndex(numbers: readonly number[], least: number): number {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (numbers[middle]! < least) low = middle + 1;
    else high = middle;
  }
  return low;
}

function show(time: number | undefined): string {
  return time === undefined ? 'none' : new Date(time).toISOString();
}
