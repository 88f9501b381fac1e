// What happens to Pods behind minik's back, and between any two of its calls: containers killed and removed, the daemon
// killed, the engine restarted. Afterwards the status is true within five seconds, nothing has run twice, nothing is left.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execa } from 'execa';
import type { ContainerStatus, Job, Node, Pod } from '../../src/api/generated/types.ts';
import { clusterId, containersOf, eventually, TestCluster } from '../support/cluster.ts';
import { EngineProxy, type EngineFault } from '../support/engine-proxy.ts';
import { ensureImages } from '../support/images.ts';
import { ClusterPods, podOf, sh } from '../support/pods.ts';
import { CAN_HAVE_ENGINE, SecondEngine } from '../support/second-engine.ts';

const TRUE_WITHIN = { timeoutMs: 5_000 };
const SERVE = 'exec httpd -f -p 8080';

let cluster: TestCluster;
let pods: ClusterPods;
let proxy: EngineProxy;
let scratch: string;

beforeAll(async () => {
  await ensureImages('busybox:latest');
  scratch = mkdtempSync(join(tmpdir(), 'minik-test-faults-'));
  proxy = await EngineProxy.start(join(scratch, 'engine.sock'));
  cluster = TestCluster.inNewHome();
  await start();
  pods = new ClusterPods(cluster);
}, 120_000);

afterAll(async () => {
  await cluster.stop();
  await proxy.close();
  rmSync(scratch, { recursive: true, force: true });
}, 90_000);

async function start(): Promise<void> {
  const started = await cluster.minik(['start'], { env: { DOCKER_HOST: `unix://${proxy.socketPath}` } });
  if (started.code !== 0) throw new Error(started.stderr);
}

const main = ({ status }: Pod): ContainerStatus | undefined => status?.containerStatuses?.find(({ name }) => name === 'main');
const runsAgain = (restarts: number) => (pod: Pod): boolean => main(pod)?.restartCount === restarts && main(pod)?.state?.running !== undefined && main(pod)?.ready === true;
const dockerId = async (pod: Pod, container: string): Promise<string> => (await pods.containers(pod)).get(container)!.Id;

describe('behind minik\'s back', () => {
  const cases: readonly (readonly [what: string, target: string, words: readonly string[], last: object])[] = [
    ['a container is killed', 'main', ['kill'], { exitCode: 137, reason: 'Error' }],
    ['a container is removed', 'main', ['rm', '-f'], { exitCode: 137 }],
    ['the sandbox is killed', 'POD', ['kill'], {}],
    ['the sandbox is removed', 'POD', ['rm', '-f'], {}],
  ];

  test.each(cases)('%s: it runs again, and its end is told', async (what, target, words, last) => {
    const name = what.replaceAll(' ', '-');
    await pods.apply(podOf(name, { restartPolicy: 'Always', terminationGracePeriodSeconds: 1, containers: [sh('main', SERVE), sh('beside', 'exec sleep 600')] }));
    const before = await pods.until(name, 'runs', runsAgain(0));
    await execa('docker', [...words, await dockerId(before, target)]);
    const after = await pods.until(name, 'runs again', runsAgain(1), TRUE_WITHIN);
    expect(main(after)?.lastState?.terminated).toMatchObject(last);
    expect(main(after)?.containerID).not.toBe(main(before)?.containerID);
    const others = after.status?.containerStatuses?.find((one) => one.name === 'beside');
    expect(others?.restartCount).toBe(target === 'POD' ? 1 : 0);
    // Of each there is one that runs.
    const { stdout } = await execa('docker', ['ps', '--filter', `label=minik.dev/pod-uid=${after.metadata?.uid}`, '--format', '{{.Label "minik.dev/container"}}']);
    expect(stdout.split('\n').sort()).toEqual(['POD', 'beside', 'main']);
    await cluster.minik(['delete', 'pod', name]);
  }, 60_000);

  test('the container of a Pod that runs once is removed: the Pod has failed, and is not run again', async () => {
    await pods.apply(podOf('once', { containers: [sh('main', 'echo ran >> /scratch/once; exec sleep 600', { volumeMounts: [{ name: 'scratch', mountPath: '/scratch' }] })], volumes: [{ name: 'scratch', hostPath: { path: scratch } }] }));
    const before = await pods.phase('once', 'Running');
    await execa('docker', ['rm', '-f', await dockerId(before, 'main')]);
    const after = await pods.phase('once', 'Failed', TRUE_WITHIN);
    expect(main(after)?.state?.terminated).toMatchObject({ exitCode: 137 });
    expect(readFileSync(join(scratch, 'once'), 'utf8')).toBe('ran\n');
    await cluster.minik(['delete', 'pod', 'once']);
  }, 60_000);
});

describe('the daemon is killed', () => {
  const FAULTS: Readonly<Record<string, EngineFault>> = { before: { type: 'hang', ms: 60_000 }, after: { type: 'mute' } };
  const STARTS: readonly (readonly [what: string, method: string, path: RegExp])[] = [
    ['creating the container', 'POST', /^\/containers\/create$/],
    ['starting it', 'POST', /^\/containers\/[^/]+\/start$/],
  ];
  const STOPS: readonly (readonly [what: string, method: string, path: RegExp])[] = [
    ['stopping it', 'POST', /^\/containers\/[^/]+\/stop$/],
    ['removing it', 'DELETE', /^\/containers\/[^/]+$/],
  ];
  const cases = (calls: typeof STARTS) => calls.flatMap(([what, method, path]) => Object.keys(FAULTS).map((when) => ({ when, what, method, path })));
  const job = (name: string, script: string): Job => ({
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name },
    spec: { backoffLimit: 0, template: { spec: { restartPolicy: 'Never', terminationGracePeriodSeconds: 1, containers: [sh('main', `echo ran >> /scratch/${name}; ${script}`, { volumeMounts: [{ name: 'scratch', mountPath: '/scratch' }] })], volumes: [{ name: 'scratch', hostPath: { path: scratch } }] } } },
  });
  let serial = 0;

  const killAt = async (met: Promise<void>): Promise<void> => {
    const tooLate = new Promise<never>((_resolve, reject) => setTimeout(() => reject(new Error('the call was never made')), 10_000).unref());
    await Promise.race([met, tooLate]).finally(() => proxy.forget());
    await cluster.killDaemon();
    proxy.cutAll();
    await start();
  };

  test.each(cases(STARTS))('$when $what: the Job completes after a single run', async ({ when, method, path }) => {
    const name = `job-${(serial += 1)}`;
    const met = proxy.next(method, path, FAULTS[when]!);
    await pods.apply(job(name, 'exit 0'));
    await killAt(met);
    const done = await eventually(`${name} is over`, async () => {
      const found = await cluster.get<Job>([`job/${name}`]);
      return found.status?.conditions?.some(({ type }) => type === 'Complete' || type === 'Failed') === true ? found : undefined;
    }, { timeoutMs: 10_000 });
    expect(done.status).toMatchObject({ succeeded: 1 });
    expect(readFileSync(join(scratch, name), 'utf8')).toBe('ran\n');
    await cluster.minik(['delete', 'job', name]);
  }, 60_000);

  test.each(cases(STOPS))('$when $what: the Pod goes, and nothing of it is left', async ({ when, method, path }) => {
    const name = `job-${(serial += 1)}`;
    await pods.apply(job(name, 'exec sleep 600'));
    await eventually(`${name} runs`, async () => (await cluster.get<Job>([`job/${name}`])).status?.ready === 1, { timeoutMs: 20_000 });
    const met = proxy.next(method, path, FAULTS[when]!);
    await cluster.minik(['delete', 'job', name, '--wait=false']);
    await killAt(met);
    await eventually(`nothing of ${name} is left`, async () => (await containersOf(clusterId(cluster.home))).every((container) => !container.includes(`_${name}-`)), { timeoutMs: 10_000 });
    await eventually('the API has no Pod of it', async () => (await cluster.get<{ items: Pod[] }>(['pods', '-l', `job-name=${name}`])).items.length === 0, TRUE_WITHIN);
    expect(readFileSync(join(scratch, name), 'utf8')).toBe('ran\n');
  }, 60_000);
});

test('logs -f goes on with the next run of a container, and ends with its last', async () => {
  const script = 'echo run >> /d/runs; n=$(wc -l < /d/runs); echo this is $n; sleep 1; test $n = 2';
  await pods.apply(podOf('again', { restartPolicy: 'OnFailure', containers: [sh('main', script, { volumeMounts: [{ name: 'd', mountPath: '/d' }] })], volumes: [{ name: 'd', emptyDir: {} }] }));
  await pods.until('again', 'has begun', (pod) => main(pod)?.state?.running !== undefined);
  const followed = await cluster.minik(['logs', '-f', 'again']);
  expect(followed).toEqual({ code: 0, stdout: 'this is 1\nthis is 2\n', stderr: '--- container main of pod again has ended with exit code 1; its run 2 follows ---\n' });
  const single = await cluster.kubectl(['logs', '-f', 'again']);
  expect(single.stdout).toBe('this is 2\n');
}, 60_000);

(CAN_HAVE_ENGINE ? describe : describe.skip)('an engine of its own', () => {
  let engine: SecondEngine;
  let own: TestCluster;
  let ownPods: ClusterPods;

  beforeAll(async () => {
    engine = await SecondEngine.start('172.31.201.1/24');
    await engine.load('busybox:latest');
    own = TestCluster.inNewHome();
    const started = await own.minik(['start'], { env: { DOCKER_HOST: engine.host } });
    if (started.code !== 0) throw new Error(started.stderr);
    ownPods = new ClusterPods(own);
  }, 120_000);

  afterAll(async () => {
    await own.minik(['delete', 'pods', '--all', '--now']);
    await own.stop();
    const { stdout } = await engine.docker('ps', '-aq');
    await engine.close();
    expect(stdout).toBe('');
  }, 90_000);

  test.each(['SIGTERM', 'SIGKILL'] as const)('is ended with %s and started again: its Pods run again once each, and the node is ready', async (signal) => {
    const name = `served-${signal.toLowerCase()}`;
    await ownPods.apply(podOf(name, { restartPolicy: 'Always', terminationGracePeriodSeconds: 1, containers: [sh('main', SERVE), sh('beside', 'exec sleep 600')] }));
    await ownPods.until(name, 'runs', runsAgain(0));
    await engine.down(signal);
    const ready = async () => (await own.get<Node[] | { items: Node[] }>(['nodes']) as { items: Node[] }).items[0]?.status?.conditions?.find(({ type }) => type === 'Ready')?.status;
    await eventually('the node is not ready', async () => (await ready()) === 'False', { timeoutMs: 30_000 });
    await engine.up();
    await eventually('the node is ready', async () => (await ready()) === 'True', TRUE_WITHIN);
    const after = await ownPods.until(name, 'runs again', (pod) => pod.status?.containerStatuses?.every(({ restartCount, state }) => restartCount >= 1 && state?.running !== undefined) === true, { timeoutMs: 10_000 });
    expect(after.status?.containerStatuses?.map(({ restartCount }) => restartCount)).toEqual([1, 1]);
    const { stdout } = await engine.docker('ps', '--filter', `label=minik.dev/pod-uid=${after.metadata?.uid}`, '--format', '{{.Label "minik.dev/container"}}');
    expect(stdout.split('\n').sort()).toEqual(['POD', 'beside', 'main']);
    await own.minik(['delete', 'pod', name]);
  }, 120_000);
});
