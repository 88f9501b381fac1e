// The life of Services and Endpoints through the API: found, changed, watched and deleted, one by one and many at a time.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Endpoints, EndpointSlice, Service, ServiceSpec } from '../../src/api/generated/types.ts';
import { ENDPOINT_SLICES, ENDPOINTS, NAMESPACES, SERVICES } from '../../src/api/kinds.ts';
import { startApi, type TestApi } from '../support/api.ts';
import { newService } from '../support/services.ts';

let api: TestApi;

beforeEach(async () => {
  api = await startApi();
});

afterEach(() => api.close());

const namespace = 'default';
const at = (name: string) => ({ namespace, name });
const create = (name: string, spec?: ServiceSpec): Promise<Service> => api.client.create(SERVICES, newService(name, spec));
const patch = (name: string, spec: object): Promise<Service> => api.client.patch(SERVICES, at(name), { type: 'merge', body: { spec } });
const labelled = (name: string, labels: Record<string, string>): Service => ({ ...newService(name), metadata: { name, namespace, labels } });
const names = (items: readonly Service[]): (string | undefined)[] => items.map(({ metadata }) => metadata?.name);

describe('a Service', () => {
  test('is found among those of all namespaces', async () => {
    await api.client.create(NAMESPACES, { metadata: { name: 'other' } });
    await create('here');
    await api.client.create(SERVICES, { ...newService('there'), metadata: { name: 'there', namespace: 'other' } });
    expect(names((await api.client.list(SERVICES)).items)).toEqual(['here', 'there']);
    expect(names((await api.client.list(SERVICES, { fieldSelector: 'spec.type=ClusterIP,metadata.namespace=other' })).items)).toEqual(['there']);
  });

  test('has a status that is written, patched and watched by itself', async () => {
    const { metadata } = await create('web', { type: 'LoadBalancer' });
    const ended = new AbortController();
    const watch = api.client.watch(SERVICES, { namespace, resourceVersion: metadata?.resourceVersion, signal: ended.signal });
    const patched = await api.client.patch(SERVICES, at('web'), { type: 'merge', body: { metadata: { annotations: { patched: 'true' } }, status: { loadBalancer: { ingress: [{ ip: '192.0.2.1' }] } } } }, { subresource: 'status' });
    expect(patched).toMatchObject({ metadata: { annotations: { patched: 'true' } }, status: { loadBalancer: { ingress: [{ ip: '192.0.2.1', ipMode: 'VIP' }] } } });
    const condition = { type: 'StatusUpdate', status: 'True', reason: 'Test', message: 'Set by a test', lastTransitionTime: '2026-11-21T00:00:00Z' };
    const updated = await api.client.updateStatus(SERVICES, { ...patched, spec: { type: 'NodePort' }, status: { ...patched.status, conditions: [condition] } });
    expect(updated).toMatchObject({ spec: { type: 'LoadBalancer' }, status: { conditions: [condition], loadBalancer: { ingress: [{ ip: '192.0.2.1' }] } } });
    const main = await api.client.patch(SERVICES, at('web'), { type: 'merge', body: { metadata: { labels: { a: 'b' } }, status: { conditions: [] } } });
    expect(main.status).toEqual(updated.status);
    const seen: string[] = [];
    for await (const { type, object } of watch) {
      seen.push(`${type} ${object.metadata?.resourceVersion}`);
      if (object.metadata?.resourceVersion === main.metadata?.resourceVersion) ended.abort();
    }
    expect(seen).toEqual([patched, updated, main].map((object) => `MODIFIED ${object.metadata?.resourceVersion}`));
  });

  test('loses the status of its balancer with its type', async () => {
    await create('web', { type: 'LoadBalancer' });
    await api.client.patch(SERVICES, at('web'), { type: 'merge', body: { status: { loadBalancer: { ingress: [{ ip: '192.0.2.1' }] } } } }, { subresource: 'status' });
    expect((await patch('web', { type: 'ClusterIP' })).status).toEqual({ loadBalancer: {} });
  });

  test('goes with the others of its label', async () => {
    for (const name of ['a', 'b', 'c']) await api.client.create(SERVICES, labelled(name, { kept: String(name === 'b') }));
    expect(names((await api.client.deleteCollection(SERVICES, { namespace, labelSelector: 'kept=false' })).items)).toEqual(['a', 'c']);
    expect(names((await api.client.list(SERVICES, { namespace })).items)).toEqual(['b']);
  });

  test('gets ports and loses them', async () => {
    await create('web', { type: 'NodePort', ports: [{ name: 'http', port: 80 }] });
    const two = await patch('web', { ports: [{ name: 'http', port: 80 }, { name: 'https', port: 443 }] });
    expect(two.spec?.ports?.map(({ port, nodePort }) => [port, (nodePort ?? 0) > 0])).toEqual([[80, true], [443, true]]);
    const one = await patch('web', { ports: [{ name: 'https', port: 443 }] });
    expect(one.spec?.ports).toEqual([two.spec?.ports?.[1]]);
  });

  test('may listen with TCP and UDP on one number of the node', async () => {
    await create('dns', { ports: [{ name: 'tcp', port: 53 }, { name: 'udp', port: 53, protocol: 'UDP' }] });
    const { spec } = await patch('dns', { type: 'NodePort', ports: [{ name: 'tcp', port: 53, nodePort: 30_053 }, { name: 'udp', port: 53, protocol: 'UDP', nodePort: 30_053 }] });
    expect(spec?.ports?.map(({ protocol, nodePort }) => `${protocol} ${nodePort}`)).toEqual(['TCP 30053', 'UDP 30053']);
  });

  const types: readonly (readonly [type: string, spec: ServiceSpec])[] = [
    ['ClusterIP', {}],
    ['NodePort', {}],
    ['LoadBalancer', {}],
    ['ExternalName', { externalName: 'example.com' }],
  ];
  const moves = types.flatMap(([from, before]) => types.filter(([to]) => to !== from).map(([to, after]) => ({ from, before, to, after })));

  test.each(moves)('that is a $from becomes a $to, as if it had been made so', async ({ from, before, to, after }) => {
    const made = await create('made', { type: to, ...after });
    await create('moved', { type: from, ...before });
    const moved = await patch('moved', { type: to, ...after });
    // A name that was given stays, though it means nothing any more.
    const fields = (service: Service): string[] => Object.keys(service.spec ?? {}).filter((field) => field !== 'externalName').sort();
    expect(fields(moved)).toEqual(fields(made));
    expect(moved.spec).toMatchObject({ type: to, ports: [{ port: 80, targetPort: 80, protocol: 'TCP' }] });
    expect(Object.keys(moved.spec?.ports?.[0] ?? {}).sort()).toEqual(Object.keys(made.spec?.ports?.[0] ?? {}).sort());
  });

  test('that is changed to a ClusterIP with a node port of its own choice is refused', async () => {
    await create('web', { type: 'NodePort' });
    await expect(patch('web', { type: 'ClusterIP', ports: [{ port: 80, nodePort: 30_099 }] })).rejects.toThrow("spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'");
  });
});

describe('Endpoints', () => {
  const endpoints = (ip: string): Endpoints => ({ metadata: { name: 'web', namespace, labels: { kind: 'test' } }, subsets: [{ addresses: [{ ip }], ports: [{ name: 'http', port: 80 }] }] });

  test('are made, patched, replaced and deleted by their label', async () => {
    await api.client.create(ENDPOINTS, endpoints('10.0.0.24'));
    await api.client.update(ENDPOINTS, endpoints('10.0.0.25'));
    const patched = await api.client.patch(ENDPOINTS, at('web'), { type: 'strategic', body: { metadata: { labels: { patched: 'true' } }, subsets: [{ addresses: [{ ip: '10.0.0.26' }], ports: [{ name: 'http', port: 8080 }] }] } });
    expect(patched).toMatchObject({ metadata: { labels: { kind: 'test', patched: 'true' } }, subsets: [{ addresses: [{ ip: '10.0.0.26' }], ports: [{ name: 'http', port: 8080, protocol: 'TCP' }] }] });
    await api.client.deleteCollection(ENDPOINTS, { namespace, labelSelector: 'patched=true' });
    expect((await api.client.list(ENDPOINTS, { namespace })).items).toEqual([]);
  });

  test('are answered with the word that they are out of date', async () => {
    await api.client.create(ENDPOINTS, endpoints('10.0.0.24'));
    expect(api.warnings).toEqual(['v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice']);
  });
});

describe('an EndpointSlice', () => {
  test('counts its generations: of its contents and its labels, not of its annotations', async () => {
    const slice = (more: Partial<EndpointSlice>): EndpointSlice => ({ metadata: { name: 'web-1', namespace }, addressType: 'IPv4', endpoints: [], ...more });
    const generation = async (write: Promise<EndpointSlice>): Promise<number | undefined> => (await write).metadata?.generation;
    expect(await generation(api.client.create(ENDPOINT_SLICES, slice({})))).toBe(1);
    expect(await generation(api.client.update(ENDPOINT_SLICES, slice({ endpoints: [{ addresses: ['10.0.0.1'] }] })))).toBe(2);
    expect(await generation(api.client.update(ENDPOINT_SLICES, slice({ metadata: { name: 'web-1', namespace, annotations: { a: 'b' } }, endpoints: [{ addresses: ['10.0.0.1'] }] })))).toBe(2);
    expect(await generation(api.client.update(ENDPOINT_SLICES, slice({ metadata: { name: 'web-1', namespace, labels: { a: 'b' } }, endpoints: [{ addresses: ['10.0.0.1'] }] })))).toBe(3);
  });
});
