// pure: what a rehearsal tells: what happened when, and what became of each run.

export interface Occurrence {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly kind: 'CronJob' | 'Job' | 'Pod';
  readonly name: string;
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
  /** Told by the rehearsal alone; all others are events that the controllers would record. */
  readonly isNote: boolean;
}

/** What became of one Job. Times are milliseconds since the epoch. */
export interface Run {
  readonly job: string;
  /** When its CronJob wanted it; absent for a Job on its own. */
  readonly scheduledAt?: number;
  readonly createdAt: number;
  readonly endedAt?: number;
  readonly outcome: RunOutcome;
  /** Of a failed Job: "BackoffLimitExceeded". */
  readonly reason?: string;
  readonly pods: number;
  readonly failedPods: number;
  /** Restarts of containers inside their Pods. */
  readonly restarts: number;
  /** The longest that it waited before it tried again. */
  readonly longestWaitMs: number;
}

/** `unfinished`: when the rehearsal ended it was not. `replaced`: its CronJob deleted it for its successor. */
export type RunOutcome = 'complete' | 'failed' | 'replaced' | 'unfinished';

/** Scheduled times that waited for one Job to end. */
export interface Queue {
  readonly waiting: number;
  /** When it was as long as that. */
  readonly at?: number;
}

export interface Rehearsal {
  readonly from: number;
  /** The last moment that was played. */
  readonly until: number;
  readonly occurrences: readonly Occurrence[];
  readonly runs: readonly Run[];
  /** How many times of its schedule a CronJob's rehearsal holds, suspended or not. */
  readonly scheduledTimes?: number;
  readonly longestQueue: Queue;
  /** Times of day that changes of the clocks left out, and those that they brought twice. */
  readonly clocks: { readonly skipped: number; readonly repeated: number };
  /** Finished Jobs that were deleted, by the history limits or when their time to live was over. */
  readonly removedJobs: number;
}
