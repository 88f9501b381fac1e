// /healthz, /livez and /readyz, whole or check by check, in upstream's text form.
import { unknownPathError } from '../api/status-error.ts';
import type { ApiRequest, ApiResponse } from '../api/wire.ts';
import { replyText } from './reply.ts';

export interface HealthCheck {
  readonly name: string;
  /** Readiness alone: a failing check does not mean that the daemon should be restarted. */
  readonly readinessOnly: boolean;
  /** The reason when it is not well. */
  readonly check: () => string | undefined;
}

export function healthReply(request: ApiRequest, endpoint: 'healthz' | 'livez' | 'readyz', all: readonly HealthCheck[]): ApiResponse {
  const checks = all.filter((check) => endpoint === 'readyz' || !check.readinessOnly);
  const [, , one] = request.path.split('/');
  if (one !== undefined && one !== '') return singleCheck(checks, one);
  const excluded = new Set(request.query.getAll('exclude'));
  const results = checks.filter(({ name }) => !excluded.has(name)).map(({ name, check }) => ({ name, problem: check() }));
  const healthy = results.every(({ problem }) => problem === undefined);
  if (healthy && !request.query.has('verbose')) return replyText('ok');
  const lines = results.map(({ name, problem }) => (problem === undefined ? `[+]${name} ok` : `[-]${name} failed: ${problem}`));
  const verdict = `${endpoint} check ${healthy ? 'passed' : 'failed'}`;
  return replyText(`${[...lines, verdict].join('\n')}\n`, { status: healthy ? 200 : 500 });
}

function singleCheck(checks: readonly HealthCheck[], name: string): ApiResponse {
  const found = checks.find((check) => check.name === name);
  if (found === undefined) throw unknownPathError();
  const problem = found.check();
  return problem === undefined ? replyText('ok') : replyText(`internal server error: ${problem}\n`, { status: 500 });
}
