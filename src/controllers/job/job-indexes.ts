// pure: how far an Indexed Job has come: which indexes have succeeded, which have failed for good, and which failed Pods are
// held until their replacement carries their failure count on.
import type { Job, Pod } from '../../api/generated/types.ts';
import { storedRanges } from '../../api/job/index-list.ts';
import { hasIndex, rangesOf, unionRanges, type IndexRange } from '../../api/job/index-ranges.ts';
import { allFailures, completionIndexOf, earlierFailures, indexesOf, isIndexed, limitsIndexes } from './completion-index.ts';
import { judgeFailure } from './failure-policy.ts';
import { finishTimeOf } from '../../api/pod/finish-time.ts';
import { countsAsFailed, isActive, isSucceeded, isTracked, uidOf } from './pod-facts.ts';

export interface JobIndexes {
  /** Those that the status names, and those of Pods that have not been counted yet. */
  readonly succeeded: readonly IndexRange[];
  /** Those that the status names: a Pod whose index is here may be let go. */
  readonly recorded: readonly IndexRange[];
  /** Only of Jobs that limit the failures of each index. */
  readonly failed?: readonly IndexRange[];
  /** Index -> its last failed Pod, where a retry is due that has not been created yet. */
  readonly held: ReadonlyMap<number, Pod>;
}

/** Undefined for a Job without indexes. */
export function jobIndexes(job: Job, owned: readonly Pod[]): JobIndexes | undefined {
  if (!isIndexed(job)) return undefined;
  // A Pod that was taken for failed because its Job failed may have succeeded unseen: it is counted once.
  const takenForFailed = new Set(job.status?.uncountedTerminatedPods?.failed ?? []);
  const tracked = owned.filter((pod) => isTracked(pod) && !takenForFailed.has(uidOf(pod)));
  const recorded = storedRanges(job.status?.completedIndexes, job.spec?.completions ?? 0);
  const succeeded = unionRanges(recorded, rangesOf(indexesOf(job, tracked.filter(isSucceeded))));
  if (!limitsIndexes(job)) return { succeeded, recorded, held: new Map() };
  const failed = unionRanges(storedRanges(job.status?.failedIndexes, job.spec?.completions ?? 0), rangesOf(indexesOf(job, tracked.filter((pod) => failsItsIndex(job, pod)))));
  return { succeeded, recorded, failed, held: heldPods(job, { owned, tracked }, (index) => hasIndex(succeeded, index) || hasIndex(failed, index)) };
}

function failsItsIndex(job: Job, pod: Pod): boolean {
  if (!countsAsFailed(job, pod)) return false;
  const { action } = judgeFailure(job, pod);
  return action === 'FailIndex' || (action !== 'Ignore' && earlierFailures(pod).counted >= job.spec!.backoffLimitPerIndex!);
}

function heldPods(job: Job, { owned, tracked }: { readonly owned: readonly Pod[]; readonly tracked: readonly Pod[] }, isOver: (index: number) => boolean): Map<number, Pod> {
  const active = new Set(indexesOf(job, owned.filter(isActive)));
  const held = new Map<number, Pod>();
  for (const pod of tracked.filter((each) => countsAsFailed(job, each))) {
    const index = completionIndexOf(job, pod);
    if (index === undefined || active.has(index) || isOver(index)) continue;
    const other = held.get(index);
    if (other === undefined || isLaterFailure(pod, other)) held.set(index, pod);
  }
  return held;
}

function isLaterFailure(pod: Pod, other: Pod): boolean {
  const difference = allFailures(pod) - allFailures(other);
  return difference > 0 || (difference === 0 && finishTimeOf(pod) > finishTimeOf(other));
}
