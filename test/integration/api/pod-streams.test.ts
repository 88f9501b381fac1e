// exec, attach and portforward on a real socket, in every protocol that clients speak, before a fake runtime.
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import http, { type IncomingMessage } from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { json, text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { WebSocket } from 'ws';
import { listen, type Listener } from '../../../src/apiserver/listen.ts';
import type { PodProcess } from '../../../src/api/pod/pod-streams.ts';
import { systemClock } from '../../../src/base/clock.ts';
import { silentLogger } from '../../../src/base/log.ts';
import { writeBytes } from '../../../src/base/write-bytes.ts';
import { decodeChannel, encodeChannel, CHANNEL_PROTOCOLS, UNNAMED_PROTOCOL, type ChannelProtocol } from '../../../src/streams/channels.ts';
import { KEEP_ALIVE_MS } from '../../../src/streams/keep-alive.ts';
import { createSpdySession, type SpdySession, type SpdyStream } from '../../../src/streams/spdy/session.ts';
import { startApi, type TestApi } from '../../support/api.ts';
import { createExecPods, type ExecPods } from '../../support/exec-pods.ts';
import { soon, VirtualClock } from '../../support/virtual-clock.ts';

let folder: string;
let socketPath: string;
let api: TestApi;
let pods: ExecPods;
let listener: Listener;
let user: string | undefined;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'minik-exec-'));
  socketPath = join(folder, 'api.sock');
  pods = createExecPods();
  api = await startApi({ podStreams: pods.streams });
  user = 'test';
  listener = await listen({ handle: api.handle, log: silentLogger, clock: systemClock, at: { socketPath }, authenticate: () => (user === undefined ? undefined : { username: user }) });
  await pods.start(api, 'p');
});

afterEach(async () => {
  await listener.close();
  await api.close();
  await pods.runtime.reset();
  rmSync(folder, { recursive: true });
});

const pathOf = (rest: string): string => `/api/v1/namespaces/default/pods/${rest}`;
const run = (script: string, more = 'stdout=true&stderr=true'): string => pathOf(`p/exec?command=sh&command=-c&command=${encodeURIComponent(script)}&${more}`);

interface Heard {
  /** By channel. */
  readonly texts: readonly string[];
  readonly closeCode: number;
}

/** Says `messages` once the server has spoken, and hears it to the end. */
async function speak(path: string, protocol: ChannelProtocol, messages: readonly (readonly [channel: number, text: string])[] = []): Promise<Heard> {
  const socket = new WebSocket(`ws+unix://${socketPath}:${path}`, protocol.name === '' ? [] : [protocol.name]);
  const texts = ['', '', '', '', ''];
  let isGreeted = false;
  socket.on('message', (data: Buffer, isBinary) => {
    const { channel, bytes } = decodeChannel(protocol, isBinary ? data : data.toString())!;
    texts[channel] += Buffer.from(bytes).toString();
    if (!isGreeted) for (const [to, said] of messages) socket.send(encodeChannel(protocol, { channel: to, bytes: Buffer.from(said) }));
    isGreeted = true;
  });
  const [closeCode] = (await once(socket, 'close')) as [number];
  return { texts, closeCode };
}

const CLOSE_STDIN = [255, '\0'] as const;
const protocolNamed = (name: string): ChannelProtocol => CHANNEL_PROTOCOLS.find((one) => one.name === name)!;
const V5 = protocolNamed('v5.channel.k8s.io');

describe('exec over WebSocket', () => {
  test.each(CHANNEL_PROTOCOLS.filter(({ hasStatus }) => hasStatus))('in $name tells output, errors and exit code apart', async (protocol) => {
    const { texts, closeCode } = await speak(run('echo out; echo err >&2; exit 3'), protocol);
    expect(texts.slice(1, 3)).toEqual(['out\n', 'err\n']);
    expect(JSON.parse(texts[3]!)).toMatchObject({ status: 'Failure', reason: 'NonZeroExitCode', details: { causes: [{ reason: 'ExitCode', message: '3' }] } });
    expect(closeCode).toBe(1000);
  });

  test.each([...CHANNEL_PROTOCOLS.filter(({ hasStatus }) => !hasStatus), UNNAMED_PROTOCOL])('in "$name" has only words for a failure', async (protocol) => {
    expect((await speak(run('echo out'), protocol)).texts).toEqual(['', 'out\n', '', '', '']);
    expect((await speak(run('exit 3'), protocol)).texts[3]).toContain('exit code 3');
  });

  test('of success says so', async () => {
    expect(JSON.parse((await speak(run('true'), V5)).texts[3]!)).toEqual({ metadata: {}, status: 'Success' });
  });

  test('reads what is sent to its end', async () => {
    const { texts } = await speak(run('cat', 'stdin=1&stdout=1'), V5, [[0, 'one '], [0, 'two'], CLOSE_STDIN]);
    expect(texts[1]).toBe('one two');
  });

  test('of an unknown command says why', async () => {
    const { texts } = await speak(pathOf('p/exec?command=no-such&stdout=1'), V5);
    expect(texts[1]).toBe('');
    expect(JSON.parse(texts[3]!)).toMatchObject({ code: 500, reason: 'InternalError', message: expect.stringMatching(/^Internal error occurred: error executing command in container: .*executable file not found/) });
  });

  test('only gives the streams that were asked for', async () => {
    expect((await speak(run('echo out; echo err >&2', 'stderr=1'), V5)).texts.slice(1, 3)).toEqual(['', 'err\n']);
  });

  test('takes sizes of a terminal, and passes over nonsense', async () => {
    const { texts } = await speak(run('cat', 'stdin=1&stdout=1&tty=1'), V5, [[4, '{"Width":80,"Height":24}'], [4, 'nonsense'], [4, '{"Width":-1,"Height":24}'], [0, 'hi'], CLOSE_STDIN]);
    expect(texts[1]).toBe('hi');
  });

  test('lets go of a process whose caller has gone', async () => {
    const socket = new WebSocket(`ws+unix://${socketPath}:${run('cat', 'stdin=1&stdout=1')}`, [V5.name]);
    await once(socket, 'message');
    socket.terminate();
    await once(socket, 'close');
    await listener.close();
  });
});

const WEBSOCKET = { connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13', 'sec-websocket-key': 'MDEyMzQ1Njc4OWFiY2RlZg==', 'sec-websocket-protocol': 'v5.channel.k8s.io' };
const SPDY = { connection: 'Upgrade', upgrade: 'SPDY/3.1', 'x-stream-protocol-version': 'v4.channel.k8s.io' };

describe('a process that reads nothing', () => {
  test.each([['WebSocket', WEBSOCKET, 'GET'], ['SPDY', SPDY, 'POST']] as const)('is left when its caller has gone, over %s', async (name, headers, method) => {
    const clock = new VirtualClock();
    const closed = Promise.withResolvers<void>();
    const process: PodProcess = {
      output: (async function* () {
        await closed.promise;
      })(),
      write: () => closed.promise,
      endInput: () => {},
      resize: async () => {},
      close: () => closed.resolve(),
      end: closed.promise.then(() => ({ type: 'failed', message: 'left' })),
    };
    const open = async (): Promise<PodProcess> => process;
    const stuckApi = await startApi({ podStreams: { ...pods.streams, exec: async () => open } });
    await pods.start(stuckApi, 'p');
    const path = join(folder, 'stuck.sock');
    const stuck = await listen({ handle: stuckApi.handle, log: silentLogger, clock, at: { socketPath: path }, authenticate: () => ({ username: 'test' }) });
    const upgraded = await ask(run('cat', 'stdin=1&stdout=1'), headers, { method, path });
    if (!('socket' in upgraded)) throw new Error('refused');
    const { socket } = upgraded;
    const session = name === 'SPDY' ? createSpdySession(socket, { role: 'client' }) : undefined;
    const streams = ['error', 'stdin', 'stdout'].map((streamtype) => session?.open({ streamtype }));
    // More than all buffers on the way hold, so that nobody reads on.
    const frame = Buffer.concat([Buffer.from([0x82, 0xff, 0, 0, 0, 0, 0, 0x01, 0, 0, 0, 0, 0, 0]), Buffer.alloc(65_536)]);
    const writing = (async () => {
      for (let count = 0; count < 400 && !socket.destroyed; count += 1) {
        if (session === undefined) await writeBytes(socket, frame);
        else await streams[1]!.write(frame);
      }
    })();
    await soon('the way is full', async () => {
      const before = socket.writableLength;
      await new Promise((resolve) => setTimeout(resolve, 50));
      return before > 0 && socket.writableLength === before;
    });
    socket.destroy();
    await writing;
    await soon('it is noticed', async () => {
      await clock.advance(KEEP_ALIVE_MS);
      return Promise.race([closed.promise.then(() => true), new Promise<false>((resolve) => setTimeout(() => resolve(false), 10))]);
    });
    expect(clock.waits).toEqual([]);
    await stuck.close();
    await stuckApi.close();
  });
});

interface Refused {
  readonly code: number;
  readonly reply: IncomingMessage;
}

function ask(path: string, headers: Readonly<Record<string, string>>, how: string | { readonly method: string; readonly path: string } = 'GET'): Promise<Refused | { readonly socket: Duplex; readonly reply: IncomingMessage }> {
  return new Promise((resolve, reject) => {
    const { method, path: at } = typeof how === 'string' ? { method: how, path: socketPath } : how;
    const request = http.request({ socketPath: at, path, method, headers });
    request.once('error', reject).once('response', (reply) => resolve({ code: reply.statusCode ?? 0, reply }));
    request.once('upgrade', (reply, socket) => resolve({ socket, reply }));
    request.end();
  });
}

describe.each([['WebSocket', WEBSOCKET, 'GET'], ['SPDY', SPDY, 'POST']] as const)('an upgrade to %s', (_name, headers, method) => {
  test.each([
    { what: 'a Pod that is not there', path: pathOf('q/exec?command=true&stdout=1'), code: 404, message: 'pods "q" not found' },
    { what: 'a container that is not there', path: pathOf('p/exec?command=true&stdout=1&container=x'), code: 400, message: 'container x is not valid for pod p' },
    { what: 'no stream', path: pathOf('p/exec?command=true'), code: 400, message: 'you must specify at least 1 of stdin, stdout, stderr' },
    { what: 'no command', path: pathOf('p/exec?stdout=1'), code: 400, message: 'you must specify at least one command for the container' },
    { what: 'an ordinary path', path: pathOf('nobody'), code: method === 'GET' ? 404 : 405, message: expect.any(String) },
  ])('is refused for $what, as a request is', async ({ path, code, message }) => {
    const refused = (await ask(path, headers, method)) as Refused;
    expect({ code: refused.code, body: await json(refused.reply) }).toMatchObject({ code, body: { kind: 'Status', message } });
  });

  test('is refused for a container that has ended, in plain words', async () => {
    const id = await pods.start(api, 'over', { script: 'true' });
    await soon('it is over', async () => (await pods.runtime.inspect(id))?.phase === 'exited');
    const refused = (await ask(pathOf('over/exec?command=true&stdout=1'), headers, method)) as Refused;
    expect([refused.code, await text(refused.reply)]).toEqual([500, 'container not found ("c")']);
  });

  test('is refused to a stranger', async () => {
    user = undefined;
    const refused = (await ask(run('true'), headers, method)) as Refused;
    expect(refused.code).toBe(401);
    refused.reply.resume();
  });

  test('is refused for protocols that nobody knows', async () => {
    const refused = (await ask(run('true'), { ...headers, 'sec-websocket-protocol': 'v9.example', 'x-stream-protocol-version': 'v9.example' }, method)) as Refused;
    expect(refused.code).toBe(403);
    expect(await text(refused.reply)).toContain('client supports [v9.example]');
  });
});

test('a request without an upgrade is told that it needs one', async () => {
  const refused = (await ask(run('true'), {})) as Refused;
  expect({ code: refused.code, body: await json(refused.reply) }).toMatchObject({ code: 400, body: { message: 'Upgrade request required' } });
});

test('an upgrade to anything else is an ordinary request', async () => {
  const refused = (await ask('/api/v1/namespaces/default/pods/p', { connection: 'Upgrade', upgrade: 'h2c' })) as Refused;
  expect({ code: refused.code, body: await json(refused.reply) }).toMatchObject({ code: 200, body: { metadata: { name: 'p' } } });
});

async function spdy(path: string, protocol: string): Promise<SpdySession> {
  const upgraded = await ask(path, { ...SPDY, 'x-stream-protocol-version': protocol }, 'POST');
  if (!('socket' in upgraded)) throw new Error(`refused with ${upgraded.code}: ${await text(upgraded.reply)}`);
  expect(upgraded.reply.headers['x-stream-protocol-version']).toBe(protocol);
  return createSpdySession(upgraded.socket, { role: 'client' });
}

const textOf = async (stream: SpdyStream): Promise<string> => Buffer.concat(await Array.fromAsync(stream.bytes)).toString();

describe('exec over SPDY', () => {
  test.each(['v4.channel.k8s.io', 'v5.channel.k8s.io'])('in %s tells output, errors and exit code apart', async (protocol) => {
    const session = await spdy(run('echo out; echo err >&2; exit 3'), protocol);
    const streams = ['error', 'stdout', 'stderr'].map((streamtype) => session.open({ streamtype }));
    const [status, out, err] = await Promise.all(streams.map(textOf));
    expect([out, err]).toEqual(['out\n', 'err\n']);
    expect(JSON.parse(status!)).toMatchObject({ reason: 'NonZeroExitCode', details: { causes: [{ message: '3' }] } });
    await session.closed;
  });

  test.each(['v3.channel.k8s.io', 'v2.channel.k8s.io'])('in %s has only words for a failure', async (protocol) => {
    const session = await spdy(run('exit 3', 'stdout=1'), protocol);
    const [error] = ['error', 'stdout'].map((streamtype) => session.open({ streamtype }));
    expect(await textOf(error!)).toContain('exit code 3');
  });

  test('reads what is sent to its end, and takes sizes that come in pieces', async () => {
    const session = await spdy(run('cat', 'stdin=1&stdout=1&tty=1'), 'v4.channel.k8s.io');
    const [, stdin, stdout, resize] = ['error', 'stdin', 'stdout', 'resize'].map((streamtype) => session.open({ streamtype }));
    for (const part of ['{"Width":80,', '"Height":24}{"Width":81', ',"Height":25}']) await resize!.write(Buffer.from(part));
    await stdin!.write(Buffer.from('hello'));
    stdin!.end();
    expect(await textOf(stdout!)).toBe('hello');
  });

  test('does not begin for a stream that was not asked for', async () => {
    const session = await spdy(run('true', 'stdout=1'), 'v4.channel.k8s.io');
    const odd = session.open({ streamtype: 'stdin' });
    expect(await textOf(odd)).toBe('');
    expect(odd.isReset).toBe(true);
    session.close();
    await session.closed;
  });
});

test('attach joins a process, and leaves it when the caller goes', async () => {
  const id = await pods.start(api, 'reader', { script: 'cat', stdin: true });
  const socket = new WebSocket(`ws+unix://${socketPath}:${pathOf('reader/attach?stdin=1&stdout=1')}`, [V5.name]);
  await once(socket, 'message');
  socket.send(encodeChannel(V5, { channel: 0, bytes: Buffer.from('hi') }));
  const [data] = (await once(socket, 'message')) as [Buffer];
  expect(data.toString()).toBe('\x01hi');
  socket.close();
  await once(socket, 'close');
  expect(await pods.runtime.inspect(id)).toMatchObject({ phase: 'running' });
});

describe('portforward', () => {
  let server: net.Server;
  let port: number;

  beforeEach(async () => {
    await pods.start(api, 'host', { hostNetwork: true });
    server = net.createServer({ allowHalfOpen: true }, (socket) => {
      socket.on('error', () => {});
      socket.on('data', (data) => (data.toString() === 'reset' ? socket.resetAndDestroy() : socket.write(data)));
      socket.once('end', () => socket.end('bye'));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    ({ port } = server.address() as AddressInfo);
  });

  afterEach(() => {
    server.close();
  });

  const forward = (session: SpdySession, to: number, request: number): { readonly data: SpdyStream; readonly error: SpdyStream } => {
    const headers = { port: String(to), requestid: String(request) };
    const error = session.open({ ...headers, streamtype: 'error' });
    error.end();
    return { error, data: session.open({ ...headers, streamtype: 'data' }) };
  };

  test('joins streams and connections, also when only one half is closed', async () => {
    const session = await spdy(pathOf('host/portforward'), 'portforward.k8s.io');
    const pairs = [0, 1, 2].map((request) => forward(session, port, request));
    for (const [index, { data }] of pairs.entries()) {
      await data.write(Buffer.from(`number ${index}, `));
      data.end();
    }
    expect(await Promise.all(pairs.map(({ data }) => textOf(data)))).toEqual(['number 0, bye', 'number 1, bye', 'number 2, bye']);
    expect(await Promise.all(pairs.map(({ error }) => textOf(error)))).toEqual(['', '', '']);
    session.close();
    await session.closed;
  });

  test('tells of a port where nobody listens, and goes on', async () => {
    server.close();
    await once(server, 'close');
    const session = await spdy(pathOf('host/portforward'), 'portforward.k8s.io');
    const { data, error } = forward(session, port, 0);
    expect(await textOf(error)).toBe(`error forwarding port ${port} to pod host: failed to connect to 127.0.0.1:${port} of the pod: connection refused`);
    expect(await textOf(data)).toBe('');
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    const again = forward(session, port, 1);
    again.data.end();
    expect(await textOf(again.data)).toBe('bye');
    session.close();
    await session.closed;
  });

  test('passes a reset on as one, without a word of error', async () => {
    const session = await spdy(pathOf('host/portforward'), 'portforward.k8s.io');
    const { data, error } = forward(session, port, 0);
    await data.write(Buffer.from('reset'));
    expect(await textOf(data)).toBe('');
    expect(data.isReset).toBe(true);
    expect(await textOf(error)).toBe('');
    session.close();
    await session.closed;
  });

  test('ends connections to the Pod with the session', async () => {
    const session = await spdy(pathOf('host/portforward'), 'portforward.k8s.io');
    const { data } = forward(session, port, 0);
    await data.write(Buffer.from('x'));
    await soon('it is connected', () => count(server).then((open) => open === 1));
    session.close();
    await session.closed;
    await soon('it is left', () => count(server).then((open) => open === 0));
  });

  const channels = async (protocol: string, query: string, said: string): Promise<readonly string[]> => {
    const spoken = CHANNEL_PROTOCOLS.find(({ name }) => name === protocol) ?? UNNAMED_PROTOCOL;
    const socket = new WebSocket(`ws+unix://${socketPath}:${pathOf(`host/portforward?${query}`)}`, protocol === '' ? [] : ['v5.channel.k8s.io', protocol]);
    const texts: string[] = [];
    socket.on('message', (data: Buffer, isBinary) => {
      const { channel, bytes } = decodeChannel(spoken, isBinary ? data : data.toString())!;
      const isGreeting = texts[channel] === undefined;
      texts[channel] = isGreeting ? '' : texts[channel] + Buffer.from(bytes).toString();
      if (isGreeting) expect([...bytes]).toEqual([port & 0xff, port >> 8]);
      if (isGreeting && channel === 1 && said !== '') socket.send(encodeChannel(spoken, { channel: 0, bytes: Buffer.from(said) }));
      if (texts[0] === said && said !== '') socket.close();
    });
    await once(socket, 'close');
    return texts;
  };

  test.each(['v4.channel.k8s.io', 'v4.base64.channel.k8s.io', ''])('joins the ports of the request and the channels of "%s"', async (protocol) => {
    expect(await channels(protocol, `ports=${port}`, 'hello')).toEqual(['hello', '']);
    await soon('it is left', () => count(server).then((open) => open === 0));
  });

  test('tells on the channel for errors that nobody listens', async () => {
    server.close();
    await once(server, 'close');
    expect(await channels('v4.channel.k8s.io', `ports=${port}`, '')).toEqual(['', expect.stringContaining('connection refused')]);
  });

  test.each([
    { query: '', code: 400, message: 'query parameter "ports" is required' },
    { query: 'ports=0', code: 400, message: 'port "0" must be > 0' },
    { query: 'ports=80,http', code: 400, message: 'unable to parse "http" as a port' },
  ])('by channels needs ports: "$query"', async ({ query, code, message }) => {
    const refused = (await ask(pathOf(`host/portforward?${query}`), { ...WEBSOCKET, 'sec-websocket-protocol': 'v4.channel.k8s.io' })) as Refused;
    expect({ code: refused.code, body: await json(refused.reply) }).toMatchObject({ code, body: { message } });
  });

  test('refuses streams that make no sense', async () => {
    const session = await spdy(pathOf('host/portforward'), 'portforward.k8s.io');
    const odd = [{ streamtype: 'data', port: '0' }, { streamtype: 'data', port: 'http' }, { streamtype: 'other', port: '80' }].map((headers) => session.open(headers));
    await Promise.all(odd.map(textOf));
    expect(odd.map(({ isReset }) => isReset)).toEqual([true, true, true]);
    session.close();
    await session.closed;
  });
});

function count(server: net.Server): Promise<number> {
  return new Promise((resolve, reject) => server.getConnections((error, open) => (error === null ? resolve(open) : reject(error))));
}
