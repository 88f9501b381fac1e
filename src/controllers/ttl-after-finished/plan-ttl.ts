// pure: when a finished Job is to be removed: ttlSecondsAfterFinished after its Complete or Failed condition.
import type { Job } from '../../api/generated/types.ts';
import { jobCondition } from '../../api/job/conditions.ts';
import { fromTime } from '../../api/time.ts';

export interface TtlPlan {
  readonly expired: boolean;
  /** Come back after this long; undefined when there is nothing to wait for. */
  readonly requeueAfterMs?: number;
}

const NOTHING: TtlPlan = { expired: false };

export function planTtl(job: Job, now: number): TtlPlan {
  const ttl = job.spec?.ttlSecondsAfterFinished;
  const finished = finishedAt(job);
  if (ttl === undefined || finished === undefined || job.metadata?.deletionTimestamp !== undefined) return NOTHING;
  const left = finished + ttl * 1000 - now;
  return left > 0 ? { expired: false, requeueAfterMs: left } : { expired: true };
}

/** A condition without a time, which only a foreign writer leaves, never expires. */
function finishedAt(job: Job): number | undefined {
  const condition = [jobCondition(job, 'Complete'), jobCondition(job, 'Failed')].find((each) => each?.status === 'True');
  return fromTime(condition?.lastTransitionTime);
}
