// Keeps the log bounded: every few minutes, revisions older than the retention are forgotten, as etcd's auto-compaction does.
import type { Clock, Timer } from '../base/clock.ts';
import type { Logger } from '../base/log.ts';
import type { Store } from './store.ts';

export interface CompactionOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Logger;
  readonly everyMs?: number;
  /** Revisions above this many are forgotten sooner. */
  readonly keepRevisions?: number;
}

const EVERY_MS = 300_000;
const CHECK_MS = 10_000;
const KEEP_REVISIONS = 50_000;

/** What was newest at the last round is forgotten in the next, or sooner when more than `keep` have come since. */
export function compactionTarget(observed: { readonly compacted: number; readonly newest: number; readonly newestAtLastRound: number; readonly roundDue: boolean; readonly keep: number }): number {
  const byTime = observed.roundDue ? observed.newestAtLastRound : 0;
  return Math.max(observed.compacted, byTime, observed.newest - observed.keep);
}

/** Returns how to stop. */
export function startCompaction({ store, clock, log, everyMs = EVERY_MS, keepRevisions = KEEP_REVISIONS }: CompactionOptions): { stop(): Promise<void> } {
  let newestAtLastRound = store.revision;
  let lastRound = clock.now();
  let timer: Timer;
  let running: Promise<void> = Promise.resolve();
  let stopped = false;
  const round = async (): Promise<void> => {
    const now = clock.now();
    const roundDue = now - lastRound >= everyMs;
    const target = compactionTarget({ compacted: store.compactedRevision, newest: store.revision, newestAtLastRound, roundDue, keep: keepRevisions });
    if (roundDue) {
      newestAtLastRound = store.revision;
      lastRound = now;
    }
    if (target > store.compactedRevision) log.debug('compacted', { revision: target, dropped: await store.compact(target) });
  };
  const arm = (): void => {
    timer = clock.setTimer(Math.min(CHECK_MS, everyMs), () => {
      running = round()
        .catch((error: unknown) => log.error('the log could not be compacted', { error }))
        .finally(() => {
          if (!stopped) arm();
        });
    });
  };
  arm();
  return {
    stop: async () => {
      stopped = true;
      timer.cancel();
      await running;
    },
  };
}
