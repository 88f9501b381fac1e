// Which attempts have to go: those that are too old, then the oldest, until the rest is within bounds again.

export interface KeptAttempt {
  readonly key: string;
  /** On the disk, facts and log. */
  readonly bytes: number;
  /** When the attempt ended: milliseconds since the epoch. */
  readonly at: number;
}

export interface RetentionPolicy {
  readonly maxBytes: number;
  readonly maxAgeMs: number;
  readonly maxCount: number;
}

/** Once it is full, so much is freed at a time: not every attempt that comes has to look for one that goes. */
const FREED_SHARE = 0.1;

/** Keys, oldest first. */
export function planRetention(kept: readonly KeptAttempt[], policy: RetentionPolicy, now: number): readonly string[] {
  const { maxBytes, maxAgeMs, maxCount } = policy;
  const oldestFirst = [...kept].sort((a, b) => a.at - b.at || (a.key < b.key ? -1 : 1));
  const young = oldestFirst.findIndex(({ at }) => now - at <= maxAgeMs);
  const outdated = young < 0 ? oldestFirst.length : young;
  const rest = oldestFirst.slice(outdated);
  const surplus = surplusOf(rest, { maxBytes, maxCount });
  return [...oldestFirst.slice(0, outdated), ...rest.slice(0, surplus)].map(({ key }) => key);
}

function surplusOf(oldestFirst: readonly KeptAttempt[], { maxBytes, maxCount }: Pick<RetentionPolicy, 'maxBytes' | 'maxCount'>): number {
  let bytes = oldestFirst.reduce((sum, attempt) => sum + attempt.bytes, 0);
  let count = oldestFirst.length;
  if (bytes <= maxBytes && count <= maxCount) return 0;
  for (const [index, attempt] of oldestFirst.entries()) {
    if (bytes <= maxBytes * (1 - FREED_SHARE) && count <= maxCount * (1 - FREED_SHARE)) return index;
    bytes -= attempt.bytes;
    count -= 1;
  }
  return oldestFirst.length;
}
