// Network probes against real servers: what passes, what fails, and in whose words.
import { createServer as createHttp, type Server as HttpServer } from 'node:http';
import { createServer as createHttp2, type Http2Server } from 'node:http2';
import { createServer as createTcp, type AddressInfo, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { probeGrpc } from '../../src/kubelet/probes/grpc-probe.ts';
import { probeHttp } from '../../src/kubelet/probes/http-probe.ts';
import { probeTcp } from '../../src/kubelet/probes/tcp-probe.ts';

const HOST = '127.0.0.1';
const container = { name: 'c' };
const forever = new AbortController().signal;
const at = (server: Server | HttpServer | Http2Server): number => (server.address() as AddressInfo).port;
const listening = <S extends Server | HttpServer | Http2Server>(server: S): Promise<S> => new Promise((resolve) => server.listen(0, HOST, () => resolve(server)));

let http: HttpServer;
let grpc: Http2Server;
let closedPort: number;
let seen: Record<string, string | string[] | undefined> = {};

beforeAll(async () => {
  http = await listening(
    createHttp((request, response) => {
      seen = request.headers;
      const { pathname, searchParams } = new URL(request.url ?? '', 'http://x');
      if (pathname === '/hang') return;
      if (pathname === '/to') return void response.writeHead(302, { location: searchParams.get('where') ?? '' }).end('moved');
      if (pathname === '/loop') return void response.writeHead(302, { location: '/loop' }).end();
      if (pathname === '/long') {
        response.writeHead(200);
        return void response.write('x'.repeat(100_000));
      }
      response.writeHead(Number(pathname.slice(1))).end();
    }),
  );
  grpc = createHttp2();
  grpc.on('stream', (stream, headers) => {
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('end', () => {
      const service = Buffer.concat(chunks).subarray(7).toString();
      if (service === 'slow') return;
      const isHealth = headers[':path'] === '/grpc.health.v1.Health/Check' && service !== 'none';
      stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
      stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': isHealth ? '0' : '12' }));
      stream.end(Buffer.from(isHealth ? [0, 0, 0, 0, 2, 8, service === 'down' ? 2 : 1] : []));
    });
  });
  await listening(grpc);
  const closed = await listening(createTcp());
  closedPort = at(closed);
  await new Promise((resolve) => closed.close(resolve));
});

afterAll(async () => {
  http.closeAllConnections();
  await Promise.all([http, grpc].map((server) => new Promise((resolve) => server.close(resolve))));
});

describe('HTTP', () => {
  const ask = (path: string, change: object = {}, signal: AbortSignal = forever) => probeHttp({ action: { port: at(http), path, ...change }, container, podIp: HOST, agent: 'kube-probe/1.35', signal });

  test.each([
    { path: '/200', answer: { type: 'success' } },
    { path: '/399', answer: { type: 'success' } },
    { path: '/400', answer: { type: 'failure', output: 'HTTP probe failed with statuscode: 400' } },
    { path: '/503', answer: { type: 'failure', output: 'HTTP probe failed with statuscode: 503' } },
    { path: '/to?where=/200', answer: { type: 'success' } },
    { path: '/to?where=/500', answer: { type: 'failure', output: 'HTTP probe failed with statuscode: 500' } },
    { path: '/to?where=http://example.invalid/', answer: { type: 'warning', output: 'Probe terminated redirects, Response body: moved' } },
    { path: '/long', answer: { type: 'success' } },
  ])('$path gives $answer.type', async ({ path, answer }) => {
    expect(await ask(path)).toEqual(answer);
  });

  test('says who asks, and what the probe wants said', async () => {
    await ask('/200', { httpHeaders: [{ name: 'X-Own', value: 'yes' }] });
    expect(seen).toMatchObject({ 'user-agent': 'kube-probe/1.35', accept: '*/*', 'x-own': 'yes' });
  });

  test('redirects without end come to one', async () => {
    expect(await ask('/loop')).toEqual({ type: 'failure', output: `Get "http://${HOST}:${at(http)}/loop": stopped after 10 redirects` });
  });

  test('a server that does not answer fails when the time is up', async () => {
    const late = new AbortController();
    const answer = ask('/hang', {}, late.signal);
    setTimeout(() => late.abort(), 50);
    expect(await answer).toEqual({ type: 'failure', output: `Get "http://${HOST}:${at(http)}/hang": context deadline exceeded (Client.Timeout exceeded while awaiting headers)` });
  });

  test('a closed port refuses, in the words of Go', async () => {
    expect(await ask('/', { port: closedPort })).toEqual({ type: 'failure', output: `Get "http://${HOST}:${closedPort}/": dial tcp ${HOST}:${closedPort}: connect: connection refused` });
  });

  test('a port name that the container does not have cannot be asked', async () => {
    expect(await ask('/', { port: 'web' })).toEqual({ type: 'error', message: 'couldn\'t find port: "web"' });
  });
});

describe('TCP', () => {
  const ask = (port: number) => probeTcp({ action: { port }, container, podIp: HOST, signal: forever });

  test('an open port passes', async () => {
    expect(await ask(at(http))).toEqual({ type: 'success' });
  });

  test('a closed port fails', async () => {
    expect(await ask(closedPort)).toEqual({ type: 'failure', output: `dial tcp ${HOST}:${closedPort}: connect: connection refused` });
  });
});

describe('gRPC', () => {
  const ask = (service: string, change: { readonly port?: number; readonly signal?: AbortSignal } = {}) =>
    probeGrpc({ action: { port: change.port ?? at(grpc), service }, podIp: HOST, agent: 'kube-probe/1.35', timeoutMs: 1_000, signal: change.signal ?? forever });

  test.each([
    { service: '', answer: { type: 'success' } },
    { service: 'down', answer: { type: 'failure', output: 'service unhealthy (responded with "NOT_SERVING")' } },
    { service: 'none', answer: { type: 'failure', output: 'error: this server does not implement the grpc health protocol (grpc.health.v1.Health)' } },
  ])('service "$service" gives $answer.type', async ({ service, answer }) => {
    expect(await ask(service)).toEqual(answer);
  });

  test('a server that does not answer fails when the time is up', async () => {
    const late = new AbortController();
    const answer = ask('slow', { signal: late.signal });
    setTimeout(() => late.abort(), 100);
    expect(await answer).toEqual({ type: 'failure', output: `timeout: failed to connect service "${HOST}:${at(grpc)}" within 1s: context deadline exceeded` });
  });

  test('a closed port fails', async () => {
    expect(await ask('', { port: closedPort })).toMatchObject({ type: 'failure', output: expect.stringContaining(`failed to connect service at "${HOST}:${closedPort}"`) });
  });
});
