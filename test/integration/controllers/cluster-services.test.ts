// The Services that every cluster has, over the real API: there from the start, and again when they are gone.
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { ENDPOINT_SLICES, ENDPOINTS, SERVICES, type Resource } from '../../../src/api/kinds.ts';
import type { KubeObject } from '../../../src/api/object.ts';
import { clusterNetwork } from '../../../src/api/service/cluster-network.ts';
import { API_SERVICE, DNS_SERVICE } from '../../../src/api/service/own-services.ts';
import { systemClock } from '../../../src/base/clock.ts';
import { silentLogger } from '../../../src/base/log.ts';
import { createClusterServicesController } from '../../../src/controllers/cluster-services/cluster-services-controller.ts';
import { startControllers, type RunningControllers } from '../../../src/controllers/runtime/run-controllers.ts';
import { startInformers, type Informers } from '../../../src/daemon/informers.ts';
import { startApi, type TestApi } from '../../support/api.ts';
import { eventually } from '../../support/eventually.ts';

const network = clusterNetwork(0);
let api: TestApi;
let informers: Informers;
let controllers: RunningControllers;
const served = { address: undefined as { ip: string; port: number } | undefined, listeners: new Set<() => void>(), onChange(listener: () => void) { this.listeners.add(listener); return () => this.listeners.delete(listener); } };
const serveAt = (ip: string, port: number): void => {
  served.address = { ip, port };
  for (const listener of served.listeners) listener();
};

beforeEach(async () => {
  served.address = undefined;
  api = await startApi({ network });
  const { client } = api;
  const shared = { clock: systemClock, log: silentLogger };
  informers = startInformers({ client, resources: [SERVICES, ENDPOINTS, ENDPOINT_SLICES] as unknown as Resource<KubeObject>[], ...shared });
  await informers.synced;
  const seen = { services: informers.of(SERVICES), endpoints: informers.of(ENDPOINTS), slices: informers.of(ENDPOINT_SLICES) };
  controllers = startControllers([createClusterServicesController({ ...seen, client, network, apiEndpoint: served, dnsEndpoint: () => ({ ip: network.dnsIp, port: 53 }) })], shared);
});

afterEach(async () => {
  await controllers.stop();
  await informers.stop();
  await api.close();
});

const isThere = <T extends KubeObject>(resource: Resource<T>, name: { namespace: string; name: string }) => eventually(`${resource.plural} ${name.name}`, () => api.client.get(resource, name));

test('they are there from the start, at their addresses; who answers for them is told when it is known', async () => {
  expect((await isThere(SERVICES, API_SERVICE)).spec).toMatchObject({ clusterIP: '10.96.0.1', clusterIPs: ['10.96.0.1'], ports: [{ name: 'https', port: 443 }] });
  expect((await isThere(SERVICES, DNS_SERVICE)).spec).toMatchObject({ clusterIP: '10.96.0.10' });
  expect((await isThere(ENDPOINTS, DNS_SERVICE)).subsets?.[0]?.addresses).toEqual([{ ip: '10.96.0.10' }]);
  serveAt('172.17.0.1', 16443);
  expect((await isThere(ENDPOINTS, API_SERVICE)).subsets).toEqual([{ addresses: [{ ip: '172.17.0.1' }], ports: [{ name: 'https', port: 16443, protocol: 'TCP' }] }]);
  expect((await isThere(ENDPOINT_SLICES, API_SERVICE)).endpoints?.[0]?.addresses).toEqual(['172.17.0.1']);
  await eventually('the Service leads there', async () => (await api.client.get(SERVICES, API_SERVICE)).spec?.ports?.[0]?.targetPort === 16443);
});

test('they come back with their addresses when somebody deletes them, and lose what leads elsewhere', async () => {
  const before = await isThere(SERVICES, API_SERVICE);
  await api.client.delete(SERVICES, API_SERVICE);
  const after = await eventually('another one', async () => {
    const found = await api.client.get(SERVICES, API_SERVICE);
    return found.metadata?.uid === before.metadata?.uid ? undefined : found;
  });
  expect(after.spec?.clusterIP).toBe('10.96.0.1');
  await api.client.patch(SERVICES, API_SERVICE, { type: 'merge', body: { spec: { selector: { app: 'mine' } } } });
  await eventually('the selector is gone', async () => (await api.client.get(SERVICES, API_SERVICE)).spec?.selector === undefined);
});
