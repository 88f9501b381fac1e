// WebSockets as Node streams: the one place that knows the library.
import type { ClientRequestArgs, IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { createWebSocketStream, WebSocket, WebSocketServer } from 'ws';
import type { Clock } from '../base/clock.ts';
import { KEEP_ALIVE_MS } from './keep-alive.ts';


// Kubernetes' name for tunnels, "SPDY/3.1+portforward.k8s.io", is none by the letter of the standard, and the library would
// refuse it: so names are agreed on here, with headers of our own.
const PROTOCOL_HEADER = 'sec-websocket-protocol';

export type { WebSocket };

/** Answers an upgrade; `protocol` is the one of those offered that is agreed on, '' for none. */
export function acceptWebSocket(request: { readonly incoming: IncomingMessage; readonly socket: Duplex; readonly head: Buffer }, protocol: string): Promise<WebSocket> {
  const server = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  if (protocol !== '') server.once('headers', (headers) => headers.push(`Sec-WebSocket-Protocol: ${protocol}`));
  delete request.incoming.headers[PROTOCOL_HEADER];
  return new Promise((resolve, reject) => {
    request.socket.once('close', () => reject(new Error('the caller went away')));
    server.handleUpgrade(request.incoming, request.socket, request.head, (socket) => resolve(socket));
  });
}

/** The server answered, but did not take the connection over. */
export class UpgradeRefused extends Error {
  override name = 'UpgradeRefused';
  readonly reply: IncomingMessage;

  constructor(reply: IncomingMessage) {
    super(`the server answered ${reply.statusCode} to an upgrade`);
    this.reply = reply;
  }
}

export interface OpenedSocket {
  readonly socket: WebSocket;
  /** What was agreed on. */
  readonly protocol: string;
}

/** Rejects with UpgradeRefused, whose reply is to be read, or with the connection's error. */
export function openWebSocket(address: string, options: ClientRequestArgs & { readonly protocols: readonly string[] }): Promise<OpenedSocket> {
  const { protocols, headers, ...rest } = options;
  const socket = new WebSocket(address, { ...rest, headers: { ...headers, [PROTOCOL_HEADER]: protocols.join(', ') }, perMessageDeflate: false });
  let protocol = '';
  socket.once('upgrade', ({ headers: answered }) => {
    protocol = answered[PROTOCOL_HEADER] ?? '';
    delete answered[PROTOCOL_HEADER];
  });
  return new Promise((resolve, reject) => {
    socket.once('open', () => {
      socket.off('error', reject);
      // Until somebody listens; the streams below go on by themselves.
      socket.pause();
      resolve({ socket, protocol });
    });
    socket.once('error', reject);
    socket.once('unexpected-response', (_request, reply) => reject(new UpgradeRefused(reply)));
  });
}

/**
 * Asks now and then whether the other end is still there, and breaks off when the question cannot be sent: while nobody
 * reads, nothing else would tell. Ends with the socket.
 */
export function keepAlive(socket: WebSocket, clock: Clock): void {
  let timer = clock.setTimer(KEEP_ALIVE_MS, ask);
  function ask(): void {
    socket.ping(undefined, undefined, () => {});
    timer = clock.setTimer(KEEP_ALIVE_MS, ask);
  }
  socket.once('close', () => timer.cancel());
}

/** A chunk read or written is a message: bytes, or text where it is a string. */
export function messageStream(socket: WebSocket): Duplex {
  return createWebSocketStream(closingNormally(socket), { readableObjectMode: true, decodeStrings: false });
}

/** The bytes of all messages, one after another. */
export function byteStream(socket: WebSocket): Duplex {
  return createWebSocketStream(closingNormally(socket));
}

const NORMAL_CLOSURE = 1000;

/** The library's streams close without saying why, which Go clients take for an error. */
function closingNormally(socket: WebSocket): WebSocket {
  const close = socket.close.bind(socket);
  socket.close = (code = NORMAL_CLOSURE, reason) => close(code, reason);
  return socket;
}
