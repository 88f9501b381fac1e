// POST pods/NAME/eviction: a deletion that says why, so that a Job can tell a disruption from a failure.
import type { DeleteOptions, Eviction, Pod, PodCondition, Status } from '../../api/generated/types.ts';
import { decodeBody } from '../../api/schema/decode.ts';
import { badRequestError } from '../../api/status-error.ts';
import { toTime } from '../../api/time.ts';
import type { Verb } from '../call.ts';
import { replyValue } from '../reply.ts';
import { readBody } from '../request-body.ts';
import { deleteObject } from '../verbs/delete-object.ts';
import { rewriteObject } from '../verbs/rewrite-object.ts';
import { isDryRun } from '../write-options.ts';

export const evict: Verb = async (call) => {
  const body = readBody(call.request);
  if (body === undefined) throw badRequestError('the request has no body: an Eviction was expected');
  const eviction = decodeBody('V1Eviction', body.value) as Eviction;
  if (eviction.metadata?.name !== undefined && eviction.metadata.name !== call.name) {
    throw badRequestError('name in URL does not match name in Eviction object');
  }
  const options: DeleteOptions = eviction.deleteOptions ?? {};
  const dryRun = isDryRun(call, options.dryRun);
  await rewriteObject(call, (pod) => disrupted(pod as Pod, call.server.clock.now()), { dryRun });
  await deleteObject(call, options, { dryRun });
  return replyValue({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 } satisfies Status, 201);
};

/** A finished Pod was not disrupted by its removal. */
function disrupted(pod: Pod, now: number): Pod {
  const phase = pod.status?.phase;
  if (phase === 'Succeeded' || phase === 'Failed') return pod;
  const condition: PodCondition = {
    type: 'DisruptionTarget',
    status: 'True',
    reason: 'EvictionByEvictionAPI',
    message: 'Eviction API: evicting',
    lastTransitionTime: toTime(now),
  };
  const others = (pod.status?.conditions ?? []).filter(({ type }) => type !== condition.type);
  return { ...pod, status: { ...pod.status, conditions: [...others, condition] } };
}
