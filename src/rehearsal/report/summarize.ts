// pure: the figures of a rehearsal. This is the `summary` of -o json: fields are only ever added.
import { toTime } from '../../api/time.ts';
import type { Rehearsal, Run } from '../story.ts';

export interface Summary {
  readonly runs: number;
  readonly complete: number;
  readonly failed: number;
  readonly replaced: number;
  /** Not over when the rehearsal ended. */
  readonly unfinished: number;
  /** Of a CronJob: times of its schedule within the rehearsal, and those of them that no Job was made for. */
  readonly scheduledTimes?: number;
  readonly notRun?: number;
  /** Times that startingDeadlineSeconds let pass, of which an event tells. */
  readonly missedDeadlines: number;
  readonly pods: number;
  readonly failedPods: number;
  /** Of containers inside their Pods. */
  readonly restarts: number;
  /** The longest wait between a failure and the next attempt. */
  readonly longestBackOffSeconds: number;
  /** The most Jobs that were there, unfinished, at one time; since when. */
  readonly mostAtOnce: { readonly jobs: number; readonly time?: string };
  /** Concurrency policy Forbid: the most scheduled times that waited for one Job; only the last of them is run. */
  readonly longestQueue: { readonly waiting: number; readonly time?: string };
  /** Finished Jobs that were deleted, by the history limits or when their time to live was over. */
  readonly removedJobs: number;
  /** Times of day that changes of the clocks left out, and those that they brought twice. */
  readonly clocks: { readonly skipped: number; readonly repeated: number };
  /** The first Job that failed for good. */
  readonly firstFailure?: { readonly job: string; readonly time: string; readonly reason: string; readonly afterSeconds: number };
}

export function summarize(rehearsal: Rehearsal): Summary {
  const { runs, occurrences, scheduledTimes, longestQueue, removedJobs } = rehearsal;
  const ended = (outcome: Run['outcome']): number => runs.filter((run) => run.outcome === outcome).length;
  const failure = runs.filter(({ outcome }) => outcome === 'failed').sort((a, b) => a.endedAt! - b.endedAt!)[0];
  return {
    runs: runs.length,
    complete: ended('complete'),
    failed: ended('failed'),
    replaced: ended('replaced'),
    unfinished: ended('unfinished'),
    ...(scheduledTimes === undefined ? {} : { scheduledTimes, notRun: Math.max(scheduledTimes - runs.length, 0) }),
    missedDeadlines: occurrences.filter(({ kind, reason }) => kind === 'CronJob' && reason === 'MissSchedule').length,
    pods: total(runs, ({ pods }) => pods),
    failedPods: total(runs, ({ failedPods }) => failedPods),
    restarts: total(runs, ({ restarts }) => restarts),
    longestBackOffSeconds: runs.reduce((longest, { longestWaitMs }) => Math.max(longest, longestWaitMs), 0) / 1000,
    mostAtOnce: mostAtOnce(runs),
    longestQueue: { waiting: longestQueue.waiting, ...(longestQueue.at === undefined ? {} : { time: toTime(longestQueue.at) }) },
    removedJobs,
    clocks: { skipped: rehearsal.clocks.skipped, repeated: rehearsal.clocks.repeated },
    ...(failure === undefined
      ? {}
      : { firstFailure: { job: failure.job, time: toTime(failure.endedAt!), reason: failure.reason ?? '', afterSeconds: (failure.endedAt! - failure.createdAt) / 1000 } }),
  };
}

function total(runs: readonly Run[], figure: (run: Run) => number): number {
  return runs.reduce((sum, run) => sum + figure(run), 0);
}

/** One that ends at the moment another begins is not counted beside it. */
function mostAtOnce(runs: readonly Run[]): Summary['mostAtOnce'] {
  const changes = runs.flatMap(({ createdAt, endedAt }) => [{ at: createdAt, by: 1 }, ...(endedAt === undefined ? [] : [{ at: endedAt, by: -1 }])]);
  changes.sort((a, b) => a.at - b.at || a.by - b.by);
  let jobs = 0;
  let most: { readonly jobs: number; readonly time?: string } = { jobs: 0 };
  for (const { at, by } of changes) {
    jobs += by;
    if (jobs > most.jobs) most = { jobs, time: toTime(at) };
  }
  return most;
}
