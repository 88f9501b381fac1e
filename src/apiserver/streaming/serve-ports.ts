// Port-forward: each connection of the caller's is two SPDY streams of one requestID, data and error, to a port of the Pod.
import type { OpenPort, PodConnection } from '../../api/pod/pod-streams.ts';
import type { SpdyStream } from '../../streams/spdy/session.ts';

interface Pair {
  data?: SpdyStream;
  error?: SpdyStream;
}

/** Returns what takes the streams of a session; it throws for one that makes no sense. */
export function portStreams({ open, pod }: { readonly open: OpenPort; readonly pod: string }): (stream: SpdyStream) => void {
  const pairs = new Map<string, Pair>();
  return (stream) => {
    const { port, type, request } = describe(stream);
    const pair = pairs.get(request) ?? {};
    if (pair[type] !== undefined) throw new Error(`${type} stream already assigned`);
    pair[type] = stream;
    if (pair.data === undefined || pair.error === undefined) {
      pairs.set(request, pair);
      return;
    }
    pairs.delete(request);
    void forward({ data: pair.data, error: pair.error }, { port, open, pod });
  };
}

function describe({ headers, id }: SpdyStream): { readonly port: number; readonly type: 'data' | 'error'; readonly request: string } {
  const { port = '', streamtype: type, requestid } = headers;
  if (!/^\d+$/.test(port) || Number(port) < 1 || Number(port) > 65_535) throw new Error(`unable to parse "${port}" as a port`);
  if (type !== 'data' && type !== 'error') throw new Error(`invalid stream type "${type}"`);
  // kube: old clients number no requests; they open the error stream and then the data stream.
  return { port: Number(port), type, request: requestid ?? String(type === 'error' ? id : id - 2) };
}

/** Never rejects. */
async function forward(
  { data, error }: { readonly data: SpdyStream; readonly error: SpdyStream },
  { port, open, pod }: { readonly port: number; readonly open: OpenPort; readonly pod: string },
): Promise<void> {
  try {
    const connection = await open(port);
    await Promise.all([toPod(data, connection), fromPod(data, connection)]);
  } catch (cause) {
    await error.write(new TextEncoder().encode(forwardingFailure({ port, pod, cause })));
  } finally {
    data.end();
    error.end();
  }
}

/** What upstream's clients print as it is. */
export function forwardingFailure({ port, pod, cause }: { readonly port: number; readonly pod: string; readonly cause: unknown }): string {
  return `error forwarding port ${port} to pod ${pod}: ${cause instanceof Error ? cause.message : String(cause)}`;
}

async function toPod(data: SpdyStream, connection: PodConnection): Promise<void> {
  for await (const bytes of data.bytes) await connection.write(bytes);
  if (data.isReset) connection.close();
  else connection.end();
}

/** A connection that the Pod resets is broken off here too; that is no error of the forwarding. */
async function fromPod(data: SpdyStream, connection: PodConnection): Promise<void> {
  try {
    for await (const bytes of connection.bytes) await data.write(bytes);
    data.end();
  } catch {
    data.reset();
  }
}
