// Services of type LoadBalancer in front of real nginx Pods: addresses of their own on this host, who may use them, health
// checks, ports that are taken, and what a browser shows.
import { once } from 'node:events';
import { request } from 'node:http';
import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execa } from 'execa';
import type { Pod, Service, ServiceSpec } from '../../src/api/generated/types.ts';
import { hasProgram } from '../../bin/system-packages.ts';
import { eventually, TestCluster } from '../support/cluster.ts';
import { visit } from '../support/http-visits.ts';
import { ensureImages } from '../support/images.ts';
import { ClusterPods } from '../support/pods.ts';
import { failureOf } from '../support/proxy-bench.ts';

let cluster: TestCluster;
let pods: ClusterPods;

const web = (name: string): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, labels: { app: name } },
  spec: {
    terminationGracePeriodSeconds: 1,
    containers: [
      {
        name: 'nginx',
        image: 'nginx',
        imagePullPolicy: 'IfNotPresent',
        command: ['sh', '-c', `echo '<html><head><title>${name}</title></head><body>page of ${name}</body></html>' > /usr/share/nginx/html/index.html; exec nginx -g "daemon off;"`],
        readinessProbe: { httpGet: { port: 80 }, periodSeconds: 1 },
      },
    ],
  },
});

const balancer = (name: string, app: string, spec: Partial<ServiceSpec> = {}): Service => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name },
  spec: { type: 'LoadBalancer', selector: { app }, ports: [{ port: 80 }], ...spec },
});

const get = (name: string): Promise<Service> => cluster.get<Service>(['service', name]);
const addressOf = (name: string): Promise<string> => eventually(`${name} has an address`, async () => (await get(name)).status?.loadBalancer?.ingress?.[0]?.ip);
const whenLive = (url: string): Promise<string> => eventually(`${url} answers`, () => visit(url));

beforeAll(async () => {
  await ensureImages('nginx:latest');
  cluster = await TestCluster.start();
  pods = new ClusterPods(cluster);
  await pods.apply(web('one'), web('two'), balancer('one', 'one'), balancer('two', 'two'));
  for (const name of ['one', 'two']) await pods.until(name, 'is ready', ({ status }) => status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True'));
}, 120_000);

afterAll(() => cluster.stop(), 90_000);

test('two Services have port 80, each on an address of its own, and a node port besides', async () => {
  const [one, two] = [await addressOf('one'), await addressOf('two')];
  expect(one).not.toBe(two);
  expect(await whenLive(`http://${one}/`)).toContain('page of one');
  expect(await whenLive(`http://${two}/`)).toContain('page of two');
  const { nodePort } = (await get('one')).spec!.ports![0]!;
  expect(await whenLive(`http://127.0.0.1:${nodePort}/`)).toContain('page of one');
  expect((await get('one')).status?.loadBalancer?.ingress).toEqual([{ ip: one, ipMode: 'VIP' }]);
}, 30_000);

describe('a browser', () => {
  const browser = ['chromium', 'chromium-browser', 'google-chrome'].find(hasProgram);
  const show = async (url: string): Promise<string> => {
    const { stdout } = await execa(browser!, ['--headless', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--dump-dom', url], { timeout: 30_000 });
    return stdout;
  };

  (browser === undefined ? test.skip : test)('opens the page through the load balancer and through the node port', async () => {
    const { nodePort } = (await get('one')).spec!.ports![0]!;
    expect(await show(`http://${await addressOf('one')}/`)).toContain('<title>one</title>');
    expect(await show(`http://127.0.0.1:${nodePort}/`)).toContain('<title>one</title>');
  }, 90_000);
});

test('who is in no source range is turned away, on the address and not on the node port', async () => {
  await pods.apply(balancer('choosy', 'one', { loadBalancerSourceRanges: ['192.0.2.0/24'] }));
  const address = await addressOf('choosy');
  const { nodePort } = (await get('choosy')).spec!.ports![0]!;
  expect(await whenLive(`http://127.0.0.1:${nodePort}/`)).toContain('page of one');
  // The kernel's rules drop what is not welcome, as upstream's do; the proxy has accepted it already, and resets it.
  await eventually('it is closed to us', async () => /ECONNRESET|hang up|no answer/.test(await failureOf(visit(`http://${address}/`, { timeoutMs: 500 }))));
  await cluster.minik(['patch', 'service', 'choosy', '-p', '{"spec":{"loadBalancerSourceRanges":["127.0.0.0/8"]}}']);
  expect(await whenLive(`http://${address}/`)).toContain('page of one');
}, 30_000);

test('a health check port tells whether this node has endpoints', async () => {
  await pods.apply(balancer('local', 'one', { externalTrafficPolicy: 'Local' }));
  const { healthCheckNodePort: port } = (await get('local')).spec!;
  expect(port).toBeGreaterThanOrEqual(30_000);
  const ask = (): Promise<{ code?: number; body: string }> =>
    new Promise((resolve, reject) => {
      const asked = request({ host: '127.0.0.1', port, path: '/healthz' }, (response) => {
        let body = '';
        response.on('data', (data: Buffer) => (body += data.toString()));
        response.on('end', () => resolve({ ...(response.statusCode === undefined ? {} : { code: response.statusCode }), body }));
      });
      asked.on('error', reject);
      asked.end();
    });
  const healthy = await eventually('it is healthy', async () => {
    const answer = await ask();
    return answer.code === 200 && answer;
  });
  expect(JSON.parse(healthy.body)).toEqual({ service: { namespace: 'default', name: 'local' }, localEndpoints: 1, serviceProxyHealthy: true });
  await cluster.minik(['patch', 'service', 'local', '-p', '{"spec":{"selector":{"app":"nobody"}}}']);
  await eventually('it is not', async () => (await ask()).code === 503);
}, 30_000);

test('a port that another program has everywhere is live all the same, or told on the Service with the way that is left', async () => {
  // On every address of this host.
  const all = createServer().listen(0, '0.0.0.0');
  await once(all, 'listening');
  const { port } = all.address() as { port: number };
  await pods.apply(balancer('late', 'one', { ports: [{ port, targetPort: 80 }] }));
  const address = await addressOf('late');
  const { nodePort } = (await get('late')).spec!.ports![0]!;
  expect(await whenLive(`http://127.0.0.1:${nodePort}/`)).toContain('page of one');
  if (/kernel forwarding +on/.test((await cluster.minik(['status'])).stdout)) {
    // The address is this Service's alone, and the kernel forwards it before any listener is asked.
    expect(await whenLive(`http://${address}:${port}/`)).toContain('page of one');
    expect((await get('late')).status?.loadBalancer?.ingress).toEqual([{ ip: address, ipMode: 'VIP' }]);
    expect((await pods.events('late')).filter((event) => event.startsWith('Warning'))).toEqual([]);
  } else {
    const event = await pods.untilEvent('late', /PortInUse/);
    expect(event).toContain(`The load balancer port ${port}/TCP cannot be opened on ${address}: it is in use by `);
    expect(event).toContain(`Until then use 127.0.0.1:${nodePort}`);
    await eventually('the status says so', async () => (await get('late')).status?.loadBalancer?.ingress?.[0]?.ports?.[0]?.error !== undefined);
  }
  all.close();
  expect(await whenLive(`http://${address}:${port}/`)).toContain('page of one');
  await eventually('the status is good', async () => (await get('late')).status?.loadBalancer?.ingress?.[0]?.ports === undefined);
}, 60_000);

test('the address goes with the Service', async () => {
  const address = await addressOf('two');
  await cluster.minik(['delete', 'service', 'two']);
  await eventually('it refuses', async () => (await failureOf(visit(`http://${address}/`))) === 'ECONNREFUSED');
}, 30_000);
