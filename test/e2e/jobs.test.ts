// Jobs of every kind on real Docker: what upstream's own suite asks of them, in short times.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Job, JobSpec, Node, Pod, PodSpec } from '../../src/api/generated/types.ts';
import { eventually, TestCluster } from '../support/cluster.ts';
import { ensureImages } from '../support/images.ts';
import { sh } from '../support/pods.ts';

let cluster: TestCluster;
/** Pods leave marks here: what they did is seen even when they are gone. */
let marks: string;

const MARKED = { volumeMounts: [{ name: 'marks', mountPath: '/marks' }] };
const ODD = 'exit $((JOB_COMPLETION_INDEX % 2))';

function job(name: string, script: string, spec: Partial<JobSpec> = {}, pod: Partial<PodSpec> = {}): Job {
  const containers = [sh('main', script, MARKED)];
  const podSpec: PodSpec = { restartPolicy: 'Never', terminationGracePeriodSeconds: 1, volumes: [{ name: 'marks', hostPath: { path: marks } }], containers, ...pod };
  return { apiVersion: 'batch/v1', kind: 'Job', metadata: { name }, spec: { ...spec, template: { spec: podSpec } } };
}
const indexed = (spec: Partial<JobSpec>): Partial<JobSpec> => ({ completionMode: 'Indexed', completions: 4, parallelism: 4, ...spec });

async function apply(...jobs: readonly Job[]): Promise<void> {
  const ran = await cluster.minik(['apply', '-f', '-'], { input: JSON.stringify({ apiVersion: 'v1', kind: 'List', items: jobs }) });
  if (ran.code !== 0) throw new Error(ran.stderr);
}
const get = (name: string): Promise<Job> => cluster.get<Job>([`job/${name}`]);
const podsOf = async (name: string): Promise<Pod[]> => (await cluster.get<{ items: Pod[] }>(['pods', '-l', `job-name=${name}`])).items;
const conditionsOf = ({ status }: Job): string[] => (status?.conditions ?? []).map(({ type, reason }) => `${type}/${reason}`);
const until = (name: string, what: string, holds: (found: Job) => boolean | undefined): Promise<Job> =>
  eventually(`${name} ${what}`, async () => {
    const found = await get(name);
    return holds(found) === true ? found : undefined;
  }, { timeoutMs: 45_000 });
const finished = (name: string): Promise<Job> => until(name, 'is finished', ({ status }) => status?.conditions?.some(({ type }) => type === 'Complete' || type === 'Failed'));

beforeAll(async () => {
  await ensureImages('busybox:latest');
  cluster = await TestCluster.start();
  marks = mkdtempSync(join(tmpdir(), 'minik-test-marks-'));
  await apply(
    job('indexes', 'echo "$JOB_COMPLETION_INDEX $(hostname) $(cat /marks/setup-$JOB_COMPLETION_INDEX)"', indexed({}), { initContainers: [sh('setup', 'echo set-$JOB_COMPLETION_INDEX > /marks/setup-$JOB_COMPLETION_INDEX', MARKED)] }),
    job('some-fail', ODD, indexed({ backoffLimitPerIndex: 0 })),
    job('too-many-fail', '[ $JOB_COMPLETION_INDEX = 0 ] && exit 1; exec sleep 600', indexed({ parallelism: 1, backoffLimitPerIndex: 0, maxFailedIndexes: 0 })),
    job('hopeless', '[ $JOB_COMPLETION_INDEX = 1 ] && exit 13; exit 0', indexed({ completions: 2, backoffLimitPerIndex: 3, podFailurePolicy: { rules: [{ action: 'FailIndex', onExitCodes: { operator: 'In', values: [13] } }] } })),
    job('fatal', '[ $JOB_COMPLETION_INDEX = 0 ] && exit 3; exec sleep 600', indexed({ completions: 2, podFailurePolicy: { rules: [{ action: 'FailJob', onExitCodes: { containerName: 'main', operator: 'In', values: [3] } }] } })),
    job('enough', '[ $JOB_COMPLETION_INDEX = 0 ] && exit 0; exec sleep 600', indexed({ successPolicy: { rules: [{ succeededIndexes: '0' }] } })),
    job('forgiven', 'mkdir /marks/first && exit 42; exit 0', { backoffLimit: 0, podFailurePolicy: { rules: [{ action: 'Ignore', onExitCodes: { operator: 'In', values: [42] } }] } }),
    job('retried', 'mkdir /marks/retried-$JOB_COMPLETION_INDEX && exit 1; exit 0', indexed({ completions: 2, backoffLimitPerIndex: 1 })),
    job('fleeting', 'true', { ttlSecondsAfterFinished: 2 }),
    job('foreign', 'true', { managedBy: 'example.org/other' }),
    job('paused', 'exec sleep 600', { suspend: true, parallelism: 2, completions: 2 }),
    job('replaced', "trap 'sleep 2; exit 1' TERM; while :; do sleep 0.1; done", { podReplacementPolicy: 'Failed' }, { terminationGracePeriodSeconds: 20 }),
    job('evicted', '[ -d /marks/evicted ] && exit 0; exec sleep 600', { backoffLimit: 0, podFailurePolicy: { rules: [{ action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] }] } }),
    job('elastic', 'exec sleep 600', indexed({ completions: 2, parallelism: 2 })),
  );
}, 120_000);

afterAll(async () => {
  await cluster.stop();
  rmSync(marks, { recursive: true, force: true });
}, 90_000);

describe('Indexed Jobs', () => {
  test('each index runs once, knows its number, and its pod is named and hosted after it', async () => {
    expect((await finished('indexes')).status).toMatchObject({ succeeded: 4, completedIndexes: '0-3' });
    const logs = await cluster.minik(['logs', 'job/indexes', '--no-prefix']);
    expect(logs.stdout.trim().split('\n').sort()).toEqual([0, 1, 2, 3].map((index) => `${index} indexes-${index} set-${index}`));
    for (const { metadata, spec } of await podsOf('indexes')) {
      const index = metadata?.annotations?.['batch.kubernetes.io/job-completion-index'];
      expect(metadata?.labels?.['batch.kubernetes.io/job-completion-index']).toBe(index);
      expect(metadata?.name).toMatch(new RegExp(`^indexes-${index}-\\w{5}$`));
      expect(spec?.hostname).toBe(`indexes-${index}`);
    }
  }, 60_000);

  test('with a limit for each index the others go on, and the Job fails for the failed ones', async () => {
    const done = await finished('some-fail');
    expect(conditionsOf(done)).toEqual(['FailureTarget/FailedIndexes', 'Failed/FailedIndexes']);
    expect(done.status).toMatchObject({ completedIndexes: '0,2', failedIndexes: '1,3', succeeded: 2, failed: 2 });
  }, 60_000);

  test('more failed indexes than allowed end it, and no further pods are made', async () => {
    const done = await finished('too-many-fail');
    expect(conditionsOf(done)).toEqual(['FailureTarget/MaxFailedIndexesExceeded', 'Failed/MaxFailedIndexesExceeded']);
    expect(done.status).toMatchObject({ failedIndexes: '0', failed: 1 });
    expect(await podsOf('too-many-fail')).toHaveLength(1);
  }, 60_000);

  test('FailIndex gives an index up without a retry', async () => {
    const done = await finished('hopeless');
    expect(done.status).toMatchObject({ completedIndexes: '0', failedIndexes: '1', succeeded: 1, failed: 1 });
    expect(await podsOf('hopeless')).toHaveLength(2);
  }, 60_000);

  test('the retry of an index carries its failure count', async () => {
    const done = await finished('retried');
    expect(done.status).toMatchObject({ completedIndexes: '0,1', failedIndexes: '', succeeded: 2, failed: 2 });
    const counts = (await podsOf('retried')).map(({ metadata }) => [metadata?.annotations?.['batch.kubernetes.io/job-completion-index'], metadata?.annotations?.['batch.kubernetes.io/job-index-failure-count']].join(':'));
    expect(counts.sort()).toEqual(['0:0', '0:1', '1:0', '1:1']);
  }, 60_000);

  test('a success policy ends it early; what still ran is stopped and is no failure', async () => {
    const done = await finished('enough');
    expect(conditionsOf(done)).toEqual(['SuccessCriteriaMet/SuccessPolicy', 'Complete/SuccessPolicy']);
    expect(done.status).toMatchObject({ completedIndexes: '0', succeeded: 1, ready: 0, terminating: 0 });
    expect(done.status?.failed).toBeUndefined();
  }, 60_000);

  test('grows and shrinks while it runs', async () => {
    await until('elastic', 'runs', ({ status }) => status?.ready === 2);
    const refused = await cluster.minik(['patch', 'job', 'elastic', '-p', '{"spec":{"completions":3}}']);
    expect(refused.stderr).toContain('spec.completions: Invalid value: 3: can only be modified in tandem with spec.parallelism');
    await cluster.minik(['patch', 'job', 'elastic', '-p', '{"spec":{"completions":3,"parallelism":3}}']);
    await until('elastic', 'has grown', ({ status }) => status?.ready === 3);
    await cluster.minik(['patch', 'job', 'elastic', '-p', '{"spec":{"completions":1,"parallelism":1}}']);
    await until('elastic', 'has shrunk', ({ status }) => status?.active === 1 && status.terminating === 0);
    expect((await podsOf('elastic')).map(({ metadata }) => metadata?.labels?.['batch.kubernetes.io/job-completion-index'])).toEqual(['0']);
    expect((await get('elastic')).status?.failed).toBeUndefined();
    await cluster.minik(['delete', 'job', 'elastic']);
  }, 60_000);

  test('is described as kubectl describes it', async () => {
    await finished('some-fail');
    const [ours, theirs] = await Promise.all([cluster.minik(['describe', 'job', 'some-fail']), cluster.kubectl(['describe', 'job', 'some-fail'])]);
    const masked = (text: string): string => text.replaceAll(/\b\d+s\b/g, 'Ns');
    expect(masked(ours.stdout)).toBe(masked(theirs.stdout));
    expect(ours.stdout).toMatch(/^Completed Indexes: +0,2$/m);
  }, 60_000);
});

describe('policies', () => {
  test('FailJob ends the Job at once, with the container, its code and the rule', async () => {
    const done = await finished('fatal');
    expect(conditionsOf(done)).toEqual(['FailureTarget/PodFailurePolicy', 'Failed/PodFailurePolicy']);
    expect(done.status?.conditions?.[1]?.message).toMatch(/^Container main for pod default\/fatal-0-\w{5} failed with exit code 3 matching FailJob rule at index 0$/);
    // The pod that still ran counts, too.
    expect(done.status).toMatchObject({ failed: 2, terminating: 0 });
  }, 60_000);

  test('Ignore lets a Job without any retry go on', async () => {
    const done = await finished('forgiven');
    expect(conditionsOf(done)).toEqual(['SuccessCriteriaMet/CompletionsReached', 'Complete/CompletionsReached']);
    expect(done.status?.failed).toBeUndefined();
    expect(await podsOf('forgiven')).toHaveLength(2);
  }, 60_000);

  test('an eviction is told from a failure', async () => {
    await until('evicted', 'runs', ({ status }) => status?.ready === 1);
    const [pod] = await podsOf('evicted');
    const name = pod?.metadata?.name ?? '';
    await cluster.minik(['run', 'marker', '--image=busybox', '--restart=Never', '--overrides', JSON.stringify({ spec: { containers: [sh('marker', 'mkdir /marks/evicted', MARKED)], volumes: [{ name: 'marks', hostPath: { path: marks } }], restartPolicy: 'Never' } })]);
    await eventually('the mark is there', async () => readdirSync(marks).includes('evicted'), { timeoutMs: 30_000 });
    const eviction = JSON.stringify({ apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name } });
    const ran = await cluster.kubectl(['create', '--raw', `/api/v1/namespaces/default/pods/${name}/eviction`, '-f', '-'], { input: eviction });
    expect(ran.code).toBe(0);
    const done = await finished('evicted');
    expect(conditionsOf(done)).toEqual(['SuccessCriteriaMet/CompletionsReached', 'Complete/CompletionsReached']);
    expect(done.status?.failed).toBeUndefined();
  }, 90_000);

  test('with replacement policy Failed a deleted pod is replaced only when it has ended', async () => {
    await until('replaced', 'runs', ({ status }) => status?.ready === 1);
    const [pod] = await podsOf('replaced');
    await cluster.minik(['delete', 'pod', pod?.metadata?.name ?? '', '--wait=false']);
    const leaving = await until('replaced', 'terminates its pod', ({ status }) => status?.terminating === 1);
    expect([leaving.status?.active, leaving.status?.failed]).toEqual([undefined, undefined]);
    const after = await until('replaced', 'has a new pod', ({ status }) => status?.active === 1);
    expect(after.status).toMatchObject({ failed: 1, terminating: 0 });
    await cluster.minik(['delete', 'job', 'replaced', '--wait=false']);
  }, 60_000);
});

describe('room', () => {
  test('pods that ask for more than half of the processors run one after the other', async () => {
    const [node] = (await cluster.get<{ items: Node[] }>(['nodes'])).items;
    const cpu = `${Math.ceil(Number(node?.status?.allocatable?.['cpu']) * 600)}m`;
    await apply(job('crowded', '', { completions: 2, parallelism: 2 }, { containers: [sh('main', 'sleep 1', { resources: { requests: { cpu } } })] }));
    expect((await finished('crowded')).status).toMatchObject({ succeeded: 2 });
    const runs = await podsOf('crowded');
    const times = runs.map(({ status }) => status?.containerStatuses?.[0]?.state?.terminated).map((end) => [Date.parse(end?.startedAt ?? ''), Date.parse(end?.finishedAt ?? '')]).sort((a, b) => a[0]! - b[0]!);
    expect(times[1]![0]).toBeGreaterThanOrEqual(times[0]![1]!);
    expect((await cluster.minik(['events', '--no-headers'])).stdout).toMatch(/FailedScheduling +pod\/crowded-\w{5} +0\/1 nodes are available: 1 Insufficient cpu\./i);
  }, 60_000);
});

describe('life', () => {
  test('a Job goes when its time to live is over, and its pods with it', async () => {
    await eventually('it is gone', async () => (await cluster.minik(['get', 'job', 'fleeting'])).code === 1, { timeoutMs: 45_000 });
    await eventually('its pods are gone', async () => (await podsOf('fleeting')).length === 0);
  }, 60_000);

  test('a Job that somebody else manages is left to them, and they may write its status', async () => {
    expect(await podsOf('foreign')).toEqual([]);
    const patch = await cluster.kubectl(['patch', 'job', 'foreign', '--subresource=status', '--type=merge', '-p', '{"status":{"active":1,"ready":0,"startTime":"2026-01-01T00:00:00Z"}}']);
    expect(patch.code).toBe(0);
    expect((await get('foreign')).status).toMatchObject({ active: 1 });
  }, 30_000);

  test('a suspended Job has no pods; resumed it has; suspended again they go, uncounted', async () => {
    const asleep = await until('paused', 'is suspended', (found) => conditionsOf(found).includes('Suspended/JobSuspended'));
    expect(asleep.status).toMatchObject({ ready: 0 });
    expect(asleep.status?.startTime).toBeUndefined();
    expect(await podsOf('paused')).toEqual([]);
    await cluster.minik(['resume', 'job/paused']);
    await until('paused', 'runs', ({ status }) => status?.ready === 2);
    await cluster.minik(['suspend', 'job/paused']);
    const again = await until('paused', 'has stopped', ({ status }) => status?.active === undefined && status?.ready === 0 && status.terminating === 0);
    expect(again.status?.failed).toBeUndefined();
    await eventually('its pods are gone', async () => (await podsOf('paused')).length === 0);
    const events = await cluster.minik(['events', '--for', 'job/paused', '--no-headers']);
    for (const reason of ['Suspended', 'Resumed', 'SuccessfulCreate', 'SuccessfulDelete']) expect(events.stdout).toContain(reason);
  }, 60_000);
});
