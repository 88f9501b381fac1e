// HTTP and HTTPS adapters of the handler: bytes in, bytes out, back-pressure kept, and nothing else.
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { UserInfo } from '../api/generated/types.ts';
import { badRequestError, StatusError, tooLargeError, unauthorizedError } from '../api/status-error.ts';
import type { ApiHandler, ApiRequest, ApiResponse, RequestBody } from '../api/wire.ts';
import type { Clock } from '../base/clock.ts';
import type { Logger } from '../base/log.ts';
import { MAX_BODY_BYTES } from './request-body.ts';
import { parseProxyPath } from './proxy/proxy-path.ts';
import { replyError } from './reply.ts';
import type { Upgrade } from './streaming/take-over.ts';

export interface ListenOptions {
  readonly handle: ApiHandler;
  readonly log: Logger;
  readonly clock: Clock;
  /** The caller; undefined refuses with 401. */
  readonly authenticate: (headers: Readonly<Record<string, string | undefined>>) => UserInfo | undefined;
  readonly at: { readonly socketPath: string } | { readonly host: string; readonly port: number; readonly tls: { readonly cert: string; readonly key: string } };
}

export interface Listener {
  /** 0 on a socket path. */
  readonly port: number;
  close(): Promise<void>;
}

const KNOWN_UPGRADES = /^(?:websocket|spdy\/3\.1)$/i;
const METHODS = new Set(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS']);

export async function listen(options: ListenOptions): Promise<Listener> {
  const onRequest = (incoming: http.IncomingMessage, outgoing: http.ServerResponse): void => {
    answer(options, incoming, outgoing).catch((error: unknown) => {
      // The caller went away in the middle of its reply.
      options.log.debug('a reply was cut off', { path: incoming.url, error });
      outgoing.destroy();
    });
  };
  const { at } = options;
  // Node would give every request that names some upgrade away; h2c and the like are ordinary requests here.
  const serverOptions = { shouldUpgradeCallback: ({ headers }: http.IncomingMessage) => KNOWN_UPGRADES.test(headers.upgrade ?? '') };
  const server = 'tls' in at ? https.createServer({ ...at.tls, ...serverOptions }, onRequest) : http.createServer(serverOptions, onRequest);
  const upgraded = new Set<Duplex>();
  server.on('upgrade', (incoming, socket, head) => {
    upgraded.add(socket.once('close', () => upgraded.delete(socket)));
    upgrade(options, { incoming, socket, head, clock: options.clock }).catch((error: unknown) => {
      options.log.debug('an upgraded connection was cut off', { path: incoming.url, error });
      socket.destroy();
    });
  });
  // A watch may be silent for as long as it likes.
  server.requestTimeout = 0;
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen('socketPath' in at ? { path: at.socketPath } : { host: at.host, port: at.port }, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const address = server.address();
  return {
    port: typeof address === 'string' ? 0 : (address as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
        for (const socket of upgraded) socket.destroy();
      }),
  };
}

async function answer(options: ListenOptions, incoming: http.IncomingMessage, outgoing: http.ServerResponse): Promise<void> {
  const identity = options.authenticate(incoming.headers as Record<string, string | undefined>);
  if (identity === undefined) return send(outgoing, replyError(unauthorizedError()));
  // A Pod may be sent more than the API takes: what is for one is handed on as it comes.
  const body: RequestBody | undefined = isForPod(incoming) ? { type: 'stream', chunks: incoming } : await readBytes(incoming);
  if (body === undefined) return send(outgoing, replyError(tooLargeError(MAX_BODY_BYTES)), { close: true });
  const gone = new AbortController();
  outgoing.once('close', () => gone.abort());
  const response = await options.handle(requestOf(incoming, { body, identity, signal: gone.signal }));
  await send(outgoing, response.body.type === 'upgrade' ? replyError(badRequestError('Upgrade request required')) : response);
}

function isForPod({ url = '/' }: http.IncomingMessage): boolean {
  return url.includes('/proxy') && parseProxyPath(new URL(url, 'http://minik').pathname) !== undefined;
}

/** The request of an upgrade is answered as any other; only where the answer is a conversation does it change hands. */
async function upgrade(options: ListenOptions, connection: Upgrade): Promise<void> {
  const { incoming, socket } = connection;
  socket.on('error', () => {}); // Whoever reads it sees it.
  const identity = options.authenticate(incoming.headers as Record<string, string | undefined>);
  if (identity === undefined) return refuse(connection, replyError(unauthorizedError()));
  const gone = new AbortController();
  socket.once('close', () => gone.abort());
  const response = await options.handle(requestOf(incoming, { body: { type: 'none' }, identity, signal: gone.signal }));
  if (response.body.type !== 'upgrade') return refuse(connection, response);
  const { takeOver } = await import('./streaming/take-over.ts');
  try {
    await takeOver(connection, response.body.to);
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    await refuse(connection, replyError(error));
  }
}

async function refuse({ incoming, socket }: Upgrade, response: ApiResponse): Promise<void> {
  const outgoing = new http.ServerResponse(incoming);
  outgoing.assignSocket(socket as Socket);
  outgoing.once('finish', () => socket.end());
  await send(outgoing, response, { close: true });
}

function requestOf(incoming: http.IncomingMessage, given: Pick<ApiRequest, 'body' | 'signal'> & { readonly identity: UserInfo }): ApiRequest {
  const url = new URL(incoming.url ?? '/', 'http://minik');
  const method = incoming.method ?? 'GET';
  return {
    method: (METHODS.has(method) ? method : 'OPTIONS') as ApiRequest['method'],
    path: url.pathname,
    query: url.searchParams,
    headers: incoming.headers as Record<string, string | undefined>,
    user: given.identity.username ?? '',
    ...given,
  };
}

/** How much of a body that is too long is read and thrown away, so that its sender lives to read why. */
const MAX_DISCARDED_BYTES = 16 * MAX_BODY_BYTES;

/** Undefined when the body is longer than the server takes. */
async function readBytes(incoming: http.IncomingMessage): Promise<RequestBody | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.byteLength;
    if (size <= MAX_BODY_BYTES) chunks.push(chunk);
    else chunks.length = 0;
    if (size > MAX_DISCARDED_BYTES) break;
  }
  if (size > MAX_BODY_BYTES) return undefined;
  return size === 0 ? { type: 'none' } : { type: 'bytes', bytes: Buffer.concat(chunks) };
}

async function send(outgoing: http.ServerResponse, response: ApiResponse, { close = false } = {}): Promise<void> {
  const { body } = response;
  outgoing.statusCode = response.status;
  for (const [name, value] of Object.entries(response.headers)) outgoing.setHeader(name, value as string | string[]);
  if (close) outgoing.setHeader('connection', 'close');
  if (body.type === 'value' || body.type === 'text') {
    const text = body.type === 'text' ? body.text : `${JSON.stringify(body.value)}\n`;
    outgoing.setHeader('content-length', Buffer.byteLength(text));
    outgoing.end(text);
    return;
  }
  // Clients wait for the head of a watch before its first event.
  outgoing.flushHeaders();
  if (body.type === 'events') for await (const event of body.events) await write(outgoing, `${JSON.stringify(event)}\n`);
  else if (body.type === 'stream') for await (const chunk of body.chunks) await write(outgoing, chunk);
  outgoing.end();
}

/** Waits while the caller reads slower than we write; throws when it is gone. */
async function write(outgoing: http.ServerResponse, chunk: string | Uint8Array): Promise<void> {
  if (outgoing.destroyed) throw new Error('the caller went away');
  if (outgoing.write(chunk)) return;
  const ready = Promise.withResolvers<void>();
  outgoing.once('drain', ready.resolve).once('close', ready.resolve);
  await ready.promise;
  outgoing.off('drain', ready.resolve).off('close', ready.resolve);
}
