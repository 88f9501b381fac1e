// CronJobs over the real API, with the real Job controller, on a clock that is moved by hand: what upstream's conformance
// tests ask of them, and what a killed daemon, a machine that sleeps and other people's Jobs do to them.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { CronJobSpec, Job } from '../../../src/api/generated/types.ts';
import { CRON_JOBS, JOBS, PODS } from '../../../src/api/kinds.ts';
import type { Client } from '../../../src/client/client.ts';
import { instantiate } from '../../../src/cli/new-job/instantiate.ts';
import { CronBench } from '../../support/cron-bench.ts';

const SECOND = 1_000;
const MINUTE = 60_000;
const HOUR = 3_600_000;
/** The virtual clock begins with the year. */
const START = Date.UTC(2026, 0, 1);
const nameAt = (minutes: number): string => `tick-${START / MINUTE + minutes}`;

let bench: CronBench;

beforeEach(async () => {
  bench = await CronBench.start();
});

afterEach(() => bench.close());

describe('a schedule', () => {
  test('starts a Job at each of its times, and at no other', async () => {
    await bench.create('tick', { schedule: '*/5 * * * *' });
    await bench.advance(5 * MINUTE - 1);
    expect(await bench.jobNames()).toEqual([]);
    await bench.advance(10 * MINUTE);
    expect(await bench.jobNames()).toEqual([nameAt(5), nameAt(10)]);
    expect(await bench.cronJob('tick')).toMatchObject({ status: { lastScheduleTime: '2026-01-01T00:10:00Z' } });
  });

  test('goes by its zone', async () => {
    await bench.create('tick', { schedule: '30 9 * * *', timeZone: 'Asia/Tokyo' });
    await bench.advance(31 * MINUTE);
    const [job] = await bench.jobs();
    expect(job?.metadata?.annotations).toEqual({ 'batch.kubernetes.io/cronjob-scheduled-timestamp': '2026-01-01T09:30:00+09:00' });
  });

  test('can be changed: what is due by the new one since the last run starts at once', async () => {
    await bench.create('tick', { schedule: '0 12 * * *' });
    await bench.advance(10 * MINUTE + 30 * SECOND);
    expect(await bench.jobNames()).toEqual([]);
    await bench.patch('tick', { spec: { schedule: '*/4 * * * *' } });
    expect(await bench.jobNames()).toEqual([nameAt(8)]);
    expect(await bench.events()).toEqual([`SuccessfulCreate: Created job ${nameAt(8)}`]);
    await bench.advance(2 * MINUTE);
    expect(await bench.jobNames()).toEqual([nameAt(12), nameAt(8)].sort());
  });

  test('that is due while nobody looks is started late, once', async () => {
    await bench.create('tick', { schedule: '0 * * * *' });
    await bench.stopControllers();
    await bench.clock.awake.advance(90 * MINUTE);
    await bench.startControllers();
    expect(await bench.jobNames()).toEqual([nameAt(60)]);
  });
});

describe('Jobs that overlap', () => {
  const start = (concurrencyPolicy: string): Promise<unknown> => bench.create('tick', { concurrencyPolicy });

  test('run side by side where that is allowed', async () => {
    await start('Allow');
    await bench.advance(2 * MINUTE + SECOND);
    expect(await bench.activeNames('tick')).toEqual([nameAt(1), nameAt(2)]);
    expect(await bench.jobNames()).toEqual([nameAt(1), nameAt(2)]);
  });

  test('do not where it is forbidden; the latest time is made up for when the Job has ended', async () => {
    await start('Forbid');
    await bench.advance(4 * MINUTE + SECOND);
    expect(await bench.activeNames('tick')).toEqual([nameAt(1)]);
    expect(await bench.jobNames()).toEqual([nameAt(1)]);
    await bench.endPods();
    expect(await bench.activeNames('tick')).toEqual([nameAt(4)]);
    expect(await bench.events()).toEqual([
      `SuccessfulCreate: Created job ${nameAt(1)}`,
      'JobAlreadyActive: Not starting job because prior execution is running and concurrency policy is Forbid (x3)',
      `SawCompletedJob: Saw completed job: ${nameAt(1)}, status: Complete`,
      `SuccessfulCreate: Created job ${nameAt(4)}`,
    ]);
  });

  test('make way where the newer one replaces them', async () => {
    await start('Replace');
    await bench.advance(2 * MINUTE + SECOND);
    expect(await bench.activeNames('tick')).toEqual([nameAt(2)]);
    expect(await bench.jobNames()).toEqual([nameAt(2)]);
    expect(await bench.events()).toEqual([`SuccessfulCreate: Created job ${nameAt(1)}`, `SuccessfulDelete: Deleted job ${nameAt(1)}`, `SuccessfulCreate: Created job ${nameAt(2)}`]);
    const { items } = await bench.api.client.list(PODS, { namespace: 'default' });
    expect(items.map(({ metadata }) => metadata?.labels?.['job-name'])).toEqual([nameAt(2)]);
  });
});

describe('suspension', () => {
  test('starts nothing, and leaves what runs alone', async () => {
    await bench.create('tick');
    await bench.advance(MINUTE + SECOND);
    await bench.patch('tick', { spec: { suspend: true } });
    await bench.advance(5 * MINUTE);
    expect(await bench.activeNames('tick')).toEqual([nameAt(1)]);
    expect(await bench.jobNames()).toEqual([nameAt(1)]);
  });

  test('that ends starts the latest time at once, and only that', async () => {
    await bench.create('tick', { suspend: true });
    await bench.advance(5 * MINUTE + 30 * SECOND);
    await bench.patch('tick', { spec: { suspend: false } });
    expect(await bench.jobNames()).toEqual([nameAt(5)]);
    expect(await bench.events()).toEqual([`SuccessfulCreate: Created job ${nameAt(5)}`]);
  });

  test('that ends after the deadline of the latest time starts nothing', async () => {
    await bench.create('tick', { suspend: true, schedule: '*/10 * * * *', startingDeadlineSeconds: 30 });
    await bench.advance(15 * MINUTE);
    await bench.patch('tick', { spec: { suspend: false } });
    expect(await bench.jobNames()).toEqual([]);
    expect(await bench.events()).toEqual(['MissSchedule: Missed scheduled time to start a job: Thu, 01 Jan 2026 00:10:00 +0000']);
    await bench.advance(5 * MINUTE + SECOND);
    expect(await bench.jobNames()).toEqual([nameAt(20)]);
  });
});

describe('what is kept', () => {
  test.each<[title: string, spec: Partial<CronJobSpec>, phases: readonly string[], kept: readonly number[]]>([
    ['three that succeeded', {}, ['Succeeded', 'Succeeded', 'Succeeded', 'Succeeded', 'Succeeded'], [3, 4, 5]],
    ['one that succeeded, where one is asked for', { successfulJobsHistoryLimit: 1 }, ['Succeeded', 'Succeeded', 'Failed'], [2, 3]],
    ['one that failed', {}, ['Failed', 'Failed', 'Succeeded'], [2, 3]],
    ['none, where none is asked for', { successfulJobsHistoryLimit: 0, failedJobsHistoryLimit: 0 }, ['Succeeded', 'Failed'], []],
  ])('%s', async (_title, spec, phases, kept) => {
    const { spec: job } = (await bench.create('sample')).spec.jobTemplate;
    await bench.api.client.delete(CRON_JOBS, { namespace: 'default', name: 'sample' });
    await bench.create('tick', { ...spec, jobTemplate: { spec: { ...job!, backoffLimit: 0 } } });
    await bench.advance(SECOND);
    for (const phase of phases) {
      await bench.advance(MINUTE);
      await bench.endPods(phase as 'Succeeded' | 'Failed');
    }
    expect(await bench.jobNames()).toEqual(kept.map(nameAt));
    expect(await bench.activeNames('tick')).toEqual([]);
    const { items } = await bench.api.client.list(PODS, { namespace: 'default' });
    expect(new Set(items.map(({ metadata }) => metadata?.labels?.['job-name']))).toEqual(new Set(kept.map(nameAt)));
  });

  test('nothing strange is told while all goes well', async () => {
    await bench.create('tick');
    await bench.advance(SECOND);
    for (let minute = 1; minute <= 6; minute += 1) {
      await bench.advance(MINUTE);
      await bench.endPods();
    }
    const reasons = new Set((await bench.events()).map((event) => event.split(':')[0]));
    expect([...reasons].sort()).toEqual(['SawCompletedJob', 'SuccessfulCreate', 'SuccessfulDelete']);
    expect((await bench.cronJob('tick')).status).toEqual({ lastScheduleTime: '2026-01-01T00:06:00Z', lastSuccessfulTime: '2026-01-01T00:06:01Z' });
  });

  test('a running Job that is deleted is no longer listed', async () => {
    await bench.create('tick', { concurrencyPolicy: 'Forbid' });
    await bench.advance(MINUTE + SECOND);
    await bench.api.client.delete(JOBS, { namespace: 'default', name: nameAt(1) }, { propagationPolicy: 'Background' });
    await bench.quiet();
    expect(await bench.activeNames('tick')).toEqual([]);
    expect(await bench.events()).toContain(`MissingJob: Active job went missing: ${nameAt(1)}`);
    await bench.advance(30 * SECOND);
    expect(await bench.jobNames()).toEqual([]);
  });

  test('nothing of a CronJob that is deleted', async () => {
    await bench.create('tick');
    await bench.advance(2 * MINUTE + SECOND);
    await bench.api.client.delete(CRON_JOBS, { namespace: 'default', name: 'tick' });
    await bench.quiet();
    expect(await bench.jobNames()).toEqual([]);
    expect((await bench.api.client.list(PODS, { namespace: 'default' })).items).toEqual([]);
  });
});

describe('Jobs that are run by hand', () => {
  test('are told of, stand in nobody\'s way, and count as history and success', async () => {
    const cronJob = await bench.create('tick', { concurrencyPolicy: 'Forbid', successfulJobsHistoryLimit: 1 });
    const job = instantiate(cronJob, 'by-hand');
    await bench.api.client.create(JOBS, { ...job, metadata: { ...job.metadata, namespace: 'default' } });
    await bench.quiet();
    expect(await bench.events()).toEqual(['UnexpectedJob: Saw a job that the controller did not create or forgot: by-hand']);
    await bench.advance(MINUTE + SECOND);
    expect(await bench.activeNames('tick')).toEqual([nameAt(1)]);
    expect(await bench.jobNames()).toEqual(['by-hand', nameAt(1)]);
    await bench.endPods();
    expect(await bench.jobNames()).toEqual([nameAt(1)]);
    expect((await bench.cronJob('tick')).status?.lastSuccessfulTime).toBe('2026-01-01T00:01:01Z');
  });
});

describe('faults', () => {
  /** Fails where the daemon would be killed. */
  const killedAt = (verb: 'create' | 'updateStatus' | 'delete'): Client => {
    const { client } = bench.api;
    return { ...client, [verb]: () => new Promise(() => {}) };
  };
  /** Made, and the answer is lost with the daemon. */
  const killedAfterCreate = (): Client => {
    const { client } = bench.api;
    return { ...client, create: (async (...args: Parameters<Client['create']>) => (await client.create(...args), new Promise(() => {}))) as Client['create'] };
  };

  test.each<[title: string, client: () => Client]>([
    ['before the Job is made', () => killedAt('create')],
    ['after the Job is made', killedAfterCreate],
    ['before it is put on record', () => killedAt('updateStatus')],
  ])('a daemon that dies %s starts one Job for the time, and puts it on record', async (_title, client) => {
    await bench.create('tick', { schedule: '0 * * * *', concurrencyPolicy: 'Forbid' });
    await bench.stopControllers();
    await bench.dieWith(client(), () => bench.advance(HOUR + SECOND));
    await bench.startControllers();
    expect(await bench.jobNames()).toEqual([nameAt(60)]);
    expect(await bench.activeNames('tick')).toEqual([nameAt(60)]);
    expect(await bench.events()).toEqual([`SuccessfulCreate: Created job ${nameAt(60)}`]);
  });

  test('a daemon that dies between deletion and replacement replaces, and deletes no more', async () => {
    await bench.create('tick', { concurrencyPolicy: 'Replace' });
    await bench.advance(MINUTE + SECOND);
    await bench.stopControllers();
    await bench.dieWith(killedAt('updateStatus'), () => bench.advance(MINUTE));
    expect(await bench.jobNames()).toEqual([]);
    await bench.startControllers();
    expect(await bench.jobNames()).toEqual([nameAt(2)]);
    expect(await bench.activeNames('tick')).toEqual([nameAt(2)]);
  });

  test('a Job that cannot be made is told of and tried again, and made once its template is mended', async () => {
    const { spec } = (await bench.create('sample', { suspend: true })).spec.jobTemplate;
    await bench.create('tick', { schedule: '0 * * * *', jobTemplate: { metadata: { labels: { 'not a label': 'x' } }, spec } });
    await bench.advance(HOUR + SECOND);
    expect(await bench.jobNames()).toEqual([]);
    expect((await bench.events())[0]).toMatch(/^FailedCreate: Error creating job: Job\.batch "tick-\d+" is invalid: metadata\.labels: Invalid value: "not a label"/);
    await bench.patch('tick', { spec: { jobTemplate: { metadata: { labels: null } } } });
    expect(await bench.jobNames()).toEqual([nameAt(60)]);
  });

  test('a name that somebody else\'s Job has costs one time, and is told', async () => {
    const { spec } = (await bench.create('sample', { suspend: true })).spec.jobTemplate;
    await bench.api.client.create(JOBS, { apiVersion: 'batch/v1', kind: 'Job', metadata: { name: nameAt(1), namespace: 'default' }, spec } as Job);
    await bench.create('tick');
    await bench.advance(MINUTE + SECOND);
    expect(await bench.events()).toEqual([`FailedCreate: Error creating job: another job has the name ${nameAt(1)}`]);
    await bench.advance(MINUTE);
    expect(await bench.activeNames('tick')).toEqual([nameAt(2)]);
  });
});

describe('a machine that sleeps', () => {
  test('starts one Job when it wakes, within half a minute, and says in one event what it missed', async () => {
    await bench.create('tick');
    await bench.advance(MINUTE + SECOND);
    await bench.endPods();
    bench.clock.sleep(50 * HOUR);
    await bench.advance(30 * SECOND);
    expect(await bench.activeNames('tick')).toEqual([nameAt(50 * 60 + 1)]);
    const events = await bench.events();
    expect(events.slice(2)).toEqual([
      'TooManyMissedTimes: too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check clock skew',
      `SuccessfulCreate: Created job ${nameAt(50 * 60 + 1)}`,
      'MissedSchedules: Missed 2999 scheduled times between 2026-01-01T00:02:00Z and 2026-01-03T02:00:00Z while minik was not running or the machine slept; only the latest was started',
    ]);
    await bench.advance(5 * MINUTE);
    expect((await bench.events()).filter((event) => event.startsWith('MissedSchedules'))).toHaveLength(1);
  });

  test('says so when the deadline lets nothing start, once, and not again after a restart', async () => {
    await bench.create('tick', { schedule: '*/10 * * * *', startingDeadlineSeconds: 60 });
    await bench.advance(10 * MINUTE + SECOND);
    await bench.endPods();
    bench.clock.sleep(65 * MINUTE);
    await bench.advance(30 * SECOND);
    expect(await bench.jobNames()).toEqual([nameAt(10)]);
    const missed = async (): Promise<readonly string[]> => (await bench.events()).filter((event) => /^Miss/.test(event));
    const told = [
      'MissSchedule: Missed scheduled time to start a job: Thu, 01 Jan 2026 01:10:00 +0000',
      'MissedSchedules: Missed 6 scheduled times between 2026-01-01T00:20:00Z and 2026-01-01T01:10:00Z while minik was not running or the machine slept; none was started, because startingDeadlineSeconds is 60',
    ];
    expect(await missed()).toEqual(told);
    await bench.stopControllers();
    await bench.startControllers();
    expect(await missed()).toEqual(told);
    await bench.advance(5 * MINUTE);
    expect(await bench.jobNames()).toEqual([nameAt(10), nameAt(80)]);
    expect(await missed()).toEqual(told);
  });

  test('whose clock is set back runs nothing twice', async () => {
    await bench.create('tick');
    await bench.advance(10 * MINUTE + SECOND);
    const before = await bench.jobNames();
    bench.clock.sleep(-5 * MINUTE);
    await bench.advance(4 * MINUTE);
    expect(await bench.jobNames()).toEqual(before);
    await bench.advance(2 * MINUTE);
    expect(await bench.jobNames()).toEqual([...before, nameAt(11)].sort());
  });

  test('a daemon that was away for days catches up with one Job, too', async () => {
    await bench.create('tick', { schedule: '0 * * * *' });
    await bench.stopControllers();
    await bench.clock.awake.advance(72 * HOUR + MINUTE);
    await bench.startControllers();
    expect(await bench.jobNames()).toEqual([nameAt(72 * 60)]);
    expect(await bench.events()).toEqual([
      `SuccessfulCreate: Created job ${nameAt(72 * 60)}`,
      'MissedSchedules: Missed 71 scheduled times between 2026-01-01T01:00:00Z and 2026-01-03T23:00:00Z while minik was not running or the machine slept; only the latest was started',
    ]);
  });
});
