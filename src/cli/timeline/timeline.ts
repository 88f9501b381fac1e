// pure: what a timeline shows: rows of spans and marks on one axis of time. Builders make it, renderers draw it.
import type { Health } from '../why/diagnosis.ts';

/** 'waiting': for a node, an image, an init container. 'back-off': on purpose, after a failure. */
export type SpanKind = 'waiting' | 'running' | 'back-off' | 'terminating';

/** Times are milliseconds since the epoch. */
export interface Span {
  readonly kind: SpanKind;
  readonly from: number;
  /** Absent: it goes on. */
  readonly to?: number;
  /** What it was, in words: "pulling image busybox". */
  readonly text: string;
}

export interface Mark {
  readonly at: number;
  readonly kind: 'success' | 'failure';
  /** "exit 3", "OOMKilled". */
  readonly text: string;
}

export interface Row {
  /** A Pod's name, a Job's name. */
  readonly name: string;
  /** Where a Pod has several containers: which of them this is. */
  readonly container?: string;
  readonly index?: number;
  readonly spans: readonly Span[];
  readonly marks: readonly Mark[];
  readonly state: 'waiting' | 'running' | 'succeeded' | 'failed' | 'stopped';
  /** How it stands, in a few words: "exit 3", "running 12s", "ImagePullBackOff". */
  readonly note: string;
  /** A longer word on it, of the runtime or the program; may hold anything. */
  readonly message?: string;
  /** The end of its log, where it was read. */
  readonly log?: readonly string[];
}

export interface Timeline {
  /** "job/pi" */
  readonly subject: string;
  readonly health: Health;
  /** "failed: BackoffLimitExceeded", "running". */
  readonly state: string;
  readonly from: number;
  readonly to: number;
  /** Something may still change. */
  readonly isLive: boolean;
  readonly rows: readonly Row[];
}

export function spanEnd(span: Span, { to }: Pick<Timeline, 'to'>): number {
  return span.to ?? to;
}
