// CronJobs played through virtual time: starts, Jobs in each other's way, deadlines, history, and what the clocks do.
import { describe, expect, test } from '@jest/globals';
import { FROM, playCronJob, told } from '../../support/rehearsals.ts';
import type { Rehearsal } from '../../../src/rehearsal/story.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const lasting = (ms: number, forMs: number) => ({ length: { type: 'fixed', ms }, until: FROM + forMs }) as const;

/** What is told of the CronJob itself; Jobs by their minute. */
function ofCronJob(rehearsal: Rehearsal): string[] {
  const minute = (text: string): string => text.replace(/pi-(\d{8})/g, (_name, minutes: string) => `pi@${Number(minutes) - rehearsal.from / MINUTE}`);
  return told(rehearsal).filter((line) => / CronJob /.test(line)).map((line) => minute(line).replace(' CronJob pi', ''));
}

const outcomes = ({ runs, from }: Rehearsal): string[] => runs.map(({ createdAt, outcome }) => `${Math.floor((createdAt - from) / MINUTE)} ${outcome}`);

describe('a CronJob in rehearsal', () => {
  test('starts a Job at each of its times, and keeps the last of them', () => {
    const rehearsal = playCronJob({ successfulJobsHistoryLimit: 1 }, lasting(10_000, 2.5 * MINUTE));
    expect(ofCronJob(rehearsal)).toEqual([
      '+60.1s SuccessfulCreate: Created job pi@1',
      '+70.6s SawCompletedJob: Saw completed job: pi@1, status: Complete',
      '+120.1s SuccessfulCreate: Created job pi@2',
      '+130.6s SawCompletedJob: Saw completed job: pi@2, status: Complete',
      '+130.6s SuccessfulDelete: Deleted job pi@1',
    ]);
    expect(rehearsal).toMatchObject({ scheduledTimes: 2, removedJobs: 1, until: FROM + 2.5 * MINUTE });
  });

  test('with Allow has Jobs beside each other', () => {
    expect(outcomes(playCronJob({}, lasting(150_000, 4.5 * MINUTE)))).toEqual(['1 complete', '2 unfinished', '3 unfinished', '4 unfinished']);
  });

  test('with Forbid waits, and starts the latest time when it can', () => {
    const rehearsal = playCronJob({ concurrencyPolicy: 'Forbid' }, lasting(150_000, 4 * MINUTE));
    expect(ofCronJob(rehearsal).filter((line) => !line.includes('JobAlreadyActive'))).toEqual([
      '+60.1s SuccessfulCreate: Created job pi@1',
      '+120.1s MustWait: Must wait for pi@1',
      '+180.1s MustWait: Must wait for pi@1; 2 scheduled times have passed meanwhile, of which only the last will be run',
      '+210.6s SawCompletedJob: Saw completed job: pi@1, status: Complete',
      '+210.6s SuccessfulCreate: Created job pi@3',
    ]);
    expect(rehearsal).toMatchObject({ longestQueue: { waiting: 2, at: FROM + 180_100 }, scheduledTimes: 3 });
  });

  test('with Forbid and a deadline misses what waited too long', () => {
    const lines = ofCronJob(playCronJob({ concurrencyPolicy: 'Forbid', startingDeadlineSeconds: 20 }, lasting(150_000, 4 * MINUTE)));
    expect(lines).toContainEqual(expect.stringMatching(/MissSchedule: Missed scheduled time to start a job: Sun, 01 Mar 2026 12:0[23]:00 \+0000/));
  });

  test('with Replace deletes the Job that is in its way', () => {
    const rehearsal = playCronJob({ concurrencyPolicy: 'Replace' }, lasting(150_000, 3.5 * MINUTE));
    expect(outcomes(rehearsal)).toEqual(['1 replaced', '2 replaced', '3 unfinished']);
    expect(ofCronJob(rehearsal).slice(1, 3)).toEqual(['+120.1s SuccessfulDelete: Deleted job pi@1', '+120.1s SuccessfulCreate: Created job pi@2']);
  });

  test('keeps as many failed Jobs as its limit says', () => {
    const rehearsal = playCronJob({ failedJobsHistoryLimit: 0 }, { ...lasting(5_000, 2.5 * MINUTE), failRate: 1 }, { backoffLimit: 0 });
    expect(outcomes(rehearsal)).toEqual(['1 failed', '2 failed']);
    expect(rehearsal.removedJobs).toBe(2);
  });

  test('loses finished Jobs to their time to live', () => {
    const rehearsal = playCronJob({}, lasting(5_000, 1.5 * MINUTE), { ttlSecondsAfterFinished: 10 });
    expect(told(rehearsal)).toContainEqual(expect.stringMatching(/^\+75s Job pi-\d+ TTLExpired: Removed, with its pods: it finished 10s ago$/));
    expect(rehearsal.removedJobs).toBe(1);
  });

  test('starts nothing while it is suspended', () => {
    expect(playCronJob({ suspend: true })).toMatchObject({ runs: [], occurrences: [] });
  });

  test('of a month runs as often as its schedule says', () => {
    const rehearsal = playCronJob({ schedule: '*/5 * * * *' }, { until: FROM + 30 * DAY + 1_000 });
    expect(rehearsal.runs).toHaveLength(8_640);
    expect(rehearsal).toMatchObject({ scheduledTimes: 8_640, removedJobs: 8_639 - 3 });
  }, 60_000);
});

describe('when the clocks change', () => {
  const berlin = (schedule: string, from: string, forMs: number): Rehearsal => {
    const at = Date.parse(from);
    return playCronJob({ schedule, timeZone: 'Europe/Berlin' }, { from: at, until: at + forMs });
  };
  const starts = ({ runs }: Rehearsal): string[] => runs.map(({ createdAt }) => new Date(createdAt).toISOString().slice(0, 16));
  const notes = ({ occurrences }: Rehearsal): string[] => occurrences.filter(({ reason }) => reason.startsWith('Clocks')).map(({ at, message }) => `${new Date(at).toISOString().slice(0, 16)} ${message}`);

  test('a time of day that is skipped does not run, and is told', () => {
    const rehearsal = berlin('30 2 * * *', '2026-03-28T00:00:00Z', 3 * DAY);
    expect(starts(rehearsal)).toEqual(['2026-03-28T01:30', '2026-03-30T00:30']);
    expect(notes(rehearsal)).toEqual(['2026-03-29T01:00 02:30 does not come, as the clocks are set forward: nothing runs']);
    expect(rehearsal.clocks).toEqual({ skipped: 1, repeated: 0 });
  });

  test('a time of day that comes twice runs twice, and is told', () => {
    const rehearsal = berlin('30 2 * * *', '2026-10-24T12:00:00Z', DAY);
    expect(starts(rehearsal)).toEqual(['2026-10-25T00:30', '2026-10-25T01:30']);
    expect(notes(rehearsal)).toEqual(['2026-10-25T01:30 02:30 comes a second time, as the clocks were set back: it runs twice']);
    expect(rehearsal.clocks).toEqual({ skipped: 0, repeated: 1 });
  });

  test('many skipped times are told in one line', () => {
    expect(notes(berlin('*/15 2,3 * * *', '2026-03-29T00:00:00Z', 2 * HOUR))).toEqual(['2026-03-29T01:00 4 times from 02:00 to 02:45 do not come, as the clocks are set forward: nothing runs']);
  });

  test.each(['@every 1h', '*/15 * * * *', '0 12 * * *'])('%s is not concerned', (schedule) => {
    expect(notes(berlin(schedule, '2026-03-28T00:00:00Z', 3 * DAY))).toEqual([]);
  });
});
