// pure: the questions for attempts, between the API server that is asked and the kubelet that has them.
import type { Attempt, AttemptKey } from './attempt.ts';

export interface AttemptQuery {
  /** Absent: all namespaces. */
  readonly namespace?: string;
  /** Name of the Job. */
  readonly job?: string;
  /** Name of the Pod. */
  readonly pod?: string;
}

/** Which part of a log, as the Pod log API asks for it. */
export interface LogRange {
  readonly timestamps: boolean;
  readonly tailLines?: number;
  /** Milliseconds since the epoch. */
  readonly sinceMs?: number;
  readonly limitBytes?: number;
}

export interface AttemptSource {
  /** In order of their start: those whose containers are there and those that are archived. */
  list(query: AttemptQuery): Promise<readonly Attempt[]>;
  /** Undefined when there is no such attempt. One without a log gives none. Only the log of what still runs can be followed. */
  log(key: AttemptKey, range: LogRange & { readonly follow: boolean; readonly signal: AbortSignal }): Promise<AsyncIterable<Uint8Array> | undefined>;
}

export function isMeant({ namespace, pod, job }: Pick<Attempt, 'namespace' | 'pod' | 'job'>, query: AttemptQuery): boolean {
  return (
    (query.namespace === undefined || query.namespace === namespace) &&
    (query.pod === undefined || query.pod === pod) &&
    (query.job === undefined || query.job === job?.name)
  );
}
