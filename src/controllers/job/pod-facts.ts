// pure: the questions that a Job asks of one of its Pods.
import type { Job, Pod } from '../../api/generated/types.ts';
import { JOB_TRACKING_FINALIZER } from '../../api/job/labels.ts';

export function isTracked(pod: Pod): boolean {
  return (pod.metadata?.finalizers ?? []).includes(JOB_TRACKING_FINALIZER);
}

export function isSucceeded(pod: Pod): boolean {
  return pod.status?.phase === 'Succeeded';
}

export function isPhaseFailed(pod: Pod): boolean {
  return pod.status?.phase === 'Failed';
}

export function isTerminal(pod: Pod): boolean {
  return isSucceeded(pod) || isPhaseFailed(pod);
}

export function isBeingDeleted(pod: Pod): boolean {
  return pod.metadata?.deletionTimestamp !== undefined;
}

/** Pending counts: it holds a place. */
export function isActive(pod: Pod): boolean {
  return !isTerminal(pod) && !isBeingDeleted(pod);
}

export function isTerminating(pod: Pod): boolean {
  return !isTerminal(pod) && isBeingDeleted(pod);
}

/** With replacement policy TerminatingOrFailed a Pod counts as failed as soon as it is being deleted. */
export function countsAsFailed(job: Job, pod: Pod): boolean {
  if (isPhaseFailed(pod)) return true;
  return replacesTerminating(job) && isBeingDeleted(pod) && !isSucceeded(pod);
}

export function replacesTerminating({ spec }: Job): boolean {
  return (spec?.podReplacementPolicy ?? (spec?.podFailurePolicy === undefined ? 'TerminatingOrFailed' : 'Failed')) !== 'Failed';
}

export function uidOf(pod: Pod): string {
  return pod.metadata?.uid ?? '';
}

/** Restarts of all containers, init containers included. */
export function restartsOf(pod: Pod): number {
  return [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])].reduce((sum, { restartCount }) => sum + restartCount, 0);
}
