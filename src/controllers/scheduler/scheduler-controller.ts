// The scheduler: binds Pods to the node, or says on the Pod why it cannot.
import type { Binding, Node, Pod, PodCondition } from '../../api/generated/types.ts';
import { PODS, type Resource } from '../../api/kinds.ts';
import { keyOf } from '../../api/object.ts';
import { isNotFound } from '../../api/status-error.ts';
import { toTime } from '../../api/time.ts';
import type { Clock } from '../../base/clock.ts';
import type { Client } from '../../client/client.ts';
import type { EventRecorder } from '../../client/event-recorder-contract.ts';
import type { Informer } from '../../client/informer-contract.ts';
import type { Controller } from '../runtime/controller.ts';
import { planScheduling } from './plan-scheduling.ts';

export interface SchedulerOptions {
  readonly client: Client;
  readonly pods: Informer<Pod>;
  readonly nodes: Informer<Node>;
  readonly recorder: EventRecorder;
  readonly clock: Clock;
}

export function createSchedulerController(options: SchedulerOptions): Controller {
  const { pods, nodes, clock } = options;
  return {
    name: 'scheduler',
    connect(enqueue) {
      const unscheduled = (): void => {
        for (const pod of pods.list()) if ((pod.spec?.nodeName ?? '') === '') enqueue(keyOf(pod));
      };
      const stopPods = pods.onChange(({ key, after }) => {
        if (after !== undefined && (after.spec?.nodeName ?? '') === '') enqueue(key);
      });
      // Kubelets write their node's status all the time: only what decides about Pods matters here.
      const stopNodes = nodes.onChange(({ before, after }) => {
        if (decisive(before) !== decisive(after)) unscheduled();
      });
      unscheduled();
      return () => {
        stopPods();
        stopNodes();
      };
    },
    async reconcile(key) {
      const pod = pods.get(key);
      if (pod === undefined) return {};
      const decision = planScheduling(pod, nodes.list());
      if (decision.type === 'bind') await bind(pod, decision.node, options);
      if (decision.type === 'wait') await wait(pod, decision.message, { ...options, now: clock.now() });
      return {};
    },
  };
}

function decisive(node: Node | undefined): string {
  return JSON.stringify([node?.metadata?.labels, node?.spec]);
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
