import { expect, test } from '@jest/globals';
import { clockChanges } from '../../../../src/api/cron/clock-changes.ts';
import { parseSchedule } from '../../../../src/api/cron/schedule.ts';
import { openZone } from '../../../../src/api/cron/zone.ts';

/** One line a change: what is skipped between which readings, or which reading comes at which two times. */
function changesOf(text: string, zone: string, from: string, until: string): string[] {
  const parsed = parseSchedule(text);
  if (!parsed.ok) throw new Error(parsed.problem);
  const show = (time: number): string => new Date(time).toISOString().slice(0, 16);
  return clockChanges(parsed.schedule, openZone(zone)!, { from: Date.parse(from), until: Date.parse(until) }).map((change) =>
    change.type === 'gap' ? `${show(change.at)} skips ${change.count}: ${show(change.first)} to ${show(change.last)}` : `${show(change.reading)} at ${show(change.first)} and ${show(change.second)}`,
  );
}

test.each<[what: string, schedule: string, zone: string, from: string, until: string, changes: string[]]>([
  ['nothing in a zone without changes', '* * * * *', 'UTC', '2026-01-01', '2027-01-01', []],
  ['nothing for a schedule at another time of day', '30 4 * * *', 'Europe/Berlin', '2026-01-01', '2027-01-01', []],
  ['nothing for another day', '30 2 1 * *', 'Europe/Berlin', '2026-01-01', '2027-01-01', []],
  ['nothing for an interval', '@every 10m', 'Europe/Berlin', '2026-01-01', '2027-01-01', []],
  ['nothing for each hour, where whole hours are skipped and repeated', '0 * * * *', 'Europe/Berlin', '2026-01-01', '2027-01-01', []],
  ['a skipped time and a doubled one', '30 2 * * *', 'Europe/Berlin', '2026-01-01', '2027-01-01', ['2026-03-29T01:00 skips 1: 2026-03-29T02:30 to 2026-03-29T02:30', '2026-10-25T02:30 at 2026-10-25T00:30 and 2026-10-25T01:30']],
  ['the gap without its end', '0,30 2,3 * * *', 'Europe/Berlin', '2026-03-01', '2026-04-01', ['2026-03-29T01:00 skips 2: 2026-03-29T02:00 to 2026-03-29T02:30']],
  ['the repeated hour without its end', '0,30 1-3 * * *', 'America/New_York', '2026-11-01', '2026-11-02', ['2026-11-01T01:00 at 2026-11-01T05:00 and 2026-11-01T06:00', '2026-11-01T01:30 at 2026-11-01T05:30 and 2026-11-01T06:30']],
  ['half an hour, also of each hour', '15 * * * *', 'Australia/Lord_Howe', '2026-01-01', '2027-01-01', ['2026-10-03T15:30 skips 1: 2026-10-04T02:15 to 2026-10-04T02:15']],
  ['a whole day', '0 */8 * * *', 'Pacific/Apia', '2011-12-01', '2012-01-01', ['2011-12-30T10:00 skips 3: 2011-12-30T00:00 to 2011-12-30T16:00']],
  ['a pair of which only the second is still to come', '30 2 * * *', 'Europe/Berlin', '2026-10-25T01:10Z', '2026-10-26', ['2026-10-25T02:30 at 2026-10-25T00:30 and 2026-10-25T01:30']],
  ['a pair of which only the first is within', '30 2 * * *', 'Europe/Berlin', '2026-10-24', '2026-10-25T00:30Z', ['2026-10-25T02:30 at 2026-10-25T00:30 and 2026-10-25T01:30']],
  ['no pair that is to come', '30 2 * * *', 'Europe/Berlin', '2026-10-24', '2026-10-25T00:29Z', []],
  ['no gap that is to come', '30 2 * * *', 'Europe/Berlin', '2026-03-28', '2026-03-29T00:59Z', []],
  ['no pair that is over', '30 2 * * *', 'Europe/Berlin', '2026-10-25T01:31Z', '2026-10-26', []],
  ['no gap that is over', '30 2 * * *', 'Europe/Berlin', '2026-03-29T01:01Z', '2026-03-30', []],
])('names %s', (_what, schedule, zone, from, until, changes) => {
  expect(changesOf(schedule, zone, from, until)).toEqual(changes);
});
