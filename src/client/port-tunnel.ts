// Connections to ports of a Pod through an API server: SPDY inside a WebSocket, as kubectl's port-forward does it.
import type { Duplex } from 'node:stream';
import { createSpdySession, type SpdyStream } from '../streams/spdy/session.ts';

export interface PortTunnel {
  /** Returns at once: whether somebody listens there is told by `failure`. */
  connect(port: number): TunnelConnection;
  /** Resolves when the tunnel has ended: the Pod may be gone, or the server. */
  readonly closed: Promise<void>;
  close(): void;
}

export interface TunnelConnection {
  /** Ends when the Pod's side ends or breaks off. */
  readonly bytes: AsyncIterable<Uint8Array>;
  write(bytes: Uint8Array): Promise<void>;
  /** No more will be written. */
  end(): void;
  /** Breaks it off. */
  reset(): void;
  /** True once the Pod's side has broken it off. */
  readonly isReset: boolean;
  /** Why there was no connection; '' when there was one. Resolves when it is over. */
  readonly failure: Promise<string>;
}

export function portTunnel(bytes: Duplex): PortTunnel {
  const session = createSpdySession(bytes, { role: 'client' });
  let requests = 0;
  return {
    connect(port) {
      const headers = { port: String(port), requestid: String(requests) };
      requests += 1;
      const error = session.open({ ...headers, streamtype: 'error' });
      error.end();
      const data = session.open({ ...headers, streamtype: 'data' });
      return {
        bytes: data.bytes,
        write: (chunk) => data.write(chunk),
        end: () => data.end(),
        reset: () => data.reset(),
        get isReset() {
          return data.isReset;
        },
        failure: readAll(error),
      };
    },
    closed: session.closed,
    close: () => session.close(),
  };
}

async function readAll(stream: SpdyStream): Promise<string> {
  return Buffer.concat(await Array.fromAsync(stream.bytes)).toString();
}
