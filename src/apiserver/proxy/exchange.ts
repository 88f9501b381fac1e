// One request to a backend and its reply, both as they flow; or a whole connection, for a caller that wants to speak another
// protocol on it.
import http from 'node:http';
import net from 'node:net';
import tls from 'node:tls';
import { manyByName } from '../../api/end-to-end-headers.ts';
import { hostPort } from '../../api/host-port.ts';
import type { PodConnection } from '../../api/pod/pod-streams.ts';
import type { ApiRequest, ApiResponse, RequestBody } from '../../api/wire.ts';
import type { Clock } from '../../base/clock.ts';
import { writeBytes } from '../../base/write-bytes.ts';
import { replyText } from '../reply.ts';
import type { Backend } from './backends.ts';
import { forwardedHeaders, returnedHeaders, type Forwarding } from './proxy-headers.ts';

/** Opens a connection to a Pod, or to whatever else an endpoint is. */
export type Dial = (backend: Backend) => net.Socket;

export const dialDirectly: Dial = ({ host, port }) => net.connect({ host, port });

const CONNECT_TIMEOUT_MS = 30_000;

export interface Exchange extends Forwarding {
  readonly request: ApiRequest;
  readonly backend: Backend;
  readonly dial: Dial;
  readonly clock: Clock;
}

/** Never rejects: a backend that cannot be reached is 503, with Go's words for why. */
export function exchange(asked: Exchange): Promise<ApiResponse> {
  const { request, backend } = asked;
  return new Promise((resolve) => {
    const sent = http.request({
      method: request.method,
      path: targetPath(asked),
      headers: { ...forwardedHeaders(request.headers, asked), ...framing(request) } as http.OutgoingHttpHeaders,
      setHost: false,
      createConnection: () => connect(asked),
      signal: request.signal,
    });
    sent.on('error', (error: NodeJS.ErrnoException) => resolve(replyText(`error trying to reach service: ${reason(error, backend)}`, { status: 503 })));
    sent.once('response', (reply) => {
      resolve({ status: reply.statusCode ?? 502, headers: returnedHeaders(manyByName(reply.headersDistinct), asked), body: { type: 'stream', chunks: reply } });
    });
    void sendBody(sent, request.body);
  });
}

/** The connection, with the request already on it: what comes back is for the caller as it is. */
export async function openTunnel(asked: Exchange): Promise<PodConnection> {
  const socket = connect(asked);
  await new Promise<void>((resolve, reject) => {
    socket.once(asked.scheme === 'https' ? 'secureConnect' : 'connect', resolve).once('error', reject);
  });
  // Whoever reads it sees what goes wrong with it.
  socket.on('error', () => {});
  const { request } = asked;
  const headers = { ...forwardedHeaders(request.headers, asked), connection: 'Upgrade', upgrade: request.headers['upgrade'] ?? '' };
  const lines = Object.entries(headers).flatMap(([name, value]) => [value].flat().map((text) => `${name}: ${text}`));
  socket.write(`${[`${request.method} ${targetPath(asked)} HTTP/1.1`, ...lines].join('\r\n')}\r\n\r\n`);
  return {
    bytes: socket,
    write: (bytes) => writeBytes(socket, bytes),
    end: () => socket.end(),
    close: () => socket.destroy(),
  };
}

/** Node frames the bodies of some methods only: what comes in pieces is sent in pieces, by any of them. */
function framing({ headers, body }: ApiRequest): Record<string, string | number> {
  const whole = wholeBody(body);
  if (whole !== undefined) return { 'content-length': whole.byteLength };
  return headers['transfer-encoding'] === undefined ? {} : { 'transfer-encoding': 'chunked' };
}

function wholeBody(body: RequestBody): Uint8Array | undefined {
  return body.type === 'bytes' ? body.bytes : body.type === 'value' ? Buffer.from(JSON.stringify(body.value)) : undefined;
}

function targetPath({ path, request }: Exchange): string {
  const query = request.query.toString();
  return `${path.rest || '/'}${query === '' ? '' : `?${query}`}`;
}

function connect({ scheme, backend, dial, clock }: Exchange): net.Socket {
  const plain = dial(backend);
  const timer = clock.setTimer(CONNECT_TIMEOUT_MS, () => plain.destroy(Object.assign(new Error('i/o timeout'), { code: 'ETIMEDOUT' })));
  plain.once('connect', () => timer.cancel()).once('close', () => timer.cancel());
  if (scheme === 'http') return plain;
  // kube: nobody knows whose certificate a Pod has.
  const secure = tls.connect({ socket: plain, rejectUnauthorized: false });
  plain.on('error', (error) => secure.destroy(error));
  return secure;
}

/** A backend may answer, and hang up, before it has read it all: its answer counts. */
async function sendBody(sent: http.ClientRequest, body: RequestBody): Promise<void> {
  try {
    if (body.type === 'stream') {
      for await (const chunk of body.chunks) await writeBytes(sent, chunk);
    }
    sent.end(wholeBody(body));
  } catch (error) {
    sent.destroy(error as Error);
  }
}

const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connect: connection refused',
  EHOSTUNREACH: 'connect: no route to host',
  ENETUNREACH: 'connect: network is unreachable',
  ETIMEDOUT: 'i/o timeout',
};

export function reason({ code = '', message }: NodeJS.ErrnoException, { host, port }: Backend): string {
  return WORDS[code] === undefined ? message : `dial tcp ${hostPort(host, port)}: ${WORDS[code]}`;
}
