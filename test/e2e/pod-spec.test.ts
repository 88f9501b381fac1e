// What a Pod's spec asks of the machine, on real Docker: namespaces and ports of the host, profiles, kernel parameters.
import { mkdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Pod } from '../../src/api/generated/types.ts';
import { eventually, TestCluster } from '../support/cluster.ts';
import { ensureImages } from '../support/images.ts';
import { ClusterPods, podOf, sh } from '../support/pods.ts';

let cluster: TestCluster;
let pods: ClusterPods;

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

beforeAll(async () => {
  await ensureImages('busybox:latest');
  cluster = await TestCluster.start();
  pods = new ClusterPods(cluster);
}, 120_000);

afterAll(() => cluster.stop(), 90_000);

test('namespaces of the host are shared, others are not', async () => {
  const script = 'readlink /proc/self/ns/pid; readlink /proc/self/ns/ipc';
  await pods.apply(podOf('host', { hostPID: true, hostIPC: true, containers: [sh('main', script)] }), podOf('own', { containers: [sh('main', script)] }));
  await Promise.all(['host', 'own'].map((name) => pods.phase(name, 'Succeeded')));
  const ofHost = ['pid', 'ipc'].map((kind) => readlinkSync(`/proc/self/ns/${kind}`));
  expect((await pods.logs('host')).trim().split('\n')).toEqual(ofHost);
  for (const line of (await pods.logs('own')).trim().split('\n')) expect(ofHost).not.toContain(line);
}, 60_000);

test('kernel parameters and profiles are set', async () => {
  await pods.apply(
    podOf('tuned', { securityContext: { sysctls: [{ name: 'net.ipv4.ip_unprivileged_port_start', value: '99' }] }, containers: [sh('main', 'cat /proc/sys/net/ipv4/ip_unprivileged_port_start; grep Seccomp: /proc/self/status'), sh('free', 'grep Seccomp: /proc/self/status', { securityContext: { seccompProfile: { type: 'Unconfined' } } })] }),
  );
  await pods.phase('tuned', 'Succeeded');
  const seccomp = (text: string): string | undefined => /Seccomp:\s*(\d)/.exec(text)?.[1];
  expect((await pods.logs('tuned', '-c', 'main')).split('\n')[0]).toBe('99');
  // A host whose kernel filters nothing shows 0 for both.
  const own = seccomp(readFileSync('/proc/self/status', 'utf8'));
  expect(seccomp(await pods.logs('tuned', '-c', 'free'))).toBe(own);
}, 60_000);

test('a RuntimeClass names a runtime of the engine, and a Pod of another one says that there is none', async () => {
  const runtimeClass = (name: string, handler: string) => ({ apiVersion: 'node.k8s.io/v1', kind: 'RuntimeClass', metadata: { name }, handler });
  for (const object of [runtimeClass('plain', 'runc'), runtimeClass('exotic', 'no-such-runtime')]) await cluster.minik(['apply', '-f', '-'], { input: JSON.stringify(object) });
  await pods.apply(podOf('plain', { runtimeClassName: 'plain', containers: [sh('main', 'echo ran')] }), podOf('exotic', { runtimeClassName: 'exotic', containers: [sh('main', 'echo ran')] }));
  await pods.phase('plain', 'Succeeded');
  await pods.untilEvent('exotic', /Failed Error: failed to get sandbox runtime: no runtime for "no-such-runtime" is configured/);
  expect(await pods.logs('plain')).toBe('ran\n');
}, 60_000);

test('a profile of the home is handed to the engine, and one that is missing is named', async () => {
  mkdirSync(join(cluster.home, 'seccomp'));
  writeFileSync(join(cluster.home, 'seccomp', 'no-folders.json'), JSON.stringify({ defaultAction: 'SCMP_ACT_ALLOW', syscalls: [{ names: ['mkdir', 'mkdirat'], action: 'SCMP_ACT_ERRNO' }] }));
  const confined = (name: string, localhostProfile: string) => podOf(name, { securityContext: { seccompProfile: { type: 'Localhost', localhostProfile } }, containers: [sh('main', 'mkdir /tmp/x || echo refused')] });
  await pods.apply(confined('confined', 'no-folders.json'), confined('unknown', 'nowhere.json'));
  await pods.untilEvent('unknown', /Failed Error: cannot load seccomp profile ".*nowhere.json": open .*nowhere.json: no such file or directory/);
  // The engine refuses profiles where the kernel knows none.
  const outcome = await eventually('it has run, or been refused', async () => {
    const { status } = await cluster.get<Pod>(['pod', 'confined']);
    const waiting = status?.containerStatuses?.[0]?.state?.waiting;
    return status?.phase === 'Succeeded' ? await pods.logs('confined') : waiting?.reason === 'CreateContainerError' || waiting?.reason === 'RunContainerError' ? waiting.message : status?.phase === 'Failed' ? 'failed' : undefined;
  });
  const isKnown = /^Seccomp:/m.test(readFileSync('/proc/self/status', 'utf8'));
  expect(outcome).toMatch(isKnown ? /refused|seccomp/ : /seccomp/);
}, 60_000);

test('a port of the host leads to the Pod, and a second Pod that wants it waits', async () => {
  const hostPort = await freePort();
  const server = (name: string) => podOf(name, { restartPolicy: 'Always', terminationGracePeriodSeconds: 0, containers: [sh('main', `mkdir /www; echo ${name} > /www/index.html; exec httpd -f -p 8080 -h /www`, { ports: [{ containerPort: 8080, hostPort }] })] });
  await pods.apply(server('first'));
  await pods.phase('first', 'Running');
  const page = (): Promise<string> => fetch(`http://127.0.0.1:${hostPort}/`).then((answer) => answer.text());
  await eventually('the page is served', async () => (await page()) === 'first\n');
  await pods.apply(server('second'));
  await pods.untilEvent('second', /FailedScheduling 0\/1 nodes are available: 1 node\(s\) didn't have free ports for the requested pod ports\./);
  await cluster.minik(['delete', 'pod', 'first']);
  await eventually('the other serves it', async () => (await page().catch(() => '')) === 'second\n', { timeoutMs: 30_000 });
}, 90_000);
