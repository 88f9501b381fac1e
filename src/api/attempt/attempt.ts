// pure: one start of one container of a Pod, and how it ended. It outlives its container, its Pod and its Job.

export interface AttemptKey {
  readonly podUid: string;
  readonly container: string;
  /** 0 = first start of this container in its Pod. */
  readonly restart: number;
}

export interface Attempt extends AttemptKey {
  readonly namespace: string;
  readonly pod: string;
  readonly isInit: boolean;
  /** It is the container whose log is shown when none is named. */
  readonly isDefault: boolean;
  /** The Job that controlled the Pod. */
  readonly job?: { readonly name: string; readonly uid: string; readonly index?: number };
  /** As the Pod asked for it. */
  readonly image: string;
  /** RFC 3339 in UTC with milliseconds. Absent: it was never started, or nobody knows when. */
  readonly startedAt?: string;
  /** Absent while it runs. */
  readonly finishedAt?: string;
  readonly exitCode?: number;
  readonly signal?: number;
  /** Completed, Error, OOMKilled, StartError, ContainerStatusUnknown, ... */
  readonly reason?: string;
  /** What the container left as its termination message. */
  readonly message?: string;
  /** What is kept of its log, times included; 0 while its container is still there, as nobody has counted. */
  readonly logBytes: number;
  /** The beginning of the log was dropped. */
  readonly isTruncated: boolean;
  /** Why its log could not be kept. */
  readonly logProblem?: string;
  /** Its container is gone: this is what was kept of it. */
  readonly isArchived: boolean;
}

export function attemptKeyText({ podUid, container, restart }: AttemptKey): string {
  return `${podUid}/${container}/${restart}`;
}

/** By time of start; those that never started come where they ended. */
export function compareAttempts(a: Attempt, b: Attempt): number {
  return beganAt(a) - beganAt(b) || compareTexts(a.pod, b.pod) || Number(b.isInit) - Number(a.isInit) || compareTexts(a.container, b.container) || a.restart - b.restart;
}

function beganAt({ startedAt, finishedAt }: Attempt): number {
  const time = startedAt ?? finishedAt;
  return time === undefined ? Infinity : Date.parse(time);
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
