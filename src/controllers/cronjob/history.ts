// pure: which finished Jobs a CronJob keeps no longer.
import type { CronJob, Job } from '../../api/generated/types.ts';
import { hasCondition, isFinished } from '../../api/job/conditions.ts';
import { fromTime } from '../../api/time.ts';

/** The oldest beyond the limits: of those that succeeded, and of those that failed. Jobs that were made by hand count too. */
export function surplusJobs({ spec }: CronJob, jobs: readonly Job[]): Job[] {
  const kept = jobs.filter((job) => isFinished(job) && job.metadata?.deletionTimestamp === undefined);
  const oldest = (some: readonly Job[], limit: number | undefined): Job[] => (limit === undefined || some.length <= limit ? [] : [...some].sort(earlierFirst).slice(0, some.length - limit));
  return [
    ...oldest(kept.filter((job) => hasCondition(job, 'Complete')), spec.successfulJobsHistoryLimit),
    ...oldest(kept.filter((job) => !hasCondition(job, 'Complete')), spec.failedJobsHistoryLimit),
  ];
}

/** By start, then by name; a Job that never started comes last. */
function earlierFirst(a: Job, b: Job): number {
  const [left, right] = [a, b].map(({ status }) => fromTime(status?.startTime) ?? Infinity) as [number, number];
  if (left !== right) return left < right ? -1 : 1;
  return (a.metadata?.name ?? '') < (b.metadata?.name ?? '') ? -1 : 1;
}
