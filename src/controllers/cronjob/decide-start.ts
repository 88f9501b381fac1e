// pure: whether the time that is due is started. Only ever the latest: there is no backlog.
import type { CronJob, Job } from '../../api/generated/types.ts';
import { scheduledJobName } from './scheduled-job.ts';

export type Start =
  | { readonly type: 'nothing' }
  /** Its deadline is over. */
  | { readonly type: 'too-late'; readonly time: number }
  /** An earlier Job runs, and the policy is Forbid. */
  | { readonly type: 'blocked'; readonly time: number }
  /** `replaced`: running Jobs that make way. */
  | { readonly type: 'start'; readonly time: number; readonly replaced: readonly Job[] };

/** `cronJob` has its status up to date; `time` is the latest that is due. */
export function decideStart(cronJob: CronJob, jobs: readonly Job[], { time, now }: { readonly time: number | undefined; readonly now: number }): Start {
  if (time === undefined || hasJobOf(cronJob, jobs, time)) return { type: 'nothing' };
  if (time <= closedUntil(cronJob, now)) return { type: 'too-late', time };
  const active = cronJob.status?.active ?? [];
  if (cronJob.spec.concurrencyPolicy === 'Forbid' && active.length > 0) return { type: 'blocked', time };
  const uids = new Set(active.map(({ uid }) => uid));
  return { type: 'start', time, replaced: cronJob.spec.concurrencyPolicy === 'Replace' ? jobs.filter(({ metadata }) => uids.has(metadata?.uid)) : [] };
}

/** Times up to this one are not started any more; -Infinity without a deadline. */
export function closedUntil({ spec }: CronJob, now: number): number {
  return spec.startingDeadlineSeconds === undefined ? -Infinity : now - spec.startingDeadlineSeconds * 1000;
}

function hasJobOf(cronJob: CronJob, jobs: readonly Job[], time: number): boolean {
  const wanted = scheduledJobName(cronJob, time);
  return jobs.some(({ metadata }) => metadata?.name === wanted) || (cronJob.status?.active ?? []).some(({ name }) => name === wanted);
}
