// One GET of a probe or a hook: any certificate will do, and of the answer only its beginning is read.
import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import type { Container, HTTPGetAction } from '../../api/generated/types.ts';
import { LONGEST_OUTPUT } from './probe-answer.ts';

export interface HttpQuestion {
  readonly action: HTTPGetAction;
  readonly container: Container;
  /** Where to go when the action names no host. */
  readonly podIp: string;
  readonly agent: string;
  readonly signal: AbortSignal;
}

export interface HttpAnswer {
  readonly status: number;
  readonly location: string | undefined;
  readonly body: string;
}

/** Rejects when there is no answer. */
export function httpGet(target: URL, { action, agent, signal }: Pick<HttpQuestion, 'action' | 'agent' | 'signal'>): Promise<HttpAnswer> {
  const own = Object.fromEntries((action.httpHeaders ?? []).map(({ name, value }) => [name, value]));
  const headers = { 'User-Agent': agent, Accept: '*/*', Connection: 'close', ...own };
  const module = target.protocol === 'https:' ? https : http;
  return new Promise((resolve, reject) => {
    const request = module.request(target, { headers, agent: false, signal, rejectUnauthorized: false }, (response) => {
      readBody(response).then((body) => resolve({ status: response.statusCode ?? 0, location: response.headers.location, body }), reject);
    });
    request.on('error', reject);
    request.end();
  });
}

async function readBody(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response) {
    chunks.push(chunk as Buffer);
    length += (chunk as Buffer).length;
    // The rest does not matter, and may never come.
    if (length >= LONGEST_OUTPUT) break;
  }
  response.destroy();
  return Buffer.concat(chunks).subarray(0, LONGEST_OUTPUT).toString('utf8');
}
