// pure: how many Pods a Job wants now, which go when there are too many, and which must still wait for their retry.
import type { Job, Pod } from '../../api/generated/types.ts';
import { lowestMissing, rangesOf, unionRanges } from '../../api/job/index-ranges.ts';
import { isPodReady } from '../../api/pod/is-pod-ready.ts';
import { fromTime } from '../../api/time.ts';
import { completionIndexOf, indexesOf, limitsIndexes } from './completion-index.ts';
import type { PodCount } from './count-pods.ts';
import type { JobIndexes } from './job-indexes.ts';
import { isActive, isTerminating, replacesTerminating, restartsOf } from './pod-facts.ts';
import { indexRetryDelayMs, retryDelayMs } from './retry-delay.ts';

/** The place of a Pod that is to be created. */
export interface PodSlot {
  /** Of an Indexed Job. */
  readonly index?: number;
  /** The failed Pod whose failure count this one carries on. */
  readonly replaces?: Pod;
}

export interface PodDemand {
  readonly create: readonly PodSlot[];
  readonly surplus: readonly Pod[];
  /** More Pods are wanted, but not before this many milliseconds. */
  readonly retryInMs?: number;
}

export interface DemandObserved {
  readonly job: Job;
  readonly owned: readonly Pod[];
  readonly count: PodCount;
  readonly indexes?: JobIndexes;
  readonly now: number;
}

/** Upstream's cap on creations and deletions in one reconcile. */
const MAX_CHANGES = 500;
const NOTHING: PodDemand = { create: [], surplus: [] };

export function podDemand(observed: DemandObserved): PodDemand {
  const { job, owned, count } = observed;
  const active = owned.filter(isActive);
  const wanted = job.spec?.suspend === true ? 0 : wantedActive(job, active.length, count.allSucceeded);
  const surplus = surplusPods(observed, active, Math.max(active.length - wanted, 0));
  // A reconcile either deletes or creates: what it created would be chosen from again.
  if (surplus.length > 0) return { create: [], surplus: surplus.slice(0, MAX_CHANGES) };
  // Until a terminating Pod is gone, its place is taken where only ended Pods are replaced.
  const holding = replacesTerminating(job) ? 0 : owned.filter(isTerminating).length;
  const missing = Math.min(wanted - active.length - holding, MAX_CHANGES);
  return missing > 0 ? retries(observed, missing) : NOTHING;
}

/** A work queue starts no more Pods after its first success, and stops none. */
function wantedActive({ spec }: Job, active: number, succeeded: number): number {
  const parallelism = spec?.parallelism ?? 1;
  if (spec?.completions === undefined) return succeeded > 0 ? active : parallelism;
  return Math.min(Math.max(spec.completions - succeeded, 0), parallelism);
}

/** At least `atLeast` of the active Pods; of an Indexed Job also every Pod whose index is taken, unwanted or missing. */
function surplusPods({ job, indexes }: DemandObserved, active: readonly Pod[], atLeast: number): Pod[] {
  const sorted = [...active].sort(dispensableFirst);
  const [misplaced, kept] = indexes === undefined ? [[], sorted] : splitMisplaced(job, sorted);
  return [...misplaced, ...kept.slice(0, Math.max(atLeast - misplaced.length, 0))];
}

/** Of the Pods with one index, the least dispensable stays. */
function splitMisplaced(job: Job, sorted: readonly Pod[]): [misplaced: Pod[], kept: Pod[]] {
  const last = new Map(sorted.map((pod) => [completionIndexOf(job, pod), pod]));
  last.delete(undefined);
  const stays = new Set(last.values());
  return [sorted.filter((pod) => !stays.has(pod)), sorted.filter((pod) => stays.has(pod))];
}

function retries(observed: DemandObserved, missing: number): PodDemand {
  const { job, owned, indexes, now } = observed;
  if (limitsIndexes(job) && indexes !== undefined) return indexRetries(observed, indexes, missing);
  const delay = retryDelayMs(job, owned, now);
  if (delay > 0) return { ...NOTHING, retryInMs: delay };
  return { create: indexes === undefined ? Array.from({ length: missing }, () => ({})) : pendingIndexes(observed, indexes, missing).map((index) => ({ index })), surplus: [] };
}

/** Each index waits on its own; one that waits keeps its place, as upstream's does. */
function indexRetries(observed: DemandObserved, indexes: JobIndexes, missing: number): PodDemand {
  const slots = pendingIndexes(observed, indexes, missing).map((index) => ({ index, replaces: indexes.held.get(index) }));
  const due = slots.map((slot) => ({ slot, delay: slot.replaces === undefined ? 0 : indexRetryDelayMs(slot.replaces, observed.now) }));
  const waits = due.filter(({ delay }) => delay > 0).map(({ delay }) => delay);
  return { create: due.filter(({ delay }) => delay === 0).map(({ slot }) => slot), surplus: [], ...(waits.length === 0 ? {} : { retryInMs: Math.min(...waits) }) };
}

/** The lowest indexes that neither run nor are over. */
function pendingIndexes({ job, owned }: DemandObserved, { succeeded, failed = [] }: JobIndexes, count: number): number[] {
  const taken = owned.filter((pod) => isActive(pod) || (isTerminating(pod) && !replacesTerminating(job)));
  const placed = unionRanges(unionRanges(succeeded, failed), rangesOf(indexesOf(job, taken)));
  return lowestMissing(placed, { count, completions: job.spec?.completions ?? 0 });
}

/** kube: unscheduled, Pending, not ready, more restarts, newer: each goes before its opposite. */
function dispensableFirst(a: Pod, b: Pod): number {
  const ranks = [
    (pod: Pod) => ((pod.spec?.nodeName ?? '') === '' ? 0 : 1),
    (pod: Pod) => (pod.status?.phase === 'Running' ? 1 : 0),
    (pod: Pod) => (isPodReady(pod) ? 1 : 0),
    (pod: Pod) => -restartsOf(pod),
    (pod: Pod) => -(fromTime(pod.metadata?.creationTimestamp) ?? 0),
  ];
  for (const rank of ranks) {
    const difference = rank(a) - rank(b);
    if (difference !== 0) return difference;
  }
  return (a.metadata?.name ?? '') < (b.metadata?.name ?? '') ? -1 : 1;
}
