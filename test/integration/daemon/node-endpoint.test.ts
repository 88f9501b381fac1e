// The API on the node's address, and what containers are told of it: real sockets on loopback addresses, real certificates.
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Node, Service } from '../../../src/api/generated/types.ts';
import { NODES, SERVICES } from '../../../src/api/kinds.ts';
import { silentLogger } from '../../../src/base/log.ts';
import { createHttpClient } from '../../../src/client/http-client.ts';
import { createInformer } from '../../../src/client/informer.ts';
import { bearerAuthentication } from '../../../src/daemon/authenticate.ts';
import { listenOnAddress } from '../../../src/daemon/endpoints.ts';
import { serveOnNode, type NodeEndpoint } from '../../../src/daemon/node-endpoint.ts';
import { loadPki, type Pki } from '../../../src/daemon/pki.ts';
import { serviceEnvSource } from '../../../src/daemon/service-env.ts';
import { newTokenKeys, startApi, type TestApi } from '../../support/api.ts';
import { soon, VirtualClock } from '../../support/virtual-clock.ts';

const PORT = 41_713;
let dir: string;
let api: TestApi;
let clock: VirtualClock;
let pki: Pki;
let nodes: ReturnType<typeof createInformer<Node>>;
let services: ReturnType<typeof createInformer<Service>>;
let endpoint: NodeEndpoint;
let abort: AbortController;

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'minik-endpoint-'));
  clock = new VirtualClock();
  api = await startApi({ clock });
  abort = new AbortController();
  const shared = { client: api.client, clock, log: silentLogger, signal: abort.signal };
  nodes = createInformer<Node>({ ...shared, resource: NODES });
  services = createInformer<Service>({ ...shared, resource: SERVICES });
  pki = await loadPki({ dir, clock, names: ['localhost', '10.96.0.1'] });
  const served = { handle: api.handle, log: silentLogger, clock, authenticate: bearerAuthentication({ keys: newTokenKeys(), store: api.store, clock, adminToken: pki.token }) };
  endpoint = serveOnNode({ nodes, nodeName: 'n', clock, log: silentLogger, listen: async (ip) => listenOnAddress(served, { host: ip, port: PORT, tls: await pki.certificateFor(ip) }) });
});

afterEach(async () => {
  await endpoint.stop();
  abort.abort();
  await Promise.all([nodes.done, services.done]);
  await api.close();
  rmSync(dir, { recursive: true, force: true });
});

const report = async (ip: string | undefined): Promise<void> => {
  await api.client.create(NODES, { metadata: { name: 'n' } }).catch(() => {});
  const node = await api.client.get(NODES, { name: 'n' });
  const addresses = ip === undefined ? [] : [{ type: 'InternalIP', address: ip }];
  await api.client.updateStatus(NODES, { ...node, status: { addresses, conditions: [{ type: 'Ready', status: 'True' }] } });
};
const certifiedNames = (ip: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect({ host: ip, port: PORT, ca: pki.caCert, checkServerIdentity: () => undefined }, () => {
      resolve(socket.getPeerCertificate().subjectaltname ?? '');
      socket.destroy();
    }).on('error', reject);
  });
const reached = async (ip: string, port = PORT): Promise<number> => {
  const client = createHttpClient({ url: `https://${ip}:${port}`, ca: pki.caCert, token: pki.token });
  try {
    return (await client.list(NODES)).items.length;
  } finally {
    client.close();
  }
};

describe('the API on the node', () => {
  test('is there when the address is known, by a certificate that names it', async () => {
    expect(endpoint.address).toBeUndefined();
    await report('127.0.0.41');
    expect(await endpoint.tried()).toEqual({ ip: '127.0.0.41', port: PORT });
    expect(await reached('127.0.0.41')).toBe(1);
    expect(await certifiedNames('127.0.0.41')).toBe('DNS:localhost, IP Address:10.96.0.1, IP Address:127.0.0.41');
    expect((await loadPki({ dir, clock, names: ['localhost', '10.96.0.1'] })).serverCert).toBe((await pki.certificateFor('127.0.0.41')).cert);
  });

  test('moves with the address, and tells who listens', async () => {
    const seen: (string | undefined)[] = [];
    endpoint.onChange(() => seen.push(endpoint.address?.ip));
    await report('127.0.0.41');
    await soon('it is there', () => endpoint.address !== undefined);
    await report('127.0.0.42');
    await soon('it has moved', () => endpoint.address?.ip === '127.0.0.42');
    expect(seen).toEqual(['127.0.0.41', undefined, '127.0.0.42']);
    expect(await reached('127.0.0.42')).toBe(1);
    await expect(reached('127.0.0.41')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  test('takes a free port where another program has its own', async () => {
    const other = await new Promise<Server>((resolve) => {
      const server = createServer().listen(PORT, '127.0.0.43', () => resolve(server));
    });
    await report('127.0.0.43');
    const { port } = (await endpoint.tried())!;
    expect(port).not.toBe(PORT);
    expect(await reached('127.0.0.43', port)).toBe(1);
    await new Promise((resolve) => other.close(resolve));
  });

  test('is tried again where the address is not this host\'s', async () => {
    await report('192.0.2.1');
    expect(await endpoint.tried()).toBeUndefined();
    await report('127.0.0.44');
    await soon('it is there', () => endpoint.address?.ip === '127.0.0.44');
  });

  test('is not waited for where the node has no address', async () => {
    await report(undefined);
    expect(await endpoint.tried()).toBeUndefined();
  });
});

describe('what containers are told', () => {
  const hosts = async (works: boolean, links: boolean): Promise<Record<string, string>> => {
    const source = serviceEnvSource({ services, routed: () => (works ? Promise.resolve() : Promise.reject(new Error('no rights'))), nodeEndpoint: () => endpoint.tried() });
    return Object.fromEntries((await source('default', { links })).filter(([name]) => name.endsWith('_SERVICE_HOST') || name.endsWith('_SERVICE_PORT')));
  };

  test.each<[title: string, works: boolean, links: boolean, env: (ips: { readonly api: string; readonly web: string }) => Record<string, string>]>([
    ['addresses of Services, where they work', true, true, ({ api: ip, web }) => ({ KUBERNETES_SERVICE_HOST: ip, KUBERNETES_SERVICE_PORT: '443', WEB_SERVICE_HOST: web, WEB_SERVICE_PORT: '80' })],
    ['the node\'s address of the API, where they do not', false, true, ({ web }) => ({ KUBERNETES_SERVICE_HOST: '127.0.0.45', KUBERNETES_SERVICE_PORT: String(PORT), WEB_SERVICE_HOST: web, WEB_SERVICE_PORT: '80' })],
    ['only the API\'s, where a Pod wants no links', true, false, ({ api: ip }) => ({ KUBERNETES_SERVICE_HOST: ip, KUBERNETES_SERVICE_PORT: '443' })],
  ])('%s', async (_title, works, links, env) => {
    const make = async (namespace: string, name: string, port: number): Promise<string> =>
      (await api.client.create(SERVICES, { metadata: { name, namespace }, spec: { ports: [{ port }] } })).spec!.clusterIP!;
    const [kubernetes, web] = [await make('default', 'kubernetes', 443), await make('default', 'web', 80)];
    await make('kube-system', 'elsewhere', 80);
    await report('127.0.0.45');
    await soon('all are known', () => services.list().length === 3);
    expect(await hosts(works, links)).toEqual(env({ api: kubernetes, web }));
  });
});
