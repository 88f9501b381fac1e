// Services of type LoadBalancer over the real API, with the real controller: who gets which address, and gives it back.
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { PortStatus, Service, ServiceSpec } from '../../../src/api/generated/types.ts';
import { SERVICES, type Resource } from '../../../src/api/kinds.ts';
import type { KubeObject } from '../../../src/api/object.ts';
import { isNotFound } from '../../../src/api/status-error.ts';
import { systemClock } from '../../../src/base/clock.ts';
import { silentLogger } from '../../../src/base/log.ts';
import { createLoadBalancerController } from '../../../src/controllers/load-balancer/load-balancer-controller.ts';
import { startControllers, type RunningControllers } from '../../../src/controllers/runtime/run-controllers.ts';
import { startInformers, type Informers } from '../../../src/daemon/informers.ts';
import { startApi, type TestApi } from '../../support/api.ts';
import { eventually } from '../../support/eventually.ts';
import { newService } from '../../support/services.ts';

let api: TestApi;
let informers: Informers;
let controllers: RunningControllers;
let told: string[];
let problems: PortStatus[];
let problemsChanged: (key: string) => void;

beforeEach(async () => {
  api = await startApi();
  told = [];
  problems = [];
  const shared = { clock: systemClock, log: silentLogger };
  informers = startInformers({ client: api.client, resources: [SERVICES] as unknown as Resource<KubeObject>[], ...shared });
  await informers.synced;
  const unopened = { of: () => problems, onChange: (callback: (key: string) => void) => ((problemsChanged = callback), () => {}) };
  const recorder = { event: (about: KubeObject, { reason }: { reason: string }) => void told.push(`${about.metadata?.name} ${reason}`) };
  controllers = startControllers([createLoadBalancerController({ client: api.client, services: informers.of(SERVICES), recorder, range: '127.96.0.0/16', unopened })], shared);
});

afterEach(async () => {
  await controllers.stop();
  await informers.stop();
  await api.close();
});

const balance = (name: string, spec: Partial<ServiceSpec> = {}): Promise<Service> => api.client.create(SERVICES, newService(name, { type: 'LoadBalancer', ...spec }));
const get = (name: string): Promise<Service> => api.client.get(SERVICES, { namespace: 'default', name });
const addressOf = (name: string): Promise<string> => eventually(`an address for ${name}`, async () => (await get(name)).status?.loadBalancer?.ingress?.[0]?.ip);
const isGone = (name: string): Promise<boolean> => get(name).then(() => false, (error: unknown) => isNotFound(error));

test('each has an address of its own, keeps it, and is told of it once', async () => {
  await Promise.all(['a', 'b', 'c', 'd'].map((name) => balance(name)));
  const addresses = await Promise.all(['a', 'b', 'c', 'd'].map(addressOf));
  expect(new Set(addresses).size).toBe(4);
  expect(addresses.every((ip) => ip.startsWith('127.96.'))).toBe(true);
  await api.client.patch(SERVICES, { namespace: 'default', name: 'a' }, { type: 'merge', body: { spec: { ports: [{ port: 8080 }] }, metadata: { labels: { a: 'b' } } } });
  await eventually('the events of all', async () => told.length === 8);
  expect(await addressOf('a')).toBe(addresses[0]);
  expect(told.filter((line) => line.startsWith('a '))).toEqual(['a EnsuringLoadBalancer', 'a EnsuredLoadBalancer']);
});

test('of two that ask for one address, one gets it, and the other gets it when that one goes', async () => {
  await Promise.all([balance('a', { loadBalancerIP: '127.96.7.7' }), balance('b', { loadBalancerIP: '127.96.7.7' })]);
  const [a, b] = await Promise.all([addressOf('a'), addressOf('b')]);
  expect([a, b].filter((ip) => ip === '127.96.7.7')).toHaveLength(1);
  const [winner, loser] = a === '127.96.7.7' ? ['a', 'b'] : ['b', 'a'];
  expect(told).toContain(`${loser} LoadBalancerIPIgnored`);
  await api.client.delete(SERVICES, { namespace: 'default', name: winner! });
  await eventually('it is gone', () => isGone(winner!));
  await api.client.patch(SERVICES, { namespace: 'default', name: loser! }, { type: 'merge', body: { metadata: { labels: { look: 'again' } } } });
  await eventually('the address is handed on', async () => (await addressOf(loser!)) === '127.96.7.7');
});

test('it gives its address back when it becomes another type, and when it is deleted', async () => {
  await balance('a');
  const ip = await addressOf('a');
  expect((await get('a')).metadata?.finalizers).toEqual(['service.kubernetes.io/load-balancer-cleanup']);
  await api.client.patch(SERVICES, { namespace: 'default', name: 'a' }, { type: 'merge', body: { spec: { type: 'ClusterIP' } } });
  await eventually('the finalizer is gone', async () => (await get('a')).metadata?.finalizers?.length !== 1);
  expect((await get('a')).status).toEqual({ loadBalancer: {} });
  await api.client.patch(SERVICES, { namespace: 'default', name: 'a' }, { type: 'merge', body: { spec: { type: 'LoadBalancer' } } });
  expect(await addressOf('a')).toBe(ip);
  await api.client.delete(SERVICES, { namespace: 'default', name: 'a' });
  await eventually('it is gone', () => isGone('a'));
  expect(told.slice(-2)).toEqual(['a DeletingLoadBalancer', 'a DeletedLoadBalancer']);
});

test('what cannot be opened is told of in the status for as long as that is so', async () => {
  await balance('a');
  await addressOf('a');
  problems = [{ port: 80, protocol: 'TCP', error: 'minik.dev/PortInUse' }];
  problemsChanged('default/a');
  await eventually('it is told of', async () => (await get('a')).status?.loadBalancer?.ingress?.[0]?.ports?.[0]?.error === 'minik.dev/PortInUse');
  problems = [];
  problemsChanged('default/a');
  await eventually('it is taken back', async () => (await get('a')).status?.loadBalancer?.ingress?.[0]?.ports === undefined);
});

test('one of another class is left alone', async () => {
  await balance('theirs', { loadBalancerClass: 'example.com/lb' });
  await balance('ours');
  await addressOf('ours');
  expect((await get('theirs')).status).toEqual({ loadBalancer: {} });
  expect((await get('theirs')).metadata?.finalizers).toBeUndefined();
});
