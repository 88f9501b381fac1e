// GET pods/NAME/log: the request's parameters, handed to whoever has the containers.
import type { Pod } from '../../api/generated/types.ts';
import type { PodLogQuery, PodLogs } from '../../api/pod/pod-logs.ts';
import { notFoundError } from '../../api/status-error.ts';
import type { Call, Verb } from '../call.ts';
import { logRangeOf } from '../log-range.ts';
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
  const stream = query.get('stream');
  return {
    pod,
    container: query.get('container') ?? '',
    follow: query.get('follow') === 'true',
    previous: query.get('previous') === 'true',
    ...logRangeOf(query, call.server.clock.now()),
    ...(stream === 'Stdout' ? { stream: 'stdout' } : stream === 'Stderr' ? { stream: 'stderr' } : {}),
    signal: call.request.signal,
  };
}
