// The sockets of the DNS server: one address and port, by UDP and by TCP. Whatever comes in, it goes on.
import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import type { Logger } from '../../base/log.ts';
import type { Transport } from './responder.ts';
import { framed, unframe } from './tcp-frames.ts';

export interface DnsServerOptions {
  readonly ip: string;
  /** 0: any that is free. */
  readonly port: number;
  /** undefined: no answer is sent. */
  readonly respond: (bytes: Uint8Array, transport: Transport) => Promise<Uint8Array | undefined>;
  readonly log: Logger;
}

export interface DnsServer {
  readonly port: number;
  close(): Promise<void>;
}

const MOST_TRIES = 20;
const IDLE_MS = 10_000;
const MOST_CONNECTIONS = 1_000;
const RECEIVE_BUFFER_BYTES = 1 << 20;

/** Rejects with the system's error when the address cannot be had. */
export async function openDnsServer(options: DnsServerOptions): Promise<DnsServer> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await openBoth(options);
    } catch (error) {
      // Any port that is free for UDP need not be free for TCP.
      if (options.port !== 0 || tries === MOST_TRIES) throw error;
    }
  }
}

async function openBoth(options: DnsServerOptions): Promise<DnsServer> {
  const udp = await openUdp(options);
  const { port } = udp.address();
  const connections = new Set<Socket>();
  try {
    const tcp = await openTcp({ ...options, port }, connections);
    return { port, close: () => closeAll(udp, tcp, connections) };
  } catch (error) {
    udp.close();
    throw error;
  }
}

async function openUdp({ ip, port, respond, log }: DnsServerOptions): Promise<UdpSocket> {
  const socket = createSocket({ type: ip.includes(':') ? 'udp6' : 'udp4', recvBufferSize: RECEIVE_BUFFER_BYTES });
  socket.on('message', (bytes, client) => {
    respond(bytes, 'udp').then(
      (reply) => {
        // A client that has gone is its own affair.
        if (reply !== undefined) socket.send(reply, client.port, client.address, () => {});
      },
      (error: unknown) => log.error('a question to DNS failed', { error }),
    );
  });
  socket.bind({ address: ip, port, exclusive: true });
  await once(socket, 'listening');
  socket.on('error', (error) => log.warn('the DNS socket reported an error', { error }));
  return socket;
}

async function openTcp({ ip, port, respond, log }: DnsServerOptions, connections: Set<Socket>): Promise<Server> {
  const server = createServer({ noDelay: true }, (connection) => {
    connections.add(connection);
    connection.on('close', () => connections.delete(connection));
    serve(connection, respond, log);
  });
  server.maxConnections = MOST_CONNECTIONS;
  server.listen({ host: ip, port, exclusive: true });
  await once(server, 'listening');
  server.on('error', (error) => log.warn('the DNS listener reported an error', { error }));
  return server;
}

/** Questions of one connection are answered as answers come: their ids tell which is which. */
function serve(connection: Socket, respond: DnsServerOptions['respond'], log: Logger): void {
  let received: Uint8Array = new Uint8Array();
  connection.setTimeout(IDLE_MS, () => connection.destroy());
  connection.on('error', () => connection.destroy());
  connection.on('data', (chunk) => {
    const { messages, rest } = unframe(received.length === 0 ? chunk : Buffer.concat([received, chunk]));
    received = rest;
    for (const message of messages) {
      respond(message, 'tcp').then(
        (reply) => (reply === undefined ? connection.destroy() : connection.write(framed(reply))),
        (error: unknown) => log.error('a question to DNS failed', { error }),
      );
    }
  });
}

async function closeAll(udp: UdpSocket, tcp: Server, connections: ReadonlySet<Socket>): Promise<void> {
  const closed = Promise.all([once(udp, 'close'), once(tcp, 'close')]);
  udp.close();
  tcp.close();
  for (const connection of connections) connection.destroy();
  await closed;
}
