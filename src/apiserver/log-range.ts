// The parameters by which a part of a log is asked for, of a Pod or of an attempt.
import type { LogRange } from '../api/attempt/attempt-source.ts';
import { badRequestError } from '../api/status-error.ts';
import { fromTime } from '../api/time.ts';

export function logRangeOf(query: URLSearchParams, now: number): LogRange {
  const sinceSeconds = whole(query, 'sinceSeconds');
  const sinceTime = query.get('sinceTime');
  if (sinceSeconds !== undefined && sinceTime !== null) throw badRequestError('at most one of `sinceTime` or `sinceSeconds` may be specified');
  return {
    timestamps: query.get('timestamps') === 'true',
    tailLines: whole(query, 'tailLines'),
    sinceMs: sinceSeconds === undefined ? fromTime(sinceTime) : now - sinceSeconds * 1000,
    limitBytes: whole(query, 'limitBytes'),
  };
}

function whole(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null || text === '') return undefined;
  if (!/^\d+$/.test(text)) throw badRequestError(`${name}: Invalid value: ${JSON.stringify(text)}: must be greater than or equal to 0`);
  return Number(text);
}
