// POST pods/NAME/binding: the scheduler's word on which node runs a Pod.
import type { Binding, Pod } from '../../api/generated/types.ts';
import { PODS, type Resource } from '../../api/kinds.ts';
import { decodeBody } from '../../api/schema/decode.ts';
import { badRequestError, conflictError } from '../../api/status-error.ts';
import type { PodCondition, Status } from '../../api/generated/types.ts';
import { toTime } from '../../api/time.ts';
import type { KubeObject } from '../../api/object.ts';
import type { Verb } from '../call.ts';
import { rewriteObject } from '../verbs/rewrite-object.ts';
import { readBody } from '../request-body.ts';
import { replyValue } from '../reply.ts';
import { isDryRun } from '../write-options.ts';

export const bind: Verb = async (call) => {
  const body = readBody(call.request);
  if (body === undefined) throw badRequestError('the request has no body: a Binding was expected');
  const { target, metadata } = decodeBody('V1Binding', body.value) as Binding;
  if (target?.name === undefined || target.name === '') throw badRequestError('Binding.target.name: Required value');
  await rewriteObject(call, (current) => bound(current as Pod, target.name!, metadata?.uid, call.server.clock.now()), { dryRun: isDryRun(call) });
  return replyValue({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 } satisfies Status, 201);
};

function bound(pod: Pod, nodeName: string, uid: string | undefined, now: number): KubeObject {
  const name = pod.metadata?.name ?? '';
  const refuse = (why: string): never => {
    throw conflictError(PODS as Resource, name, why);
  };
  if (uid !== undefined && uid !== '' && uid !== pod.metadata?.uid) refuse(`Precondition failed: UID in precondition: ${uid}, UID in object meta: ${pod.metadata?.uid}`);
  if (pod.metadata?.deletionTimestamp !== undefined) refuse(`pod ${name} is being deleted, cannot be assigned to a host`);
  if ((pod.spec?.nodeName ?? '') !== '') refuse(`pod ${name} is already assigned to node "${pod.spec!.nodeName}"`);
  const scheduled: PodCondition = { type: 'PodScheduled', status: 'True', lastTransitionTime: toTime(now) };
  const others = (pod.status?.conditions ?? []).filter(({ type }) => type !== 'PodScheduled');
  return { ...pod, spec: { ...pod.spec!, nodeName }, status: { ...pod.status, conditions: [...others, scheduled] } } as Pod;
}
