// pure: exact counting of ended Pods.
//
// A Pod's end passes through four states, each on disk before the next:
//   tracked (has the finalizer)  ->  uncounted (its uid stands in status.uncountedTerminatedPods)
//   ->  stripped (finalizer gone)  ->  counted (uid dropped and the counter raised, in one write).
// Whatever is cut off between two of them is taken up by the next reconcile: a uid is added only while its Pod has the
// finalizer, and dropped into the counter only once the Pod has it no more. So each uid is counted exactly once, even
// when the Pod object is removed in between.
//
// A success of an Indexed Job needs no uid: its index in status.completedIndexes is enough not to count it twice.
import type { Job, Pod } from '../../api/generated/types.ts';
import { countIndexes, hasIndex } from '../../api/job/index-ranges.ts';
import { completionIndexOf, isIndexed } from './completion-index.ts';
import { isIgnored } from './failure-policy.ts';
import type { JobIndexes } from './job-indexes.ts';
import { countsAsFailed, isSucceeded, isTracked, uidOf } from './pod-facts.ts';

export interface PodCount {
  /** Counters after this write. */
  readonly succeeded: number;
  readonly failed: number;
  /** Uids that wait for their Pod's finalizer to go. */
  readonly uncounted: { readonly succeeded: readonly string[]; readonly failed: readonly string[] };
  /** Pods that are on record, or are never going to be: the finalizer may go now. */
  readonly strip: readonly Pod[];
  /** Counted, uncounted and newly ended together: what decisions are made on. */
  readonly allSucceeded: number;
  readonly allFailed: number;
}

export interface CountOptions {
  /** Of an Indexed Job. */
  readonly indexes?: JobIndexes;
  /** How the Job ends, once that is decided: nothing is held for a retry any more, and with a failure every Pod fails. */
  readonly outcome?: 'succeed' | 'fail';
}

/** Upstream adds at most this many uids to one status. */
const MAX_UNCOUNTED = 500;

export function countPods(job: Job, owned: readonly Pod[], { indexes, outcome }: CountOptions = {}): PodCount {
  const status = job.status ?? {};
  const before = { succeeded: status.uncountedTerminatedPods?.succeeded ?? [], failed: status.uncountedTerminatedPods?.failed ?? [] };
  const tracked = new Map(owned.filter(isTracked).map((pod) => [uidOf(pod), pod]));
  const onDisk = new Set([...before.succeeded, ...before.failed]);
  const ended = [...tracked.values()].filter((pod) => !onDisk.has(uidOf(pod)) && (outcome === 'fail' || isSucceeded(pod) || countsAsFailed(job, pod)));
  const successes = ended.filter(isSucceeded);
  const failures = ended.filter((pod) => !isSucceeded(pod));
  const counting = failures.filter((pod) => counts(job, pod));
  const held = new Set(outcome === undefined ? indexes?.held.values() : []);
  const waiting = { succeeded: before.succeeded.filter((uid) => tracked.has(uid)), failed: before.failed.filter((uid) => tracked.has(uid)) };
  const room = Math.max(MAX_UNCOUNTED - waiting.succeeded.length - waiting.failed.length, 0);
  const newSucceeded = indexes === undefined ? successes.map(uidOf).slice(0, room) : [];
  const newFailed = counting.filter((pod) => !held.has(pod)).map(uidOf).slice(0, room - newSucceeded.length);
  return {
    succeeded: indexes === undefined ? (status.succeeded ?? 0) + before.succeeded.length - waiting.succeeded.length : countIndexes(indexes.succeeded),
    failed: (status.failed ?? 0) + before.failed.length - waiting.failed.length,
    uncounted: { succeeded: [...waiting.succeeded, ...newSucceeded], failed: [...waiting.failed, ...newFailed] },
    strip: [
      ...[...waiting.succeeded, ...waiting.failed].map((uid) => tracked.get(uid)!),
      ...(indexes === undefined ? [] : successes.filter((pod) => isRecorded(job, pod, indexes))),
      ...failures.filter((pod) => !counts(job, pod) && !held.has(pod)),
    ],
    allSucceeded: indexes === undefined ? (status.succeeded ?? 0) + before.succeeded.length + successes.length : countIndexes(indexes.succeeded),
    allFailed: (status.failed ?? 0) + before.failed.length + counting.length,
  };
}

/** A failure that the policy ignores, or whose index nobody wants any more, is no failure of the Job. */
function counts(job: Job, pod: Pod): boolean {
  return !isIgnored(job, pod) && (!isIndexed(job) || completionIndexOf(job, pod) !== undefined);
}

function isRecorded(job: Job, pod: Pod, { recorded }: JobIndexes): boolean {
  const index = completionIndexOf(job, pod);
  return index === undefined || hasIndex(recorded, index);
}
