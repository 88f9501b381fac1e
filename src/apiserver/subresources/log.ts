// GET pods/NAME/log: the request's parameters, handed to whoever has the containers.
import type { Pod } from '../../api/generated/types.ts';
import type { PodLogQuery, PodLogs } from '../../api/pod/pod-logs.ts';
import { badRequestError, notFoundError } from '../../api/status-error.ts';
import { fromTime } from '../../api/time.ts';
import type { Call, Verb } from '../call.ts';
import { decodeEntry, storageKey } from '../stored-object.ts';

export function logVerb(podLogs: PodLogs): Verb {
  return async (call) => {
    const entry = await call.server.store.get(storageKey(call.resource, call.namespace, call.name));
    if (entry === undefined) throw notFoundError(call.resource, call.name);
    const chunks = await podLogs(queryOf(call, decodeEntry(call.resource, entry) as Pod));
    return { status: 200, headers: { 'content-type': 'text/plain' }, body: { type: 'stream', chunks } };
  };
}

function queryOf(call: Call, pod: Pod): PodLogQuery {
  const { query } = call.request;
  const sinceSeconds = whole(query, 'sinceSeconds');
  const sinceTime = query.get('sinceTime');
  if (sinceSeconds !== undefined && sinceTime !== null) throw badRequestError('at most one of `sinceTime` or `sinceSeconds` may be specified');
  const sinceMs = sinceSeconds === undefined ? fromTime(sinceTime) : call.server.clock.now() - sinceSeconds * 1000;
  const stream = query.get('stream');
  return {
    pod,
    container: query.get('container') ?? '',
    follow: query.get('follow') === 'true',
    previous: query.get('previous') === 'true',
    timestamps: query.get('timestamps') === 'true',
    tailLines: whole(query, 'tailLines'),
    sinceMs,
    limitBytes: whole(query, 'limitBytes'),
    ...(stream === 'Stdout' ? { stream: 'stdout' } : stream === 'Stderr' ? { stream: 'stderr' } : {}),
    signal: call.request.signal,
  };
}

function whole(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null || text === '') return undefined;
  if (!/^\d+$/.test(text)) throw badRequestError(`${name}: Invalid value: ${JSON.stringify(text)}: must be greater than or equal to 0`);
  return Number(text);
}
