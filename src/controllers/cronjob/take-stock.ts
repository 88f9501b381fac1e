// pure: what has become of a CronJob's Jobs, against what its status says of them.
import type { CronJob, CronJobStatus, Job } from '../../api/generated/types.ts';
import { hasCondition, isFinished } from '../../api/job/conditions.ts';
import { fromTime, toTime } from '../../api/time.ts';
import type { EventText } from '../../client/event-recorder-contract.ts';
import { referenceTo, scheduledTimeOf } from './scheduled-job.ts';

export interface Stock {
  /** As it should be. */
  readonly status: CronJobStatus;
  readonly events: readonly EventText[];
  /** Scheduled times, ascending, whose Jobs are there but not on record yet. */
  readonly started: readonly number[];
}

export function takeStock(cronJob: CronJob, jobs: readonly Job[]): Stock {
  const { active = [], lastScheduleTime, lastSuccessfulTime } = cronJob.status ?? {};
  const fresh = unrecordedJobs(cronJob, jobs);
  const listed = [...active, ...fresh.map(({ job }) => referenceTo(job))];
  const isListed = new Set(listed.map(({ uid }) => uid));
  const seen = new Map(jobs.map((job) => [job.metadata?.uid, job]));
  const running = listed.filter(({ uid }) => seen.has(uid) && !isFinished(seen.get(uid)!));
  const successes = jobs.flatMap((job) => (hasCondition(job, 'Complete') ? [fromTime(job.status?.completionTime) ?? 0] : []));
  const successful = Math.max(fromTime(lastSuccessfulTime) ?? 0, ...successes);
  const started = fresh.map(({ time }) => time);
  const last = started.at(-1);
  return {
    status: {
      ...(running.length === 0 ? {} : { active: running }),
      ...(last !== undefined ? { lastScheduleTime: toTime(last) } : lastScheduleTime === undefined ? {} : { lastScheduleTime }),
      ...(successful === (fromTime(lastSuccessfulTime) ?? 0) ? (lastSuccessfulTime === undefined ? {} : { lastSuccessfulTime }) : { lastSuccessfulTime: toTime(successful) }),
    },
    events: [
      ...fresh.map(({ job }) => normal('SuccessfulCreate', `Created job ${job.metadata?.name}`)),
      ...jobs.flatMap((job) => jobEvents(job, isListed.has(job.metadata?.uid))),
      ...listed.filter(({ uid }) => !seen.has(uid)).map(({ name }) => normal('MissingJob', `Active job went missing: ${name}`)),
    ],
    started,
  };
}

/** Jobs of times after the last that is on record: the daemon has just made them, or was stopped before it could say so. */
function unrecordedJobs(cronJob: CronJob, jobs: readonly Job[]): { readonly job: Job; readonly time: number }[] {
  const last = fromTime(cronJob.status?.lastScheduleTime) ?? -Infinity;
  return jobs
    .flatMap((job) => {
      const time = scheduledTimeOf(cronJob, job);
      return time === undefined || time <= last ? [] : [{ job, time }];
    })
    .sort((a, b) => a.time - b.time);
}

function jobEvents(job: Job, isListed: boolean): EventText[] {
  const name = job.metadata?.name;
  if (!isFinished(job)) return isListed ? [] : [{ type: 'Warning', reason: 'UnexpectedJob', message: `Saw a job that the controller did not create or forgot: ${name}` }];
  return isListed ? [normal('SawCompletedJob', `Saw completed job: ${name}, status: ${hasCondition(job, 'Complete') ? 'Complete' : 'Failed'}`)] : [];
}

function normal(reason: string, message: string): EventText {
  return { type: 'Normal', reason, message };
}
