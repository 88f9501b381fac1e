// The proxy subresource of Services and Pods: over a real socket, to a real HTTP server that stands for what runs in a Pod.
import { mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { WebSocket, WebSocketServer } from 'ws';
import type { EndpointSlice, Pod } from '../../../src/api/generated/types.ts';
import { ENDPOINT_SLICES, PODS, SERVICES } from '../../../src/api/kinds.ts';
import { listen, type Listener } from '../../../src/apiserver/listen.ts';
import type { Backend } from '../../../src/apiserver/proxy/backends.ts';
import { systemClock } from '../../../src/base/clock.ts';
import { silentLogger } from '../../../src/base/log.ts';
import { loadPki } from '../../../src/daemon/pki.ts';
import { startApi, type TestApi } from '../../support/api.ts';
import { newService } from '../../support/services.ts';

const POD_IP = '10.0.0.1';
const OTHER_IP = '10.0.0.2';
const GONE_IP = '10.0.0.9';
const namespace = 'default';

let folder: string;
let socketPath: string;
let api: TestApi;
let listener: Listener;
let backend: http.Server;
let sockets: WebSocketServer;
let dialled: Backend[] = [];
/** Where connections to Pods go, if not to the backend. */
let redirectDialTo: number | undefined;

beforeAll(async () => {
  backend = http.createServer((incoming, outgoing) => void answer(incoming, outgoing));
  sockets = new WebSocketServer({ server: backend });
  sockets.on('connection', (socket) => socket.on('message', (data) => socket.send(`echo ${String(data)}`)));
  await new Promise<void>((resolve) => backend.listen(0, '127.0.0.1', resolve));
  const { port } = backend.address() as net.AddressInfo;
  folder = mkdtempSync(join(tmpdir(), 'minik-proxy-'));
  socketPath = join(folder, 'api.sock');
  api = await startApi({
    dial: (to) => {
      dialled.push(to);
      return net.connect({ host: '127.0.0.1', port: to.host === GONE_IP ? 1 : (redirectDialTo ?? port) });
    },
  });
  listener = await listen({ handle: api.handle, log: silentLogger, clock: systemClock, at: { socketPath }, authenticate: () => ({ username: 'test' }) });
  await createObjects();
});

afterAll(async () => {
  await listener.close();
  await api.close();
  for (const socket of sockets.clients) socket.terminate();
  backend.closeAllConnections();
  await new Promise((resolve) => backend.close(resolve));
  rmSync(folder, { recursive: true });
});

beforeEach(() => {
  dialled = [];
  redirectDialTo = undefined;
});

/** Says what it was asked, but for paths that stand for something. */
async function answer(incoming: http.IncomingMessage, outgoing: http.ServerResponse): Promise<void> {
  const { pathname } = new URL(incoming.url ?? '', 'http://x');
  const redirections: Record<string, string> = { '/moved': '/there?a=b', '/near': 'there', '/elsewhere': 'http://example.com/there', '/self': `http://${POD_IP}:8080/there` };
  if (redirections[pathname] !== undefined) return void outgoing.writeHead(302, { location: redirections[pathname] }).end();
  if (pathname === '/teapot') return void outgoing.writeHead(418, { 'x-kind': 'pot', 'set-cookie': ['a=1', 'b=2'] }).end('short');
  const body = await text(incoming);
  outgoing.setHeader('content-type', 'application/json');
  outgoing.end(JSON.stringify({ method: incoming.method, url: incoming.url, size: body.length, headers: incoming.headers }));
}

async function createObjects(): Promise<void> {
  const pod = (name: string, ports: number[]): Pod => ({ metadata: { name, namespace }, spec: { nodeName: 'here', containers: [{ name: 'main', image: 'nginx', ports: ports.map((containerPort) => ({ containerPort })) }] } });
  for (const [name, ports, ip] of [['web', [8080], POD_IP], ['bare', [], OTHER_IP], ['gone', [80], GONE_IP], ['starting', [80], ''], ['looping', [80], '127.0.0.1']] as const) {
    const created = await api.client.create(PODS, pod(name, [...ports]));
    if (ip !== '') await api.client.updateStatus(PODS, { ...created, status: { ...created.status, podIP: ip } });
  }
  const slice = (name: string, ip: string, port: string, ready = true): EndpointSlice => ({
    metadata: { name: `${name}-${ip}`, namespace, labels: { 'kubernetes.io/service-name': name } },
    addressType: 'IPv4',
    ports: [{ name: port, port: 8080 }],
    endpoints: [{ addresses: [ip], conditions: { ready } }],
  });
  await api.client.create(SERVICES, newService('one'));
  await api.client.create(ENDPOINT_SLICES, slice('one', POD_IP, ''));
  await api.client.create(SERVICES, newService('two', { ports: [{ name: 'http', port: 80 }, { name: 'https', port: 443 }] }));
  await api.client.create(ENDPOINT_SLICES, slice('two', POD_IP, 'http'));
  await api.client.create(ENDPOINT_SLICES, slice('two', OTHER_IP, 'http'));
  await api.client.create(SERVICES, newService('idle'));
  await api.client.create(ENDPOINT_SLICES, slice('idle', POD_IP, '', false));
}

interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

function ask(path: string, { method = 'GET', body, headers = {} }: { readonly method?: string; readonly body?: string; readonly headers?: http.OutgoingHttpHeaders } = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = http.request({ socketPath, path: `/api/v1/namespaces/default/${path}`, method, headers: { ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }), ...headers } }, async (reply) => resolve({ status: reply.statusCode ?? 0, headers: reply.headers, body: await text(reply) }));
    sent.on('error', reject).end(body);
  });
}

const seen = ({ body }: Answer): { method: string; url: string; size: number; headers: Record<string, string> } => JSON.parse(body) as ReturnType<typeof seen>;

describe('a request through the proxy', () => {
  test.each(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])('by %s reaches the Pod with its path and query', async (method) => {
    const reply = await ask('pods/web/proxy/some/path?with=a&query', { method, ...(method === 'GET' ? {} : { body: 'hello' }) });
    expect(reply.status).toBe(200);
    expect(seen(reply)).toMatchObject({ method, url: '/some/path?with=a&query=', size: method === 'GET' ? 0 : 5 });
    expect(dialled).toEqual([{ host: POD_IP, port: 8080 }]);
  });

  test('by HEAD has the head of the answer alone', async () => {
    expect(await ask('pods/web/proxy/teapot', { method: 'HEAD' })).toMatchObject({ status: 418, body: '', headers: { 'x-kind': 'pot' } });
  });

  test.each(['GET', 'HEAD'])('for the root by %s is sent to where relative links work', async (method) => {
    expect(await ask('services/one/proxy?a=b', { method })).toMatchObject({ status: 301, headers: { location: '/api/v1/namespaces/default/services/one/proxy/?a=b' } });
  });

  test('for the root by POST is handed on', async () => {
    expect(seen(await ask('services/one/proxy', { method: 'POST' }))).toMatchObject({ url: '/' });
  });

  test('has the answer of the backend, whatever it is', async () => {
    expect(await ask('services/one/proxy/teapot')).toMatchObject({ status: 418, body: 'short', headers: { 'x-kind': 'pot', 'set-cookie': ['a=1', 'b=2'] } });
  });

  test('tells the backend where it came from, and not who asked', async () => {
    const { headers } = seen(await ask('services/one/proxy/page', { headers: { authorization: 'Bearer secret', 'x-own': 'kept' } }));
    expect(headers).toMatchObject({ 'x-forwarded-uri': '/api/v1/namespaces/default/services/one/proxy/page', 'x-own': 'kept' });
    expect(headers).not.toHaveProperty('authorization');
  });

  test('may come in pieces, by any method', async () => {
    const reply = await new Promise<string>((resolve, reject) => {
      const sent = http.request({ socketPath, path: '/api/v1/namespaces/default/pods/web/proxy/x', method: 'DELETE', headers: { 'transfer-encoding': 'chunked' } }, (answered) => resolve(text(answered)));
      sent.on('error', reject).write('hello ');
      sent.end('there');
    });
    expect(JSON.parse(reply)).toMatchObject({ method: 'DELETE', size: 11 });
  });

  test('may carry more than the API itself takes', async () => {
    const body = 'x'.repeat(5 * 1024 * 1024);
    expect(seen(await ask('pods/web/proxy/upload', { method: 'POST', body })).size).toBe(body.length);
  });

  test.each([
    ['moved', '/api/v1/namespaces/default/services/one/proxy/there?a=b'],
    ['near', '/api/v1/namespaces/default/services/one/proxy/there'],
    ['self', '/api/v1/namespaces/default/services/one/proxy/there'],
    ['elsewhere', 'http://example.com/there'],
  ])('is redirected within the proxy: /%s to %s', async (path, location) => {
    expect(await ask(`services/one/proxy/${path}`)).toMatchObject({ status: 302, headers: { location } });
  });

  test('may become a WebSocket', async () => {
    const socket = new WebSocket('ws://minik/api/v1/namespaces/default/services/one/proxy/chat', { createConnection: () => net.connect(socketPath) });
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    const replied = new Promise((resolve) => socket.once('message', (data) => resolve(String(data))));
    socket.send('hello');
    expect(await replied).toBe('echo hello');
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.close();
    await closed;
  });
});

test('a WebSocket to nobody is refused as any request is', async () => {
  const reply = await new Promise<http.IncomingMessage>((resolve, reject) => {
    const headers = { connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==', 'sec-websocket-version': '13' };
    http.request({ socketPath, path: '/api/v1/namespaces/default/pods/gone/proxy/', headers }, resolve).on('error', reject).end();
  });
  expect(reply.statusCode).toBe(503);
  expect(JSON.parse(await text(reply))).toMatchObject({ message: `error trying to reach service: dial tcp ${GONE_IP}:80: connect: connection refused` });
});

describe('a backend that speaks TLS', () => {
  let secure: https.Server;

  beforeAll(async () => {
    const folderOfKeys = mkdtempSync(join(tmpdir(), 'minik-pki-'));
    const { serverCert, serverKey } = await loadPki({ dir: folderOfKeys, clock: systemClock, names: ['localhost'] });
    rmSync(folderOfKeys, { recursive: true });
    secure = https.createServer({ cert: serverCert, key: serverKey }, (incoming, outgoing) => outgoing.end(`secret ${incoming.url}`));
    await new Promise<void>((resolve) => secure.listen(0, '127.0.0.1', resolve));
  });

  afterAll(async () => {
    secure.closeAllConnections();
    await new Promise((resolve) => secure.close(resolve));
  });

  test('is believed, whoever signed its certificate', async () => {
    redirectDialTo = (secure.address() as net.AddressInfo).port;
    expect(await ask('pods/https:web:443/proxy/page')).toMatchObject({ status: 200, body: 'secret /page' });
  });

  test('says so to who asks for plain HTTP in its own way', async () => {
    expect((await ask('pods/https:web:8080/proxy/page'))).toMatchObject({ status: 503, body: expect.stringMatching(/^error trying to reach service: /) });
  });
});

describe('the backend', () => {
  test.each<[target: string, port: number]>([
    ['pods/web', 8080],
    ['pods/web:9090', 9090],
    ['pods/http:web:9090', 9090],
    ['pods/bare', 80],
    ['services/one', 8080],
    ['services/one:80', 8080],
    ['services/http:one:80', 8080],
    ['services/two:http', 8080],
    ['services/two:80', 8080],
  ])('of %s listens on port %i', async (target, port) => {
    expect((await ask(`${target}/proxy/`)).status).toBe(200);
    expect(dialled.map((one) => one.port)).toEqual([port]);
  });

  test('is now one and now the other of those that are ready', async () => {
    for (let round = 0; round < 40; round += 1) await ask('services/two:http/proxy/');
    expect([...new Set(dialled.map(({ host }) => host))].sort()).toEqual([POD_IP, OTHER_IP]);
  });

  test.each<[target: string, code: number, message: string]>([
    ['services/none', 404, 'services "none" not found'],
    ['pods/none', 404, 'pods "none" not found'],
    ['services/one:81', 503, 'no service port 81 found for service "one"'],
    ['services/one:http', 503, 'no endpoints available for service "one"'],
    ['services/two', 503, 'no endpoints available for service "two"'],
    ['services/two:443', 503, 'no endpoints available for service "two"'],
    ['services/idle', 503, 'no endpoints available for service "idle"'],
    ['services/ftp:one:80', 400, 'invalid service request "ftp:one:80"'],
    ['services/a:b:c:d', 400, 'invalid service request "a:b:c:d"'],
    ['pods/starting', 400, 'address not allowed'],
    ['pods/looping', 400, 'address not allowed'],
  ])('of %s cannot be had: %i %s', async (target, code, message) => {
    const reply = await ask(`${target}/proxy/`);
    expect(reply.status).toBe(code);
    expect(JSON.parse(reply.body)).toMatchObject({ kind: 'Status', code, message });
    expect(dialled).toEqual([]);
  });

  test.each(['gone', 'https:gone:80'])('that does not listen is said to refuse: %s', async (name) => {
    expect(await ask(`pods/${name}/proxy/`)).toMatchObject({ status: 503, body: `error trying to reach service: dial tcp ${GONE_IP}:80: connect: connection refused` });
  });
});
