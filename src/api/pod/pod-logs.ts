// pure: the question for a container's log, between the API server that is asked and the kubelet that has it.
import type { Pod } from '../generated/types.ts';

export interface PodLogQuery {
  readonly pod: Pod;
  /** '' means the only one, or the default one. */
  readonly container: string;
  readonly follow: boolean;
  readonly previous: boolean;
  readonly timestamps: boolean;
  readonly tailLines?: number;
  /** Milliseconds since the epoch. */
  readonly sinceMs?: number;
  readonly limitBytes?: number;
  readonly stream?: 'stdout' | 'stderr';
  readonly signal: AbortSignal;
}

/** Rejects with a StatusError when there is no such log. */
export type PodLogs = (query: PodLogQuery) => Promise<AsyncIterable<Uint8Array>>;
