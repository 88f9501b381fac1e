// pure: how long new Pods must wait after failures: 10 s, doubled with each failure since the last success, at most 10
// minutes, from the latest failure on. Read off the Pods themselves, so that a restarted daemon goes on waiting.
import type { Job, Pod } from '../../api/generated/types.ts';
import { backoffDelayMs, JOB_RETRY } from '../../base/backoff.ts';
import { allFailures } from './completion-index.ts';
import { finishTimeOf } from '../../api/pod/finish-time.ts';
import { countsAsFailed, isBeingDeleted, isSucceeded, isTracked } from './pod-facts.ts';

/** Milliseconds from `now`; 0 when new Pods may start. */
export function retryDelayMs(job: Job, owned: readonly Pod[], now: number): number {
  const lastSuccess = Math.max(0, ...owned.filter(isSucceeded).map(finishTimeOf));
  const failures = owned.filter((pod) => countsAsFailed(job, pod) && !wasSentAway(pod)).map(finishTimeOf).filter((time) => time > lastSuccess);
  if (failures.length === 0) return 0;
  const due = Math.max(...failures) + backoffDelayMs(failures.length, JOB_RETRY.baseMs, JOB_RETRY.capMs);
  return Math.max(due - now, 0);
}

/** Of the index whose last failed Pod is given. */
export function indexRetryDelayMs(failed: Pod, now: number): number {
  const due = finishTimeOf(failed) + backoffDelayMs(allFailures(failed) + 1, JOB_RETRY.baseMs, JOB_RETRY.capMs);
  return Math.max(due - now, 0);
}

/** Deleted by the Job itself (suspended, surplus): the finalizer went first, and it is no failure. */
function wasSentAway(pod: Pod): boolean {
  return isBeingDeleted(pod) && !isTracked(pod);
}
