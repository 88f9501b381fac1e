import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { countTimes, latestTime, nextTime } from '../../../../src/api/cron/next-time.ts';
import { parseSchedule } from '../../../../src/api/cron/schedule.ts';
import { openZone } from '../../../../src/api/cron/zone.ts';
import { oracleTimes, readWall, textOf } from '../../../support/cron-oracle.ts';
import { drawSchedules } from '../../../support/drawn-schedules.ts';
import { judge, MODEL_ZONES } from '../../../support/schedule-model.ts';

const DAY = 86_400_000;

/** Days on which clocks jumped, or might have. */
const EDGES: readonly (readonly [zone: string, day: string])[] = [
  ['UTC', '2024-02-29'], ['America/New_York', '2024-03-10'], ['America/New_York', '2024-11-03'], ['America/St_Johns', '2011-03-13'], ['America/St_Johns', '2010-11-07'],
  ['America/Sao_Paulo', '2018-11-04'], ['America/Sao_Paulo', '2018-02-17'], ['America/Asuncion', '2017-10-01'], ['America/Havana', '2024-03-10'], ['America/Havana', '2024-11-03'],
  ['America/Caracas', '2016-05-01'], ['America/Nuuk', '2024-03-30'], ['America/Scoresbysund', '2024-03-31'], ['Atlantic/Azores', '2024-10-27'], ['Europe/London', '2024-03-31'],
  ['Europe/London', '2024-10-27'], ['Europe/Berlin', '2024-12-31'], ['Africa/Cairo', '2024-04-26'], ['Africa/Cairo', '2024-10-31'], ['Africa/Casablanca', '2024-03-10'],
  ['Asia/Beirut', '2024-03-31'], ['Asia/Amman', '2021-10-29'], ['Asia/Gaza', '2010-03-27'], ['Asia/Tehran', '2022-03-22'], ['Asia/Pyongyang', '2018-05-04'],
  ['Australia/Lord_Howe', '2024-04-07'], ['Australia/Lord_Howe', '2024-10-06'], ['Antarctica/Troll', '2024-03-31'], ['Antarctica/Troll', '2024-10-27'], ['Pacific/Apia', '2011-12-30'],
  ['Pacific/Chatham', '2024-04-07'], ['Pacific/Kwajalein', '1993-08-21'],
];

describe('25 drawn schedules agree with the oracle in each minute of three days', () => {
  test.each(EDGES.map(([zone, day], i) => ({ zone, day, seed: i + 1 })))('around $day in $zone', ({ zone, day, seed }) => {
    const wall = readWall(zone, Date.parse(day) - DAY, Date.parse(day) + 2 * DAY);
    const verdicts = drawSchedules(25, seed).map((schedule) => judge(schedule, wall));
    expect(verdicts.flatMap((verdict) => verdict.wrong)).toEqual([]);
    expect(verdicts.reduce((sum, { runs }) => sum + runs, 0)).toBeGreaterThan(100);
  });
});

describe('20 drawn schedules agree with the oracle over a year', () => {
  // The first year of each zone's ten; `npm run test:schedules` looks at all of them.
  test.each(MODEL_ZONES.filter((_, i) => i % 5 === 2).map(([zone, year]) => ({ zone, year })))('$year in $zone', ({ zone, year }) => {
    const wall = readWall(zone, Date.UTC(year, 0, 1), Date.UTC(year + 1, 0, 1));
    const verdicts = drawSchedules(20, year).map((schedule) => judge(schedule, wall));
    expect(verdicts.flatMap((verdict) => verdict.wrong)).toEqual([]);
    expect(verdicts.reduce((sum, { asked }) => sum + asked, 0)).toBeGreaterThan(1000);
  });
});

test('a wrong schedule would be found: the oracle tells a schedule from its neighbour', () => {
  const wall = readWall('Europe/Berlin', Date.UTC(2024, 0, 1), Date.UTC(2024, 1, 1));
  const [drawn] = drawSchedules(1, 3);
  const changed = { ...drawn!, minute: { ...drawn!.minute, values: new Set([...drawn!.minute.values].map((minute) => (minute + 1) % 60)) }, month: { text: '*', values: new Set([1]), isStar: true }, dayOfMonth: { text: '*', values: new Set([5]), isStar: true } };
  expect(oracleTimes(changed, wall).length).toBeGreaterThan(0);
  expect(judge(changed, wall).wrong).not.toEqual([]);
});

test('next, latest and count tell the same story of any window', () => {
  const zones = MODEL_ZONES.map(([zone]) => zone);
  fc.assert(
    fc.property(fc.integer({ min: 1 }), fc.constantFrom(...zones), fc.integer({ min: Date.UTC(2000, 0, 1), max: Date.UTC(2030, 0, 1) }), fc.integer({ min: 0, max: 40 * DAY }), (seed, name, after, length) => {
      const parsed = parseSchedule(textOf(drawSchedules(1, seed)[0]!));
      if (!parsed.ok) throw new Error(parsed.problem);
      const [schedule, zone, until, atMost] = [parsed.schedule, openZone(name)!, after + length, 200];
      const times: number[] = [];
      for (let time = nextTime(schedule, zone, after); time !== undefined && time <= until && times.length < atMost; time = nextTime(schedule, zone, time)) times.push(time);
      expect(countTimes(schedule, zone, { after, until, atMost })).toBe(times.length);
      const latest = latestTime(schedule, zone, { after, until });
      if (times.length < atMost) expect(latest).toBe(times.at(-1));
      // Whatever is latest: it is a time, and none follows it in the window.
      if (latest === undefined) return;
      expect(nextTime(schedule, zone, latest - 1)).toBe(latest);
      expect(countTimes(schedule, zone, { after: latest, until, atMost })).toBe(0);
    }),
    { numRuns: 300, seed: 1 },
  );
});
