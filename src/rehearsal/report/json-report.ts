// pure: the rehearsal as -o json prints it. Fields are only ever added to this shape.
import { toTime } from '../../api/time.ts';
import type { RunLength } from '../run-length.ts';
import type { Occurrence, Rehearsal, RunOutcome } from '../story.ts';
import type { Setting } from './setting.ts';
import { summarize, type Summary } from './summarize.ts';

export interface JsonReport {
  readonly subject: Setting['subject'];
  readonly timeZone: string;
  /** RFC 3339, as all times. */
  readonly from: string;
  readonly until: string;
  readonly with: {
    readonly duration: { readonly leastSeconds: number; readonly mostSeconds: number; readonly from: string };
    readonly startSeconds: number;
    readonly stopSeconds: number;
    readonly failRate: number;
    readonly exitCode: number;
    readonly seed: number;
  };
  /** In the order in which they happen. */
  readonly events: readonly JsonEvent[];
  readonly runs: readonly JsonRun[];
  readonly summary: Summary;
}

export interface JsonEvent {
  /** With milliseconds. */
  readonly time: string;
  readonly object: { readonly kind: Occurrence['kind']; readonly namespace: string; readonly name: string };
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
  /** Told by the rehearsal alone: a cluster would record no such event. */
  readonly note: boolean;
}

export interface JsonRun {
  readonly job: string;
  /** Of a CronJob's Jobs. */
  readonly scheduledTime?: string;
  readonly creationTime: string;
  readonly endTime?: string;
  readonly outcome: RunOutcome;
  readonly reason?: string;
  readonly pods: number;
  readonly failedPods: number;
  readonly restarts: number;
  readonly longestBackOffSeconds: number;
}

export function jsonReport(rehearsal: Rehearsal, setting: Setting): JsonReport {
  const { from, until, occurrences, runs } = rehearsal;
  const { subject, zone, length, lengthFrom, startMs, stopMs, failRate, exitCode, seed } = setting;
  const [least, most] = boundsOf(length);
  return {
    subject,
    timeZone: zone.name,
    from: toTime(from),
    until: toTime(until),
    with: { duration: { leastSeconds: least / 1000, mostSeconds: most / 1000, from: lengthFrom }, startSeconds: startMs / 1000, stopSeconds: stopMs / 1000, failRate, exitCode, seed },
    events: occurrences.map(({ at, kind, name, type, reason, message, isNote }) => ({
      time: new Date(at).toISOString(),
      object: { kind, namespace: subject.namespace, name },
      type,
      reason,
      message,
      note: isNote,
    })),
    runs: runs.map(({ job, scheduledAt, createdAt, endedAt, outcome, reason, pods, failedPods, restarts, longestWaitMs }) => ({
      job,
      ...(scheduledAt === undefined ? {} : { scheduledTime: toTime(scheduledAt) }),
      creationTime: toTime(createdAt),
      ...(endedAt === undefined ? {} : { endTime: toTime(endedAt) }),
      outcome,
      ...(reason === undefined ? {} : { reason }),
      pods,
      failedPods,
      restarts,
      longestBackOffSeconds: longestWaitMs / 1000,
    })),
    summary: summarize(rehearsal),
  };
}

function boundsOf(length: RunLength): readonly [number, number] {
  switch (length.type) {
    case 'fixed':
      return [length.ms, length.ms];
    case 'between':
      return [length.leastMs, length.mostMs];
    case 'like':
      return [Math.min(...length.samples), Math.max(...length.samples)];
  }
}
