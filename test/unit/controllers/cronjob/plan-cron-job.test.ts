// The CronJob planner's rules as tables: a CronJob, its Jobs, and the actions that must follow. It is noon, and there are
// 29539440 minutes since the epoch.
import { describe, expect, test } from '@jest/globals';
import type { CronJob, CronJobSpec, CronJobStatus, Job } from '../../../../src/api/generated/types.ts';
import { toTime } from '../../../../src/api/time.ts';
import type { CronJobPlan } from '../../../../src/controllers/cronjob/cron-job-action.ts';
import { planCronJob } from '../../../../src/controllers/cronjob/plan-cron-job.ts';
import { referenceTo } from '../../../../src/controllers/cronjob/scheduled-job.ts';
import { aCronJob, aJob, aRun, NOW, type RunChanges } from '../../../support/builders.ts';
import { actionTexts } from '../../../support/cron-plan-text.ts';

const SECOND = 1_000;
const MINUTE = 60_000;
const HOUR = 3_600_000;
const MINUTES = NOW / MINUTE;
/** The name of the Job of the time so many minutes before noon. */
const at = (ago: number): string => `tick-${MINUTES - ago}`;
const ago = (ms: number): string => toTime(NOW - ms);
const NOON = at(0);

interface World {
  readonly spec?: Partial<CronJobSpec>;
  readonly status?: CronJobStatus;
  readonly metadata?: CronJob['metadata'];
  /** Jobs by the minutes before noon of their times. */
  readonly runs?: readonly (readonly [minutesAgo: number, changes?: RunChanges])[];
  /** Of the runs, by minutes: those in status.active. */
  readonly active?: readonly number[];
  /** The last scheduled time, in minutes before noon. */
  readonly last?: number;
  readonly others?: readonly Job[];
  readonly awakeSince?: number;
  readonly now?: number;
}

function plan({ spec, metadata, runs = [], active = [], last, others = [], awakeSince, now = NOW, ...world }: World): CronJobPlan {
  const base = aCronJob({ spec, metadata });
  const jobs = new Map(runs.map(([minutes, changes]) => [minutes, aRun(base, NOW - minutes * MINUTE, changes)]));
  const status: CronJobStatus = {
    ...(active.length === 0 ? {} : { active: active.map((minutes) => referenceTo(jobs.get(minutes) ?? aRun(base, NOW - minutes * MINUTE))) }),
    ...(last === undefined ? {} : { lastScheduleTime: ago(last * MINUTE) }),
    ...world.status,
  };
  return planCronJob({ cronJob: { ...base, status }, jobs: [...jobs.values(), ...others], ...(awakeSince === undefined ? {} : { awakeSince }) }, now);
}

const actions = (world: World): string[] => actionTexts(plan(world).actions);
const byHand = (changes: { readonly name?: string; readonly ended?: 'Complete' | 'Failed'; readonly startedAgo?: number } = {}): Job => {
  const run = aRun(aCronJob(), NOW, { ended: changes.ended, startedAgo: changes.startedAgo });
  return { ...run, metadata: { ...run.metadata, name: changes.name ?? 'by-hand', uid: `uid-${changes.name ?? 'by-hand'}`, annotations: { 'cronjob.kubernetes.io/instantiate': 'manual' } } };
};

describe('a CronJob that needs nothing', () => {
  test('nothing to do: the latest time is on record, and it comes back at the next', () => {
    expect(plan({ last: 0 })).toEqual({ actions: [], requeueAfterMs: MINUTE + 100, isCaughtUp: true });
  });

  test('nothing to do: its Job runs and is on record', () => {
    expect(actions({ runs: [[0]], active: [0], last: 0 })).toEqual([]);
  });

  test('nothing to do: no time has been since it was made', () => {
    expect(plan({ spec: { schedule: '0 18 * * *' } })).toEqual({ actions: [], requeueAfterMs: 6 * HOUR + 100, isCaughtUp: true });
  });
});

describe('what becomes of its Jobs', () => {
  test.each<[title: string, world: World, expected: readonly string[]]>([
    ['a Job that runs but is not its own doing is told of, and not listed', { last: 0, others: [byHand()] }, ['Warning UnexpectedJob: Saw a job that the controller did not create or forgot: by-hand']],
    ['a Job of an earlier time that is no longer listed is told of, and not listed', { last: 0, runs: [[3]] }, [`Warning UnexpectedJob: Saw a job that the controller did not create or forgot: ${at(3)}`]],
    [
      'a listed Job that is complete is struck off, and its end is the last success',
      { last: 0, runs: [[0, { ended: 'Complete', endedAgo: 5 }]], active: [0] },
      ['write active [] last 12:00:00 success 11:59:55', `Normal SawCompletedJob: Saw completed job: ${NOON}, status: Complete`],
    ],
    ['a listed Job that failed is struck off', { last: 0, runs: [[0, { ended: 'Failed' }]], active: [0] }, ['write active [] last 12:00:00', `Normal SawCompletedJob: Saw completed job: ${NOON}, status: Failed`]],
    ['a success counts though its Job was not listed', { last: 0, runs: [[1, { ended: 'Complete', endedAgo: 5 }]] }, ['write active [] last 12:00:00 success 11:59:55']],
    ['a success by hand counts', { last: 0, others: [{ ...byHand({ ended: 'Complete' }), status: { conditions: [{ type: 'Complete', status: 'True' }], completionTime: ago(7 * SECOND) } }] }, ['write active [] last 12:00:00 success 11:59:53']],
    ['an earlier success changes nothing', { last: 0, status: { lastSuccessfulTime: ago(0) }, runs: [[1, { ended: 'Complete', endedAgo: 5 }]] }, []],
    ['a listed Job that is gone is struck off', { last: 0, active: [0] }, ['write active [] last 12:00:00', `Normal MissingJob: Active job went missing: ${NOON}`]],
    ['a listed Job that is being deleted still counts', { last: 0, runs: [[0, { metadata: { deletionTimestamp: ago(0) } }]], active: [0] }, []],
    [
      'one leaves, one stays',
      { last: 0, runs: [[0], [1, { ended: 'Failed' }]], active: [1, 0] },
      [`write active [${NOON}] last 12:00:00`, `Normal SawCompletedJob: Saw completed job: ${at(1)}, status: Failed`],
    ],
  ])('%s', (_title, world, expected) => {
    expect(actions(world)).toEqual(expected);
  });
});

describe('what stops it after that', () => {
  const missing = ['write active [] last 11:55:00', `Normal MissingJob: Active job went missing: ${at(5)}`];

  test.each<[title: string, world: World, more: readonly string[]]>([
    ['it is being deleted', { metadata: { deletionTimestamp: ago(0) } }, []],
    ['it is suspended', { spec: { suspend: true } }, []],
    ['its zone is unknown', { spec: { timeZone: 'Mars/Olympus' } }, ['Warning UnknownTimeZone: invalid timeZone: "Mars/Olympus": unknown time zone Mars/Olympus']],
    ['its zone is unknown, suspended or not', { spec: { timeZone: 'Mars/Olympus', suspend: true } }, ['Warning UnknownTimeZone: invalid timeZone: "Mars/Olympus": unknown time zone Mars/Olympus']],
    ['its schedule cannot be read', { spec: { schedule: 'often' } }, ['Warning UnparseableSchedule: unparseable schedule: "often" : expected exactly 5 fields, found 1: [often]']],
    ['its schedule cannot be read, which does not matter while it is suspended', { spec: { schedule: 'often', suspend: true } }, []],
    ['its date never comes', { spec: { schedule: '59 23 31 2 *' } }, ['Warning InvalidSchedule: invalid schedule: 59 23 31 2 * : time difference between two schedules is less than 1 second']],
  ])('%s', (_title, world, more) => {
    // Its Jobs are seen to all the same; there is nothing to come back for.
    const { requeueAfterMs, actions: asked } = plan({ ...world, last: 5, active: [5] });
    expect([actionTexts(asked), requeueAfterMs]).toEqual([[...missing, ...more], undefined]);
  });
});

describe('the time that is due', () => {
  test.each<[title: string, world: World, expected: readonly string[], requeue?: number]>([
    ['is the latest since the last run', { last: 3 }, [`create ${NOON}`]],
    ['is the latest since it was made, where none has run', { metadata: { creationTimestamp: ago(2 * MINUTE) } }, [`create ${NOON}`]],
    ['is not the one at which it was made', { metadata: { creationTimestamp: ago(0) } }, []],
    ['is not one that is still to come', { last: 0, now: NOW + 59 * SECOND }, []],
    ['comes with the second', { last: 0, now: NOW + MINUTE }, [`create ${at(-1)}`]],
    ['is a round distance from the last run', { spec: { schedule: '@every 90s' }, last: 4 }, [`create ${at(1)}`]],
    ['is a round distance from when it was made', { spec: { schedule: '@every 25m' } }, [`create ${at(10)}`]],
    ['is in its zone', { spec: { schedule: '30 12 * * *', timeZone: 'Europe/Berlin' } }, [`create ${at(30)}`]],
    ['is in the zone of the schedule itself, with a warning', { spec: { schedule: 'TZ=Europe/Berlin 30 12 * * *' } }, [
      'Warning UnsupportedSchedule: CRON_TZ or TZ used in schedule "TZ=Europe/Berlin 30 12 * * *" is not officially supported, see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ for more details',
      `create ${at(30)}`,
    ]],
    ['is in UTC where no zone is named', { spec: { schedule: '30 11 * * *' } }, [`create ${at(30)}`]],
    ['is Sunday, also as 7', { spec: { schedule: '30 11 * * 7' } }, [`create ${at(30)}`]],
    ['is started though it became due while suspended', { spec: { suspend: false }, last: 40 }, [`create ${NOON}`]],
    ['is none while the clock shows less than the last run', { last: -120 }, []],
  ])('%s', (_title, world, expected) => {
    expect(actions(world)).toEqual(expected);
  });

  test.each<[title: string, world: World, requeueAfterMs: number | undefined]>([
    ['the next time, and a little', { last: 0, now: NOW + 59_999 }, 101],
    ['the next time, also when one is started now', { last: 3 }, MINUTE + 100],
    ['the next time after the last run while the clock shows less', { last: -120 }, 121 * MINUTE + 100],
    ['a distance after the run that is due', { spec: { schedule: '@every 90s' }, last: 4 }, 30 * SECOND + 100],
    ['a year, if need be', { spec: { schedule: '@yearly' } }, Date.parse('2027-01-01T00:00:00Z') - NOW + 100],
  ])('it comes back at %s', (_title, world, requeueAfterMs) => {
    expect(plan(world).requeueAfterMs).toBe(requeueAfterMs);
  });
});

describe('many times that were missed', () => {
  const tooMany = 'Warning TooManyMissedTimes: too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check clock skew';

  test.each<[title: string, world: World, expected: readonly string[]]>([
    ['a hundred are not worth a word', { last: 100 }, [`create ${NOON}`]],
    ['more than a hundred are, and the latest is started', { last: 101 }, [tooMany, `create ${NOON}`]],
    ['of very many the latest is started', { metadata: { creationTimestamp: '1971-01-01T00:00:00Z' } }, [tooMany, `create ${NOON}`]],
    ['only those within the deadline count', { last: 500, spec: { startingDeadlineSeconds: 600 } }, [`create ${NOON}`]],
  ])('%s', (_title, world, expected) => {
    expect(actions(world)).toEqual(expected);
  });
});

describe('a deadline', () => {
  const spec = { schedule: '55 * * * *', startingDeadlineSeconds: 200 };
  const late = 'Warning MissSchedule: Missed scheduled time to start a job: Sun, 01 Mar 2026 11:55:00 +0000';
  const told = 'minik.dev/missed-until=2026-03-01T11:55:00Z';

  test.each<[title: string, world: World, expected: readonly string[]]>([
    ['that is not over lets the Job start', { spec: { ...spec, startingDeadlineSeconds: 301 } }, [`create ${at(5)}`]],
    ['that is over does not, and it is noted', { spec }, [`write active [] ${told}`, late]],
    ['that ends now is over', { spec: { ...spec, startingDeadlineSeconds: 300 } }, [`write active [] ${told}`, late]],
    ['that was told of is not told of again', { spec, metadata: { annotations: { 'minik.dev/missed-until': ago(5 * MINUTE) } } }, []],
    ['of an earlier time was told of: this one is new', { spec, metadata: { annotations: { 'minik.dev/missed-until': ago(65 * MINUTE) } } }, [`write active [] ${told}`, late]],
    ['of nothing misses all that is not started at once', { spec: { schedule: '* * * * *', startingDeadlineSeconds: 0 }, last: 1, now: NOW + 100 }, ['write active [] last 11:59:00 minik.dev/missed-until=2026-03-01T12:00:00Z', 'Warning MissSchedule: Missed scheduled time to start a job: Sun, 01 Mar 2026 12:00:00 +0000']],
    ['does not move the times of a distance', { spec: { schedule: '@every 1h', startingDeadlineSeconds: 100 }, last: 60 }, [`create ${NOON}`]],
  ])('%s', (_title, world, expected) => {
    expect(actions(world)).toEqual(expected);
  });

  test('that is over does not keep it from the next time', () => {
    expect(plan({ spec }).requeueAfterMs).toBe(55 * MINUTE + 100);
  });
});

describe('a time that has its Job', () => {
  test.each<[title: string, world: World, expected: readonly string[]]>([
    ['is put on record', { last: 1, runs: [[0]] }, [`write active [${NOON}] last 12:00:00`, `Normal SuccessfulCreate: Created job ${NOON}`]],
    ['is put on record beside those that run', { last: 1, runs: [[1], [0]], active: [1] }, [`write active [${at(1)} ${NOON}] last 12:00:00`, `Normal SuccessfulCreate: Created job ${NOON}`]],
    ['is put on record though the clock was set back', { last: 1, runs: [[0]], now: NOW - 30 * MINUTE }, [`write active [${NOON}] last 12:00:00`, `Normal SuccessfulCreate: Created job ${NOON}`]],
    ['is put on record though it is suspended now', { last: 1, runs: [[0]], spec: { suspend: true } }, [`write active [${NOON}] last 12:00:00`, `Normal SuccessfulCreate: Created job ${NOON}`]],
    [
      'is put on record though the Job is over',
      { last: 1, runs: [[0, { ended: 'Complete', endedAgo: 0 }]] },
      ['write active [] last 12:00:00 success 12:00:00', `Normal SuccessfulCreate: Created job ${NOON}`, `Normal SawCompletedJob: Saw completed job: ${NOON}, status: Complete`],
    ],
    [
      'is put on record before a later one is started',
      { last: 9, runs: [[3]] },
      [`write active [${at(3)}] last 11:57:00`, `Normal SuccessfulCreate: Created job ${at(3)}`, `create ${NOON}`],
    ],
    ['is handled when a time of the same minute comes', { spec: { schedule: '@every 20s' }, status: { lastScheduleTime: ago(0) }, runs: [[0, { ended: 'Failed' }]], now: NOW + 25 * SECOND }, []],
    ['is handled where its Job is listed though not seen', { spec: { schedule: '@every 20s' }, last: 0, runs: [[0]], active: [0], now: NOW + 45 * SECOND }, []],
  ])('%s', (_title, world, expected) => {
    expect(actions(world)).toEqual(expected);
  });
});

describe('while an earlier Job runs', () => {
  const world: World = { last: 1, runs: [[1]], active: [1] };
  const blocked = 'Normal JobAlreadyActive: Not starting job because prior execution is running and concurrency policy is Forbid';

  test.each<[title: string, world: World, expected: readonly string[]]>([
    ['Allow starts another', { ...world, spec: { concurrencyPolicy: 'Allow' } }, [`create ${NOON}`]],
    ['Forbid does not', { ...world, spec: { concurrencyPolicy: 'Forbid' } }, [blocked]],
    ['Forbid starts the latest as soon as it has ended', { ...world, runs: [[1, { ended: 'Failed' }]], spec: { concurrencyPolicy: 'Forbid' } }, ['write active [] last 11:59:00', `Normal SawCompletedJob: Saw completed job: ${at(1)}, status: Failed`, `create ${NOON}`]],
    ['Forbid starts the latest as soon as it is gone', { ...world, runs: [], spec: { concurrencyPolicy: 'Forbid' } }, ['write active [] last 11:59:00', `Normal MissingJob: Active job went missing: ${at(1)}`, `create ${NOON}`]],
    ['Forbid does not mind what runs by hand', { last: 1, others: [byHand()], spec: { concurrencyPolicy: 'Forbid' } }, ['Warning UnexpectedJob: Saw a job that the controller did not create or forgot: by-hand', `create ${NOON}`]],
    ['Replace deletes it first', { ...world, spec: { concurrencyPolicy: 'Replace' } }, [`delete ${at(1)}`, `Normal SuccessfulDelete: Deleted job ${at(1)}`, 'write active [] last 11:59:00', `create ${NOON}`]],
    [
      'Replace deletes all that are listed, and none by hand',
      { last: 1, runs: [[2], [1]], active: [2, 1], others: [byHand()], spec: { concurrencyPolicy: 'Replace' } },
      [
        'Warning UnexpectedJob: Saw a job that the controller did not create or forgot: by-hand',
        `delete ${at(2)}`, `Normal SuccessfulDelete: Deleted job ${at(2)}`, `delete ${at(1)}`, `Normal SuccessfulDelete: Deleted job ${at(1)}`,
        'write active [] last 11:59:00', `create ${NOON}`,
      ],
    ],
    ['Replace deletes nothing before a time is due', { ...world, spec: { concurrencyPolicy: 'Replace' }, now: NOW - SECOND }, []],
  ])('%s', (_title, changed, expected) => {
    expect(actions(changed)).toEqual(expected);
  });

  test('a Job that is too late for its deadline is missed, not forbidden', () => {
    const spec = { concurrencyPolicy: 'Forbid', startingDeadlineSeconds: 20 };
    expect(actions({ ...world, spec, now: NOW + 30 * SECOND })).toEqual([expect.stringContaining('write active'), expect.stringContaining('Warning MissSchedule')]);
  });
});

describe('the Job that is made', () => {
  const created = (spec: Partial<CronJobSpec>, last = 1): Job => {
    const action = plan({ spec, last }).actions.find(({ type }) => type === 'create-job');
    return (action as { readonly job: Job }).job;
  };

  test('is named for its minute, owned, and made of the template', () => {
    const jobTemplate = { metadata: { labels: { a: 'b' }, annotations: { c: 'd' } }, spec: { ...aJob().spec!, parallelism: 3 } };
    expect(created({ jobTemplate })).toEqual({
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: {
        name: 'tick-29539440',
        namespace: 'default',
        labels: { a: 'b' },
        annotations: { c: 'd', 'batch.kubernetes.io/cronjob-scheduled-timestamp': '2026-03-01T12:00:00Z' },
        ownerReferences: [{ apiVersion: 'batch/v1', kind: 'CronJob', name: 'tick', uid: 'cron-uid', controller: true, blockOwnerDeletion: true }],
      },
      spec: expect.objectContaining({ parallelism: 3, template: expect.anything() }),
    });
  });

  test.each([
    [undefined, '2026-03-01T12:00:00Z'],
    ['UTC', '2026-03-01T12:00:00Z'],
    ['Europe/London', '2026-03-01T12:00:00Z'],
    ['Europe/Berlin', '2026-03-01T13:00:00+01:00'],
    ['America/New_York', '2026-03-01T07:00:00-05:00'],
    ['Asia/Kathmandu', '2026-03-01T17:45:00+05:45'],
  ])('carries its time in the zone %s', (timeZone, time) => {
    expect(created({ timeZone }).metadata?.annotations?.['batch.kubernetes.io/cronjob-scheduled-timestamp']).toBe(time);
  });

  test('of a time between minutes has the name of the minute before', () => {
    expect(created({ schedule: '@every 90s' }, 4).metadata?.name).toBe(at(1));
    expect(created({ schedule: '@every 50s' }, 1).metadata?.name).toBe(at(1));
  });
});

describe('history', () => {
  const complete = (startedAgo?: number): RunChanges => ({ ended: 'Complete', startedAgo });
  const failed = (startedAgo?: number): RunChanges => ({ ended: 'Failed', startedAgo });
  const settled = { last: 0, status: { lastSuccessfulTime: ago(0) } };
  const deleted = (...names: string[]): string[] => names.flatMap((name) => [`delete ${name}`, `Normal SuccessfulDelete: Deleted job ${name}`]);

  test.each<[title: string, world: World, expected: readonly string[]]>([
    ['keeps three that succeeded and one that failed', { runs: [[4, complete(240)], [3, complete(180)], [2, complete(120)], [1, failed(60)]] }, []],
    ['drops the oldest success beyond three', { runs: [[4, complete(240)], [3, complete(180)], [2, complete(120)], [1, complete(60)]] }, deleted(at(4))],
    ['drops the oldest failure beyond one', { runs: [[2, failed(120)], [1, failed(60)]] }, deleted(at(2))],
    ['counts successes and failures apart', { spec: { successfulJobsHistoryLimit: 1, failedJobsHistoryLimit: 1 }, runs: [[4, complete(240)], [3, failed(180)], [2, complete(120)], [1, failed(60)]] }, deleted(at(4), at(3))],
    ['keeps none with a limit of none', { spec: { successfulJobsHistoryLimit: 0, failedJobsHistoryLimit: 0 }, runs: [[2, complete(120)], [1, failed(60)]] }, deleted(at(2), at(1))],
    ['takes the time of the start for the age, not that of the schedule', { spec: { successfulJobsHistoryLimit: 1 }, runs: [[2, complete(10)], [1, complete(20)]] }, deleted(at(1))],
    ['goes by name where starts are the same', { spec: { successfulJobsHistoryLimit: 1 }, runs: [[1, complete(60)], [2, complete(60)]] }, deleted(at(2))],
    ['takes what never started for the youngest', { spec: { failedJobsHistoryLimit: 1 }, runs: [[2, failed()], [1, failed(60)]] }, deleted(at(1))],
    ['counts what was run by hand', { spec: { successfulJobsHistoryLimit: 1 }, runs: [[1, complete(60)]], others: [byHand({ ended: 'Complete', startedAgo: 120 })] }, deleted('by-hand')],
    ['leaves what runs alone', { spec: { successfulJobsHistoryLimit: 0, failedJobsHistoryLimit: 0 }, runs: [[0]], active: [0] }, []],
    ['does not delete twice what is being deleted', { spec: { failedJobsHistoryLimit: 0 }, runs: [[1, { ...failed(60), metadata: { deletionTimestamp: ago(0) } }]] }, []],
    ['is kept while suspended, too', { spec: { failedJobsHistoryLimit: 0, suspend: true }, runs: [[1, failed(60)]] }, deleted(at(1))],
  ])('%s', (_title, world, expected) => {
    expect(actions({ ...settled, ...world })).toEqual(expected);
  });

  test('drops a Job only after its end is on record', () => {
    expect(actions({ last: 1, spec: { successfulJobsHistoryLimit: 0 }, runs: [[0, { ended: 'Complete', endedAgo: 0 }]] })).toEqual([
      'write active [] last 12:00:00 success 12:00:00',
      `Normal SuccessfulCreate: Created job ${NOON}`,
      `Normal SawCompletedJob: Saw completed job: ${NOON}, status: Complete`,
      ...deleted(NOON),
    ]);
  });
});

describe('what was missed while the machine slept', () => {
  const missed = (text: string): string => `Warning MissedSchedules: Missed ${text}`;
  const while_ = 'while minik was not running or the machine slept; only the latest was started';
  const recorded = [`write active [${NOON}] last 12:00:00`, `Normal SuccessfulCreate: Created job ${NOON}`];

  test.each<[title: string, world: World, expected: readonly string[]]>([
    ['is told in one event with the run that catches up', { last: 144, runs: [[0]], awakeSince: NOW }, [...recorded, missed(`143 scheduled times between 2026-03-01T09:37:00Z and 2026-03-01T11:59:00Z ${while_}`)]],
    ['is told in the singular', { last: 2, runs: [[0]], awakeSince: NOW }, [...recorded, missed(`1 scheduled time, 2026-03-01T11:59:00Z, ${while_}`)]],
    ['is told from when it was made, where none has run', { runs: [[0]], awakeSince: NOW }, [...recorded, missed(`59 scheduled times between 2026-03-01T11:01:00Z and 2026-03-01T11:59:00Z ${while_}`)]],
    ['is told in UTC, whatever the zone', { spec: { schedule: '0 * * * *', timeZone: 'Asia/Tokyo' }, last: 180, runs: [[0]], awakeSince: NOW }, [...recorded, missed(`2 scheduled times between 2026-03-01T10:00:00Z and 2026-03-01T11:00:00Z ${while_}`)]],
    ['ends with the awakening', { last: 10, runs: [[0]], awakeSince: NOW - 5 * MINUTE }, [...recorded, missed(`5 scheduled times between 2026-03-01T11:51:00Z and 2026-03-01T11:55:00Z ${while_}`)]],
    ['is nothing where it was awake since the last run', { last: 10, runs: [[0]], awakeSince: NOW - 10 * MINUTE }, recorded],
    ['is nothing once it is settled', { last: 10, runs: [[0]] }, recorded],
    ['is nothing where only the time that is started fell in it', { last: 1, runs: [[0]], awakeSince: NOW }, recorded],
    ['is not told before the run is made', { last: 144, awakeSince: NOW }, [expect.stringContaining('TooManyMissedTimes') as never, `create ${NOON}`]],
    [
      'is told when the deadline of the latest is over, too',
      { spec: { schedule: '*/10 * * * *', startingDeadlineSeconds: 60 }, last: 60, awakeSince: NOW + 4 * MINUTE, now: NOW + 5 * MINUTE },
      [
        'write active [] last 11:00:00 minik.dev/missed-until=2026-03-01T12:00:00Z',
        'Warning MissSchedule: Missed scheduled time to start a job: Sun, 01 Mar 2026 12:00:00 +0000',
        missed('6 scheduled times between 2026-03-01T11:10:00Z and 2026-03-01T12:00:00Z while minik was not running or the machine slept; none was started, because startingDeadlineSeconds is 60'),
      ],
    ],
    [
      'is not told again with the next run',
      { spec: { schedule: '*/10 * * * *' }, metadata: { annotations: { 'minik.dev/missed-until': ago(20 * MINUTE) } }, last: 60, runs: [[0]], awakeSince: NOW },
      [...recorded, missed(`1 scheduled time, 2026-03-01T11:50:00Z, ${while_}`)],
    ],
  ])('%s', (_title, world, expected) => {
    expect(actions(world)).toEqual(expected);
  });

  test.each<[title: string, world: World, isCaughtUp: boolean]>([
    ['with nothing due', { last: 0 }, true],
    ['suspended: what passes by then was not slept through', { last: 10, spec: { suspend: true } }, true],
    ['with a deadline that is over', { last: 10, spec: { startingDeadlineSeconds: 0 } }, true],
    ['not before the Job is made', { last: 10 }, false],
    ['not while another Job is in the way', { last: 10, runs: [[10]], active: [10], spec: { concurrencyPolicy: 'Forbid' } }, false],
  ])('is settled %s', (_title, world, isCaughtUp) => {
    expect(plan(world).isCaughtUp).toBe(isCaughtUp);
  });
});
