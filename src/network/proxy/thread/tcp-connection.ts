// One client's connection: finds a backend that takes it, then passes bytes both ways until both ends are through.
//
//   dialing → joined → closed      a backend that refuses, or does not answer, is followed by the next
//
// An end (FIN) of one side is passed on, and the other goes on: half a connection is one. A reset is passed on as a reset.
import { connect, type Socket } from 'node:net';
import type { Backend } from '../../forwarding/forwarding-table.ts';
import { adoptSocket } from './adopt-socket.ts';
import type { BufferPool } from './buffer-pool.ts';
import { Pump } from './pump.ts';

/** A backend that has not answered by then is left for the next. */
const DIAL_MS = 2_000;
/** The last one has all the time that it may need: it may be busy, and a reset is no better than a late answer. */
const LAST_DIAL_MS = 60_000;
/** A peer that is gone without a word is noticed this long after its last one, and some ten seconds. */
export const KEEP_ALIVE_MS = 60_000;

export interface ConnectionOptions {
  readonly pool: BufferPool;
  /** In the order in which to try them; asked for when the connection is there. */
  readonly backends: readonly Backend[];
  readonly onJoined: (backend: Backend) => void;
  /** No backend took it; with what the last one said. */
  readonly onRefused: (why: string) => void;
  readonly onClosed: () => void;
}

export function forwardConnection(accepted: Socket, options: ConnectionOptions): void {
  const [up, down] = [new Pump(options.pool), new Pump(options.pool)];
  const client = adoptSocket(accepted, up.onread);
  if (client === undefined) return options.onClosed();
  let closed = 0;
  const onClosed = (): void => {
    closed += 1;
    if (closed < 2) return;
    up.close();
    down.close();
    options.onClosed();
  };
  const giveUp = (why: string): void => {
    if (!client.destroyed) options.onRefused(why);
    client.resetAndDestroy();
    onClosed();
  };
  client.once('close', onClosed);
  client.on('error', () => client.destroy());
  dial({ backends: options.backends, down, isWanted: () => !client.destroyed }, (result) => {
    if ('why' in result) return giveUp(result.why);
    const { backend, socket } = result;
    socket.once('close', onClosed);
    socket.on('error', () => socket.destroy());
    if (client.destroyed) return void socket.resetAndDestroy();
    up.join(client, socket);
    down.join(socket, client);
    passEnds(client, socket);
    options.onJoined(backend);
    client.resume();
  });
}

function dial(
  { backends, down, isWanted }: { readonly backends: readonly Backend[]; readonly down: Pump; readonly isWanted: () => boolean },
  done: (result: { readonly backend: Backend; readonly socket: Socket } | { readonly why: string }) => void,
): void {
  const attempt = (index: number, why: string): void => {
    const backend = backends[index];
    if (backend === undefined || !isWanted()) return done({ why });
    const socket = connect({ host: backend.ip, port: backend.port, allowHalfOpen: true, noDelay: true, keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE_MS, onread: down.onread });
    const failed = (error: Error): void => {
      socket.destroy();
      attempt(index + 1, error.message);
    };
    socket.setTimeout(index + 1 < backends.length ? DIAL_MS : LAST_DIAL_MS, () => socket.destroy(new Error(`${backend.ip}:${backend.port} does not answer`)));
    socket.once('error', failed);
    socket.once('connect', () => {
      socket.setTimeout(0);
      socket.off('error', failed);
      done({ backend, socket });
    });
  };
  attempt(0, 'there is no backend');
}

/** An end is an end for the other side, too; whatever else ends one side is a reset for the other. */
function passEnds(client: Socket, backend: Socket): void {
  const pass = (from: Socket, to: Socket): void => {
    from.on('end', () => to.end());
    from.on('error', () => to.resetAndDestroy());
  };
  pass(client, backend);
  pass(backend, client);
}
