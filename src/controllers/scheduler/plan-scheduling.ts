// pure: whether a Pod can go to a node, and upstream's words when it cannot.
import type { Pod } from '../../api/generated/types.ts';
import type { Filter, Problem, SchedulingObserved } from './filter.ts';
import { claims, unplacedClaims, whyClaimsHold } from './filters/claims.ts';
import { nodeAffinity } from './filters/node-affinity.ts';
import { podAffinity } from './filters/pod-affinity.ts';
import { ports } from './filters/ports.ts';
import { resources } from './filters/resources.ts';
import { taints, unschedulable } from './filters/taints.ts';
import { topologySpread } from './filters/topology-spread.ts';

export type Scheduling =
  | { readonly type: 'bind'; readonly node: string }
  /** The Pod's claims get their volumes for this node; then the Pod is looked at again. */
  | { readonly type: 'place-claims'; readonly node: string; readonly claims: readonly string[] }
  | { readonly type: 'wait'; readonly message: string }
  | { readonly type: 'nothing' };

const SCHEDULER = 'default-scheduler';
/** In upstream's order: of each node the first that says no is the one that is told. */
const FILTERS: readonly Filter[] = [unschedulable, taints, nodeAffinity, ports, resources, claims, topologySpread, podAffinity];

export function planScheduling(observed: SchedulingObserved): Scheduling {
  const { pod, candidates } = observed;
  if (!isWaiting(pod)) return { type: 'nothing' };
  if (candidates.length === 0) return { type: 'wait', message: 'no nodes available to schedule pods' };
  const held = whyClaimsHold(observed);
  if (held !== undefined) return { type: 'wait', message: unavailable(pod, candidates.map(() => [{ reason: held, isFinal: true }]), held) };
  const problems: (readonly Problem[])[] = [];
  for (const candidate of candidates) {
    const found = FILTERS.map((filter) => filter(observed, candidate)).find((each) => each.length > 0);
    const node = candidate.node.metadata?.name ?? '';
    const unplaced = found === undefined ? unplacedClaims(observed, node) : undefined;
    if (unplaced !== undefined) return { type: 'place-claims', node, claims: unplaced };
    if (found === undefined) return { type: 'bind', node };
    problems.push(found);
  }
  return { type: 'wait', message: unavailable(pod, problems) };
}

/** For this scheduler to place it. */
export function isWaiting({ spec, metadata, status }: Pod): boolean {
  const isOver = status?.phase === 'Succeeded' || status?.phase === 'Failed';
  if ((spec?.nodeName ?? '') !== '' || metadata?.deletionTimestamp !== undefined || isOver) return false;
  return (spec?.schedulerName ?? SCHEDULER) === SCHEDULER && (spec?.schedulingGates ?? []).length === 0;
}

/** `all`: one reason that concerns no node more than another, and is not counted. */
function unavailable(pod: Pod, problems: readonly (readonly Problem[])[], all?: string): string {
  const total = problems.length;
  const reasons = all ?? counted(problems.flatMap((each) => each.map(({ reason }) => reason)));
  return `0/${total} nodes are available: ${reasons}. preemption: ${preemption(pod, problems)}`;
}

/** minik takes no Pod away for another; upstream's words for a preemption that finds nothing are true of that. */
function preemption(pod: Pod, problems: readonly (readonly Problem[])[]): string {
  if (pod.spec?.preemptionPolicy === 'Never') return 'not eligible due to preemptionPolicy=Never.';
  const outcomes = problems.map((each) => (each.some(({ isFinal }) => isFinal) ? 'Preemption is not helpful for scheduling' : 'No preemption victims found for incoming pod'));
  return `0/${problems.length} nodes are available: ${counted(outcomes)}.`;
}

function counted(texts: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts].map(([text, count]) => `${count} ${text}`).sort().join(', ');
}
