// Hands HTTP requests of others on to an API server, with the credentials of this client: bodies flow both ways, upgraded
// connections become one.
import http from 'node:http';
import type { Duplex } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { endToEnd, manyByName } from '../api/end-to-end-headers.ts';
import { connectionOptions, type HttpEndpoint } from './http-client.ts';

export interface Forwarder {
  /** `path`: with its query. Never rejects: a server that cannot be reached is 502. */
  forward(incoming: http.IncomingMessage, outgoing: http.ServerResponse, path: string): Promise<void>;
  /** The same for a request that asks for another protocol. */
  upgrade(incoming: http.IncomingMessage, caller: { readonly socket: Duplex; readonly head: Buffer }, path: string): void;
  close(): void;
}

export function createForwarder(endpoint: HttpEndpoint): Forwarder {
  const { module, agent, base, basePath } = connectionOptions(endpoint);
  const ask = (incoming: http.IncomingMessage, path: string, more: http.OutgoingHttpHeaders): http.ClientRequest => {
    // The host is the server's own; who asks is this client, whatever the caller says.
    const { host: _host, authorization: _authorization, ...headers } = endToEnd(incoming.headers);
    return module.request({ ...base, method: incoming.method, path: basePath + path, headers: { ...headers, ...(base.headers as http.OutgoingHttpHeaders), ...more } as http.OutgoingHttpHeaders });
  };
  return {
    async forward(incoming, outgoing, path) {
      const chunked = incoming.headers['transfer-encoding'] === undefined ? {} : { 'transfer-encoding': 'chunked' };
      const sent = ask(incoming, path, chunked);
      outgoing.once('close', () => sent.destroy());
      const reply = new Promise<http.IncomingMessage>((resolve, reject) => sent.once('response', resolve).on('error', reject));
      incoming.pipe(sent);
      try {
        const answered = await reply;
        outgoing.writeHead(answered.statusCode ?? 502, endToEnd(manyByName(answered.headersDistinct)) as http.OutgoingHttpHeaders);
        // Clients wait for the head of a watch before its first event.
        outgoing.flushHeaders();
        await pipeline(answered, outgoing);
      } catch (error) {
        if (outgoing.headersSent) outgoing.destroy();
        else outgoing.writeHead(502, { 'content-type': 'text/plain' }).end(`${(error as Error).message}\n`);
      }
    },
    upgrade(incoming, { socket, head }, path) {
      const sent = ask(incoming, path, { connection: 'Upgrade', upgrade: incoming.headers.upgrade });
      const give = (reply: http.IncomingMessage, server: Duplex, first: Buffer): void => {
        socket.write(`HTTP/1.1 ${reply.statusCode} ${reply.statusMessage}\r\n${rawHeaders(reply)}\r\n`);
        if (first.length > 0) socket.write(first);
        if (head.length > 0) server.write(head);
        // Whichever end goes, the other has nobody to talk to.
        pipeline(socket, server, socket).catch(() => socket.destroy());
      };
      sent.once('upgrade', give).once('response', (reply) => refuse(socket, reply)).on('error', () => socket.destroy());
      socket.once('close', () => sent.destroy());
      sent.end();
    },
    close: () => agent.destroy(),
  };
}

/** An ordinary answer to somebody who wanted a conversation: given, and that was it. */
function refuse(socket: Duplex, reply: http.IncomingMessage): void {
  socket.write(`HTTP/1.1 ${reply.statusCode} ${reply.statusMessage}\r\n${Object.entries(endToEnd(manyByName(reply.headersDistinct))).map(([name, value]) => `${name}: ${[value].flat().join(', ')}\r\n`).join('')}connection: close\r\n\r\n`);
  pipeline(reply, socket).catch(() => socket.destroy());
}

function rawHeaders({ rawHeaders: raw }: http.IncomingMessage): string {
  return raw.map((text, at) => (at % 2 === 0 ? `${text}: ` : `${text}\r\n`)).join('');
}
