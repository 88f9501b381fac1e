// Asks an API server for a WebSocket; refusals become the errors that ordinary requests give.
import { createConnection } from 'node:net';
import type { ClientRequestArgs } from 'node:http';
import { text } from 'node:stream/consumers';
import type { Status } from '../api/generated/types.ts';
import { StatusError } from '../api/status-error.ts';
import { TransportError } from './client.ts';
import { authorization, type HttpEndpoint } from './http-client.ts';

export interface UpgradeRequest {
  readonly path: string;
  readonly query: URLSearchParams;
  /** Best first. */
  readonly protocols: readonly string[];
}

/** Rejects with StatusError or TransportError; an answer in plain text is put behind "unable to upgrade connection". */
export async function upgrade(endpoint: HttpEndpoint, { path, query, protocols }: UpgradeRequest) {
  // Loaded when the first conversation is asked for: few verbs have one.
  const { openWebSocket, UpgradeRefused } = await import('../streams/websocket.ts');
  const search = query.size === 0 ? '' : `?${query.toString()}`;
  try {
    if ('socketPath' in endpoint) {
      return await openWebSocket(`ws://minik${path}${search}`, { protocols, createConnection: () => createConnection(endpoint.socketPath) });
    }
    const address = `${endpoint.url.replace(/^http/, 'ws').replace(/\/$/, '')}${path}${search}`;
    return await openWebSocket(address, { protocols, ...credentials(endpoint) });
  } catch (error) {
    if (error instanceof UpgradeRefused) throw refusal(error.reply.statusCode ?? 0, await text(error.reply));
    const { code = 'EUNKNOWN', message } = error as NodeJS.ErrnoException;
    throw new TransportError(message, code, { cause: error });
  }
}

function credentials(endpoint: Exclude<HttpEndpoint, { socketPath: string }>): ClientRequestArgs {
  const { ca, cert, key, insecureSkipTlsVerify, serverName } = endpoint;
  return {
    headers: authorization(endpoint),
    ca,
    cert,
    key,
    rejectUnauthorized: insecureSkipTlsVerify !== true,
    ...(serverName === undefined ? {} : { servername: serverName }),
  } as ClientRequestArgs;
}

function refusal(code: number, body: string): Error {
  try {
    const status = JSON.parse(body) as Status;
    if (status.kind === 'Status') return new StatusError(status);
  } catch {
    // Plain text.
  }
  return new TransportError(`unable to upgrade connection: ${body.trim() || `the server answered ${code}`}`, 'EUPGRADE');
}
