import { describe, expect, test } from '@jest/globals';
import { parseSchedule } from '../../../../src/api/cron/schedule.ts';
import { openZone, UTC } from '../../../../src/api/cron/zone.ts';
import { nextRunsJson, nextRunsText, type NextRunsSubject } from '../../../../src/cli/cron/next-runs-report.ts';
import { planNextRuns, type NextRuns } from '../../../../src/cli/cron/plan-next-runs.ts';

interface Wish {
  readonly zone?: string;
  readonly local?: string;
  readonly from: string;
  readonly count?: number;
  readonly countedFrom?: string;
  readonly cronJob?: NextRunsSubject['cronJob'];
}

function ask(scheduleText: string, { zone = 'Europe/Berlin', local = zone, from, count = 3, countedFrom, cronJob }: Wish): [NextRuns, NextRunsSubject] {
  const parsed = parseSchedule(scheduleText);
  if (!parsed.ok) throw new Error(parsed.problem);
  const wish = { schedule: parsed.schedule, zone: openZone(zone)!, from: Date.parse(from), count, ...(countedFrom === undefined ? {} : { countedFrom: Date.parse(countedFrom) }) };
  return [planNextRuns(wish), { scheduleText, zone: wish.zone, localZone: openZone(local)!, from: wish.from, ...(cronJob === undefined ? {} : { cronJob }) }];
}

const text = (schedule: string, wish: Wish): string[] => nextRunsText(...ask(schedule, wish)).split('\n').slice(0, -1);

describe('the table', () => {
  test('shows each run in the zone of the schedule and in local time', () => {
    expect(text('0 9 * * mon', { from: '2026-07-01T00:00:00Z', local: 'America/New_York', count: 2 })).toEqual([
      'Schedule "0 9 * * mon" in Europe/Berlin',
      'NEXT (Europe/Berlin)            LOCAL (America/New_York)        IN',
      'Mon 2026-07-06 09:00:00+02:00   Mon 2026-07-06 03:00:00-04:00   5d7h',
      'Mon 2026-07-13 09:00:00+02:00   Mon 2026-07-13 03:00:00-04:00   12d',
    ]);
  });

  test('says it once where both zones are one', () => {
    expect(text('0 9 * * *', { zone: 'UTC', from: '2026-07-01T09:00:00Z', count: 1 })).toEqual(['Schedule "0 9 * * *" in UTC', 'NEXT (UTC)                 IN', 'Wed 2026-07-01 09:00:00Z   0s']);
  });

  test('names a time that does not exist, between the runs around it', () => {
    expect(text('30 2 * * *', { from: '2026-03-27T12:00:00Z', count: 2 })).toEqual([
      'Schedule "30 2 * * *" in Europe/Berlin',
      'NEXT (Europe/Berlin)            IN      NOTE',
      'Sat 2026-03-28 02:30:00+01:00   13h',
      '-                               -       skipped: 02:30 does not exist on Sun 2026-03-29',
      'Mon 2026-03-30 02:30:00+02:00   2d12h',
    ]);
  });

  test('counts several that do not exist', () => {
    expect(text('*/10 2 * * *', { from: '2026-03-28T12:00:00Z', count: 1 })[2]).toMatch(/skipped: 6 times from 02:00 to 02:50 do not exist on Sun 2026-03-29$/);
    expect(text('0 */8 * * *', { zone: 'Pacific/Apia', from: '2011-12-30T02:01:00Z', count: 3 })[2]).toMatch(/skipped: 3 times from 00:00 to 16:00 do not exist on Fri 2011-12-30$/);
  });

  test('marks both runs of a time that comes twice', () => {
    expect(text('30 2 * * *', { from: '2026-10-24T12:00:00Z', count: 3 })).toEqual([
      'Schedule "30 2 * * *" in Europe/Berlin',
      'NEXT (Europe/Berlin)            IN    NOTE',
      'Sun 2026-10-25 02:30:00+02:00   12h   runs twice: 02:30 comes again on Sun 2026-10-25',
      'Sun 2026-10-25 02:30:00+01:00   13h   runs twice: the second 02:30',
      'Mon 2026-10-26 02:30:00+01:00   37h',
    ]);
  });

  test('marks the first of the two when it is the last shown, and the second when it is the first', () => {
    expect(text('30 2 * * *', { from: '2026-10-24T12:00:00Z', count: 1 })[2]).toMatch(/runs twice: 02:30 comes again on Sun 2026-10-25$/);
    expect(text('30 2 * * *', { from: '2026-10-25T00:31:00Z', count: 1 })[2]).toMatch(/^Sun 2026-10-25 02:30:00\+01:00 .*runs twice: the second 02:30$/);
  });

  test('names the CronJob, and says that it is suspended', () => {
    const cronJob = { namespace: 'default', name: 'report', isSuspended: true };
    expect(text('@hourly', { zone: 'UTC', from: '2026-07-01T00:30:00Z', count: 1, cronJob })).toEqual([
      'CronJob default/report: "@hourly" in UTC',
      'Suspended: none of these runs until minik resume cronjob/report.',
      'NEXT (UTC)                 IN',
      'Wed 2026-07-01 01:00:00Z   30m',
    ]);
  });

  test('says that a date never comes', () => {
    expect(text('0 0 30 2 *', { from: '2026-01-01T00:00:00Z' })).toEqual(['Schedule "0 0 30 2 *" in Europe/Berlin', 'It never runs: no such time comes within five years.']);
  });

  test('says that a date does not come again within five years', () => {
    expect(text('0 0 29 2 *', { zone: 'UTC', from: '2096-01-01T00:00:00Z', count: 2 }).slice(1)).toEqual(['NEXT (UTC)                 IN', 'Wed 2096-02-29 00:00:00Z   59d', 'No further run within five years of the last.']);
  });
});

describe('an interval', () => {
  const times = (wish: Wish): string[] => planNextRuns({ schedule: { type: 'interval', everyMs: 5_400_000 }, zone: UTC, from: Date.parse(wish.from), count: 2, ...(wish.countedFrom === undefined ? {} : { countedFrom: Date.parse(wish.countedFrom) }) }).lines.map((line) => new Date(line.at).toISOString().slice(0, 19));

  test.each<[what: string, from: string, countedFrom: string | undefined, times: string[]]>([
    ['the start of the question, when nothing ran', '2026-01-01T00:00:00.700Z', undefined, ['2026-01-01T01:30:00', '2026-01-01T03:00:00']],
    ['the last run', '2026-01-01T01:00:00Z', '2026-01-01T00:10:00Z', ['2026-01-01T01:40:00', '2026-01-01T03:10:00']],
    ['a run long ago', '2026-01-01T10:00:00Z', '2026-01-01T00:10:00Z', ['2026-01-01T10:40:00', '2026-01-01T12:10:00']],
    ['a run that is one of those asked for', '2026-01-01T01:40:00Z', '2026-01-01T00:10:00Z', ['2026-01-01T01:40:00', '2026-01-01T03:10:00']],
    ['a run yet to come', '2026-01-01T00:00:00Z', '2026-01-01T08:00:00Z', ['2026-01-01T09:30:00', '2026-01-01T11:00:00']],
  ])('is counted from %s', (_what, from, countedFrom, expected) => {
    expect(times({ from, ...(countedFrom === undefined ? {} : { countedFrom }) })).toEqual(expected);
  });
});

test('JSON has the same, with full timestamps', () => {
  const json = (schedule: string, wish: Wish): unknown => JSON.parse(nextRunsJson(...ask(schedule, wish)));
  expect(json('30 2 * * *', { from: '2026-10-24T12:00:00Z', count: 2, local: 'Asia/Kolkata', cronJob: { namespace: 'a', name: 'b', isSuspended: false } })).toEqual({
    cronJob: { namespace: 'a', name: 'b' },
    suspend: false,
    schedule: '30 2 * * *',
    timeZone: 'Europe/Berlin',
    localTimeZone: 'Asia/Kolkata',
    from: '2026-10-24T12:00:00Z',
    runs: [
      { time: '2026-10-25T00:30:00Z', inTimeZone: '2026-10-25T02:30:00+02:00', local: '2026-10-25T06:00:00+05:30', ofTwo: 'first' },
      { time: '2026-10-25T01:30:00Z', inTimeZone: '2026-10-25T02:30:00+01:00', local: '2026-10-25T07:00:00+05:30', ofTwo: 'second' },
    ],
    skipped: [],
    complete: false,
  });
  expect(json('0,30 2 * 3 *', { from: '2026-03-28T12:00:00Z', count: 1 })).toMatchObject({ skipped: [{ time: '2026-03-29T01:00:00Z', count: 2, first: '2026-03-29T02:00:00', last: '2026-03-29T02:30:00' }] });
});
