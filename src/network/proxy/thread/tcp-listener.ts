// An open TCP port: hands what it accepts to a backend of its rule.
import { createServer, type Socket } from 'node:net';
import type { Balancer } from './balancer.ts';
import type { BufferPool } from './buffer-pool.ts';
import type { Listener } from './listener.ts';
import type { ListenPoint } from './plan-listeners.ts';
import type { PolicyGate } from './policy-gate.ts';
import { sourceFilter } from './source-filter.ts';
import { forwardConnection, KEEP_ALIVE_MS } from './tcp-connection.ts';

/** The kernel takes less where its own limit is lower. */
const BACKLOG = 4_096;

export interface ListenerContext {
  readonly point: ListenPoint;
  readonly balancer: Balancer;
  readonly pool: BufferPool;
  readonly gate: PolicyGate;
  readonly now: () => number;
  /** A client was turned away: no backend took its connection. */
  readonly onRefused: (why: string) => void;
}

export function openTcp(context: ListenerContext): Promise<Listener> {
  const { point } = context;
  const isWelcome = sourceFilter(point.sourceRanges);
  const server = createServer({ pauseOnConnect: true, allowHalfOpen: true, noDelay: true, keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE_MS });
  server.on('connection', (socket) => {
    const client = socket.remoteAddress ?? '';
    if (isWelcome?.(client) === false) return void socket.resetAndDestroy();
    forward(context, socket, client);
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: point.address, port: point.port, backlog: BACKLOG }, () => {
      server.off('error', reject);
      // Out of file descriptors, for one: the connection waits in the kernel until there are some.
      server.on('error', () => undefined);
      resolve({ close: () => void server.close(), refresh: () => undefined });
    });
  });
}

function forward({ point, balancer, pool, gate, now, onRefused }: ListenerContext, socket: Socket, client: string): void {
  forwardConnection(socket, {
    pool,
    backends: gate.allowed({ client, address: point.address, protocol: 'TCP' }, balancer.order(point.side, client, now())),
    onJoined: (backend) => balancer.keep(client, backend, now()),
    onRefused,
    onClosed: () => balancer.touch(client, now()),
  });
}
