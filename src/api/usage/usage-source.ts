// pure: the question for what runs just now uses, between the API server that is asked and the kubelet that measures.

export interface Usage {
  /** 10^9 = one core, on average over the interval. */
  readonly cpuNanoCores: number;
  /** The working set: what cannot be reclaimed at once. */
  readonly memoryBytes: number;
}

export interface Interval {
  /** When the interval ended, in milliseconds since the epoch. */
  readonly endedAt: number;
  readonly lengthMs: number;
}

export interface PodUsage extends Interval {
  readonly podUid: string;
  /** Those that run, at least one. */
  readonly containers: readonly (Usage & { readonly name: string })[];
}

export interface NodeUsage extends Usage, Interval {
  readonly node: string;
}

/** Nothing is measured before somebody asks; both reject with a StatusError when nobody can measure. */
export interface UsageSource {
  /** Of these Pods, those of which a container runs. */
  pods(uids: readonly string[]): Promise<readonly PodUsage[]>;
  nodes(): Promise<readonly NodeUsage[]>;
}
