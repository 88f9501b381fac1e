// A TCP connection from this host to a port of a Pod.
import { once } from 'node:events';
import { connect } from 'node:net';
import type { PodConnection } from '../api/pod/pod-streams.ts';
import { socketConnection } from './runtime/socket-connection.ts';

export interface PodPort {
  /** The Pod's address. */
  readonly host: string;
  readonly port: number;
  /** Tries the Pod's own loopback device; undefined where that cannot be reached. */
  readonly viaLoopback: () => Promise<PodConnection | undefined>;
}

/** A server that only listens on the Pod's 127.0.0.1 is found too. Rejects in words for people when nobody listens. */
export async function connectTo({ host, port, viaLoopback }: PodPort): Promise<PodConnection> {
  const socket = connect({ host, port, allowHalfOpen: true });
  try {
    await once(socket, 'connect');
    return socketConnection(socket);
  } catch (cause) {
    const inside = isRefusal(cause) ? await viaLoopback().catch(() => undefined) : undefined;
    if (inside !== undefined) return inside;
    throw new Error(`failed to connect to ${host}:${port} of the pod: ${reasonOf(cause)}`, { cause });
  }
}

function isRefusal(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ECONNREFUSED';
}

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  switch (code) {
    case 'ECONNREFUSED':
      return 'connection refused';
    case 'EHOSTUNREACH':
      return 'no route to host';
    case 'ETIMEDOUT':
      return 'connection timed out';
    default:
      return message;
  }
}
