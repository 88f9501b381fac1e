// One question to one other server, by UDP and, where the answer does not fit, by TCP.
import { createSocket } from 'node:dgram';
import { connect, isIPv6 } from 'node:net';
import { framed, unframe } from './tcp-frames.ts';
import type { UpstreamQuery } from './upstream-query.ts';
import { readUpstreamReply, type UpstreamReply } from './upstream-reply.ts';

export interface ServerAddress {
  readonly ip: string;
  readonly port: number;
}

/** Rejects when the server cannot be reached or `signal` is aborted; what is no answer to the question is not heard. */
export async function exchange(server: ServerAddress, query: UpstreamQuery, signal: AbortSignal): Promise<UpstreamReply> {
  const reply = await byUdp(server, query, signal);
  if (!reply.truncated) return reply;
  return byTcp(server, query, signal).catch(() => reply);
}

function byUdp({ ip, port }: ServerAddress, query: UpstreamQuery, signal: AbortSignal): Promise<UpstreamReply> {
  const { promise, resolve, reject } = Promise.withResolvers<UpstreamReply>();
  const socket = createSocket(isIPv6(ip) ? 'udp6' : 'udp4');
  const stop = (): void => reject(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  socket.on('error', reject);
  socket.on('message', (bytes) => {
    const reply = readUpstreamReply(bytes, query);
    if (reply !== undefined) resolve(reply);
  });
  // Connected: the kernel lets nobody else answer, and says when nobody listens there.
  socket.connect(port, ip, () => socket.send(query.bytes, (error) => error && reject(error)));
  return promise.finally(() => {
    signal.removeEventListener('abort', stop);
    socket.close();
  });
}

function byTcp({ ip, port }: ServerAddress, query: UpstreamQuery, signal: AbortSignal): Promise<UpstreamReply> {
  const { promise, resolve, reject } = Promise.withResolvers<UpstreamReply>();
  const socket = connect({ host: ip, port, noDelay: true });
  const stop = (): void => reject(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  let received: Uint8Array = new Uint8Array();
  socket.on('error', reject);
  socket.on('close', () => reject(new Error(`${ip} closed the connection without an answer`)));
  socket.on('data', (chunk) => {
    const { messages, rest } = unframe(Buffer.concat([received, chunk]));
    received = rest;
    const reply = messages.map((bytes) => readUpstreamReply(bytes, query)).find((found) => found !== undefined);
    if (reply !== undefined) resolve(reply);
  });
  socket.write(framed(query.bytes));
  return promise.finally(() => {
    signal.removeEventListener('abort', stop);
    socket.destroy();
  });
}
