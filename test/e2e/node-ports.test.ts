// Node ports in front of real nginx Pods: who answers, what a replaced Pod costs, ports that are taken, daemons that die.
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { execa } from 'execa';
import type { Node, Pod, Service, ServiceSpec } from '../../src/api/generated/types.ts';
import { SERVICES } from '../../src/api/kinds.ts';
import { createHttpClient } from '../../src/client/http-client.ts';
import { eventually, isAlive, TestCluster } from '../support/cluster.ts';
import { chiSquare, load, visit, visits } from '../support/http-visits.ts';
import { ensureImages } from '../support/images.ts';
import { ClusterPods } from '../support/pods.ts';
import { failureOf } from '../support/proxy-bench.ts';

let cluster: TestCluster;
let pods: ClusterPods;

/** Its page is its name. Before it goes it answers for a while, as upstream's documents tell servers to do. */
const web = (name: string): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, labels: { app: 'web' } },
  spec: {
    terminationGracePeriodSeconds: 5,
    containers: [
      {
        name: 'nginx',
        image: 'nginx',
        imagePullPolicy: 'IfNotPresent',
        command: ['sh', '-c', 'hostname > /usr/share/nginx/html/index.html; dd if=/dev/zero of=/usr/share/nginx/html/big bs=1M count=64; exec nginx -g "daemon off;"'],
        readinessProbe: { httpGet: { port: 80 }, periodSeconds: 1 },
        lifecycle: { preStop: { sleep: { seconds: 1 } } },
      },
    ],
  },
});

const service = (name: string, spec: Partial<ServiceSpec> = {}): Service => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name },
  spec: { type: 'NodePort', selector: { app: 'web' }, ports: [{ port: 80 }], ...spec },
});

const nodePortOf = async (name: string): Promise<number> => (await cluster.get<Service>(['service', name])).spec!.ports![0]!.nodePort!;
const urlOf = async (name: string): Promise<string> => `http://127.0.0.1:${await nodePortOf(name)}/`;
/** Past the kernel's rules, which are for IPv4: the proxy itself. */
const proxiedUrlOf = async (name: string): Promise<string> => `http://[::1]:${await nodePortOf(name)}/`;
const whenLive = (url: string): Promise<string> => eventually(`${url} answers`, () => visit(url));

beforeAll(async () => {
  await ensureImages('nginx:latest');
  cluster = await TestCluster.start();
  pods = new ClusterPods(cluster);
  await pods.apply(service('web'), web('a'), web('b'), web('c'));
  for (const name of ['a', 'b', 'c']) await pods.until(name, 'is ready', ({ status }) => status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True'));
  await whenLive(await urlOf('web'));
}, 120_000);

afterAll(() => cluster.stop(), 90_000);

test.each([
  { way: 'the usual way', urlOf },
  { way: 'through the proxy', urlOf: proxiedUrlOf },
])('visits spread evenly over the Pods, $way', async (row) => {
  const url = await row.urlOf('web');
  await eventually('all three answer', async () => (await visits(url, 6)).size === 3);
  const pages = await visits(url, 300);
  expect([...pages.keys()].sort()).toEqual(['a', 'b', 'c']);
  // 13.8: what an even choice would pass once in a thousand times, with two degrees of freedom.
  expect(chiSquare([...pages.values()])).toBeLessThan(13.8);
}, 60_000);

test("it answers on both loopback addresses and on the node's, from the host and from a Pod", async () => {
  const port = await nodePortOf('web');
  const { items } = await cluster.get<{ items: Node[] }>(['nodes']);
  const address = items[0]!.status!.addresses!.find(({ type }) => type === 'InternalIP')!.address;
  for (const host of ['127.0.0.1', '[::1]', address]) expect(['a', 'b', 'c']).toContain(await visit(`http://${host}:${port}/`));
  const inside = await cluster.minik(['exec', 'a', '--', 'wget', '-qO-', `http://${address}:${port}/`]);
  expect(['a', 'b', 'c']).toContain(inside.stdout.trim());
});

test('one client has one Pod, where the Service says so', async () => {
  await pods.apply(service('sticky', { sessionAffinity: 'ClientIP' }));
  const url = await urlOf('sticky');
  await whenLive(url);
  expect((await visits(url, 20)).size).toBe(1);
  await cluster.minik(['delete', 'service', 'sticky']);
}, 30_000);

test('a Pod that is replaced under load fails nobody', async () => {
  const url = await urlOf('web');
  const busy = [load(url, 4), load(await proxiedUrlOf('web'), 4)];
  await pods.apply(web('d'));
  await pods.until('d', 'is ready', ({ status }) => status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True'));
  expect((await cluster.minik(['delete', 'pod', 'a', '--wait'])).code).toBe(0);
  await delay(500);
  for (const each of busy) {
    const { visits: count, failures } = await each.stop();
    expect(failures).toEqual([]);
    expect(count).toBeGreaterThan(100);
  }
  expect([...(await visits(url, 12)).keys()].sort()).toEqual(['b', 'c', 'd']);
}, 60_000);

test('a Service without Pods refuses at once, and is live with the first', async () => {
  await pods.apply(service('later', { selector: { app: 'later' } }));
  const url = await urlOf('later');
  expect(await failureOf(visit(url))).toBe('ECONNREFUSED');
  expect((await cluster.minik(['label', 'pod', 'd', 'app=later', '--overwrite'])).code).toBe(0);
  expect(await whenLive(url)).toBe('d');
  expect((await cluster.minik(['label', 'pod', 'd', 'app=web', '--overwrite'])).code).toBe(0);
  await eventually('it refuses again', async () => (await failureOf(visit(url))) === 'ECONNREFUSED');
  await cluster.minik(['delete', 'service', 'later']);
}, 30_000);

test('a proxy at its limit does not keep the API waiting', async () => {
  const ip = (await pods.get('b')).status!.podIP!;
  // The same streams past the proxy: what is left of this machine's cores is as little then.
  const usual = await answerTimeDuring(`http://${ip}/big`);
  const proxied = await answerTimeDuring(`${await proxiedUrlOf('web')}big`);
  expect(proxied).toBeLessThan(3 * usual + 25);
}, 60_000);

test('a port of another program is named on the Service, and used as soon as it is free', async () => {
  const { server, port } = await takenPort();
  try {
    await pods.apply(service('late', { ports: [{ port: 80, nodePort: port }] }));
    const event = await pods.untilEvent('late', /PortInUse/);
    expect(event).toMatch(new RegExp(`^Warning PortInUse The node port ${port}/TCP cannot be opened on 127.0.0.1: it is in use by .*\\(pid ${process.pid}\\)\\. It will be opened as soon as that is possible$`));
  } finally {
    server.close();
  }
  expect(await whenLive(`http://127.0.0.1:${port}/`)).toMatch(/^[bcd]$/);
  await pods.untilEvent('late', new RegExp(`^Normal PortOpened The node port ${port}/TCP is open on 127.0.0.1 now$`));
}, 60_000);

test('a daemon that is killed leaves no port; the next one has it back at once', async () => {
  const url = await urlOf('web');
  const { pid } = await cluster.status();
  process.kill(pid, 'SIGKILL');
  await eventually('the daemon is gone', async () => !isAlive(pid));
  expect(await failureOf(visit(url))).toBe('ECONNREFUSED');
  expect((await cluster.minik(['start'])).code).toBe(0);
  const ready = performance.now();
  await whenLive(url);
  expect(performance.now() - ready).toBeLessThan(1_000);
}, 60_000);

test('a Service that is deleted takes its port along', async () => {
  const url = await urlOf('web');
  await cluster.minik(['delete', 'service', 'web', 'late']);
  await eventually('it refuses', async () => (await failureOf(visit(url))) === 'ECONNREFUSED');
}, 30_000);

async function takenPort(): Promise<{ readonly server: Server; readonly port: number }> {
  for (;;) {
    const port = 30_100 + Math.floor(Math.random() * 2_600);
    const server = createServer().listen(port, '127.0.0.1');
    const isOurs = await Promise.race([once(server, 'listening').then(() => true), once(server, 'error').then(() => false)]);
    if (isOurs) return { server, port };
  }
}

/** Median milliseconds of one request to the API while two programs download as fast as they can. */
async function answerTimeDuring(url: string): Promise<number> {
  const client = createHttpClient({ socketPath: join(cluster.home, 'minik.sock') });
  const pulling = [1, 2].map(() => execa('sh', ['-c', `while :; do curl -sg -o /dev/null "${url}" || exit 1; done`], { reject: false }));
  const times: number[] = [];
  for (let turn = 0; turn < 40; turn += 1) {
    const start = performance.now();
    await client.get(SERVICES, { namespace: 'default', name: 'web' });
    times.push(performance.now() - start);
    await delay(25);
  }
  client.close();
  for (const pull of pulling) pull.kill();
  for (const { exitCode } of await Promise.all(pulling)) expect(exitCode).not.toBe(1);
  return times.sort((a, b) => a - b)[times.length >> 1]!;
}
