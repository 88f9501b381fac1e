// pure: what the rules on CronJobs look at, and words on its Jobs that several of them use.
import type { CoreEvent, CronJob, Job } from '../../../api/generated/types.ts';
import { humanDuration } from '../../../api/duration-text.ts';
import { jobCondition } from '../../../api/job/conditions.ts';
import { fromTime } from '../../../api/time.ts';
import { countedFrom, runTimes, timingOf, type RunTimes, type Timing } from '../../../api/cronjob/timing.ts';
import { timeText } from '../../describers/describe-text.ts';
import type { Diagnosis, Evidence } from '../diagnosis.ts';

export interface CronJobFacts {
  readonly now: number;
  readonly name: string;
  readonly cronJob: CronJob;
  /** About the CronJob. */
  readonly events: readonly CoreEvent[];
  /** That it controls, oldest first. */
  readonly jobs: readonly Job[];
  /** By name, of Jobs that run or ended last. */
  readonly diagnoses: ReadonlyMap<string, Diagnosis>;
}

export interface Due extends RunTimes {
  readonly timing: Timing & { readonly ok: true };
  /** Milliseconds between the next two runs; absent when there is no second. */
  readonly intervalMs?: number;
}

/** Undefined when its zone or its schedule cannot be read. */
export function dueTimes({ cronJob, now }: CronJobFacts): Due | undefined {
  const timing = timingOf(cronJob.spec);
  if (!timing.ok) return undefined;
  const times = runTimes(timing, { from: countedFrom(cronJob), now });
  const second = times.next === undefined ? undefined : runTimes(timing, { from: times.next, now: times.next }).next;
  return { timing, ...times, ...(times.next === undefined || second === undefined ? {} : { intervalMs: second - times.next }) };
}

export function isActive(job: Job): boolean {
  return !isEnded(job) && job.metadata?.deletionTimestamp === undefined;
}

export function isEnded(job: Job): boolean {
  return endOf(job) !== undefined;
}

export interface JobEnd {
  readonly type: 'complete' | 'failed';
  readonly reason: string;
  /** Milliseconds since the epoch. */
  readonly at: number | undefined;
}

export function endOf(job: Job): JobEnd | undefined {
  const complete = jobCondition(job, 'Complete');
  if (complete?.status === 'True') return { type: 'complete', reason: complete.reason ?? '', at: fromTime(job.status?.completionTime ?? complete.lastTransitionTime) };
  const failed = jobCondition(job, 'Failed');
  return failed?.status === 'True' ? { type: 'failed', reason: failed.reason ?? '', at: fromTime(failed.lastTransitionTime) } : undefined;
}

export function startOf({ status, metadata }: Job): number | undefined {
  return fromTime(status?.startTime ?? metadata?.creationTimestamp);
}

/** How long it ran, or has been running. */
export function tookMs(job: Job, now: number): number | undefined {
  const start = startOf(job);
  return start === undefined ? undefined : (endOf(job)?.at ?? now) - start;
}

/** "in 3m (Sat, 21 Nov 2026 06:00:00 +0000)". */
export function whenText(time: number, now: number): string {
  const exact = timeText(new Date(time).toISOString());
  return time > now ? `in ${humanDuration(time - now + 999)} (${exact})` : `${humanDuration(now - time)} ago (${exact})`;
}

export function jobsEvidence({ jobs, now }: CronJobFacts): Evidence[] {
  if (jobs.length === 0) return [];
  const shown = jobs.slice(-5).map((job) => {
    const end = endOf(job);
    const took = tookMs(job, now);
    return {
      name: job.metadata?.name ?? '',
      state: end === undefined ? 'running' : end.type === 'complete' ? 'complete' : `failed: ${end.reason}`,
      ...(startOf(job) === undefined ? {} : { startedAt: new Date(startOf(job)!).toISOString() }),
      ...(took === undefined ? {} : { tookMs: took }),
    };
  });
  return [{ type: 'jobs', title: 'its last runs that are still there', jobs: shown }];
}
