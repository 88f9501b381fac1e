import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { countTimes, latestTime, nextTime } from '../../../../src/api/cron/next-time.ts';
import { parseSchedule, type Schedule } from '../../../../src/api/cron/schedule.ts';
import { openZone, UTC } from '../../../../src/api/cron/zone.ts';

const UPSTREAM = join(import.meta.dirname, '../../../support/upstream-cron/upstream-times.tsv');

function scheduleOf(text: string): Schedule {
  const parsed = parseSchedule(text);
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.schedule;
}

/** The next times, "none" for the end of the search. */
function timesAfter(text: string, zoneName: string, after: string, count: number): string[] {
  const [schedule, zone] = [scheduleOf(text), openZone(zoneName)!];
  const times: string[] = [];
  for (let time: number | undefined = Date.parse(after); times.length < count && time !== undefined; ) {
    time = nextTime(schedule, zone, time);
    times.push(time === undefined ? 'none' : new Date(time).toISOString().replace('.000Z', 'Z'));
  }
  return times;
}

describe("the library of upstream's controller, asked 754 times in 25 zones, answers the same", () => {
  const cases = readFileSync(UPSTREAM, 'utf8').trim().split('\n').map((line) => line.split('\t') as [zone: string, schedule: string, after: string, ...times: string[]]);
  const zones = [...new Set(cases.map(([zone]) => zone))];

  test.each(zones)('in %s', (zone) => {
    const ours = cases.filter(([name]) => name === zone).map(([, schedule, after, ...times]) => [schedule, after, ...timesAfter(schedule, zone, after, times.length)]);
    expect(ours).toEqual(cases.filter(([name]) => name === zone).map(([, ...rest]) => rest));
  });
});

describe('an edge of daylight saving', () => {
  test.each<[what: string, schedule: string, zone: string, after: string, times: string[]]>([
    ['skips a time inside the gap of spring', '30 2 * * *', 'America/New_York', '2024-03-09T12:00Z', ['2024-03-11T06:30:00Z', '2024-03-12T06:30:00Z']],
    ['takes the next year for a date whose time is inside the gap', '30 2 10 3 *', 'America/New_York', '2024-01-01T00:00Z', ['2025-03-10T06:30:00Z']],
    ['keeps the last minute before the gap and the first behind it', '59,0 1,3 * * *', 'America/New_York', '2024-03-10T06:00Z', ['2024-03-10T06:59:00Z', '2024-03-10T07:00:00Z', '2024-03-10T07:59:00Z']],
    ['runs a time of the repeated hour twice', '30 1 * * *', 'America/New_York', '2024-11-02T12:00Z', ['2024-11-03T05:30:00Z', '2024-11-03T06:30:00Z', '2024-11-04T06:30:00Z']],
    ['runs the second time of the repeated hour when asked between the two', '30 1 * * *', 'America/New_York', '2024-11-03T05:45Z', ['2024-11-03T06:30:00Z', '2024-11-04T06:30:00Z']],
    ['runs an hourly schedule once in each real hour of spring', '0 * * * *', 'America/New_York', '2024-03-10T05:30Z', ['2024-03-10T06:00:00Z', '2024-03-10T07:00:00Z', '2024-03-10T08:00:00Z']],
    ['runs an hourly schedule once in each real hour of autumn', '0 * * * *', 'America/New_York', '2024-11-03T04:30Z', ['2024-11-03T05:00:00Z', '2024-11-03T06:00:00Z', '2024-11-03T07:00:00Z']],
    ['means nothing to a fixed distance', '@every 1h', 'America/New_York', '2024-03-10T06:30Z', ['2024-03-10T07:30:00Z', '2024-03-10T08:30:00Z']],
    ['skips in Europe by UTC', '30 2 31 3 *', 'Europe/Berlin', '2024-01-01T00:00Z', ['2025-03-31T00:30:00Z']],
    ['doubles in Europe by UTC', '30 2 * * *', 'Europe/Berlin', '2024-10-26T12:00Z', ['2024-10-27T00:30:00Z', '2024-10-27T01:30:00Z', '2024-10-28T01:30:00Z']],
    ['doubles where winter has the offset 0', '15 1 * * 0', 'Europe/London', '2024-10-26T12:00Z', ['2024-10-27T00:15:00Z', '2024-10-27T01:15:00Z', '2024-11-03T01:15:00Z']],
    ['doubles on the southern half in April', '30 2 * * *', 'Australia/Sydney', '2024-04-05T20:00Z', ['2024-04-06T15:30:00Z', '2024-04-06T16:30:00Z', '2024-04-07T16:30:00Z']],
    ['of half an hour skips half an hour', '0,15,30,45 2 * * *', 'Australia/Lord_Howe', '2024-10-05T12:00Z', ['2024-10-05T15:30:00Z', '2024-10-05T15:45:00Z', '2024-10-06T15:00:00Z']],
    ['of half an hour doubles half an hour', '15,45 1 * * *', 'Australia/Lord_Howe', '2024-04-06T12:00Z', ['2024-04-06T14:15:00Z', '2024-04-06T14:45:00Z', '2024-04-06T15:15:00Z', '2024-04-07T14:45:00Z']],
    ['of two hours skips two hours', '30 1,2,3 * * *', 'Antarctica/Troll', '2024-03-30T12:00Z', ['2024-03-31T01:30:00Z', '2024-03-31T23:30:00Z']],
    ['at midnight takes the first hour off the day, to the west', '0 0,1 * * *', 'America/Sao_Paulo', '2018-11-03T12:00Z', ['2018-11-04T03:00:00Z', '2018-11-05T02:00:00Z', '2018-11-05T03:00:00Z']],
    ['at midnight takes the first hour off the day, to the east', '0 0,1 * * *', 'Asia/Beirut', '2024-03-30T12:00Z', ['2024-03-30T22:00:00Z', '2024-03-31T21:00:00Z', '2024-03-31T22:00:00Z']],
    ['at midnight doubles the last hour of the day before', '30 23 * * *', 'America/Sao_Paulo', '2018-02-17T12:00Z', ['2018-02-18T01:30:00Z', '2018-02-18T02:30:00Z', '2018-02-19T02:30:00Z']],
    ['behind midnight doubles the first hour of the day', '30 0 * * *', 'Asia/Amman', '2021-10-28T12:00Z', ['2021-10-28T21:30:00Z', '2021-10-28T22:30:00Z', '2021-10-29T22:30:00Z']],
    ['that takes a whole day off the calendar skips that day', '0 12 30,31 12 *', 'Pacific/Apia', '2011-12-29T23:00Z', ['2011-12-30T22:00:00Z', '2012-12-29T22:00:00Z']],
    ['that is no daylight saving counts too', '15 0 * * *', 'Asia/Pyongyang', '2018-05-03T12:00Z', ['2018-05-03T15:45:00Z', '2018-05-04T15:15:00Z']],
  ])('%s: %s in %s', (_what, schedule, zone, after, times) => {
    expect(timesAfter(schedule, zone, after, times.length)).toEqual(times);
  });
});

// Upstream's library walks from day to day and hour to hour. Where a day has no midnight, or the offset changes by or at a broken
// hour, its walk loses its way; it was asked for these, and `upstream` is what it said. Here the rule holds on those days too.
describe('a day on which the library of upstream loses its way follows the rule', () => {
  test.each<[what: string, schedule: string, zone: string, after: string, times: string[], upstream: string]>([
    ['Saturday is over when Sunday begins at one', '0 12 * * 6', 'America/Sao_Paulo', '2018-11-03T15:00Z', ['2018-11-10T14:00:00Z'], '2018-11-04T14:00:00Z'],
    ['a Sunday that begins at one is a Sunday', '0 12 * * 0', 'Asia/Beirut', '2024-03-24T10:00Z', ['2024-03-31T09:00:00Z'], '2024-04-07T09:00:00Z'],
    ['a month that begins at one begins on its first day', '0 12 * 10 *', 'America/Asuncion', '2017-06-01T00:00Z', ['2017-10-01T15:00:00Z', '2017-10-02T15:00:00Z'], '2017-10-31T15:00:00Z'],
    ['hours behind a gap of thirty minutes are whole', '0 9 * * *', 'Australia/Lord_Howe', '2024-10-05T00:00Z', ['2024-10-05T22:00:00Z'], '2024-10-06T22:00:00Z'],
    ['hours behind an overlap of thirty minutes are whole', '0 2 * * *', 'Australia/Lord_Howe', '2024-04-06T00:00Z', ['2024-04-06T15:30:00Z'], '2024-04-07T15:30:00Z'],
    ['an hour that a gap leaves half of is that hour', '15 */6 * * *', 'America/Caracas', '2016-05-01T05:00Z', ['2016-05-01T10:15:00Z'], '2016-05-01T16:15:00Z'],
    ['a first hour that comes twice runs twice on its day of the week', '30 0 * * 5', 'Asia/Amman', '2021-10-24T00:00Z', ['2021-10-28T21:30:00Z', '2021-10-28T22:30:00Z'], '2021-10-28T22:30:00Z'],
  ])('%s: %s in %s', (_what, schedule, zone, after, times, upstream) => {
    expect(timesAfter(schedule, zone, after, times.length)).toEqual(times);
    expect(times[0]).not.toBe(upstream);
  });
});

describe('a fixed distance', () => {
  const every = scheduleOf('@every 90s');

  test('is counted from the time asked, fractions of a second dropped', () => {
    expect(nextTime(every, UTC, Date.parse('2024-01-01T00:00:00.999Z'))).toBe(Date.parse('2024-01-01T00:01:30Z'));
    expect(nextTime(every, UTC, Date.parse('2024-01-01T00:00:00Z'))).toBe(Date.parse('2024-01-01T00:01:30Z'));
  });

  test.each<[until: string, latest: string | undefined, count: number]>([
    ['2024-01-01T00:01:29.999Z', undefined, 0],
    ['2024-01-01T00:01:30Z', '2024-01-01T00:01:30.000Z', 1],
    ['2024-01-01T00:02:59Z', '2024-01-01T00:01:30.000Z', 1],
    ['2024-01-02T00:00:00Z', '2024-01-02T00:00:00.000Z', 960],
    ['2023-01-01T00:00:00Z', undefined, 0],
  ])('has until %s its latest time at %s', (until, latest, count) => {
    const window = { after: Date.parse('2024-01-01T00:00:00.5Z'), until: Date.parse(until) };
    const time = latestTime(every, UTC, window);
    expect(time === undefined ? undefined : new Date(time).toISOString()).toBe(latest);
    expect(countTimes(every, UTC, { ...window, atMost: 10_000 })).toBe(count);
    expect(countTimes(every, UTC, { ...window, atMost: 3 })).toBe(Math.min(3, count));
  });
});

describe('a window', () => {
  const daily = scheduleOf('0 12 * * *');
  const noon = Date.parse('2024-06-01T12:00:00Z');

  test.each<[what: string, after: number, until: number, latest: number | undefined]>([
    ['leaves out its start', noon, noon + 1000, undefined],
    ['leaves out its start by any fraction of the second', noon + 1, noon + 1000, undefined],
    ['holds a time a moment behind its start', noon - 1, noon + 1000, noon],
    ['holds its end', noon - 1000, noon, noon],
    ['ends before a time a moment later', noon - 1000, noon - 1, undefined],
    ['that is empty holds nothing', noon, noon, undefined],
    ['that ends before it starts holds nothing', noon + 1000, noon - 1000, undefined],
  ])('%s', (_what, after, until, latest) => {
    expect(latestTime(daily, UTC, { after, until })).toBe(latest);
    expect(countTimes(daily, UTC, { after, until, atMost: 9 })).toBe(latest === undefined ? 0 : 1);
  });

  test('of a hundred years is answered without a walk through its minutes', () => {
    const newYork = openZone('America/New_York')!;
    const window = { after: Date.UTC(1970, 0, 1), until: Date.UTC(2070, 0, 1) };
    expect(countTimes(scheduleOf('* * * * *'), newYork, { ...window, atMost: Infinity })).toBe((window.until - window.after) / 60_000);
    expect(latestTime(scheduleOf('0 0 29 2 *'), newYork, window)).toBe(Date.parse('2068-02-29T05:00:00Z'));
    expect(latestTime(scheduleOf('0 0 30 2 *'), newYork, window)).toBeUndefined();
  });

  test('is counted no further than asked', () => {
    expect(countTimes(scheduleOf('* * * * *'), UTC, { after: 0, until: Date.UTC(2024, 0, 1), atMost: 101 })).toBe(101);
  });
});
