// minik simulate from the command line, in a home where no daemon runs, and none is started.
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Job } from '../../../src/api/generated/types.ts';
import { CRON_JOBS, JOBS, PODS } from '../../../src/api/kinds.ts';
import { startCliHome, type CliHome, type CliResult } from '../../support/cli-home.ts';

const JOB = `apiVersion: batch/v1
kind: Job
metadata: {name: pi}
spec:
  backoffLimit: 1
  template:
    spec:
      restartPolicy: Never
      containers: [{name: main, image: busybox}]
`;

let home: CliHome;
let directory: string;

beforeAll(async () => {
  home = await startCliHome();
  directory = mkdtempSync(join(tmpdir(), 'minik-simulate-'));
});

afterAll(async () => {
  await home.close();
  rmSync(directory, { recursive: true });
});

/** In a home of its own, without a socket: whoever asks for the daemon starts one. */
async function alone(words: readonly string[], manifest: string): Promise<CliResult> {
  const ran = await home.minik(['simulate', ...words], manifest, { env: { MINIK_HOME: join(directory, 'empty') } });
  expect(existsSync(join(directory, 'empty'))).toBe(false);
  return ran;
}

const AT = ['-f', '-', '--from', '2026-03-01T12:00:00Z'];

describe('a Job of a manifest', () => {
  test('is played without a daemon', async () => {
    const { code, out, err } = await alone([...AT, '--fail-rate', '1', '--duration', '2s'], JOB);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/^Job default\/pi, created at 2026-03-01 12:00:00Z\. Nothing is really run\.\n/);
    expect(out).toMatch(/\n\+12s +Job pi {2}Retrying: Tries again, 10s after the last failure\n/);
    expect(out).toMatch(/\nThe Job fails for good after 14\.5s, at 2026-03-01 12:00:14Z \(BackoffLimitExceeded\): 2 pods \(2 failed\); the longest back-off was 10s\.\n$/);
  });

  test('is told in JSON, too', async () => {
    const { out } = await alone([...AT, '-o', 'json', '--duration', '2s'], JOB);
    expect(JSON.parse(out)).toMatchObject({
      subject: { kind: 'Job', namespace: 'default', name: 'pi' },
      timeZone: 'UTC',
      from: '2026-03-01T12:00:00Z',
      until: '2026-03-01T12:00:02Z',
      with: { duration: { leastSeconds: 2, mostSeconds: 2, from: '--duration' }, startSeconds: 0.5, stopSeconds: 1, failRate: 0, exitCode: 1, seed: 1 },
      events: [
        { time: '2026-03-01T12:00:00.000Z', object: { kind: 'Job', namespace: 'default', name: 'pi' }, type: 'Normal', reason: 'SuccessfulCreate', note: false },
        { time: '2026-03-01T12:00:02.500Z', object: { kind: 'Pod' }, reason: 'PodSucceeded', note: true },
        { reason: 'Completed', message: 'Job completed', note: false },
      ],
      runs: [{ job: 'pi', outcome: 'complete', pods: 1, failedPods: 0 }],
      summary: { runs: 1, complete: 1, failed: 0, mostAtOnce: { jobs: 1, time: '2026-03-01T12:00:00Z' } },
    });
  });

  test('is refused as the API server refuses it, with the place in the file', async () => {
    const file = join(directory, 'wrong.yaml');
    writeFileSync(file, JOB.replace('restartPolicy: Never', 'restartPolicy: Always'));
    const { code, out, err } = await alone(['-f', file], '');
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(/^The Job "pi" is invalid: spec\.template\.spec\.restartPolicy: Required value: valid values: "OnFailure", "Never"\n {2}.*wrong\.yaml:8:/);
  });

  test('with a field that no Job has is refused', async () => {
    const { code, err } = await alone(AT, JOB.replace('backoffLimit', 'backofLimit'));
    expect(code).toBe(1);
    expect(err).toContain('strict decoding error: unknown field "spec.backofLimit"');
  });
});

test.each([
  [['-f', '-'], 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n', /^error: nothing to simulate in "-": expected a .*Job, found configmap\/a\n$/],
  [['-f', '-'], `${JOB}---\n${JOB.replace('name: pi', 'name: po')}`, /^error: "-" holds job\/pi, job\/po: name the one to simulate behind the flags\n$/],
  [['-f', '-', 'job/pa'], JOB, /^error: nothing to simulate in "-": expected a .*Job named pa, found job\/pi\n$/],
  [[], '', /^error: expected -f FILE, cronjob\/NAME or job\/NAME to simulate\n$/],
  [['pod/x'], '', /^error: cannot simulate "pod\/x": expected a .*Job\n$/],
  [['pi'], '', /^error: expected .*job\/NAME, got "pi"\n$/],
  [['-f', '-', '--for', '7x'], JOB, /^error: invalid argument "7x" for "--for" flag: expected a duration such as 7d, 12h or 90s\n$/],
  [['-f', '-', '-o', 'yaml'], JOB, /^error: unable to match a printer suitable for the output format "yaml", allowed formats are: json\n$/],
])('minik simulate %j says what it expected', async (words, manifest, text) => {
  const { code, out, err } = await alone(words, manifest);
  expect({ code, out }).toEqual({ code: 1, out: '' });
  expect(err).toMatch(text);
});

test('one of several in a file is picked by its name', async () => {
  const { code, out } = await alone([...AT, 'job/po'], `${JOB}---\n${JOB.replace('name: pi', 'name: po')}`);
  expect(code).toBe(0);
  expect(out).toMatch(/^Job default\/po,/);
});

test('a Job of the daemon is played as it stands there', async () => {
  await home.minik(['apply', '-f', '-'], JOB);
  const { code, out } = await home.minik(['simulate', 'job/pi']);
  expect(code).toBe(0);
  expect(out).toMatch(/\nThe Job completes after 1m0\.5s, /);
});

const CRON_JOB = `apiVersion: batch/v1
kind: CronJob
metadata: {name: report}
spec:
  schedule: "*/30 0-5 * * *"
  timeZone: Europe/Berlin
  concurrencyPolicy: Forbid
  jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: main, image: busybox}]}}}}
`;

describe('a CronJob of a manifest', () => {
  const night = ['-f', '-', '--from', '2026-03-29', '--for', '4h'];

  test('is told as its runs, a calendar of them, and figures', async () => {
    const { code, out, err } = await alone([...night, '--duration', '40m'], CRON_JOB);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toBe(`CronJob default/report: */30 0-5 * * * in Europe/Berlin, concurrency policy Forbid. Nothing is really run.
From 2026-03-29 00:00:00+01:00 for 4h, until 2026-03-29 05:00:00+02:00.
Pods start within 500ms, run for 40m (--duration) and stop within 1s; all succeed.

2026-03-29 00:30:00+01:00  report-29579010  complete after 40m1s
2026-03-29 01:00:00+01:00      Must wait for report-29579010
2026-03-29 01:10:00+01:00  report-29579040  starts 10m1s late (due 2026-03-29 01:00:00+01:00), complete after 40m1s
2026-03-29 01:30:00+01:00      Must wait for report-29579040
2026-03-29 01:50:01+01:00  report-29579070  starts 20m1s late (due 2026-03-29 01:30:00+01:00), complete after 40m1s
2026-03-29 03:00:00+02:00      2 times from 02:00 to 02:30 do not come, as the clocks are set forward: nothing runs
2026-03-29 03:00:00+02:00      Must wait for report-29579070
2026-03-29 03:30:00+02:00      Must wait for report-29579070; 2 scheduled times have passed meanwhile, of which only the last will be run
2026-03-29 03:30:01+02:00  report-29579130  starts 1.6s late (due 2026-03-29 03:30:00+02:00), complete after 40m1s
2026-03-29 04:00:00+02:00      Must wait for report-29579130
2026-03-29 04:10:02+02:00  report-29579160  starts 10m2s late (due 2026-03-29 04:00:00+02:00), complete after 40m1s
2026-03-29 04:30:00+02:00      Must wait for report-29579160
2026-03-29 04:50:02+02:00  report-29579190  starts 20m3s late (due 2026-03-29 04:30:00+02:00), not over after 9m57.4s

           :00            :15            :30            :45
03-29 00h |                              +-----------------------------|
03-29 01h |w---------+-------------------w-------------------+---------|
03-29 03h |w-----------------------------w-----------------------------|
03-29 04h |w---------+-------------------w-------------------+---------|
           + start, - running, w waits for another, ! missed, r replaced, x failed for good

6 runs of 7 scheduled times: 5 complete, 0 failed for good, 0 replaced, 1 not over at the end.
1 scheduled time not run.
Longest queue: 2 scheduled times waiting for one Job, at 2026-03-29 03:30:00+02:00.
Clocks: 2 times of day left out, 0 runs more because the clocks were set back.
2 finished Jobs removed from the history.
`);
  });

  test('is told in JSON, too', async () => {
    const { out } = await alone([...night, '-o', 'json', '--fail-rate', '100%', '--seed', '9'], CRON_JOB.replace('{spec: {template', '{spec: {backoffLimit: 0, template'));
    const report = JSON.parse(out) as { readonly events: readonly { readonly reason: string }[]; readonly runs: readonly object[] };
    expect(report).toMatchObject({
      subject: { kind: 'CronJob', namespace: 'default', name: 'report' },
      timeZone: 'Europe/Berlin',
      from: '2026-03-28T23:00:00Z',
      until: '2026-03-29T03:00:00Z',
      with: { failRate: 1, seed: 9 },
      summary: {
        runs: 7,
        failed: 7,
        scheduledTimes: 7,
        notRun: 0,
        clocks: { skipped: 2, repeated: 0 },
        longestQueue: { waiting: 0 },
        firstFailure: { job: 'report-29579010', time: '2026-03-28T23:31:00Z', reason: 'BackoffLimitExceeded', afterSeconds: 60.5 },
      },
    });
    expect(report.runs[0]).toEqual({
      job: 'report-29579010', scheduledTime: '2026-03-28T23:30:00Z', creationTime: '2026-03-28T23:30:00Z', endTime: '2026-03-28T23:31:00Z',
      outcome: 'failed', reason: 'BackoffLimitExceeded', pods: 1, failedPods: 1, restarts: 0, longestBackOffSeconds: 0,
    });
    expect(report.events.slice(0, 3).map(({ reason }) => reason)).toEqual(['SuccessfulCreate', 'SuccessfulCreate', 'PodFailed']);
  });

  test('tells runs that are alike once, and every event when asked', async () => {
    const month = ['-f', '-', '--from', '2026-05-01', '--for', '2d'];
    const { out } = await alone(month, CRON_JOB);
    expect(out).toContain('2026-05-01 00:30:00+02:00  report-29626470  complete after 1m0.5s\n    ... 22 runs like this, the last at 2026-05-02 05:30:00+02:00\n');
    const { out: all } = await alone([...month, '--all'], CRON_JOB);
    expect(all.split('\n').filter((line) => line.includes('CronJob report  SuccessfulCreate: Created job')).length).toBe(23);
  });

  test('is refused as the API server refuses it', async () => {
    const { code, err } = await alone(['-f', '-'], CRON_JOB.replace('*/30', '61'));
    expect(code).toBe(1);
    expect(err).toContain('The CronJob "report" is invalid: spec.schedule: Invalid value: "61 0-5 * * *": end of range (61) above maximum (59): 61\n');
  });

  test('is warned of what the API server warns of', async () => {
    const { code, err } = await alone(night, CRON_JOB.replace('"*/30 0-5 * * *"', '"0 4 * * 7"'));
    expect({ code, err }).toEqual({ code: 0, err: 'Warning: spec.schedule: minik reads 7 as Sunday; upstream clusters reject it, write 0 or sun to run there too\n' });
  });

  test('of too many runs is refused with what to do', async () => {
    const { code, err } = await alone(['-f', '-', '--from', '2026-01-05', '--for', '52w'], CRON_JOB.replace('*/30 0-5 * * *', '* * * * *'));
    expect({ code, err }).toEqual({ code: 1, err: 'error: * * * * * for 364d is 524159 runs: expected at most 250000, so a shorter --for\n' });
  });
});

test('a long rehearsal can be interrupted', async () => {
  const ran = await home.minik(['simulate', '-f', '-', '--from', '2026-01-05', '--for', '30d'], CRON_JOB, { signal: AbortSignal.abort(), env: { MINIK_HOME: join(directory, 'empty') } });
  expect(ran).toEqual({ code: 130, out: '', err: '' });
});

describe('a CronJob of the daemon', () => {
  test('is counted on from its last run unless the time is given', async () => {
    await home.minik(['apply', '-f', '-'], CRON_JOB.replace('*/30 0-5 * * *', '@every 1h'));
    const { code, out } = await home.minik(['simulate', 'cronjob/report', '--for', '150m']);
    expect(code).toBe(0);
    expect(out).toContain('\n2 runs of 2 scheduled times: 2 complete');
  });

  test('can run as long as it really did, once it has run', async () => {
    const { code, err } = await home.minik(['simulate', 'cronjob/report', '--duration-from-history']);
    expect({ code, err }).toEqual({ code: 1, err: 'error: --duration-from-history: no attempt of cronjob/report in namespace default has ended yet: expected at least one, or give --duration\n' });
    const { client } = home.api;
    const [cronJob] = (await client.list(CRON_JOBS, { namespace: 'default' })).items;
    const owner = (kind: string, metadata: Job['metadata']) => [{ apiVersion: 'batch/v1', kind, name: metadata?.name ?? '', uid: metadata?.uid ?? '', controller: true }];
    const job = await client.create(JOBS, { apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'by-hand', namespace: 'default', ownerReferences: owner('CronJob', cronJob!.metadata) }, spec: cronJob!.spec.jobTemplate.spec! });
    const pod = await client.create(PODS, { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'ran', namespace: 'default', ownerReferences: owner('Job', job.metadata) }, spec: { containers: [{ name: 'main', image: 'busybox' }] } });
    const terminated = { exitCode: 0, startedAt: '2026-03-01T12:00:00Z', finishedAt: '2026-03-01T12:03:00Z' };
    await client.updateStatus(PODS, { ...pod, status: { phase: 'Succeeded', containerStatuses: [{ name: 'main', image: '', imageID: '', ready: false, restartCount: 0, state: { terminated } }] } });
    const { out } = await home.minik(['simulate', 'cronjob/report', '--duration-from-history', '-o', 'json']);
    expect(JSON.parse(out)).toMatchObject({ with: { duration: { leastSeconds: 180, mostSeconds: 180, from: 'as 1 earlier attempt' } } });
  });
});
