// HTTP to the engine: one request a call, the API version settled on first use, failures as RuntimeErrors.
//
// Every request has a connection of its own while it lasts (the agent has no limit), so that event streams, followed
// logs, pulls and slow stops never hold up a short call. Node's own client, because the daemon has it loaded already:
// undici in its place was measured at 14 MB and 22 ms more at start, and 0.4 ms more a call.
import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import type { Duplex } from 'node:stream';
import { json, text } from 'node:stream/consumers';
import { RuntimeError } from '../container-runtime.ts';
import { describeEndpoint, type Endpoint } from './endpoint.ts';
import { asRecord, asText } from './json-fields.ts';
import { statusMeant } from './podman-words.ts';

export interface EngineCall {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Without the version, e.g. "/containers/json". */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly json?: unknown;
  readonly body?: Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
  /** How long the engine may be silent; 0 = for ever. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

export interface EngineReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: IncomingMessage;
}

export interface EngineClient {
  /** The parsed JSON of a reply below 400; rejects with EngineRefusal otherwise. */
  json(call: EngineCall): Promise<unknown>;
  /** For calls whose reply carries nothing. */
  done(call: EngineCall): Promise<void>;
  /** The caller must read the body to its end or destroy it. */
  open(call: EngineCall): Promise<EngineReply>;
  /** Turns the connection of a call into a stream of bytes both ways; the caller must end or destroy it. */
  hijack(call: EngineCall): Promise<Duplex>;
  apiVersion(): Promise<string>;
  /** Breaks off what is under way. */
  close(): void;
}

/** The engine answered, with an error; each operation knows which statuses mean what to it. */
export class EngineRefusal extends Error {
  override name = 'EngineRefusal';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

const OLDEST_API = '1.41';
/** Long enough for a start on a machine that swaps, short enough that a dead engine is noticed. */
const USUAL_TIMEOUT_MS = 120_000;

export function createEngineClient(endpoint: Endpoint): EngineClient {
  const server = reach(endpoint);
  const hijacked = new Set<Duplex>();
  let negotiated: Promise<string> | undefined;

  async function exchange(path: string, call: EngineCall): Promise<EngineReply> {
    const { reply } = await sent(path, call);
    return { status: reply.statusCode ?? 0, headers: reply.headers, body: reply };
  }

  /** Refusals and broken connections throw. */
  async function sent(path: string, call: EngineCall): Promise<Answer> {
    try {
      const answer = await send(server, path, call);
      const status = answer.reply.statusCode ?? 0;
      if (status < 400) return answer;
      const words = refusalText(await text(answer.reply));
      throw new EngineRefusal(statusMeant(status, words), words);
    } catch (error) {
      if (error instanceof EngineRefusal) throw error;
      if (call.signal?.aborted) throw call.signal.reason;
      negotiated = undefined; // The engine that comes back may be another one.
      throw connectionError(endpoint, error);
    }
  }

  function apiVersion(): Promise<string> {
    negotiated ??= negotiate().catch((error: unknown) => {
      negotiated = undefined;
      throw error;
    });
    return negotiated;
  }

  async function negotiate(): Promise<string> {
    const reply = await exchange('/version', { method: 'GET', path: '/version' });
    return chooseApiVersion(asRecord(await json(reply.body)));
  }

  async function open(call: EngineCall): Promise<EngineReply> {
    return exchange(`/v${await apiVersion()}${call.path}`, call);
  }

  async function hijack(call: EngineCall): Promise<Duplex> {
    const headers = { connection: 'Upgrade', upgrade: 'tcp', ...call.headers };
    const { reply, stream } = await sent(`/v${await apiVersion()}${call.path}`, { ...call, headers });
    if (stream === undefined) {
      reply.destroy();
      throw new EngineRefusal(reply.statusCode ?? 0, 'the engine does not hand over the connection');
    }
    hijacked.add(stream);
    return stream.once('close', () => hijacked.delete(stream));
  }

  async function readBody<Value>(call: EngineCall, read: (reply: EngineReply) => Promise<Value>): Promise<Value> {
    const reply = await open(call);
    try {
      return await read(reply);
    } catch (error) {
      if (call.signal?.aborted) throw call.signal.reason;
      throw connectionError(endpoint, error);
    }
  }

  return {
    open,
    hijack,
    apiVersion,
    json: (call) => readBody(call, (reply) => json(reply.body)),
    done: (call) => readBody(call, (reply) => discard(reply.body)),
    close: () => {
      server.agent.destroy();
      for (const stream of hijacked) stream.destroy();
    },
  };
}

/** Reads to the end, so that the connection can serve the next call. */
export async function discard(body: IncomingMessage): Promise<void> {
  for await (const _chunk of body);
}

interface Server {
  readonly agent: http.Agent;
  readonly request: typeof http.request;
  readonly address: http.RequestOptions;
}

const CONNECTIONS_KEPT = 16;

function reach(endpoint: Endpoint): Server {
  const kept = { keepAlive: true, maxFreeSockets: CONNECTIONS_KEPT };
  if (endpoint.type === 'unix') {
    return { agent: new http.Agent(kept), request: http.request, address: { socketPath: endpoint.socketPath, host: 'docker' } };
  }
  const address = { host: endpoint.host.replace(/^\[|\]$/g, ''), port: endpoint.port };
  if (endpoint.tls === undefined) return { agent: new http.Agent(kept), request: http.request, address };
  const { skipVerify, ...credentials } = endpoint.tls;
  return { agent: new https.Agent({ ...kept, ...credentials, rejectUnauthorized: !skipVerify }), request: https.request, address };
}

interface Answer {
  readonly reply: IncomingMessage;
  /** Of a reply that hands over the connection. */
  readonly stream?: Duplex;
}

/** Resolves with the reply as soon as its headers are there. */
function send(server: Server, path: string, call: EngineCall): Promise<Answer> {
  const body = call.json === undefined ? call.body : Buffer.from(JSON.stringify(call.json));
  const type = call.json === undefined ? {} : { 'content-type': 'application/json' };
  return new Promise((resolve, reject) => {
    const request = server.request({
      ...server.address,
      agent: server.agent,
      method: call.method,
      path: path + queryText(call.query),
      headers: { ...type, 'content-length': body?.length ?? 0, ...call.headers },
      timeout: call.timeoutMs ?? USUAL_TIMEOUT_MS,
      ...(call.signal && { signal: call.signal }),
    });
    request.once('timeout', () => request.destroy(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' })));
    request.once('error', reject);
    request.once('response', (reply) => {
      // Whoever reads the body sees its errors; one that is given up half-read must not bring the process down.
      request.on('error', () => {});
      reply.on('error', () => {});
      resolve({ reply });
    });
    request.once('upgrade', (reply, stream, head) => {
      stream.setTimeout(0).on('error', () => {});
      if (head.length > 0) stream.unshift(head);
      resolve({ reply, stream });
    });
    request.end(body);
  });
}

/** The oldest version that is known to do, unless the engine has dropped it. */
function chooseApiVersion(version: Readonly<Record<string, unknown>>): string {
  const newest = asText(version['ApiVersion']);
  const oldest = asText(version['MinAPIVersion']) || OLDEST_API;
  if (isOlder(newest, OLDEST_API)) {
    const engine = `Docker Engine ${asText(version['Version'])} speaks API ${newest}`;
    throw new RuntimeError('Unavailable', `${engine}; minik needs ${OLDEST_API} or newer (Docker 20.10)`);
  }
  return isOlder(OLDEST_API, oldest) ? oldest : OLDEST_API;
}

function isOlder(left: string, right: string): boolean {
  const [leftMajor = 0, leftMinor = 0] = left.split('.').map(Number);
  const [rightMajor = 0, rightMinor = 0] = right.split('.').map(Number);
  return leftMajor !== rightMajor ? leftMajor < rightMajor : leftMinor < rightMinor;
}

function queryText(query: EngineCall['query']): string {
  const parameters = new URLSearchParams();
  for (const [key, value] of Object.entries(query ?? {})) if (value !== undefined) parameters.set(key, String(value));
  return parameters.size === 0 ? '' : `?${parameters.toString()}`;
}

function refusalText(body: string): string {
  try {
    return asText(asRecord(JSON.parse(body))['message']) || body.trim();
  } catch {
    return body.trim();
  }
}

function connectionError(endpoint: Endpoint, cause: unknown): RuntimeError {
  const at = describeEndpoint(endpoint);
  const code = asText(asRecord(cause)['code']);
  switch (code) {
    case 'ENOENT':
    case 'ECONNREFUSED':
      return new RuntimeError('Unavailable', `Cannot connect to the Docker Engine at ${at}. Is it running?`, { cause });
    case 'EACCES':
    case 'EPERM':
      return new RuntimeError('Unavailable', `Permission denied to the Docker Engine at ${at}. Is this user in the group "docker"?`, { cause });
    case 'ETIMEDOUT':
      return new RuntimeError('Unavailable', `The Docker Engine at ${at} does not answer`, { cause });
    default:
      return new RuntimeError('Unavailable', `The connection to the Docker Engine at ${at} failed: ${messageOf(cause)}`, { cause });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
