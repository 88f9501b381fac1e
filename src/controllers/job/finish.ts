// pure: whether a Job has come to its end, and which. First match wins, in upstream's order; what was decided and written
// once is never decided again.
import type { Job, Pod } from '../../api/generated/types.ts';
import { jobCondition } from '../../api/job/conditions.ts';
import { countIndexes } from '../../api/job/index-ranges.ts';
import { fromTime } from '../../api/time.ts';
import type { PodCount } from './count-pods.ts';
import { failJobMessage } from './failure-policy.ts';
import type { JobIndexes } from './job-indexes.ts';
import { isActive, isBeingDeleted, restartsOf } from './pod-facts.ts';
import { metSuccessRule } from './success-policy.ts';

export type JobEnd =
  | { readonly outcome: 'succeed'; readonly reason: string; readonly message: string }
  | { readonly outcome: 'fail'; readonly reason: string; readonly message: string };

export interface EndObserved {
  readonly job: Job;
  readonly owned: readonly Pod[];
  readonly count: PodCount;
  readonly indexes?: JobIndexes;
  readonly now: number;
}

const BACKOFF_LIMIT = { outcome: 'fail', reason: 'BackoffLimitExceeded', message: 'Job has reached the specified backoff limit' } as const;
const MANY_INDEXES = { outcome: 'fail', reason: 'MaxFailedIndexesExceeded', message: 'Job has exceeded the specified maximal number of failed indexes' } as const;
const SOME_INDEXES = { outcome: 'fail', reason: 'FailedIndexes', message: 'Job has failed indexes' } as const;
const DEADLINE = { outcome: 'fail', reason: 'DeadlineExceeded', message: 'Job was active longer than specified deadline' } as const;
const COMPLETIONS = { outcome: 'succeed', reason: 'CompletionsReached', message: 'Reached expected number of succeeded pods' } as const;

export function decideEnd(observed: EndObserved): JobEnd | undefined {
  return decidedBefore(observed.job) ?? policyFails(observed) ?? limitReached(observed) ?? deadlineReached(observed) ?? indexesFail(observed) ?? policySucceeds(observed) ?? completionsReached(observed);
}

/** Milliseconds until the deadline; undefined when there is none or it does not tick. */
export function untilDeadlineMs({ spec, status }: Job, now: number): number | undefined {
  if (spec?.activeDeadlineSeconds === undefined || spec.suspend === true) return undefined;
  const start = fromTime(status?.startTime);
  return start === undefined ? undefined : start + spec.activeDeadlineSeconds * 1000 - now;
}

function decidedBefore(job: Job): JobEnd | undefined {
  const met = jobCondition(job, 'SuccessCriteriaMet');
  if (met?.status === 'True') return { outcome: 'succeed', reason: met.reason ?? '', message: met.message ?? '' };
  const target = jobCondition(job, 'FailureTarget');
  if (target?.status === 'True') return { outcome: 'fail', reason: target.reason ?? '', message: target.message ?? '' };
  return undefined;
}

function policyFails({ job, owned }: EndObserved): JobEnd | undefined {
  const message = failJobMessage(job, owned);
  return message === undefined ? undefined : { outcome: 'fail', reason: 'PodFailurePolicy', message };
}

function indexesFail({ job, indexes }: EndObserved): JobEnd | undefined {
  const failed = countIndexes(indexes?.failed ?? []);
  if (indexes === undefined || failed === 0) return undefined;
  const { maxFailedIndexes = Infinity, completions = 0 } = job.spec!;
  if (failed > maxFailedIndexes) return MANY_INDEXES;
  return failed + countIndexes(indexes.succeeded) >= completions ? SOME_INDEXES : undefined;
}

function policySucceeds({ job, indexes }: EndObserved): JobEnd | undefined {
  const message = indexes === undefined ? undefined : metSuccessRule(job.spec!, indexes.succeeded);
  return message === undefined ? undefined : { outcome: 'succeed', reason: 'SuccessPolicy', message };
}

function limitReached({ job, owned, count }: EndObserved): JobEnd | undefined {
  const limit = job.spec?.backoffLimit ?? 6;
  if (count.allFailed > limit) return BACKOFF_LIMIT;
  if (job.spec?.template.spec?.restartPolicy !== 'OnFailure') return undefined;
  // kube: with restarts in place the limit is reached at `>=`, but a limit of 0 needs one restart.
  const restarts = owned.filter((pod) => isActive(pod) || isBeingDeleted(pod)).filter(({ status }) => status?.phase === 'Running' || status?.phase === 'Pending').reduce((sum, pod) => sum + restartsOf(pod), 0);
  return (limit === 0 ? restarts > 0 : restarts >= limit) ? BACKOFF_LIMIT : undefined;
}

function deadlineReached({ job, now }: EndObserved): JobEnd | undefined {
  const left = untilDeadlineMs(job, now);
  return left !== undefined && left <= 0 ? DEADLINE : undefined;
}

function completionsReached({ job, owned, count }: EndObserved): JobEnd | undefined {
  // A Job that never started cannot be complete, even if it wants nothing: it waits for its resumption.
  if (job.status?.startTime === undefined || owned.some(isActive)) return undefined;
  const completions = job.spec?.completions;
  const reached = completions === undefined ? count.allSucceeded > 0 : count.allSucceeded >= completions;
  return reached ? COMPLETIONS : undefined;
}
