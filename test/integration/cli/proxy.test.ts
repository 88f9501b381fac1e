// minik proxy: the API on a port or a socket of its own, for programs that know nothing of tokens.
import { existsSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { WebSocket, WebSocketServer } from 'ws';
import { CONFIG_MAPS, PODS } from '../../../src/api/kinds.ts';
import { startCliHome, type CliHome, type CliResult } from '../../support/cli-home.ts';

let home: CliHome;
let backend: http.Server;
let sockets: WebSocketServer;

beforeAll(async () => {
  backend = http.createServer((incoming, outgoing) => outgoing.end(`hello from ${incoming.url}`));
  sockets = new WebSocketServer({ server: backend });
  sockets.on('connection', (socket) => socket.on('message', (data) => socket.send(`echo ${String(data)}`)));
  await new Promise<void>((resolve) => backend.listen(0, '127.0.0.1', resolve));
  home = await startCliHome({ dial: () => net.connect({ host: '127.0.0.1', port: (backend.address() as net.AddressInfo).port }) });
  const pod = await home.api.client.create(PODS, { metadata: { name: 'web', namespace: 'default' }, spec: { nodeName: 'here', containers: [{ name: 'main', image: 'nginx' }] } });
  await home.api.client.updateStatus(PODS, { ...pod, status: { ...pod.status, podIP: '10.0.0.1' } });
});

afterAll(async () => {
  await home.close();
  for (const socket of sockets.clients) socket.terminate();
  backend.closeAllConnections();
  await new Promise((resolve) => backend.close(resolve));
});

interface Running {
  /** "127.0.0.1:41234", or a path. */
  readonly at: string;
  stop(): Promise<CliResult>;
}

async function startProxy(...flags: readonly string[]): Promise<Running> {
  const ended = new AbortController();
  let done: Promise<CliResult> | undefined;
  const line = await new Promise<string>((resolve, reject) => {
    done = home.minik(['proxy', ...flags], '', { signal: ended.signal, onOutput: resolve });
    void done.then(({ err }) => reject(new Error(err)));
  });
  const stop = (): Promise<CliResult> => {
    ended.abort();
    return done!;
  };
  return { at: /^Starting to serve on (.*)\n$/.exec(line)?.[1] ?? '', stop };
}

interface Answer {
  readonly status: number;
  readonly body: string;
}

function ask(options: http.RequestOptions, body?: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = http.request({ agent: false, ...options }, async (reply) => resolve({ status: reply.statusCode ?? 0, body: await text(reply) }));
    sent.on('error', reject).end(body);
  });
}

const at = (running: Running): http.RequestOptions => ({ host: '127.0.0.1', port: Number(running.at.split(':')[1]) });

test('on any free port it serves the API, to this machine alone, and ends when it is told to', async () => {
  const running = await startProxy('--port=0');
  expect(running.at).toMatch(/^127\.0\.0\.1:\d+$/);
  expect(JSON.parse((await ask({ ...at(running), path: '/api/' })).body)).toMatchObject({ kind: 'APIVersions', versions: ['v1'] });
  const made = await ask({ ...at(running), path: '/api/v1/namespaces/default/configmaps', method: 'POST', headers: { 'content-type': 'application/json' } }, JSON.stringify({ metadata: { name: 'made' } }));
  expect(made.status).toBe(201);
  expect((await home.api.client.get(CONFIG_MAPS, { namespace: 'default', name: 'made' })).metadata?.name).toBe('made');
  expect(await ask({ ...at(running), path: '/api/', headers: { host: 'example.com' } })).toEqual({ status: 403, body: 'Forbidden\n' });
  expect(await ask({ ...at(running), path: '/api/v1/namespaces/default/pods/web/exec?command=id', method: 'POST' })).toEqual({ status: 403, body: 'Forbidden\n' });
  expect((await running.stop()).err).toBe('');
  await expect(ask({ ...at(running), path: '/api/' })).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});

test('leads on to Pods, by WebSocket too', async () => {
  const running = await startProxy('--port=0');
  const path = '/api/v1/namespaces/default/pods/web/proxy/page';
  expect((await ask({ ...at(running), path })).body).toBe('hello from /page');
  const socket = new WebSocket(`ws://${running.at}${path}`);
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  const replied = new Promise((resolve) => socket.once('message', (data) => resolve(String(data))));
  socket.send('hello');
  expect(await replied).toBe('echo hello');
  const closed = new Promise((resolve) => socket.once('close', resolve));
  await running.stop();
  await closed;
});

test('hands a watch on as it happens', async () => {
  const running = await startProxy('--port=0');
  const seen = new Promise<string>((resolve, reject) => {
    const sent = http.get({ ...at(running), path: '/api/v1/namespaces/kube-public/configmaps?watch=true' }, (reply) => {
      void home.api.client.create(CONFIG_MAPS, { metadata: { name: 'watched', namespace: 'kube-public' } });
      reply.once('data', (chunk) => {
        resolve(String(chunk));
        sent.destroy();
      });
    });
    sent.on('error', reject);
  });
  expect(JSON.parse(await seen)).toMatchObject({ type: 'ADDED', object: { metadata: { name: 'watched' } } });
  await running.stop();
});

test('on a unix socket it leaves nothing behind', async () => {
  const socketPath = join(home.directory, 'proxy.sock');
  const running = await startProxy(`--unix-socket=${socketPath}`);
  expect(running.at).toBe(socketPath);
  expect(JSON.parse((await ask({ socketPath, path: '/api/' })).body)).toMatchObject({ kind: 'APIVersions' });
  await running.stop();
  expect(existsSync(socketPath)).toBe(false);
});

test('under a prefix it serves nothing else', async () => {
  const running = await startProxy('--port=0', '--api-prefix=/custom');
  expect((await ask({ ...at(running), path: '/custom/version' })).status).toBe(200);
  expect((await ask({ ...at(running), path: '/version' })).status).toBe(404);
  await running.stop();
});

test.each([
  [['--port=70000'], 'error: --port must be a number from 0 to 65535, not "70000"\n'],
  [['--port=0', '--unix-socket=/tmp/x'], 'error: cannot set --unix-socket and --port at the same time\n'],
  [['--accept-hosts=('], 'error: --accept-hosts takes regular expressions, comma separated: "(" is none\n'],
])('refuses %p', async (flags, err) => {
  expect(await home.minik(['proxy', ...flags])).toEqual({ code: 1, out: '', err });
});
