// pure: when a Job tries again: 10 s after its latest failure, doubled with each failure since the last success, at most ten
// minutes; with backoffLimitPerIndex each index waits for itself.
import type { Job, Pod } from '../../api/generated/types.ts';
import { INDEX_FAILURES, INDEX_IGNORED_FAILURES } from '../../api/job/labels.ts';
import { finishTimeOf } from '../../api/pod/finish-time.ts';
import { fromTime } from '../../api/time.ts';
import { backoffDelayMs, JOB_RETRY } from '../../base/backoff.ts';
import { indexOfPod } from '../runs/container-run.ts';

export interface Retry {
  /** Present when only this index waits. */
  readonly index?: number;
  readonly failures: number;
  readonly delayMs: number;
  /** Milliseconds since the epoch. */
  readonly failedAt: number;
  readonly dueAt: number;
}

/** Waits that are not over at `now`, the earliest first. */
export function pendingRetries(job: Job, pods: readonly Pod[], now: number): Retry[] {
  const all = job.spec?.backoffLimitPerIndex === undefined ? [jobRetry(pods)] : indexRetries(pods);
  return all.filter((retry): retry is Retry => retry !== undefined && retry.dueAt > now).sort((a, b) => a.dueAt - b.dueAt);
}

function jobRetry(pods: readonly Pod[]): Retry | undefined {
  const lastSuccess = Math.max(0, ...pods.filter(({ status }) => status?.phase === 'Succeeded').map(finishTimeOf));
  const failures = pods.filter(({ status }) => status?.phase === 'Failed').map(finishTimeOf).filter((time) => time > lastSuccess);
  return failures.length === 0 ? undefined : retryOf(Math.max(...failures), failures.length);
}

function indexRetries(pods: readonly Pod[]): (Retry | undefined)[] {
  const indexes = new Set(pods.map(indexOfPod));
  return [...indexes].map((index) => {
    const [latest] = pods.filter((pod) => indexOfPod(pod) === index).sort((a, b) => createdAt(b) - createdAt(a));
    if (latest === undefined || latest.status?.phase !== 'Failed') return undefined;
    const before = Number(latest.metadata?.annotations?.[INDEX_FAILURES] ?? 0) + Number(latest.metadata?.annotations?.[INDEX_IGNORED_FAILURES] ?? 0);
    return { ...retryOf(finishTimeOf(latest), before + 1), ...(index === undefined ? {} : { index }) };
  });
}

function retryOf(failedAt: number, failures: number): Retry {
  const delayMs = backoffDelayMs(failures, JOB_RETRY.baseMs, JOB_RETRY.capMs);
  return { failures, delayMs, failedAt, dueAt: failedAt + delayMs };
}

export function createdAt({ metadata }: Pod): number {
  return fromTime(metadata?.creationTimestamp) ?? 0;
}
