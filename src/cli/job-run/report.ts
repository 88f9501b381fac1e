// pure: the report of followed Jobs, as `-o json` prints it. Its shape is a promise to scripts: add fields, never change one.
import type { Job } from '../../api/generated/types.ts';
import { fromTime, toTime } from '../../api/time.ts';
import type { Culprit } from './culprit.ts';
import { endingText, exitCodeOf, type Ending } from './ending.ts';
import { attemptKey, type ContainerAttempt, type PodRun } from './pod-run.ts';

/** All times are RFC 3339 in UTC; all lengths are seconds; what is unknown is absent. */
export interface RunReport {
  readonly apiVersion: 'minik.dev/v1';
  readonly kind: 'JobRunReport';
  /** Of the whole command: that of the Job that failed first, or 0. */
  readonly exitCode: number;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly seconds: number;
  /** In the order in which they were given. */
  readonly jobs: readonly JobReport[];
}

export interface JobReport {
  readonly name: string;
  readonly namespace: string;
  readonly uid?: string;
  /** Complete, Failed, TimedOut, NotStarted, Gone, Refused or Interrupted. */
  readonly result: Ending['type'];
  readonly exitCode: number;
  /** Of the Failed condition, or of what kept a Pod from starting. */
  readonly reason?: string;
  /** One sentence for people. */
  readonly message: string;
  /** The container that the exit code is from. */
  readonly failedContainer?: Culprit;
  readonly startedAt?: string;
  readonly finishedAt?: string;
  readonly seconds?: number;
  /** As the Job's status counts them: Pods, or indexes of an Indexed Job. */
  readonly succeeded: number;
  readonly failed: number;
  readonly completions?: number;
  readonly completedIndexes?: string;
  readonly failedIndexes?: string;
  /** In the order in which they were created. */
  readonly pods: readonly PodReport[];
}

export interface PodReport {
  readonly name: string;
  readonly uid: string;
  readonly index?: number;
  /** Pending, Running, Succeeded or Failed, as last seen. */
  readonly phase: string;
  readonly reason?: string;
  readonly message?: string;
  /** It was deleted while the Job was followed: because the Job was over, or by somebody. */
  readonly deleted: boolean;
  /** Every run of every container, in the order in which they began. */
  readonly attempts: readonly AttemptReport[];
}

export interface AttemptReport extends Omit<ContainerAttempt, 'containerID'> {
  readonly seconds?: number;
  /** The last lines that it wrote; absent when its log was not read. */
  readonly lastLines?: readonly string[];
}

/** What is known of one Job at its end. */
export interface JobRun {
  readonly name: string;
  readonly namespace: string;
  /** As last seen; absent when it never came to be. */
  readonly job?: Job;
  readonly pods: readonly PodRun[];
  readonly ending: Ending;
  /** Milliseconds since the epoch: when the following began and ended. */
  readonly began: number;
  readonly ended: number;
  /** Last lines by attemptKey. */
  readonly lastLines: ReadonlyMap<string, readonly string[]>;
}

export interface WholeRun {
  readonly runs: readonly JobRun[];
  readonly began: number;
  readonly ended: number;
  readonly exitCode: number;
}

export function runReport({ runs, began, ended, exitCode }: WholeRun): RunReport {
  return {
    apiVersion: 'minik.dev/v1',
    kind: 'JobRunReport',
    exitCode,
    startedAt: toTime(began),
    finishedAt: toTime(ended),
    seconds: secondsBetween(began, ended),
    jobs: runs.map(jobReport),
  };
}

/** The code of the Job that failed first; Jobs that failed at the same moment count in the order given. */
export function exitCodeOfRuns(runs: readonly JobRun[]): number {
  const failed = runs.filter(({ ending }) => exitCodeOf(ending) !== 0);
  const first = failed.reduce<JobRun | undefined>((best, run) => (best === undefined || run.ended < best.ended ? run : best), undefined);
  return first === undefined ? 0 : exitCodeOf(first.ending);
}

export function jobReport(run: JobRun): JobReport {
  const { name, namespace, job, ending } = run;
  const { status } = job ?? {};
  const startedAt = status?.startTime ?? (job === undefined ? undefined : toTime(run.began));
  const finishedAt = finishOf(run);
  const seconds = startedAt === undefined ? undefined : secondsBetween(fromTime(startedAt) ?? run.began, fromTime(finishedAt) ?? run.ended);
  return defined<JobReport>({
    name,
    namespace,
    uid: job?.metadata?.uid,
    result: ending.type,
    exitCode: exitCodeOf(ending),
    reason: reasonOf(ending),
    message: endingText(ending),
    failedContainer: ending.type === 'Failed' ? ending.culprit : undefined,
    startedAt,
    finishedAt,
    seconds,
    succeeded: status?.succeeded ?? 0,
    failed: status?.failed ?? 0,
    completions: job?.spec?.completions,
    completedIndexes: status?.completedIndexes,
    failedIndexes: status?.failedIndexes,
    pods: byCreation(run.pods).map((pod) => podReport(pod, run)),
  });
}

function finishOf({ job, ended }: JobRun): string {
  const failed = job?.status?.conditions?.find(({ type, status }) => type === 'Failed' && status === 'True');
  return job?.status?.completionTime ?? failed?.lastTransitionTime ?? toTime(ended);
}

export function reasonOf(ending: Ending): string | undefined {
  if (ending.type === 'Failed') return ending.reason;
  return ending.type === 'NotStarted' ? ending.trouble.reason : undefined;
}

function podReport(pod: PodRun, { lastLines }: JobRun): PodReport {
  const { name, uid, index, phase, reason, message, deleted } = pod;
  return defined<PodReport>({
    name,
    uid,
    index,
    phase,
    reason,
    message,
    deleted,
    attempts: byStart(pod.attempts).map((attempt) => {
      const { containerID: _id, ...told } = attempt;
      return defined<AttemptReport>({ ...told, seconds: attemptSeconds(attempt), lastLines: lastLines.get(attemptKey(pod, attempt)) });
    }),
  });
}

export function attemptSeconds({ startedAt, finishedAt }: Pick<ContainerAttempt, 'startedAt' | 'finishedAt'>): number | undefined {
  const [from, to] = [fromTime(startedAt), fromTime(finishedAt)];
  return from === undefined || to === undefined ? undefined : secondsBetween(from, to);
}

export function secondsBetween(fromMs: number, toMs: number): number {
  return Math.max(0, Math.round(toMs - fromMs)) / 1000;
}

export function byCreation(pods: readonly PodRun[]): PodRun[] {
  return [...pods].sort((a, b) => compare(a.createdAt, b.createdAt) || compare(a.name, b.name));
}

function byStart(attempts: readonly ContainerAttempt[]): ContainerAttempt[] {
  return [...attempts].sort((a, b) => compare(a.startedAt, b.startedAt) || a.restart - b.restart);
}

function compare(a = '', b = ''): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Without the fields that are undefined. */
function defined<T extends object>(object: { [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as T;
}
