// GET /minik/v1/attempts: minik's own addition beside the Kubernetes API, which stays upstream's.
import type { AttemptKey } from '../api/attempt/attempt.ts';
import type { AttemptSource } from '../api/attempt/attempt-source.ts';
import { StatusError, unknownPathError } from '../api/status-error.ts';
import type { ApiRequest, ApiResponse } from '../api/wire.ts';
import type { Clock } from '../base/clock.ts';
import { logRangeOf } from './log-range.ts';
import { replyValue } from './reply.ts';

export const ATTEMPTS_PATH = '/minik/v1/attempts';

export function isAttemptsPath(path: string): boolean {
  return path === ATTEMPTS_PATH || path.startsWith(`${ATTEMPTS_PATH}/`);
}

export async function serveAttempts(request: ApiRequest, { attempts, clock }: { readonly attempts: AttemptSource; readonly clock: Clock }): Promise<ApiResponse> {
  if (request.method !== 'GET') throw unknownPathError();
  const key = keyOf(request.path);
  if (key === undefined) return replyValue({ items: await attempts.list(queryOf(request.query)) });
  const range = logRangeOf(request.query, clock.now());
  const chunks = await attempts.log(key, { ...range, follow: request.query.get('follow') === 'true', signal: request.signal });
  if (chunks === undefined) throw noSuchAttempt(key);
  return { status: 200, headers: { 'content-type': 'text/plain' }, body: { type: 'stream', chunks } };
}

/** Undefined for the list. */
function keyOf(path: string): AttemptKey | undefined {
  const [podUid, container, restart = '', log, ...rest] = path.slice(ATTEMPTS_PATH.length).split('/').filter((part) => part !== '').map(decode);
  if (podUid === undefined) return undefined;
  if (container === undefined || !/^\d+$/.test(restart) || log !== 'log' || rest.length > 0) throw unknownPathError();
  return { podUid, container, restart: Number(restart) };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw unknownPathError();
  }
}

function queryOf(query: URLSearchParams): Parameters<AttemptSource['list']>[0] {
  const given = (name: string) => query.get(name) || undefined;
  return { namespace: given('namespace'), job: given('job'), pod: given('pod') };
}

function noSuchAttempt({ podUid, container, restart }: AttemptKey): StatusError {
  return new StatusError({ code: 404, reason: 'NotFound', message: `there is no attempt with restart ${restart} of container "${container}" in the pod with uid "${podUid}"` });
}
