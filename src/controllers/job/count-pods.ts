// pure: exact counting of ended Pods.
//
// A Pod's end passes through four states, each on disk before the next:
//   tracked (has the finalizer)  ->  uncounted (its uid stands in status.uncountedTerminatedPods)
//   ->  stripped (finalizer gone)  ->  counted (uid dropped and the counter raised, in one write).
// Whatever is cut off between two of them is taken up by the next reconcile: a uid is added only while its Pod has the
// finalizer, and dropped into the counter only once the Pod has it no more. So each uid is counted exactly once, even
// when the Pod object is removed in between.
import type { Job, Pod } from '../../api/generated/types.ts';
import { isBeingDeleted, isPhaseFailed, isSucceeded, isTracked, uidOf } from './pod-facts.ts';

export interface PodCount {
  /** Counters after this write. */
  readonly succeeded: number;
  readonly failed: number;
  /** Uids that wait for their Pod's finalizer to go. */
  readonly uncounted: { readonly succeeded: readonly string[]; readonly failed: readonly string[] };
  /** Pods whose uid is on disk: the finalizer may go now. */
  readonly strip: readonly Pod[];
  /** Counted, uncounted and newly ended together: what decisions are made on. */
  readonly allSucceeded: number;
  readonly allFailed: number;
}

/** Upstream adds at most this many uids to one status. */
const MAX_UNCOUNTED = 500;

export function countPods(job: Job, owned: readonly Pod[]): PodCount {
  const status = job.status ?? {};
  const before = { succeeded: status.uncountedTerminatedPods?.succeeded ?? [], failed: status.uncountedTerminatedPods?.failed ?? [] };
  const tracked = new Map(owned.filter(isTracked).map((pod) => [uidOf(pod), pod]));
  const onDisk = new Set([...before.succeeded, ...before.failed]);
  const ended = [...tracked.values()].filter((pod) => !onDisk.has(uidOf(pod)));
  const newly = {
    succeeded: ended.filter(isSucceeded).map(uidOf),
    failed: ended.filter((pod) => countsAsFailed(job, pod)).map(uidOf),
  };
  const waiting = { succeeded: before.succeeded.filter((uid) => tracked.has(uid)), failed: before.failed.filter((uid) => tracked.has(uid)) };
  const room = MAX_UNCOUNTED - waiting.succeeded.length - waiting.failed.length;
  const succeededTaken = newly.succeeded.slice(0, Math.max(room, 0));
  const failedTaken = newly.failed.slice(0, Math.max(room - succeededTaken.length, 0));
  return {
    succeeded: (status.succeeded ?? 0) + before.succeeded.length - waiting.succeeded.length,
    failed: (status.failed ?? 0) + before.failed.length - waiting.failed.length,
    uncounted: { succeeded: [...waiting.succeeded, ...succeededTaken], failed: [...waiting.failed, ...failedTaken] },
    strip: [...waiting.succeeded, ...waiting.failed].map((uid) => tracked.get(uid)!),
    allSucceeded: (status.succeeded ?? 0) + before.succeeded.length + newly.succeeded.length,
    allFailed: (status.failed ?? 0) + before.failed.length + newly.failed.length,
  };
}

/** With replacement policy TerminatingOrFailed a Pod counts as failed as soon as it is being deleted. */
export function countsAsFailed(job: Job, pod: Pod): boolean {
  if (isPhaseFailed(pod)) return true;
  return replacesTerminating(job) && isBeingDeleted(pod) && !isSucceeded(pod);
}

export function replacesTerminating({ spec }: Job): boolean {
  return (spec?.podReplacementPolicy ?? (spec?.podFailurePolicy === undefined ? 'TerminatingOrFailed' : 'Failed')) !== 'Failed';
}
