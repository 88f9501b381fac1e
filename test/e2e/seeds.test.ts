// The Jobs of the notes, as written there, through minik's own command line, in real containers.
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Job, Pod } from '../../src/api/generated/types.ts';
import { FIXTURES, TestCluster } from '../support/cluster.ts';
import { ensureImages, KUARD } from '../support/images.ts';

interface Expected {
  readonly file: string;
  readonly name: string;
  /** The notes call three Jobs demo-job: each has a namespace of its own here. */
  readonly namespace: string;
  readonly status: 'Complete' | 'Failed';
  readonly completions: string;
  readonly reason: string;
  readonly succeeded: number;
  readonly failed: number;
  readonly log: RegExp;
}

const done = (file: string, name: string, completions: number, log: RegExp): Expected => ({
  file, name, namespace: 'default', status: 'Complete', completions: `${completions}/${completions}`, reason: 'CompletionsReached', succeeded: completions, failed: 0, log,
});

const SEEDS: readonly Expected[] = [
  done('hello-world-job', 'hello-world-job', 1, /^\[pod\/hello-world-job-\w{5}\/hello\] Hello, World!$/m),
  done('parallel-file-processing-job', 'parallel-file-processing-job', 3, /Processing file \d+/),
  done('indexed-parallel-job', 'indexed-parallel-job', 5, /Processing task 4/),
  done('non-parallel-job', 'non-parallel-job', 1, /Running non-parallel job/),
  done('parallel-fixed-completions', 'parallel-fixed-completions', 6, /Processing item/),
  done('active-deadline', 'active-deadline', 1, /done/),
  done('resource-limits', 'resource-limits', 1, /done/),
  done('ttl-after-finished', 'ttl-after-finished', 1, /done/),
  done('oneshot', 'oneshot', 1, /Item done: SHA256/),
  done('parallel', 'parallel', 10, /Item done: SHA256/),
  { ...done('completions-and-parallelism', 'demo-job', 5, /Running task/), namespace: 'completions' },
  { file: 'backoff-limit', name: 'backoff-limit', namespace: 'default', status: 'Failed', completions: '0/1', reason: 'BackoffLimitExceeded', succeeded: 0, failed: 4, log: /^$/ },
  { file: 'backoff-limit-failing', name: 'demo-job', namespace: 'failing', status: 'Failed', completions: '0/5', reason: 'BackoffLimitExceeded', succeeded: 0, failed: 4, log: /Running task/ },
  { file: 'deadline-exceeded', name: 'demo-job', namespace: 'late', status: 'Failed', completions: '0/5', reason: 'DeadlineExceeded', succeeded: 0, failed: 2, log: /^$/ },
];

let cluster: TestCluster;

beforeAll(async () => {
  await ensureImages('busybox:latest', KUARD);
  cluster = await TestCluster.start();
  for (const namespace of ['completions', 'failing', 'late']) await cluster.minik(['create', 'namespace', namespace]);
}, 120_000);

afterAll(() => cluster.stop(), 90_000);

test('all of them are accepted', async () => {
  for (const { file, name, namespace } of SEEDS) {
    const applied = await cluster.minik(['apply', '-n', namespace, '-f', join(FIXTURES, 'seeds', `${file}.yaml`)]);
    expect({ file, ...applied }).toMatchObject({ file, code: 0, stdout: `job.batch/${name} created\n` });
  }
}, 60_000);

describe.each(SEEDS)('$file', (expected) => {
  const { name, namespace, status, succeeded, failed } = expected;

  test('ends as it must, with exact counts', async () => {
    const waited = await cluster.minik(['wait', '-n', namespace, `job/${name}`, '--for=finished', '--timeout=180s'], { timeoutMs: 200_000 });
    expect(waited.code).toBe(status === 'Complete' ? 0 : 1);
    const job = await cluster.get<Job>([`job/${name}`, '-n', namespace]);
    expect(job.status?.conditions?.map(({ type, reason }) => [type, reason])).toEqual([
      [status === 'Complete' ? 'SuccessCriteriaMet' : 'FailureTarget', expected.reason],
      [status, expected.reason],
    ]);
    expect({ succeeded: job.status?.succeeded ?? 0, failed: job.status?.failed ?? 0 }).toEqual({ succeeded, failed });
    expect(job.status).toMatchObject({ ready: 0, terminating: 0, uncountedTerminatedPods: {} });
    expect(job.status?.active).toBeUndefined();
  }, 210_000);

  test('leaves its finished pods to be read', async () => {
    const pods = await cluster.get<{ items: Pod[] }>(['pods', '-n', namespace, '-l', `job-name=${name}`]);
    const phases = pods.items.map(({ status: pod }) => pod?.phase);
    expect(phases.filter((phase) => phase === 'Succeeded')).toHaveLength(succeeded);
    for (const pod of pods.items) expect(pod.metadata?.finalizers ?? []).toEqual([]);
    const logs = await cluster.minik(['logs', '-n', namespace, `job/${name}`]);
    expect(logs.stdout).toMatch(expected.log);
  });

  test('is shown as a table', async () => {
    const table = await cluster.minik(['get', 'job', name, '-n', namespace]);
    const [header = '', row = ''] = table.stdout.split('\n');
    expect(header).toMatch(/^NAME +STATUS +COMPLETIONS +DURATION +AGE$/);
    expect(row.split(/ +/).slice(0, 3)).toEqual([name, status, expected.completions]);
  });
});

test('the run command of the notes makes a Job, streams it, and passes its exit code on', async () => {
  await cluster.minik(['delete', 'job', 'oneshot']);
  const words = ['run', '-i', 'oneshot', `--image=${KUARD}`, '--restart=OnFailure', '--command', '/kuard', '--', '--keygen-enable', '--keygen-exit-on-complete', '--keygen-num-to-gen', '10'];
  const ran = await cluster.minik(words, { timeoutMs: 60_000 });
  expect(ran.code).toBe(0);
  expect(ran.stdout).toMatch(/Item done: SHA256/);
  expect((await cluster.get<Job>(['job/oneshot'])).spec?.template.spec?.restartPolicy).toBe('OnFailure');
}, 70_000);

test('get -a, as the notes have it, shows finished Jobs too', async () => {
  const table = await cluster.minik(['get', 'jobs', '-a']);
  expect(table.stdout).toMatch(/^hello-world-job +Complete/m);
});
