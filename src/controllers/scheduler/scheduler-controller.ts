// The scheduler: binds Pods to the node, or says on the Pod why it cannot.
import type { Binding, Namespace, Node, PersistentVolume, PersistentVolumeClaim, Pod, PodCondition, StorageClass } from '../../api/generated/types.ts';
import { PERSISTENT_VOLUME_CLAIMS, PODS, type Resource } from '../../api/kinds.ts';
import { keyOf, objectKey } from '../../api/object.ts';
import { isNotFound } from '../../api/status-error.ts';
import { toTime } from '../../api/time.ts';
import { claimNamesOf } from '../../api/volume/storage-facts.ts';
import { SELECTED_NODE } from '../../api/volume/storage-names.ts';
import type { Clock } from '../../base/clock.ts';
import type { Client } from '../../client/client.ts';
import type { EventRecorder } from '../../client/event-recorder-contract.ts';
import type { Indexes, Informer } from '../../client/informer-contract.ts';
import type { Controller } from '../runtime/controller.ts';
import type { SchedulingObserved, StorageSeen } from './filter.ts';
import { isWaiting, planScheduling } from './plan-scheduling.ts';

export interface SchedulerOptions {
  readonly client: Client;
  /** With the indexes below. */
  readonly pods: Informer<Pod>;
  readonly nodes: Informer<Node>;
  readonly namespaces: Informer<Namespace>;
  readonly claims: Informer<PersistentVolumeClaim>;
  readonly volumes: Informer<PersistentVolume>;
  readonly classes: Informer<StorageClass>;
  readonly recorder: EventRecorder;
  readonly clock: Clock;
}

const HOLDING = 'holding-a-place-on';
const WAITING = 'waiting-for-a-node';

export const schedulerPodIndexes: Indexes<Pod> = {
  [HOLDING]: (pod) => (holdsPlace(pod) ? [pod.spec?.nodeName ?? ''] : []),
  [WAITING]: (pod) => (isWaiting(pod) ? [''] : []),
};

export function createSchedulerController(options: SchedulerOptions): Controller {
  const { pods, nodes, claims, volumes, classes, clock } = options;
  /** Bound by us, and not yet seen as such: their room is taken. */
  const bound = new Map<string, Pod>();
  return {
    name: 'scheduler',
    connect(enqueue) {
      const tryAgain = (): void => {
        for (const pod of [...pods.byIndex(WAITING, '')].sort(firstServed)) enqueue(keyOf(pod));
      };
      const stopPods = pods.onChange(({ key, before, after }) => {
        if (after === undefined || (after.spec?.nodeName ?? '') !== '') bound.delete(key);
        if (after !== undefined && isWaiting(after)) enqueue(key);
        // Its room is free for somebody else.
        if (before !== undefined && holdsPlace(before) && (after === undefined || !holdsPlace(after))) tryAgain();
      });
      // Kubelets write their node's status all the time: only what decides about Pods matters here.
      const stopNodes = nodes.onChange(({ before, after }) => {
        if (decisive(before) !== decisive(after)) tryAgain();
      });
      const tryAgainWithClaims = (): void => {
        for (const pod of pods.byIndex(WAITING, '')) if (claimNamesOf(pod).length > 0) enqueue(keyOf(pod));
      };
      const stops = [stopPods, stopNodes, ...[claims, volumes, classes].map((informer) => informer.onChange(tryAgainWithClaims))];
      tryAgain();
      return () => stops.forEach((stop) => stop());
    },
    async reconcile(key) {
      const pod = pods.get(key);
      if (pod === undefined || bound.has(key)) return {};
      const decision = planScheduling(observe(pod, options, bound));
      if (decision.type === 'wait') await wait(pod, decision.message, { ...options, now: clock.now() });
      if (decision.type === 'place-claims') await placeClaims(pod, decision, options);
      if (decision.type !== 'bind') return {};
      // Noted before anything is awaited: the next Pod is judged with this one in its place.
      bound.set(key, { ...pod, spec: { ...pod.spec!, nodeName: decision.node } });
      await bind(pod, decision.node, options).catch((error: unknown) => {
        bound.delete(key);
        throw error;
      });
      return {};
    },
  };
}

function observe(pod: Pod, { pods, nodes, namespaces, claims, volumes, classes }: SchedulerOptions, bound: ReadonlyMap<string, Pod>): SchedulingObserved {
  const candidates = nodes.list().map((node) => {
    const name = node.metadata?.name ?? '';
    const seen = pods.byIndex(HOLDING, name);
    return { node, pods: bound.size === 0 ? seen : [...seen, ...[...bound.values()].filter(({ spec }) => spec?.nodeName === name)] };
  });
  const { namespace = '' } = pod.metadata ?? {};
  const storage: StorageSeen = {
    claim: (name) => claims.get(objectKey({ namespace, name })),
    volume: (name) => volumes.get(name),
    volumes: () => volumes.list(),
    storageClass: (name) => classes.get(name),
  };
  return { pod, candidates, storage, namespaceLabels: (namespace) => namespaces.get(namespace)?.metadata?.labels ?? {} };
}

function holdsPlace({ spec, status }: Pod): boolean {
  return (spec?.nodeName ?? '') !== '' && status?.phase !== 'Succeeded' && status?.phase !== 'Failed';
}

/** By priority, then by age. */
function firstServed(a: Pod, b: Pod): number {
  const difference = (b.spec?.priority ?? 0) - (a.spec?.priority ?? 0);
  if (difference !== 0) return difference;
  const [left = '', right = ''] = [a.metadata?.creationTimestamp, b.metadata?.creationTimestamp];
  return left < right ? -1 : left > right ? 1 : 0;
}

function decisive(node: Node | undefined): string {
  return JSON.stringify([node?.metadata?.labels, node?.spec, node?.status?.allocatable]);
}

/** kube: who makes or finds the volumes waits for this annotation. */
async function placeClaims(pod: Pod, { node, claims: names }: { readonly node: string; readonly claims: readonly string[] }, { client, claims }: SchedulerOptions): Promise<void> {
  const { namespace } = pod.metadata ?? {};
  for (const name of names) {
    try {
      claims.observe(await client.patch(PERSISTENT_VOLUME_CLAIMS, { namespace, name }, { type: 'merge', body: { metadata: { annotations: { [SELECTED_NODE]: node } } } }));
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }
}

async function bind(pod: Pod, node: string, { client, recorder }: SchedulerOptions): Promise<void> {
  const { namespace, name = '', uid } = pod.metadata ?? {};
  const binding: Binding = { apiVersion: 'v1', kind: 'Binding', metadata: { name, namespace, uid }, target: { apiVersion: 'v1', kind: 'Node', name: node } };
  try {
    await client.create<Binding>(PODS as Resource as Resource<Binding>, binding, { subresource: 'binding', name });
  } catch (error) {
    if (isNotFound(error)) return;
    throw error;
  }
  recorder.event(pod, { type: 'Normal', reason: 'Scheduled', message: `Successfully assigned ${namespace}/${name} to ${node}` });
}

async function wait(pod: Pod, message: string, { client, pods, recorder, now }: SchedulerOptions & { readonly now: number }): Promise<void> {
  const present = pod.status?.conditions?.find(({ type }) => type === 'PodScheduled');
  if (present?.reason === 'Unschedulable' && present.message === message) return;
  const condition: PodCondition = { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message, lastTransitionTime: toTime(now) };
  const others = (pod.status?.conditions ?? []).filter(({ type }) => type !== 'PodScheduled');
  try {
    pods.observe(await client.updateStatus(PODS, { ...pod, status: { ...pod.status, conditions: [...others, condition] } }));
  } catch (error) {
    if (isNotFound(error)) return;
    throw error;
  }
  recorder.event(pod, { type: 'Warning', reason: 'FailedScheduling', message });
}
