// run-job, trigger, rerun, suspend and create cronjob on real Docker: exit codes, logs, reports, interrupts, a daemon that dies.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { CronJob, Job, Pod } from '../../src/api/generated/types.ts';
import type { RunReport } from '../../src/cli/job-run/report.ts';
import { eventually, TestCluster, type Ran } from '../support/cluster.ts';
import { ensureImages } from '../support/images.ts';

let cluster: TestCluster;
beforeAll(async () => {
  await ensureImages('busybox:latest');
  cluster = await TestCluster.start();
}, 60_000);
afterAll(() => cluster.stop(), 90_000);

interface Shape {
  readonly spec?: object;
  readonly pod?: object;
  readonly image?: string;
}

function manifest(name: string, script: string, { spec = {}, pod = {}, image = 'busybox' }: Shape = {}): string {
  const container = { name: 'main', image, imagePullPolicy: 'IfNotPresent', command: ['sh', '-c', script] };
  const template = { spec: { restartPolicy: 'Never', terminationGracePeriodSeconds: 2, containers: [container], ...pod } };
  return JSON.stringify({ apiVersion: 'batch/v1', kind: 'Job', metadata: { name }, spec: { backoffLimit: 0, template, ...spec } });
}

const run = (input: string, ...flags: string[]): Promise<Ran> => cluster.minik(['run-job', '-f', '-', ...flags], { input, timeoutMs: 60_000 });
const lastLine = (text: string): string => text.trimEnd().split('\n').at(-1) ?? '';
/** A loop that a SIGTERM ends at once, saying so. */
const LOOP = "trap 'echo stopping; exit 0' TERM; echo begun; i=0; while [ $i -lt 600 ]; do i=$((i+1)); sleep 0.1; done";

describe('run-job exits', () => {
  test('with 0 when the Job is complete, having shown every line of every pod', async () => {
    const { code, stdout, stderr } = await run(manifest('fine', 'echo one; printf two', { spec: { completions: 2, parallelism: 2 } }));
    expect(code).toBe(0);
    expect(stdout.split('\n').map((line) => line.replace(/fine-\w{5}/, 'P')).sort()).toEqual(['', '[pod/P/main] one', '[pod/P/main] one', '[pod/P/main] two', '[pod/P/main] two']);
    expect([stderr.split('\n')[0], lastLine(stderr)]).toEqual(['job.batch/fine created', 'job.batch/fine complete']);
  }, 70_000);

  test("with the container's own code, and says which it was", async () => {
    const { code, stdout, stderr } = await run(manifest('bad', 'echo oh; exit 42'), '--no-prefix');
    expect([code, stdout]).toEqual([42, 'oh\n']);
    expect(lastLine(stderr)).toMatch(/^job\.batch\/bad failed: BackoffLimitExceeded: Job has reached the specified backoff limit; container main of pod bad-\w{5} exited with 42$/);
  }, 70_000);

  test('with the code of the last try of a Pod that is restarted and then deleted, and shows each try', async () => {
    const { code, stdout } = await run(manifest('again', 'echo try; exit 4', { spec: { backoffLimit: 1 }, pod: { restartPolicy: 'OnFailure' } }), '--no-prefix');
    expect([code, stdout]).toEqual([4, 'try\ntry\n']);
  }, 70_000);

  test('with 124 at its deadline, and at --timeout, which leaves a failed Job', async () => {
    const deadline = await run(manifest('due', LOOP, { spec: { activeDeadlineSeconds: 1 } }));
    expect([deadline.code, lastLine(deadline.stderr)]).toEqual([124, expect.stringContaining('failed: DeadlineExceeded: Job was active longer than specified deadline')]);
    const timeout = await run(manifest('late', LOOP), '--timeout=2s', '--no-prefix');
    expect([timeout.code, timeout.stdout, lastLine(timeout.stderr)]).toEqual([124, 'begun\nstopping\n', 'job.batch/late timed out: not finished within 2s (--timeout)']);
    const job = await cluster.get<Job>(['job', 'late']);
    expect(job.status?.conditions?.map(({ type, reason }) => `${type} ${reason}`)).toEqual(['FailureTarget DeadlineExceeded', 'Failed DeadlineExceeded']);
  }, 70_000);

  test('with 126 when its image cannot be had, and with 125 when the server will not have it', async () => {
    const pull = await run(manifest('nowhere', 'true', { pod: { containers: [{ name: 'main', image: 'minik.invalid/none:1', imagePullPolicy: 'Never' }] } }), '--start-timeout=1s');
    expect([pull.code, pull.stderr]).toEqual([126, expect.stringMatching(/\njob\.batch\/nowhere did not start: container main of pod nowhere-\w{5}: ErrImageNeverPull: /)]);
    const refused = await run(manifest('wrong', 'true', { pod: { restartPolicy: 'Always' } }));
    expect([refused.code, refused.stderr]).toEqual([125, expect.stringContaining('spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"')]);
    expect(await run('kind: Job\n')).toMatchObject({ code: 125, stderr: expect.stringContaining('error: nothing was run: not all manifests can be read') });
    expect(await run('{}', '--nonsense')).toMatchObject({ code: 125, stderr: expect.stringContaining('unknown flag: --nonsense') });
  }, 70_000);

  test('with the code of the Job of several that failed first, and reports all of them', async () => {
    const junit = join(cluster.home, 'report.xml');
    const files = [manifest('first', 'sleep 2; exit 7'), manifest('second', 'echo sorry; exit 8'), manifest('third', 'true')].join('\n---\n');
    const { code, stdout, stderr } = await run(files, '-o', 'json', '--junit', junit);
    const report = JSON.parse(stdout) as RunReport;
    expect([code, report.exitCode]).toEqual([8, 8]);
    expect(report.jobs.map(({ name, result, exitCode, failedContainer }) => [name, result, exitCode, failedContainer?.container])).toEqual([['first', 'Failed', 7, 'main'], ['second', 'Failed', 8, 'main'], ['third', 'Complete', 0, undefined]]);
    expect(report.jobs[1]?.pods[0]?.attempts[0]).toMatchObject({ container: 'main', restart: 0, exitCode: 8, lastLines: ['sorry'] });
    expect(stderr).toMatch(/\[pod\/second-\w{5}\/main\] sorry\n/);
    expect(readFileSync(junit, 'utf8')).toMatch(/^<\?xml[^]*<testsuites name="minik run-job" tests="3" failures="2" errors="0" skipped="0"[^]*exited with 8">--- pod second-\w{5}, container main, start 1, exit code 8\nsorry\n<\/failure>/);
  }, 70_000);
});

describe('a Job that is there already', () => {
  test('has finished: is only run again with --recreate, also with another template', async () => {
    expect(await run(manifest('twice', 'echo 1'))).toMatchObject({ code: 0 });
    expect(await run(manifest('twice', 'echo 1'))).toMatchObject({
      code: 125,
      stdout: '',
      stderr: 'error: job.batch/twice has finished before (Complete) and does not run again by itself\nhint: --recreate deletes job.batch/twice first and runs it anew\n',
    });
    const again = await run(manifest('twice', 'echo 2'), '--recreate', '--no-prefix', '--rm');
    expect([again.code, again.stdout]).toEqual([0, '2\n']);
    await eventually('--rm has removed it', async () => (await cluster.minik(['get', 'job', 'twice'])).code === 1);
  }, 70_000);

  test('runs: is followed, and left alone when that is interrupted', async () => {
    await cluster.minik(['create', '-f', '-'], { input: manifest('there', LOOP) });
    const following = cluster.spawn('minik', ['run-job', 'job/there', '--no-prefix']);
    await eventually('it is shown', async () => (await cluster.minik(['logs', 'job/there', '--no-prefix'])).stdout === 'begun\n');
    const refused = await run(manifest('there', 'true'));
    expect([refused.code, refused.stderr]).toEqual([125, expect.stringMatching(/field is immutable[^]*hint: --recreate deletes job\.batch\/there first/)]);
    following.kill('SIGINT');
    const { exitCode, stderr } = await following;
    expect([exitCode, lastLine(String(stderr))]).toEqual([130, 'job.batch/there interrupted: it runs on']);
    expect((await cluster.get<Job>(['job', 'there'])).metadata?.deletionTimestamp).toBeUndefined();
    const gone = cluster.spawn('minik', ['run-job', 'job/there']);
    await new Promise((resolve) => gone.stdout?.once('data', resolve));
    await cluster.minik(['delete', 'job', 'there']);
    expect([(await gone).exitCode, lastLine(String((await gone).stderr))]).toEqual([125, 'job.batch/there was deleted while it ran']);
  }, 70_000);
});

describe('interrupted', () => {
  test.each(['SIGINT', 'SIGTERM'] as const)('by %s, it deletes the Job, whose container may stop in peace, and exits with 130', async (signal) => {
    const name = signal.toLowerCase();
    const path = join(cluster.home, `${name}.json`);
    writeFileSync(path, manifest(name, LOOP));
    const child = cluster.spawn('minik', ['run-job', '-f', path, '--no-prefix']);
    await eventually('it runs', async () => (await cluster.minik(['logs', `job/${name}`, '--no-prefix'])).stdout === 'begun\n');
    child.kill(signal);
    const { exitCode, stdout, stderr } = await child;
    expect([exitCode, String(stdout)]).toEqual([130, 'begun\nstopping']);
    expect(String(stderr)).toContain(`deleting job.batch/${name} and its pods\n`);
    expect((await cluster.minik(['get', 'jobs,pods', '-l', `job-name=${name}`, '-o', 'name'])).stdout).toBe('');
  }, 70_000);
});

test('a daemon that is killed and comes back costs no line and no end', async () => {
  const path = join(cluster.home, 'long.json');
  writeFileSync(path, manifest('long', 'for i in 1 2 3 4 5 6; do echo $i; sleep 1; done; exit 5'));
  const child = cluster.spawn('minik', ['run-job', '-f', path, '--no-prefix']);
  await eventually('it runs', async () => (await cluster.minik(['logs', 'job/long', '--no-prefix'])).stdout.includes('2\n'));
  process.kill((await cluster.status()).pid, 'SIGKILL');
  await new Promise((resolve) => setTimeout(resolve, 700));
  expect(await cluster.minik(['start'])).toMatchObject({ code: 0 });
  const { exitCode, stdout, stderr } = await child;
  expect([exitCode, String(stdout)]).toEqual([5, '1\n2\n3\n4\n5\n6']);
  expect(String(stderr)).toMatch(/the server does not answer, trying again: [^]*the server answers again\n/);
}, 70_000);

describe('a CronJob', () => {
  beforeAll(async () => {
    expect(await cluster.minik(['create', 'cronjob', 'tick', '--image=busybox', '--schedule=0 0 1 1 *', '--', 'sh', '-c', 'echo "$GREETING $0"; exit ${CODE:-0}'])).toMatchObject({ code: 0, stdout: 'cronjob.batch/tick created\n' });
    // Without a registry the default policy of an image without a tag would try one first.
    await cluster.minik(['patch', 'cronjob', 'tick', '-p', '{"spec":{"jobTemplate":{"spec":{"backoffLimit":0,"template":{"spec":{"restartPolicy":"Never","containers":[{"name":"tick","imagePullPolicy":"IfNotPresent"}]}}}}}}']);
  }, 30_000);

  test.each([
    'create cronjob tick --image=busybox --schedule=@hourly',
    'create cronjob bad --image=busybox --schedule=61_*_*_*_*',
    'create cronjob bad --image=busybox --schedule=@hourly --restart=Always',
    'create cj other --image=busybox --schedule=@hourly --dry-run=server -o name',
    'create job j --from=cronjob/tick --dry-run=client -o yaml',
    'create job j --from=cronjob/tick --dry-run=server',
    'create job j --from=cronjob/none',
    'create job j --from=cronjob/tick -- date',
  ])('is made and run by hand with the words of kubectl: %s', async (line) => {
    const words = line.split(' ').map((word) => word.replaceAll('_', ' '));
    const [own, kubectls] = [await cluster.minik(words), await cluster.kubectl(words)];
    expect(own).toEqual(kubectls);
  });

  test('is triggered with other variables and arguments, and ends as the container does', async () => {
    const { code, stdout } = await cluster.minik(['trigger', 'cronjob/tick', '--name=by-hand', '--env=GREETING=hello', '--env=CODE=9', '--logs', '--no-prefix', '--', 'world'], { timeoutMs: 60_000 });
    expect([code, stdout]).toEqual([9, 'hello world\n']);
    const [own, kubectls] = [await cluster.get<Job>(['job', 'by-hand']), await cluster.kubectl(['create', 'job', 'by-kubectl', '--from=cronjob/tick', '-o', 'json'])];
    const made = JSON.parse(kubectls.stdout) as Job;
    expect([own.metadata?.ownerReferences, own.metadata?.annotations]).toEqual([made.metadata?.ownerReferences, made.metadata?.annotations]);
    expect((await cluster.minik(['trigger', 'cj/tick', '-o', 'name'])).stdout).toMatch(/^job\.batch\/tick-manual-[bcdfghjklmnpqrstvwxz2456789]{5}\n$/);
    expect(await cluster.minik(['run-job', 'cronjob/tick', '--no-prefix'], { timeoutMs: 60_000 })).toMatchObject({ code: 0, stdout: ' sh\n' });
  }, 90_000);

  test('and its Jobs are suspended and resumed', async () => {
    expect(await cluster.minik(['suspend', 'cronjob/tick'])).toMatchObject({ code: 0, stdout: 'cronjob.batch/tick suspended\n' });
    expect((await cluster.get<CronJob>(['cronjob', 'tick'])).spec.suspend).toBe(true);
    expect(await cluster.minik(['patch', 'cronjob', 'tick', '--suspend=false'])).toMatchObject({ code: 0, stdout: 'cronjob.batch/tick patched\n' });
    expect((await cluster.get<CronJob>(['cronjob', 'tick'])).spec.suspend).toBe(false);
  }, 30_000);
});

describe('rerun', () => {
  test('runs a Job once more under its name, a copy under another, and no running one without --force', async () => {
    await run(manifest('r', 'echo run; exit 6'));
    const before = await cluster.get<Job>(['job', 'r']);
    expect(await cluster.minik(['rerun', 'job/r', '--logs', '--no-prefix'], { timeoutMs: 60_000 })).toMatchObject({ code: 6, stdout: 'run\n' });
    const after = await cluster.get<Job>(['job', 'r']);
    expect(after.metadata?.uid).not.toBe(before.metadata?.uid);
    expect(after.spec?.template.spec).toEqual(before.spec?.template.spec);
    expect((await cluster.get<{ items: Pod[] }>(['pods', '-l', 'job-name=r'])).items).toHaveLength(1);
    expect(await cluster.minik(['rerun', 'job/r', '--as=copy', '--wait'], { timeoutMs: 60_000 })).toMatchObject({ code: 6, stdout: '' });
    await cluster.minik(['create', '-f', '-'], { input: manifest('busy', LOOP) });
    expect(await cluster.minik(['rerun', 'job/busy'])).toMatchObject({ code: 1, stderr: expect.stringMatching(/^error: job\.batch\/busy has not finished \(\d active\): --force stops it/) });
    expect(await cluster.minik(['rerun', 'job/busy', '--force'])).toMatchObject({ code: 0, stdout: 'job.batch "busy" deleted from default namespace\njob.batch/busy created\n' });
  }, 90_000);
});
