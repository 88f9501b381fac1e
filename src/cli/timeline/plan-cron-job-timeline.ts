// pure: a CronJob over time: a row for each of its Jobs that is still there.
import { humanDuration } from '../../api/duration-text.ts';
import type { CronJob, Job } from '../../api/generated/types.ts';
import { nextRunOf } from '../../api/cronjob/timing.ts';
import { fromTime } from '../../api/time.ts';
import { endOf, startOf } from '../why/cronjob/cron-job-facts.ts';
import { extent } from './plan-job-timeline.ts';
import type { Row, Span, Timeline } from './timeline.ts';

export interface CronJobObserved {
  readonly cronJob: CronJob;
  /** Oldest first. */
  readonly jobs: readonly Job[];
}

export function planCronJobTimeline({ cronJob, jobs }: CronJobObserved, now: number): Timeline {
  const rows = jobs.map((job) => jobRow(job, now));
  const next = nextRunOf(cronJob, now);
  const isRunning = rows.some(({ state }) => state === 'running' || state === 'waiting');
  const isLive = isRunning || next !== undefined;
  const state = cronJob.spec.suspend === true ? 'suspended' : next === undefined ? 'never due' : `next run in ${humanDuration(next - now + 999)}`;
  return {
    subject: `cronjob/${cronJob.metadata?.name}`,
    health: cronJob.spec.suspend === true ? 'waiting' : next === undefined ? 'trouble' : 'healthy',
    state,
    ...extent(rows, { now, isLive }),
    isLive,
    rows,
  };
}

function jobRow(job: Job, now: number): Row {
  const created = fromTime(job.metadata?.creationTimestamp);
  const started = job.status?.startTime === undefined ? undefined : startOf(job);
  const end = endOf(job);
  const took = started === undefined ? '' : ` ${humanDuration((end?.at ?? now) - started)}`;
  const spans: Span[] = [
    ...(created === undefined || (started !== undefined && started <= created) ? [] : [{ kind: 'waiting', from: created, ...(started === undefined ? {} : { to: started }), text: 'waiting to start' } as const]),
    ...(started === undefined ? [] : [{ kind: 'running', from: started, ...(end?.at === undefined ? {} : { to: end.at }), text: end === undefined ? `running since${took}` : `ran for${took}` } as const]),
  ];
  return {
    name: job.metadata?.name ?? '',
    spans,
    marks: end?.at === undefined ? [] : [{ at: end.at, kind: end.type === 'complete' ? 'success' : 'failure', text: end.type === 'complete' ? 'complete' : `failed: ${end.reason}` }],
    ...(end === undefined
      ? { state: started === undefined ? ('waiting' as const) : ('running' as const), note: started === undefined ? (job.spec?.suspend === true ? 'suspended' : 'waiting') : `running${took}` }
      : { state: end.type === 'complete' ? ('succeeded' as const) : ('failed' as const), note: end.type === 'complete' ? `complete${took}` : end.reason }),
  };
}
