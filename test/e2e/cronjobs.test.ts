// CronJobs in real containers, driven by the real kubectl. Nobody waits for a minute to come round: a last run in the past makes
// the schedule of the notes fall due at once.
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { CronJob, Job, Pod } from '../../src/api/generated/types.ts';
import { toTime } from '../../src/api/time.ts';
import { eventually, FIXTURES, TestCluster } from '../support/cluster.ts';
import { ensureImages } from '../support/images.ts';

let cluster: TestCluster;
const MINUTE = 60_000;
const seed = (name: string): string => join(FIXTURES, 'seeds', `${name}.yaml`);

beforeAll(async () => {
  await ensureImages('busybox:latest');
  cluster = await TestCluster.start();
}, 120_000);

afterAll(() => cluster.stop(), 90_000);

interface Runs {
  readonly schedule?: string;
  readonly command: string;
  readonly spec?: object;
}

async function create(name: string, { schedule = '* * * * *', command, spec = {} }: Runs): Promise<void> {
  const container = { name: 'main', image: 'busybox', imagePullPolicy: 'IfNotPresent', command: ['sh', '-c', command] };
  const jobTemplate = { spec: { backoffLimit: 0, template: { spec: { restartPolicy: 'Never', terminationGracePeriodSeconds: 1, containers: [container] } } } };
  const manifest = { apiVersion: 'batch/v1', kind: 'CronJob', metadata: { name }, spec: { schedule, jobTemplate, ...spec } };
  expect(await cluster.kubectl(['create', '-f', '-'], { input: JSON.stringify(manifest) })).toMatchObject({ code: 0, stdout: `cronjob.batch/${name} created\n` });
}

/** As if it had last run so long ago. */
async function lastRan(name: string, ago: number): Promise<void> {
  const status = JSON.stringify({ status: { lastScheduleTime: toTime(Date.now() - ago) } });
  expect(await cluster.kubectl(['patch', 'cronjob', name, '--subresource=status', '--type=merge', '-p', status])).toMatchObject({ code: 0 });
}

const cronJob = (name: string): Promise<CronJob> => cluster.get<CronJob>(['cronjob', name]);

async function jobsOf(name: string): Promise<readonly Job[]> {
  const { items } = await cluster.get<{ items: Job[] }>(['jobs']);
  return items.filter(({ metadata }) => metadata?.ownerReferences?.[0]?.name === name);
}

function job(name: string): Promise<Job> {
  return eventually(`a Job of ${name} is made`, async () => (await jobsOf(name))[0]);
}

async function ended(name: string): Promise<void> {
  expect(await cluster.kubectl(['wait', `job/${name}`, '--for=condition=complete', '--timeout=90s'], { timeoutMs: 100_000 })).toMatchObject({ code: 0 });
}

async function eventsOf(name: string): Promise<string[]> {
  const { items } = await cluster.get<{ items: { reason: string; message: string }[] }>(['events', '--field-selector', `involvedObject.name=${name},involvedObject.kind=CronJob`]);
  return items.map(({ reason, message }) => `${reason}: ${message}`);
}

describe('the CronJob of the notes, every two minutes', () => {
  const NAME = 'demo-cronjob';

  test('runs five pods, two at a time, when its time has come', async () => {
    expect(await cluster.kubectl(['apply', '-f', seed('cronjob-every-two-minutes')])).toMatchObject({ code: 0, stdout: `cronjob.batch/${NAME} created\n` });
    expect((await cluster.kubectl(['get', 'cronjob', NAME])).stdout).toMatch(/^NAME +SCHEDULE +TIMEZONE +SUSPEND +ACTIVE +LAST SCHEDULE +AGE\ndemo-cronjob +\*\/2 \* \* \* \* +<none> +False +0 +<none> +\d+s\n$/);
    await lastRan(NAME, 5 * MINUTE);
    const { metadata } = await job(NAME);
    const { status } = await eventually('it is on record', async () => ((await cronJob(NAME)).status?.active === undefined ? undefined : cronJob(NAME)));
    const time = Date.parse(status!.lastScheduleTime!);
    expect(time % (2 * MINUTE)).toBe(0);
    expect(metadata).toMatchObject({ name: `${NAME}-${time / MINUTE}`, annotations: { 'batch.kubernetes.io/cronjob-scheduled-timestamp': status!.lastScheduleTime } });
    await ended(metadata!.name!);
    const { items } = await cluster.get<{ items: Pod[] }>(['pods', '-l', `job-name=${metadata!.name}`]);
    expect(items.map((pod) => pod.status?.phase)).toEqual(Array.from({ length: 5 }, () => 'Succeeded'));
    expect((await cluster.kubectl(['logs', `job/${metadata!.name}`])).stdout).toBe('Running task\n');
    await eventually('the success is on record', async () => (await cronJob(NAME)).status?.lastSuccessfulTime !== undefined);
  }, 120_000);

  test('is described by kubectl', async () => {
    const { stdout } = await cluster.kubectl(['describe', 'cronjob', NAME]);
    expect(stdout).toMatch(/^Schedule: +\*\/2 \* \* \* \*$/m);
    expect(stdout).toMatch(/^Concurrency Policy: +Allow$/m);
    expect(stdout).toMatch(/^Last Schedule Time: +\w+, \d\d \w+ \d{4} /m);
    expect(stdout).toMatch(/Normal +SuccessfulCreate +\S+(?: \(x\d+ over \S+\))? +cronjob-controller +Created job demo-cronjob-\d+/);
    expect(stdout).toMatch(/Normal +SawCompletedJob +\S+ +cronjob-controller +Saw completed job: demo-cronjob-\d+, status: Complete/);
  });

  test('is suspended by kubectl, and runs no more', async () => {
    expect(await cluster.kubectl(['patch', 'cronjob', NAME, '-p', '{"spec": {"suspend": true}}'])).toMatchObject({ code: 0, stdout: `cronjob.batch/${NAME} patched\n` });
    expect((await cluster.kubectl(['get', 'cj', NAME, '--no-headers'])).stdout).toMatch(/ True +0 +\d+[sm]/);
    const before = (await jobsOf(NAME)).length;
    await lastRan(NAME, 60 * MINUTE);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect(await jobsOf(NAME)).toHaveLength(before);
  });

  test('runs by hand all the same', async () => {
    expect(await cluster.kubectl(['create', 'job', 'by-hand', `--from=cronjob/${NAME}`])).toMatchObject({ code: 0, stdout: 'job.batch/by-hand created\n' });
    const { metadata } = await cluster.get<Job>(['job', 'by-hand']);
    expect(metadata).toMatchObject({ annotations: { 'cronjob.kubernetes.io/instantiate': 'manual' }, ownerReferences: [{ kind: 'CronJob', name: NAME, controller: true }] });
    await eventually('it is told of', async () => (await eventsOf(NAME)).includes('UnexpectedJob: Saw a job that the controller did not create or forgot: by-hand'));
    await eventually('its pods run', async () => ((await cluster.get<Job>(['job', 'by-hand'])).status?.ready ?? 0) > 0);
  }, 60_000);

  test('takes its Jobs and their containers with it', async () => {
    expect(await cluster.kubectl(['delete', 'cronjob', NAME])).toMatchObject({ code: 0 });
    await eventually('all is gone', async () => (await jobsOf(NAME)).length === 0 && (await cluster.get<{ items: Pod[] }>(['pods'])).items.length === 0, { timeoutMs: 60_000 });
  }, 90_000);
});

test('the other CronJob of the notes, every five minutes, does its task', async () => {
  expect(await cluster.minik(['apply', '-f', seed('cronjob-every-five-minutes')])).toMatchObject({ code: 0, stdout: 'cronjob.batch/cron-sample-job created\n' });
  await lastRan('cron-sample-job', 10 * MINUTE);
  const { metadata } = await job('cron-sample-job');
  await ended(metadata!.name!);
  expect((await cluster.minik(['logs', `job/${metadata!.name}`])).stdout).toMatch(/Running scheduled task/);
  await cluster.minik(['delete', 'cronjob', 'cron-sample-job']);
}, 60_000);

test('a distance of seconds is kept without anybody\'s doing', async () => {
  await create('often', { schedule: '@every 2s', command: 'echo tick' });
  const { metadata } = await job('often');
  await ended(metadata!.name!);
  expect((await cluster.minik(['get', 'cj', 'often', '-o', 'wide', '--no-headers'])).stdout).toMatch(/^often +@every 2s .* main +busybox +<none> +[0-2]s\n$/);
  await cluster.minik(['delete', 'cronjob', 'often']);
}, 60_000);

test('a Job that replaces another stops its container', async () => {
  // The first of a month that is over: the first of this month is later.
  const past = new Date(Date.now() - 40 * 24 * 60 * MINUTE).getUTCMonth() + 1;
  await create('relay', { schedule: `0 0 1 ${past} *`, command: 'sleep 300', spec: { concurrencyPolicy: 'Replace' } });
  await lastRan('relay', 3 * 366 * 24 * 60 * MINUTE);
  const first = await job('relay');
  await eventually('it runs', async () => ((await cluster.get<Job>(['job', first.metadata!.name!])).status?.ready ?? 0) === 1);
  await eventually('it is on record', async () => (await cronJob('relay')).status?.active !== undefined);
  // A new schedule, by which a later time is due.
  expect(await cluster.kubectl(['patch', 'cronjob', 'relay', '-p', '{"spec": {"schedule": "0 0 1 * *"}}'])).toMatchObject({ code: 0 });
  await eventually('the other took its place', async () => {
    const [only, ...more] = await jobsOf('relay');
    return more.length === 0 && only !== undefined && only.metadata?.uid !== first.metadata?.uid && (only.status?.ready ?? 0) === 1;
  }, { timeoutMs: 60_000 });
  await eventually('the container of the first is gone', async () => (await cluster.get<{ items: Pod[] }>(['pods', '-l', `job-name=${first.metadata!.name}`])).items.length === 0);
  await cluster.minik(['delete', 'cronjob', 'relay']);
}, 90_000);

test('a daemon that is killed when the time has come starts one Job for it', async () => {
  await create('survivor', { schedule: '*/2 * * * *', command: 'echo alive', spec: { suspend: true, concurrencyPolicy: 'Forbid' } });
  await lastRan('survivor', 30 * MINUTE);
  const { pid } = await cluster.status();
  const resumed = cluster.kubectl(['patch', 'cronjob', 'survivor', '-p', '{"spec": {"suspend": false}}']);
  await eventually('the change is taken', async () => (await cronJob('survivor')).spec.suspend === false);
  process.kill(pid, 'SIGKILL');
  await resumed;
  expect(await cluster.minik(['start'])).toMatchObject({ code: 0 });
  const { metadata } = await job('survivor');
  await ended(metadata!.name!);
  await eventually('it is on record', async () => (await cronJob('survivor')).status?.lastSuccessfulTime !== undefined);
  const jobs = await jobsOf('survivor');
  const times = jobs.map((one) => one.metadata?.annotations?.['batch.kubernetes.io/cronjob-scheduled-timestamp']);
  expect(new Set(times).size).toBe(jobs.length);
  expect((await cronJob('survivor')).status?.active).toBeUndefined();
}, 90_000);

test('schedules that cannot be are refused in the words of upstream; 7 is taken as Sunday, with a warning', async () => {
  const schedule = (text: string): Promise<{ readonly stderr: string; readonly code: number }> =>
    cluster.kubectl(['create', 'cronjob', 'bad', '--image=busybox', `--schedule=${text}`, '--dry-run=server']);
  expect((await schedule('61 * * * *')).stderr).toBe('error: failed to create cronjob: CronJob.batch "bad" is invalid: spec.schedule: Invalid value: "61 * * * *": end of range (61) above maximum (59): 61\n');
  expect((await schedule('TZ=UTC * * * * *')).stderr).toMatch(/cannot use TZ or CRON_TZ in schedule, use timeZone field instead/);
  const sunday = await schedule('0 0 * * 7');
  expect(sunday.code).toBe(0);
  expect(sunday.stderr).toMatch(/^Warning: spec\.schedule: minik reads 7 as Sunday; upstream clusters reject it/);
});
