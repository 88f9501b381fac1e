// Which addresses and ports Services get, keep and give back: through the API, on a real store.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Service, ServiceSpec } from '../../src/api/generated/types.ts';
import { CONFIG_MAPS, SERVICES } from '../../src/api/kinds.ts';
import { startApi, type TestApi } from '../support/api.ts';
import { newService } from '../support/services.ts';

let api: TestApi;

beforeEach(async () => {
  api = await startApi();
});

afterEach(() => api.close());

const at = (name: string) => ({ namespace: 'default', name });
const create = (name: string, spec?: ServiceSpec): Promise<Service> => api.client.create(SERVICES, newService(name, spec));
const patch = (name: string, spec: object): Promise<Service> => api.client.patch(SERVICES, at(name), { type: 'merge', body: { spec } });
const remove = (name: string) => api.client.delete(SERVICES, at(name));
const nodePorts = ({ spec }: Service): (number | undefined)[] => (spec?.ports ?? []).map(({ nodePort }) => nodePort);
const refusal = (write: Promise<unknown>): Promise<string> => write.then(() => 'nothing was refused', (error: Error) => error.message);

describe('a ClusterIP', () => {
  test('is given to whoever asks for none, from the upper band of the range', async () => {
    const { spec } = await create('web');
    expect(spec).toMatchObject({ type: 'ClusterIP', ipFamilies: ['IPv4'], ipFamilyPolicy: 'SingleStack', clusterIPs: [spec?.clusterIP] });
    const [a, b, c] = spec!.clusterIP!.split('.').map(Number);
    expect([a, b]).toEqual([10, 96]);
    expect(c).toBeGreaterThanOrEqual(1);
  });

  test('may be chosen, once', async () => {
    expect((await create('web', { clusterIP: '10.96.0.77' })).spec?.clusterIPs).toEqual(['10.96.0.77']);
    expect(await refusal(create('other', { clusterIP: '10.96.0.77' }))).toBe('Service "other" is invalid: spec.clusterIPs: Invalid value: ["10.96.0.77"]: failed to allocate IP 10.96.0.77: provided IP is already allocated');
  });

  test.each(['10.97.0.1', '10.96.0.0', '10.96.255.255'])('is not %s, which lies outside of the range', async (ip) => {
    expect(await refusal(create('web', { clusterIP: ip }))).toBe(
      `Service "web" is invalid: spec.clusterIPs: Invalid value: ["${ip}"]: failed to allocate IP ${ip}: the provided IP (${ip}) is not in the valid range. The range of valid IPs is 10.96.0.0/16`,
    );
  });

  test('is free again as soon as its Service is gone', async () => {
    await create('web', { clusterIP: '10.96.0.77' });
    await remove('web');
    expect((await create('other', { clusterIP: '10.96.0.77' })).spec?.clusterIP).toBe('10.96.0.77');
  });

  test('is free again when its Service becomes an ExternalName, and another is given on the way back', async () => {
    await create('web', { clusterIP: '10.96.0.77' });
    const { spec } = await patch('web', { type: 'ExternalName', externalName: 'example.com' });
    expect(spec).not.toHaveProperty('clusterIP');
    expect(spec).not.toHaveProperty('ipFamilies');
    await create('other', { clusterIP: '10.96.0.77' });
    expect((await patch('web', { type: 'ClusterIP' })).spec?.clusterIP).toMatch(/^10\.96\./);
  });

  test('is not used up by a dry run, nor by a create that is refused', async () => {
    await api.client.create(SERVICES, newService('dry', { clusterIP: '10.96.0.77' }), { dryRun: true });
    await create('first');
    expect(await refusal(create('first', { clusterIP: '10.96.0.77' }))).toMatch(/already exists/);
    expect((await create('web', { clusterIP: '10.96.0.77' })).spec?.clusterIP).toBe('10.96.0.77');
  });

  test('is None for a headless Service, of which there may be many', async () => {
    for (const name of ['one', 'two']) expect((await create(name, { clusterIP: 'None', selector: { app: 'x' } })).spec).toMatchObject({ clusterIP: 'None', clusterIPs: ['None'], ipFamilies: ['IPv4'], ipFamilyPolicy: 'SingleStack' });
    expect((await create('by-hand', { clusterIP: 'None' })).spec).toMatchObject({ ipFamilies: ['IPv4', 'IPv6'], ipFamilyPolicy: 'RequireDualStack' });
  });

  test('is kept by an update that leaves it out', async () => {
    const { spec } = await create('web');
    const replaced = await api.client.update(SERVICES, newService('web', { ports: [{ port: 81 }] }));
    expect(replaced.spec?.clusterIP).toBe(spec?.clusterIP);
    expect(replaced.spec?.ipFamilies).toEqual(['IPv4']);
  });
});

describe('a node port', () => {
  const nodePort = (port: number, nodePort?: number): ServiceSpec => ({ type: 'NodePort', ports: [{ port, ...(nodePort === undefined ? {} : { nodePort }) }] });

  test('is given from above the first 86', async () => {
    const [port] = nodePorts(await create('web', nodePort(80)));
    expect(port).toBeGreaterThanOrEqual(30_086);
    expect(port).toBeLessThanOrEqual(32_767);
  });

  test('may be chosen, by one Service only, whatever the protocol', async () => {
    expect(nodePorts(await create('web', nodePort(80, 30_007)))).toEqual([30_007]);
    const taken = 'Service "other" is invalid: spec.ports[0].nodePort: Invalid value: 30007: provided port is already allocated';
    expect(await refusal(create('other', nodePort(80, 30_007)))).toBe(taken);
    expect(await refusal(create('other', { type: 'NodePort', ports: [{ port: 80, protocol: 'UDP', nodePort: 30_007 }] }))).toBe(taken);
  });

  test('is of the range, on create and on update', async () => {
    const text = 'Service "web" is invalid: spec.ports[0].nodePort: Invalid value: 29999: provided port is not in the valid range. The range of valid ports is 30000-32767';
    expect(await refusal(create('web', nodePort(80, 29_999)))).toBe(text);
    await create('web', nodePort(80));
    expect(await refusal(patch('web', { ports: [{ port: 80, nodePort: 29_999 }] }))).toBe(text);
  });

  test('is shared by TCP and UDP of one number', async () => {
    const both = (first: object, second: object): ServiceSpec => ({ type: 'NodePort', ports: [{ name: 'tcp', port: 53, ...first }, { name: 'udp', port: 53, protocol: 'UDP', ...second }] });
    const [tcp, udp] = nodePorts(await create('dns', both({}, {})));
    expect(tcp).toBe(udp);
    expect(nodePorts(await create('chosen', both({}, { nodePort: 30_053 })))).toEqual([30_053, 30_053]);
  });

  test('is kept by an update that leaves it out, and by the port of its name alone', async () => {
    const { spec } = await create('web', { type: 'NodePort', ports: [{ name: 'http', port: 80 }, { name: 'https', port: 443 }] });
    const [http, https] = (spec?.ports ?? []).map(({ nodePort }) => nodePort);
    const replaced = await api.client.update(SERVICES, newService('web', { type: 'NodePort', ports: [{ name: 'https', port: 444 }, { name: 'http', port: 80 }, { name: 'new', port: 8080 }] }));
    expect(nodePorts(replaced).slice(0, 2)).toEqual([https, http]);
    expect([http, https]).not.toContain(nodePorts(replaced)[2]);
  });

  test('comes and goes with the type', async () => {
    await create('web');
    const [given] = nodePorts(await patch('web', { type: 'NodePort' }));
    expect(given).toBeGreaterThanOrEqual(30_086);
    expect(nodePorts(await patch('web', { type: 'LoadBalancer' }))).toEqual([given]);
    const back = await patch('web', { type: 'ClusterIP' });
    expect(nodePorts(back)).toEqual([undefined]);
    expect(back.spec).not.toHaveProperty('externalTrafficPolicy');
    expect(back.spec).not.toHaveProperty('allocateLoadBalancerNodePorts');
    expect(nodePorts(await create('other', nodePort(80, given)))).toEqual([given]);
  });

  test('is free again when its Service is gone', async () => {
    await create('web', nodePort(80, 30_007));
    await remove('web');
    expect(nodePorts(await create('other', nodePort(80, 30_007)))).toEqual([30_007]);
  });

  test('is not given to a LoadBalancer that wants none, but for those that it names', async () => {
    expect(nodePorts(await create('lb', { type: 'LoadBalancer', allocateLoadBalancerNodePorts: false, ports: [{ name: 'a', port: 80 }, { name: 'b', port: 81, nodePort: 30_009 }] }))).toEqual([undefined, 30_009]);
  });

  test('of health checks is given to a LoadBalancer whose traffic stays local, and taken back', async () => {
    const { spec } = await create('lb', { type: 'LoadBalancer', externalTrafficPolicy: 'Local' });
    const port = spec?.healthCheckNodePort ?? 0;
    expect(port).toBeGreaterThanOrEqual(30_086);
    expect(await refusal(create('other', nodePort(80, port)))).toMatch(/already allocated/);
    expect((await patch('lb', { externalTrafficPolicy: 'Cluster' })).spec).not.toHaveProperty('healthCheckNodePort');
    expect(nodePorts(await create('other', nodePort(80, port)))).toEqual([port]);
  });

  test('runs out with its range, and says so', async () => {
    const ports = Array.from({ length: 2_768 }, (_, row) => ({ name: `p${row}`, port: row + 1 }));
    await create('all', { type: 'NodePort', ports });
    const error: unknown = await create('more', nodePort(80)).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 500, message: 'Internal error occurred: failed to allocate a nodePort: range is full' });
  });
});

describe('many at a time', () => {
  test('never get the same address', async () => {
    const made = await Promise.all(Array.from({ length: 300 }, (_, row) => create(`s${row}`, { type: 'NodePort' })));
    expect(new Set(made.map(({ spec }) => spec?.clusterIP)).size).toBe(300);
    expect(new Set(made.flatMap(nodePorts)).size).toBe(300);
  });

  test('of which all want the same, one gets it', async () => {
    const made = await Promise.allSettled(Array.from({ length: 20 }, (_, row) => create(`s${row}`, { clusterIP: '10.96.0.77' })));
    expect(made.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });
});

test('after a restart, what is stored is still taken and what was released is free', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'minik-services-'));
  try {
    const path = join(dir, 'state.db');
    const before = await startApi({ path });
    await before.client.create(SERVICES, newService('kept', { type: 'NodePort', clusterIP: '10.96.0.77', ports: [{ port: 80, nodePort: 30_007 }] }));
    await before.client.create(SERVICES, newService('gone', { clusterIP: '10.96.0.78' }));
    await before.client.delete(SERVICES, at('gone'));
    await before.close();
    const after = await startApi({ path });
    const created = (name: string, spec: ServiceSpec) => after.client.create(SERVICES, newService(name, spec));
    expect(await refusal(created('ip', { clusterIP: '10.96.0.77' }))).toMatch(/already allocated/);
    expect(await refusal(created('port', { type: 'NodePort', ports: [{ port: 80, nodePort: 30_007 }] }))).toMatch(/already allocated/);
    expect((await created('free', { clusterIP: '10.96.0.78' })).spec?.clusterIP).toBe('10.96.0.78');
    await after.close();
  } finally {
    rmSync(dir, { recursive: true });
  }
});

test('a commit that fails takes back what it released and what it gave', async () => {
  const full = await startApi({ maxPages: 60 });
  const created = (name: string, ip: string): Promise<Service> => full.client.create(SERVICES, newService(name, { clusterIP: ip }));
  await created('holder', '10.96.0.77');
  const tooMuch = { metadata: { name: 'much', namespace: 'default' }, data: { text: 'x'.repeat(500_000) } };
  const together = await Promise.allSettled([full.client.delete(SERVICES, at('holder')), created('heir', '10.96.0.77'), created('other', '10.96.0.78'), full.client.create(CONFIG_MAPS, tooMuch)]);
  expect(together.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected', 'rejected']);
  expect(await refusal(created('late', '10.96.0.77'))).toMatch(/already allocated/);
  expect((await created('other', '10.96.0.78')).spec?.clusterIP).toBe('10.96.0.78');
  await full.close();
});
