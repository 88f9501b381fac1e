// Deletes Pods from nodes that have got a NoExecute taint which they do not tolerate, or tolerate for a while only.
import type { Node, Pod, PodCondition } from '../../api/generated/types.ts';
import { PODS } from '../../api/kinds.ts';
import { keyOf } from '../../api/object.ts';
import { isConflict, isNotFound } from '../../api/status-error.ts';
import { sameValue } from '../../api/equality.ts';
import { toTime } from '../../api/time.ts';
import type { Clock } from '../../base/clock.ts';
import type { Client } from '../../client/client.ts';
import type { EventRecorder } from '../../client/event-recorder-contract.ts';
import type { Informer } from '../../client/informer-contract.ts';
import type { Controller } from '../runtime/controller.ts';
import { planTaintEviction } from './plan-taint-eviction.ts';

export interface TaintEvictionOptions {
  readonly client: Client;
  readonly pods: Informer<Pod>;
  readonly nodes: Informer<Node>;
  readonly recorder: EventRecorder;
  readonly clock: Clock;
}

export function createTaintEvictionController(options: TaintEvictionOptions): Controller {
  const { pods, nodes, recorder, clock } = options;
  /** Since when a Pod is there on time, by its key. As upstream, a restart lets the time begin anew. */
  const since = new Map<string, { readonly uid: string | undefined; readonly at: number }>();
  return {
    name: 'taint-eviction',
    connect(enqueue) {
      const isHeld = (pod: Pod | undefined): boolean => pod !== undefined && isTainted(nodes.get(pod.spec?.nodeName ?? ''));
      const stopPods = pods.onChange(({ key, before, after }) => {
        if (after === undefined) since.delete(key);
        else if (isHeld(after) && (before?.spec?.nodeName !== after.spec?.nodeName || !sameValue(before?.spec?.tolerations, after.spec?.tolerations))) enqueue(key);
      });
      const stopNodes = nodes.onChange(({ before, after }) => {
        if ((!isTainted(before) && !isTainted(after)) || sameValue(before?.spec?.taints, after?.spec?.taints)) return;
        const name = (after ?? before)?.metadata?.name;
        for (const pod of pods.list()) if (pod.spec?.nodeName === name) enqueue(keyOf(pod));
      });
      for (const pod of pods.list()) if (isHeld(pod)) enqueue(keyOf(pod));
      return () => [stopPods, stopNodes].forEach((stop) => stop());
    },
    async reconcile(key) {
      const pod = pods.get(key);
      const plan = pod === undefined ? undefined : planTaintEviction(pod, nodes.get(pod.spec?.nodeName ?? ''));
      if (pod === undefined || plan?.type !== 'leave') {
        const wasHeld = since.delete(key);
        if (wasHeld && pod !== undefined && pod.metadata?.deletionTimestamp === undefined) recorder.event(pod, { type: 'Normal', reason: 'TaintManagerEviction', message: `Cancelling deletion of Pod ${key}` });
        return {};
      }
      const known = since.get(key);
      const start = known !== undefined && known.uid === pod.metadata?.uid ? known.at : clock.now();
      since.set(key, { uid: pod.metadata?.uid, at: start });
      const leftMs = start + plan.afterMs - clock.now();
      if (leftMs > 0) return { requeueAfterMs: leftMs };
      await evict(key, pod, options);
      since.delete(key);
      return {};
    },
  };
}

function isTainted(node: Node | undefined): boolean {
  return node?.spec?.taints?.some(({ effect }) => effect === 'NoExecute') ?? false;
}

/** First the reason, so that a Job can tell a disruption from a failure; then the deletion. */
async function evict(key: string, pod: Pod, { client, recorder, clock }: TaintEvictionOptions): Promise<void> {
  const { namespace, name = '', uid } = pod.metadata ?? {};
  recorder.event(pod, { type: 'Normal', reason: 'TaintManagerEviction', message: `Marking for deletion Pod ${key}` });
  const condition: PodCondition = { type: 'DisruptionTarget', status: 'True', reason: 'DeletionByTaintManager', message: 'Taint manager: deleting due to NoExecute taint', lastTransitionTime: toTime(clock.now()) };
  try {
    await client.patch(PODS, { namespace, name }, { type: 'strategic', body: { metadata: { uid }, status: { conditions: [condition] } } }, { subresource: 'status' });
    await client.delete(PODS, { namespace, name }, { preconditions: { ...(uid === undefined ? {} : { uid }) } });
  } catch (error) {
    // Gone, or another Pod of the same name by now: either way this one is no more.
    if (!isNotFound(error) && !isConflict(error)) throw error;
  }
}
