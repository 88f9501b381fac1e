// WebSockets as Node streams: the one place that knows the library.
import type { IncomingMessage } from 'node:http';
import type { ClientRequestArgs } from 'node:http';
import type { Duplex } from 'node:stream';
import { createWebSocketStream, WebSocket, WebSocketServer } from 'ws';


/** Answers an upgrade. `choose` gets what the caller offers and returns one of them, or undefined for none. */
export function acceptWebSocket(
  request: { readonly incoming: IncomingMessage; readonly socket: Duplex; readonly head: Buffer },
  choose: (offered: readonly string[]) => string | undefined,
): Promise<WebSocket> {
  const server = new WebSocketServer({ noServer: true, perMessageDeflate: false, handleProtocols: (offered) => choose([...offered]) ?? false });
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

/** Rejects with UpgradeRefused, whose reply is to be read, or with the connection's error. */
export function openWebSocket(address: string, options: ClientRequestArgs & { readonly protocols: readonly string[] }): Promise<WebSocket> {
  const { protocols, ...rest } = options;
  const socket = new WebSocket(address, [...protocols], { ...rest, perMessageDeflate: false });
  return new Promise((resolve, reject) => {
    socket.once('open', () => {
      socket.off('error', reject);
      resolve(socket);
    });
    socket.once('error', reject);
    socket.once('unexpected-response', (_request, reply) => reject(new UpgradeRefused(reply)));
  });
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
