// pure: how many Pods a Job wants now, and which go when there are too many.
import type { Job, Pod } from '../../api/generated/types.ts';
import { fromTime } from '../../api/time.ts';
import { replacesTerminating, type PodCount } from './count-pods.ts';
import { isActive, isReady, isTerminating, restartsOf } from './pod-facts.ts';

export interface PodDemand {
  readonly create: number;
  readonly surplus: readonly Pod[];
}

/** Upstream's cap on creations and deletions in one reconcile. */
const MAX_CHANGES = 500;

export function podDemand(job: Job, owned: readonly Pod[], count: PodCount): PodDemand {
  const active = owned.filter(isActive);
  if (job.spec?.suspend === true) return { create: 0, surplus: active.slice(0, MAX_CHANGES) };
  const wanted = wantedActive(job, active.length, count.allSucceeded);
  if (active.length > wanted) {
    return { create: 0, surplus: [...active].sort(dispensableFirst).slice(0, Math.min(active.length - wanted, MAX_CHANGES)) };
  }
  // Until a terminating Pod is gone, its place is taken where only ended Pods are replaced.
  const holding = replacesTerminating(job) ? 0 : owned.filter(isTerminating).length;
  return { create: Math.min(Math.max(wanted - active.length - holding, 0), MAX_CHANGES), surplus: [] };
}

/** A work queue starts no more Pods after its first success, and stops none. */
function wantedActive({ spec }: Job, active: number, succeeded: number): number {
  const parallelism = spec?.parallelism ?? 1;
  if (spec?.completions === undefined) return succeeded > 0 ? active : parallelism;
  return Math.min(Math.max(spec.completions - succeeded, 0), parallelism);
}

/** kube: unscheduled, Pending, not ready, more restarts, newer: each goes before its opposite. */
function dispensableFirst(a: Pod, b: Pod): number {
  const ranks = [
    (pod: Pod) => ((pod.spec?.nodeName ?? '') === '' ? 0 : 1),
    (pod: Pod) => (pod.status?.phase === 'Running' ? 1 : 0),
    (pod: Pod) => (isReady(pod) ? 1 : 0),
    (pod: Pod) => -restartsOf(pod),
    (pod: Pod) => -(fromTime(pod.metadata?.creationTimestamp) ?? 0),
  ];
  for (const rank of ranks) {
    const difference = rank(a) - rank(b);
    if (difference !== 0) return difference;
  }
  return (a.metadata?.name ?? '') < (b.metadata?.name ?? '') ? -1 : 1;
}
