// The client over HTTP: minik's own socket, or any Kubernetes API server over TLS.
import http from 'node:http';
import https from 'node:https';
import { manyByName } from '../api/end-to-end-headers.ts';
import type { ApiRequest, ApiResponse } from '../api/wire.ts';
import { TransportError, type Client } from './client.ts';
import { createRestClient, type RestClientOptions } from './rest-client.ts';

export type HttpEndpoint =
  | { readonly socketPath: string }
  | {
      /** "https://127.0.0.1:16443" */
      readonly url: string;
      /** PEM. Absent: the system's authorities. */
      readonly ca?: string;
      readonly token?: string;
      /** PEM client certificate and key. */
      readonly cert?: string;
      readonly key?: string;
      readonly username?: string;
      readonly password?: string;
      readonly insecureSkipTlsVerify?: boolean;
      readonly serverName?: string;
    };

export interface HttpClientOptions extends Omit<RestClientOptions, 'transport'> {
  /** Milliseconds until a reply must begin; default: no limit. */
  readonly requestTimeoutMs?: number;
}

export interface HttpClient extends Client {
  /** Closes kept-alive connections. */
  close(): void;
}

export function createHttpClient(endpoint: HttpEndpoint, options: HttpClientOptions = {}): HttpClient {
  const connection = connectionOptions(endpoint);
  const client = createRestClient({
    ...options,
    transport: (request) => exchange(connection, request, options.requestTimeoutMs),
  });
  return Object.assign(client, { close: () => connection.agent.destroy() });
}

/** How requests reach the server, for whoever makes them. */
export interface Connection {
  readonly module: typeof http | typeof https;
  readonly agent: http.Agent;
  readonly base: http.RequestOptions;
  readonly basePath: string;
}

export function connectionOptions(endpoint: HttpEndpoint): Connection {
  if ('socketPath' in endpoint) {
    const agent = new http.Agent({ keepAlive: true });
    // Without a name the agent works one out, and loads a URL parser for it.
    const base = { socketPath: endpoint.socketPath, agent, servername: '' } as http.RequestOptions;
    return { module: http, agent, base, basePath: '' };
  }
  const url = new URL(endpoint.url);
  const secure = url.protocol === 'https:';
  const agent = secure
    ? new https.Agent({
        keepAlive: true,
        ca: endpoint.ca,
        cert: endpoint.cert,
        key: endpoint.key,
        rejectUnauthorized: endpoint.insecureSkipTlsVerify !== true,
        servername: endpoint.serverName,
      })
    : new http.Agent({ keepAlive: true });
  const base: http.RequestOptions = {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? (secure ? 443 : 80) : Number(url.port),
    headers: authorization(endpoint),
    agent,
  };
  return { module: secure ? https : http, agent, base, basePath: url.pathname.replace(/\/$/, '') };
}

/** The header that says who asks. */
export function authorization(endpoint: Exclude<HttpEndpoint, { socketPath: string }>): Record<string, string> {
  if (endpoint.token !== undefined) return { authorization: `Bearer ${endpoint.token}` };
  if (endpoint.username === undefined) return {};
  const pair = Buffer.from(`${endpoint.username}:${endpoint.password ?? ''}`).toString('base64');
  return { authorization: `Basic ${pair}` };
}

function exchange(connection: Connection, request: Omit<ApiRequest, 'user'>, timeoutMs: number | undefined): Promise<ApiResponse> {
  const { module, base, basePath } = connection;
  const query = request.query.toString();
  const body = bodyBytes(request.body);
  return new Promise((resolve, reject) => {
    const sent = module.request({
      ...base,
      method: request.method,
      path: `${basePath}${request.path}${query === '' ? '' : `?${query}`}`,
      headers: {
        ...(base.headers as http.OutgoingHttpHeaders),
        ...request.headers,
        ...(body === undefined ? {} : { 'content-length': body.byteLength }),
      },
      signal: request.signal,
    });
    if (timeoutMs !== undefined) {
      sent.setTimeout(timeoutMs, () => sent.destroy(new TransportError(`no reply within ${timeoutMs} ms`, 'ETIMEDOUT')));
    }
    sent.once('error', (error) => reject(transportError(error, request.signal)));
    sent.once('response', (reply) => {
      sent.setTimeout(0);
      resolve({
        status: reply.statusCode ?? 0,
        headers: manyByName(reply.headersDistinct),
        body: { type: 'stream', chunks: chunksOf(reply, request.signal) },
      });
    });
    sent.end(body);
  });
}

function bodyBytes(body: ApiRequest['body']): Uint8Array | undefined {
  switch (body.type) {
    case 'none':
    case 'stream':
      return undefined;
    case 'bytes':
      return body.bytes;
    case 'value':
      return Buffer.from(JSON.stringify(body.value));
  }
}

/** An abort ends the stream; a broken connection throws. */
async function* chunksOf(reply: http.IncomingMessage, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of reply) yield chunk as Uint8Array;
  } catch (error) {
    if (signal.aborted) return;
    throw transportError(error, signal);
  } finally {
    reply.destroy();
  }
}

function transportError(error: unknown, signal: AbortSignal): unknown {
  if (signal.aborted) return signal.reason;
  if (error instanceof TransportError) return error;
  const code = (error as NodeJS.ErrnoException).code ?? 'EUNKNOWN';
  return new TransportError((error as Error).message, code, { cause: error });
}
