// Probes and lifecycle hooks on real Docker, in short times.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execa } from 'execa';
import type { Container, Pod, PodSpec } from '../../src/api/generated/types.ts';
import { TestCluster } from '../support/cluster.ts';
import { ensureImages } from '../support/images.ts';
import { ClusterPods, podOf, sh } from '../support/pods.ts';

const UP = 'exec sleep 600';
const QUICK = { periodSeconds: 1, failureThreshold: 1 };

let cluster: TestCluster;
let pods: ClusterPods;
let marks: string;

const shell = (script: string) => ({ exec: { command: ['sh', '-c', script] } });
const marked: Partial<Container> = { volumeMounts: [{ name: 'marks', mountPath: '/marks' }] };
const one = (name: string, script: string, change: Partial<Container>, spec: Partial<PodSpec> = {}): Pod =>
  podOf(name, { restartPolicy: 'Always', terminationGracePeriodSeconds: 1, volumes: [{ name: 'marks', hostPath: { path: marks } }], containers: [sh('main', script, { ...marked, ...change })], ...spec });
const main = ({ status }: Pod) => status?.containerStatuses?.[0];
const inside = async (name: string, script: string): Promise<void> => {
  const container = (await pods.containers(await pods.get(name))).get('main');
  await execa('docker', ['exec', container!.Id, 'sh', '-c', script]);
};

beforeAll(async () => {
  await ensureImages('busybox:latest');
  cluster = await TestCluster.start();
  pods = new ClusterPods(cluster);
  marks = mkdtempSync(join(tmpdir(), 'minik-test-marks-'));
  await pods.apply(
    one('sick', `touch /tmp/well; ${UP}`, { livenessProbe: { ...shell('test -f /tmp/well && { test -f /marks/sick && exit 0; touch /marks/sick; rm /tmp/well; }'), ...QUICK } }),
    one('stuck', UP, { livenessProbe: { ...shell('echo asked; sleep 30'), ...QUICK, timeoutSeconds: 1 } }, { restartPolicy: 'Never' }),
    one('server', 'mkdir /www; httpd -f -p 8080 -h /www', { ports: [{ containerPort: 8080, name: 'web' }], readinessProbe: { httpGet: { port: 'web', path: '/ready' }, ...QUICK } }),
    one('socket', 'sleep 2; exec httpd -f -p 7000', { readinessProbe: { tcpSocket: { port: 7000 }, ...QUICK } }),
    one('slow', UP, { startupProbe: { ...shell('test -f /marks/up'), periodSeconds: 1, failureThreshold: 300 }, livenessProbe: { ...shell('test -f /marks/up'), ...QUICK } }),
    one('never-up', UP, { startupProbe: { ...shell('false'), periodSeconds: 1, failureThreshold: 2 } }),
    one('greeted', `cat /marks/hello; ${UP}`, { lifecycle: { postStart: shell('sleep 2; echo hello > /marks/greeted') } }),
    one('rejected', UP, { lifecycle: { postStart: shell('exit 7') } }),
    one('farewell', `trap 'echo term >> /marks/farewell; exit 0' TERM; while :; do sleep 0.1; done`, { lifecycle: { preStop: shell('echo bye >> /marks/farewell; sleep 1') } }, { terminationGracePeriodSeconds: 20 }),
    one('dawdler', UP, { lifecycle: { preStop: shell('sleep 600') } }, { terminationGracePeriodSeconds: 2 }),
    one('dozer', `trap 'date +%s > /marks/dozer; exit 0' TERM; while :; do sleep 0.1; done`, { lifecycle: { preStop: { sleep: { seconds: 3 } } } }, { terminationGracePeriodSeconds: 20 }),
    podOf('pair', {
      restartPolicy: 'Always',
      terminationGracePeriodSeconds: 1,
      initContainers: [sh('side', `sleep 2; touch /tmp/up; ${UP}`, { restartPolicy: 'Always', startupProbe: { ...shell('test -f /tmp/up'), periodSeconds: 1, failureThreshold: 30 } })],
      containers: [sh('main', UP)],
    }),
  );
}, 120_000);

afterAll(async () => {
  await cluster.stop();
  rmSync(marks, { recursive: true, force: true });
}, 90_000);

describe('liveness', () => {
  test('a container that fails is killed and comes back', async () => {
    const pod = await pods.until('sick', 'was restarted and is well', (found) => main(found)?.restartCount === 1 && main(found)?.ready);
    expect(main(pod)?.lastState?.terminated?.exitCode).toBe(137);
    await pods.untilEvent('sick', /Killing Container main failed liveness probe, will be restarted/);
    await pods.untilEvent('sick', /Unhealthy Liveness probe failed:/);
  }, 60_000);

  test('a command that does not end in time fails, and is gone; a Pod that restarts nothing has failed', async () => {
    await pods.phase('stuck', 'Failed');
    await pods.untilEvent('stuck', /Liveness probe failed: command timed out: .* timed out after 1s/);
    await pods.untilEvent('stuck', /Container main failed liveness probe$/);
  }, 60_000);
});

describe('readiness', () => {
  test('over HTTP: ready and unready as the server says, without a restart', async () => {
    await pods.untilEvent('server', /Readiness probe failed: HTTP probe failed with statuscode: 404/);
    expect((await pods.get('server')).status?.conditions?.find(({ type }) => type === 'Ready')).toMatchObject({ status: 'False', reason: 'ContainersNotReady' });
    await pods.until('server', 'runs', ({ status }) => status?.phase === 'Running');
    await inside('server', 'echo yes > /www/ready');
    await pods.until('server', 'is ready', (found) => main(found)?.ready);
    await inside('server', 'rm /www/ready');
    const pod = await pods.until('server', 'is unready again', (found) => main(found)?.ready === false);
    expect(main(pod)).toMatchObject({ started: true, restartCount: 0 });
  }, 60_000);

  test('over TCP: ready once the port is open', async () => {
    await pods.until('socket', 'is ready', (found) => main(found)?.ready);
    await pods.untilEvent('socket', /Readiness probe failed: dial tcp [\d.]+:7000: connect: connection refused/);
  }, 60_000);
});

describe('startup', () => {
  test('holds the other probes back until it has passed', async () => {
    const early = await pods.until('slow', 'runs', (found) => main(found)?.state?.running !== undefined);
    expect(main(early)).toMatchObject({ started: false, ready: false });
    writeFileSync(join(marks, 'up'), '');
    const up = await pods.until('slow', 'has started', (found) => main(found)?.started);
    expect(main(up)).toMatchObject({ ready: true, restartCount: 0 });
    expect((await pods.events('slow')).filter((event) => event.includes('Liveness'))).toEqual([]);
  }, 60_000);

  test('a container that never starts is killed and comes back', async () => {
    await pods.untilEvent('never-up', /Container main failed startup probe, will be restarted/);
    await pods.until('never-up', 'is restarted', (found) => (main(found)?.restartCount ?? 0) >= 1);
  }, 60_000);

  test('app containers wait for a sidecar to have started', async () => {
    const pod = await pods.until('pair', 'is ready', ({ status }) => status?.conditions?.some(({ type, status: value }) => type === 'Ready' && value === 'True'));
    const [side, app] = [pod.status?.initContainerStatuses?.[0], main(pod)].map((status) => Date.parse(status?.state?.running?.startedAt ?? ''));
    expect(app! - side!).toBeGreaterThanOrEqual(1_000);
  }, 60_000);
});

describe('hooks', () => {
  test('a container runs once its postStart hook has returned', async () => {
    const pod = await pods.until('greeted', 'runs', (found) => main(found)?.state?.running !== undefined);
    expect(readFileSync(join(marks, 'greeted'), 'utf8')).toBe('hello\n');
    expect(pod.status?.phase).toBe('Running');
  }, 60_000);

  test('a postStart hook that fails kills its container', async () => {
    await pods.untilEvent('rejected', /FailedPostStartHook PostStartHook failed/);
    await pods.untilEvent('rejected', /Killing FailedPostStartHook/);
    await pods.until('rejected', 'is restarted', (found) => (main(found)?.restartCount ?? 0) >= 1);
  }, 60_000);

  test('a preStop hook runs before the signal', async () => {
    await pods.phase('farewell', 'Running');
    const deleted = await cluster.minik(['delete', 'pod', 'farewell'], { timeoutMs: 40_000 });
    expect(deleted.code).toBe(0);
    expect(readFileSync(join(marks, 'farewell'), 'utf8')).toBe('bye\nterm\n');
  }, 60_000);

  test('a preStop hook may be a pause', async () => {
    await pods.phase('dozer', 'Running');
    const asked = Math.floor(Date.now() / 1_000);
    expect((await cluster.minik(['delete', 'pod', 'dozer'], { timeoutMs: 40_000 })).code).toBe(0);
    expect(Number(readFileSync(join(marks, 'dozer'), 'utf8')) - asked).toBeGreaterThanOrEqual(3);
  }, 60_000);

  test('a preStop hook that takes too long uses up the grace period', async () => {
    await pods.phase('dawdler', 'Running');
    expect((await cluster.minik(['delete', 'pod', 'dawdler'], { timeoutMs: 40_000 })).code).toBe(0);
    await pods.untilEvent('dawdler', /FailedPreStopHook PreStopHook failed/);
  }, 60_000);
});
