// pure: whether a Pod can go to the one node, and upstream's words when it cannot.
import type { Node, Pod } from '../../api/generated/types.ts';

export type Scheduling =
  | { readonly type: 'bind'; readonly node: string }
  | { readonly type: 'wait'; readonly message: string }
  | { readonly type: 'nothing' };

const SCHEDULER = 'default-scheduler';

export function planScheduling(pod: Pod, nodes: readonly Node[]): Scheduling {
  const { spec, metadata, status } = pod;
  const over = status?.phase === 'Succeeded' || status?.phase === 'Failed';
  if ((spec?.nodeName ?? '') !== '' || metadata?.deletionTimestamp !== undefined || over) return { type: 'nothing' };
  if ((spec?.schedulerName ?? SCHEDULER) !== SCHEDULER || (spec?.schedulingGates ?? []).length > 0) return { type: 'nothing' };
  if (nodes.length === 0) return { type: 'wait', message: 'no nodes available to schedule pods' };
  const problems = nodes.map((node) => problemWith(pod, node));
  const fit = nodes[problems.indexOf(undefined)];
  if (fit !== undefined) return { type: 'bind', node: fit.metadata?.name ?? '' };
  return { type: 'wait', message: unavailable(problems as string[]) };
}

/** Undefined when the Pod fits. */
function problemWith(pod: Pod, node: Node): string | undefined {
  if (node.spec?.unschedulable === true && !tolerates(pod, { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' })) return 'node(s) were unschedulable';
  const labels = node.metadata?.labels ?? {};
  const selector = Object.entries(pod.spec?.nodeSelector ?? {});
  if (selector.some(([name, value]) => labels[name] !== value)) return "node(s) didn't match Pod's node affinity/selector";
  const taint = (node.spec?.taints ?? []).find(({ effect, ...rest }) => effect !== 'PreferNoSchedule' && !tolerates(pod, { effect, ...rest }));
  return taint === undefined ? undefined : `node(s) had untolerated taint {${taint.key}: ${taint.value ?? ''}}`;
}

function tolerates(pod: Pod, taint: { readonly key: string; readonly value?: string; readonly effect: string }): boolean {
  return (pod.spec?.tolerations ?? []).some(
    ({ key = '', operator = 'Equal', value = '', effect = '' }) =>
      (effect === '' || effect === taint.effect) && (key === '' || key === taint.key) && (operator === 'Exists' || value === (taint.value ?? '')),
  );
}

function unavailable(problems: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const problem of problems) counts.set(problem, (counts.get(problem) ?? 0) + 1);
  const reasons = [...counts].map(([problem, count]) => `${count} ${problem}`).join(', ');
  const total = problems.length;
  return `0/${total} nodes are available: ${reasons}. preemption: 0/${total} nodes are available: ${total} Preemption is not helpful for scheduling.`;
}
