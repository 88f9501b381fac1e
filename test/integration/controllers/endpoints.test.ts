// Endpoints and EndpointSlices over the real API, with the real controllers: who is behind a Service, told in both forms.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Endpoints, EndpointSlice, Pod, ServiceSpec } from '../../../src/api/generated/types.ts';
import { ENDPOINT_SLICES, ENDPOINTS, EVENTS, EVENTS_V1, NODES, PODS, RESOURCES, SERVICES, type Resource } from '../../../src/api/kinds.ts';
import { isNotFound } from '../../../src/api/status-error.ts';
import { systemClock } from '../../../src/base/clock.ts';
import { silentLogger } from '../../../src/base/log.ts';
import { createEndpointSliceController } from '../../../src/controllers/endpoints/endpoint-slice-controller.ts';
import { createEndpointsController } from '../../../src/controllers/endpoints/endpoints-controller.ts';
import { createMirroringController } from '../../../src/controllers/endpoints/mirroring-controller.ts';
import { createGarbageController } from '../../../src/controllers/garbage/garbage-controller.ts';
import { startControllers, type RunningControllers } from '../../../src/controllers/runtime/run-controllers.ts';
import { startInformers, type Informers } from '../../../src/daemon/informers.ts';
import { startApi, type TestApi } from '../../support/api.ts';
import { eventually } from '../../support/eventually.ts';
import { aContainerWithPorts, toldSlices } from '../../support/backends.ts';

const namespace = 'default';
const web = { namespace, name: 'web' };
let api: TestApi;
let informers: Informers;
let controllers: RunningControllers;

beforeEach(async () => {
  api = await startApi();
  await startAll();
});

afterEach(async () => {
  await stopAll();
  await api.close();
});

async function startAll(): Promise<void> {
  const { client } = api;
  const clock = systemClock;
  informers = startInformers({ client, resources: RESOURCES.filter((row) => row !== (EVENTS as Resource) && row !== (EVENTS_V1 as Resource)), clock, log: silentLogger });
  await informers.synced;
  const members = { services: informers.of(SERVICES), pods: informers.of(PODS) };
  controllers = startControllers(
    [
      createEndpointSliceController({ ...members, client, slices: informers.of(ENDPOINT_SLICES), nodes: informers.of(NODES) }),
      createEndpointsController({ ...members, client, endpoints: informers.of(ENDPOINTS) }),
      createMirroringController({ client, services: members.services, endpoints: informers.of(ENDPOINTS), slices: informers.of(ENDPOINT_SLICES) }),
      createGarbageController({ client, informers: informers.all }),
    ],
    { clock, log: silentLogger },
  );
}

async function stopAll(): Promise<void> {
  await controllers.stop();
  await informers.stop();
}

const serve = (spec: Partial<ServiceSpec> = {}, name = 'web') =>
  api.client.create(SERVICES, { apiVersion: 'v1', kind: 'Service', metadata: { name, namespace }, spec: { selector: { app: name }, ports: [{ port: 80, protocol: 'TCP', targetPort: 80 }], ...spec } });

interface Running {
  readonly ports?: readonly { readonly name: string; readonly port: number }[];
  readonly ip: string;
  readonly ready?: boolean;
  readonly labels?: Record<string, string>;
}

/** A Pod with an address, as the kubelet tells of it. */
async function pod(name: string, { ip, ready = true, labels = { app: 'web' }, ports = [] }: Running): Promise<Pod> {
  const created = await api.client.create(PODS, { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace, labels }, spec: { nodeName: 'node', containers: [aContainerWithPorts(ports)] } });
  return setStatus(created, { ip, ready });
}

const setStatus = (object: Pod, { ip, ready }: { readonly ip: string; readonly ready: boolean }) =>
  api.client.updateStatus(PODS, { ...object, status: { phase: 'Running', podIP: ip, podIPs: [{ ip }], conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }] } });

async function slicesOf(name = 'web'): Promise<readonly EndpointSlice[]> {
  return (await api.client.list(ENDPOINT_SLICES, { namespace, labelSelector: `kubernetes.io/service-name=${name}` })).items;
}

async function endpointsOf(name = 'web'): Promise<Endpoints | undefined> {
  return api.client.get(ENDPOINTS, { namespace, name }).catch((error: unknown) => (isNotFound(error) ? undefined : Promise.reject(error)));
}

const ready = async (name = 'web'): Promise<string> => ((await endpointsOf(name))?.subsets ?? []).flatMap(({ addresses = [] }) => addresses.map(({ ip }) => ip)).join(' ');

async function bothTell(slices: readonly string[], addresses: string): Promise<void> {
  await eventually(`slices ${slices.join('; ')}`, async () => JSON.stringify(toldSlices(await slicesOf())) === JSON.stringify(slices));
  await eventually(`Endpoints ${addresses}`, async () => (await ready()) === addresses);
}

describe('a Service with a selector', () => {
  test('has an empty slice and empty Endpoints before it has Pods, and neither when it is gone', async () => {
    await serve();
    await bothTell([':'], '');
    expect((await endpointsOf())?.subsets).toBeUndefined();
    await api.client.delete(SERVICES, web);
    await eventually('both are gone', async () => (await slicesOf()).length === 0 && (await endpointsOf()) === undefined);
  });

  test('follows its Pods as they come, become ready, are labelled and go', async () => {
    await serve();
    const one = await pod('one', { ip: '172.17.0.1', ready: false });
    await bothTell(['80: 172.17.0.1!'], '');
    await setStatus(one, { ip: '172.17.0.1', ready: true });
    await bothTell(['80: 172.17.0.1'], '172.17.0.1');
    await pod('two', { ip: '172.17.0.2', labels: { app: 'other' } });
    await api.client.patch(PODS, { namespace, name: 'two' }, { type: 'merge', body: { metadata: { labels: { app: 'web' } } } });
    await bothTell(['80: 172.17.0.1 172.17.0.2'], '172.17.0.1 172.17.0.2');
    await api.client.patch(PODS, { namespace, name: 'one' }, { type: 'merge', body: { metadata: { labels: { app: null } } } });
    await bothTell(['80: 172.17.0.2'], '172.17.0.2');
    await api.client.delete(PODS, { namespace, name: 'two' }, { gracePeriodSeconds: 0 });
    await bothTell([':'], '');
  });

  test('is told of a Pod that is going: in slices as terminating, in Endpoints not at all', async () => {
    await serve();
    await pod('one', { ip: '172.17.0.1' });
    await bothTell(['80: 172.17.0.1'], '172.17.0.1');
    await api.client.delete(PODS, { namespace, name: 'one' });
    await bothTell(['80: 172.17.0.1!~'], '');
  });

  test('selects by all of its labels, in its own namespace', async () => {
    await serve({ selector: { app: 'web', tier: 'front' } });
    await pod('both', { ip: '172.17.0.1', labels: { app: 'web', tier: 'front' } });
    await pod('one-of-two', { ip: '172.17.0.2', labels: { app: 'web' } });
    const elsewhere = await api.client.create(PODS, { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'elsewhere', namespace: 'kube-public', labels: { app: 'web', tier: 'front' } }, spec: { nodeName: 'node', containers: [{ name: 'main', image: 'nginx' }] } });
    await setStatus(elsewhere, { ip: '172.17.0.3', ready: true });
    await bothTell(['80: 172.17.0.1'], '172.17.0.1');
    await api.client.patch(SERVICES, web, { type: 'merge', body: { spec: { selector: { tier: null } } } });
    await bothTell(['80: 172.17.0.1 172.17.0.2'], '172.17.0.1 172.17.0.2');
  });

  test('gets back what somebody else changed or deleted', async () => {
    await serve();
    await pod('one', { ip: '172.17.0.1' });
    await bothTell(['80: 172.17.0.1'], '172.17.0.1');
    const [slice] = await slicesOf();
    await api.client.update(ENDPOINT_SLICES, { ...slice!, endpoints: [] });
    await api.client.delete(ENDPOINTS, web);
    await bothTell(['80: 172.17.0.1'], '172.17.0.1');
    await api.client.delete(ENDPOINT_SLICES, { namespace, name: slice?.metadata?.name ?? '' });
    await eventually('a slice is there again', async () => toldSlices(await slicesOf()).join() === '80: 172.17.0.1');
  });

  test('whose Pods changed while nobody looked is put right at the start, and left Endpoints go', async () => {
    await serve();
    await serve({}, 'gone');
    const one = await pod('one', { ip: '172.17.0.1' });
    await bothTell(['80: 172.17.0.1'], '172.17.0.1');
    await eventually('the other has Endpoints', async () => (await endpointsOf('gone')) !== undefined);
    await stopAll();
    await api.client.delete(SERVICES, { namespace, name: 'gone' });
    await setStatus(one, { ip: '172.17.0.1', ready: false });
    await api.client.create(ENDPOINTS, { apiVersion: 'v1', kind: 'Endpoints', metadata: { name: 'by-hand', namespace } });
    await startAll();
    await bothTell(['80: 172.17.0.1!'], '');
    await eventually('what the dead Service left is gone', async () => (await endpointsOf('gone')) === undefined && (await slicesOf('gone')).length === 0);
    expect(await endpointsOf('by-hand')).toBeDefined();
  });

  test('is written once for a change, and not at all for a change that is none of its business', async () => {
    await serve();
    const one = await pod('one', { ip: '172.17.0.1' });
    await bothTell(['80: 172.17.0.1'], '172.17.0.1');
    const versions = new Set<string | undefined>();
    informers.of(ENDPOINT_SLICES).onChange(({ after }) => versions.add(after?.metadata?.resourceVersion));
    await api.client.patch(PODS, { namespace, name: 'one' }, { type: 'merge', body: { metadata: { annotations: { seen: 'yes' }, labels: { more: 'yes' } } } });
    await api.client.patch(PODS, { namespace, name: one.metadata?.name ?? '' }, { type: 'merge', body: { status: { phase: 'Running', message: 'fine' } } }, { subresource: 'status' });
    await setStatus(await api.client.get(PODS, { namespace, name: 'one' }), { ip: '172.17.0.9', ready: true });
    await bothTell(['80: 172.17.0.9'], '172.17.0.9');
    expect([...versions]).toEqual([(await slicesOf())[0]?.metadata?.resourceVersion]);
  });
});

test('without a selector, endpoints are left to whoever makes them', async () => {
  await serve({ selector: undefined });
  await serve({}, 'other');
  await eventually('the other Service has its slice', async () => (await slicesOf('other')).length === 1);
  expect(await slicesOf()).toEqual([]);
  expect(await endpointsOf()).toBeUndefined();
});

describe('Endpoints that somebody wrote, for a Service without a selector,', () => {
  const byHand = (subsets: Endpoints['subsets'], metadata: Endpoints['metadata'] = {}): Endpoints => ({ apiVersion: 'v1', kind: 'Endpoints', metadata: { ...web, ...metadata }, subsets });
  const one = { addresses: [{ ip: '192.0.2.1' }], notReadyAddresses: [{ ip: '192.0.2.2' }], ports: [{ name: 'http', port: 80, protocol: 'TCP' }] };

  test('are mirrored when they are made, changed and deleted', async () => {
    await serve({ selector: undefined });
    const made = await api.client.create(ENDPOINTS, byHand([one], { labels: { team: 'red' } }));
    await eventually('a slice', async () => toldSlices(await slicesOf()).join() === '80: 192.0.2.1 192.0.2.2!');
    const [slice] = await slicesOf();
    expect(slice?.metadata).toMatchObject({ labels: { team: 'red', 'endpointslice.kubernetes.io/managed-by': 'endpointslicemirroring-controller.k8s.io' }, ownerReferences: [{ kind: 'Endpoints', name: 'web', uid: made.metadata?.uid }] });
    await api.client.update(ENDPOINTS, { ...made, subsets: [{ ...one, ports: [{ name: 'http', port: 8080, protocol: 'TCP' }] }] });
    await eventually('the slice follows', async () => toldSlices(await slicesOf()).join() === '8080: 192.0.2.1 192.0.2.2!');
    expect((await slicesOf())[0]?.metadata?.name).toBe(slice?.metadata?.name);
    await api.client.delete(ENDPOINTS, web);
    await eventually('it is gone', async () => (await slicesOf()).length === 0);
  });

  test('and that have one address in two subsets tell of the ports of both', async () => {
    await serve({ selector: undefined });
    await api.client.create(ENDPOINTS, byHand([{ addresses: [{ ip: '192.0.2.1' }], ports: [{ name: 'a', port: 80, protocol: 'TCP' }] }, { addresses: [{ ip: '192.0.2.1' }], ports: [{ name: 'b', port: 81, protocol: 'TCP' }] }]));
    await eventually('both ports', async () => toldSlices(await slicesOf()).join() === '80,81: 192.0.2.1');
  });

  test('are mirrored once their Service is there, and no longer when it gets a selector', async () => {
    await api.client.create(ENDPOINTS, byHand([one]));
    await serve({ selector: undefined });
    await eventually('a slice', async () => (await slicesOf()).length === 1);
    await api.client.patch(SERVICES, web, { type: 'merge', body: { spec: { selector: { app: 'web' } } } });
    await eventually('the Pods\' slice is alone', async () => toldSlices(await slicesOf()).join() === ':');
  });

  test('are left alone where they say so', async () => {
    await serve({ selector: undefined });
    const made = await api.client.create(ENDPOINTS, byHand([one]));
    await eventually('a slice', async () => (await slicesOf()).length === 1);
    await api.client.update(ENDPOINTS, { ...made, metadata: { ...made.metadata, labels: { 'endpointslice.kubernetes.io/skip-mirror': 'true' } } });
    await eventually('it is gone', async () => (await slicesOf()).length === 0);
  });
});

// Upstream's own tests of endpoints, in our words: "serve multiport endpoints", "same port and different protocols", "unready
// pods", "Endpoints and EndpointSlices for Pods matching a Service", "endpoints latency".
describe('as upstream tries it:', () => {
  const told = async (): Promise<string[]> => toldSlices(await slicesOf()).sort();
  const subsets = async (): Promise<string[]> => ((await endpointsOf())?.subsets ?? []).map(({ addresses = [], ports = [] }) => `${addresses.map(({ ip }) => ip).join(' ')}: ${ports.map(({ port, protocol }) => `${port}/${protocol}`).join(' ')}`);
  const become = async (slices: readonly string[], endpoints: readonly string[]): Promise<void> => {
    await eventually(`slices ${slices.join('; ')}`, async () => JSON.stringify(await told()) === JSON.stringify(slices));
    await eventually(`Endpoints ${endpoints.join('; ')}`, async () => JSON.stringify(await subsets()) === JSON.stringify(endpoints));
  };

  test('two ports, with Pods that have one or the other', async () => {
    await serve({ ports: [{ name: 'one', port: 80, targetPort: 'first' }, { name: 'two', port: 81, targetPort: 'second' }] });
    await pod('one', { ip: '172.17.0.1', ports: [{ name: 'first', port: 100 }] });
    await become(['100: 172.17.0.1'], ['172.17.0.1: 100/TCP']);
    await pod('two', { ip: '172.17.0.2', ports: [{ name: 'second', port: 101 }] });
    await become(['100: 172.17.0.1', '101: 172.17.0.2'], ['172.17.0.1: 100/TCP', '172.17.0.2: 101/TCP']);
    await api.client.delete(PODS, { namespace, name: 'one' }, { gracePeriodSeconds: 0 });
    await become(['101: 172.17.0.2'], ['172.17.0.2: 101/TCP']);
    await api.client.delete(PODS, { namespace, name: 'two' }, { gracePeriodSeconds: 0 });
    await become([':'], []);
  });

  test('one number over TCP and UDP, then over one of them', async () => {
    const [tcp, udp] = [{ name: 'tcp', port: 80, protocol: 'TCP' }, { name: 'udp', port: 80, protocol: 'UDP' }];
    const setPorts = (ports: object[]) => api.client.patch(SERVICES, web, { type: 'merge', body: { spec: { ports } } });
    await serve({ ports: [tcp, udp] });
    await pod('one', { ip: '172.17.0.1' });
    await become(['80,80/UDP: 172.17.0.1'], ['172.17.0.1: 80/TCP 80/UDP']);
    await setPorts([tcp]);
    await become(['80: 172.17.0.1'], ['172.17.0.1: 80/TCP']);
    await setPorts([udp]);
    await become(['80/UDP: 172.17.0.1'], ['172.17.0.1: 80/UDP']);
  });

  test('Pods that are not ready, and go, where the Service wants all', async () => {
    await serve({ publishNotReadyAddresses: true });
    await pod('one', { ip: '172.17.0.1', ready: false });
    await become(['80: 172.17.0.1'], ['172.17.0.1: 80/TCP']);
    await api.client.delete(PODS, { namespace, name: 'one' });
    await become(['80: 172.17.0.1~'], ['172.17.0.1: 80/TCP']);
    await api.client.patch(SERVICES, web, { type: 'merge', body: { spec: { publishNotReadyAddresses: false } } });
    await become(['80: 172.17.0.1!~'], []);
  });

  test('one name that is another number in each Pod', async () => {
    await serve({ ports: [{ name: 'web', port: 80, targetPort: 'http' }] });
    await pod('one', { ip: '172.17.0.1', ports: [{ name: 'http', port: 3000 }] });
    await pod('two', { ip: '172.17.0.2', ports: [{ name: 'http', port: 3001 }] });
    await become(['3000: 172.17.0.1', '3001: 172.17.0.2'], ['172.17.0.1: 3000/TCP', '172.17.0.2: 3001/TCP']);
  });

  test('a hundred Services of one Pod each have their endpoints, one of each, and nothing is written twice', async () => {
    const names = Array.from({ length: 100 }, (_, at) => `s${at}`);
    await Promise.all(names.map((name, at) => pod(name, { ip: `172.18.0.${at + 1}`, labels: { app: name } })));
    const writes = new Map<string, number>();
    informers.of(ENDPOINT_SLICES).onChange(({ key }) => writes.set(key, (writes.get(key) ?? 0) + 1));
    await Promise.all(names.map((name) => serve({}, name)));
    await eventually('all are told of', async () => (await Promise.all(names.map((name) => ready(name)))).every((ip) => ip !== '') && writes.size === 100);
    expect([...writes.values()].every((count) => count === 1)).toBe(true);
  });
});
