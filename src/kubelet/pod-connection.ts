// A TCP connection from this host to a port of a Pod.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { PodConnection } from '../api/pod/pod-streams.ts';
import { writeBytes } from '../base/write-bytes.ts';

/** Rejects with upstream's words when nobody listens there. */
export async function connectTo({ host, port }: { readonly host: string; readonly port: number }): Promise<PodConnection> {
  const socket = connect({ host, port, allowHalfOpen: true });
  try {
    await once(socket, 'connect');
  } catch (error) {
    throw new Error(`failed to connect to ${host}:${port} of the pod: ${reasonOf(error)}`, { cause: error });
  }
  socket.setNoDelay(true);
  socket.on('error', () => {}); // The reader sees it.
  return {
    bytes: readBytes(socket),
    write: (bytes) => writeBytes(socket, bytes),
    end: () => {
      if (socket.writable) socket.end();
    },
    close: () => socket.destroy(),
  };
}

/** Ends when the other side sends no more; this side may still be sending then. */
async function* readBytes(socket: Socket): AsyncGenerator<Uint8Array> {
  for await (const chunk of socket.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>) yield chunk;
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
