// Turns counters into rates: the difference of two readings. The earlier one is that of the last question, when it is neither too
// near nor too far; else the question waits a moment between two readings. While nobody asks, nothing is read.
import type { Interval, Usage } from '../../api/usage/usage-source.ts';
import { sleep, type Clock } from '../../base/clock.ts';

export interface Counters {
  /** Milliseconds since the epoch, by the clock of whoever counts. */
  readonly readAt: number;
  readonly cpuNanos: number;
  readonly memoryBytes: number;
}

export type Rate = Usage & Interval;

export interface RateMeterOptions {
  readonly clock: Clock;
  /** Aborts a question that waits. */
  readonly signal: AbortSignal;
  /** Those without counters are left out of the reply. */
  readonly read: (ids: readonly string[]) => Promise<ReadonlyMap<string, Counters>>;
}

/** An answer is given again for so long. */
const FRESH_MS = 2_000;
/** Between two readings: short enough to wait for, long enough for a kernel that counts in hundredths of a second. */
const SHORTEST_MS = 500;
/** An older reading says little about now. */
const LONGEST_MS = 30_000;

interface Known {
  readonly askedAt: number;
  readonly counters: Counters;
  readonly rate: Rate;
}

export class RateMeter {
  readonly #options: RateMeterOptions;
  readonly #known = new Map<string, Known>();

  constructor(options: RateMeterOptions) {
    this.#options = options;
  }

  /** Rejects with what `read` rejects with. */
  async measure(ids: readonly string[]): Promise<ReadonlyMap<string, Rate>> {
    const now = this.#options.clock.now();
    for (const [id, { askedAt }] of this.#known) if (now - askedAt > LONGEST_MS) this.#known.delete(id);
    await this.#read(ids.filter((id) => now - (this.#known.get(id)?.askedAt ?? -Infinity) > FRESH_MS));
    return new Map(ids.flatMap((id) => {
      const known = this.#known.get(id);
      return known === undefined ? [] : [[id, known.rate] as const];
    }));
  }

  async #read(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    const { clock, read, signal } = this.#options;
    const before = new Map(ids.flatMap((id) => [...(this.#known.has(id) ? [[id, this.#known.get(id)!.counters] as const] : [])]));
    const unknown = ids.filter((id) => !before.has(id));
    if (unknown.length > 0) {
      for (const [id, counters] of await read(unknown)) before.set(id, counters);
      await sleep(clock, SHORTEST_MS, signal);
    }
    const after = await read(ids);
    const askedAt = clock.now();
    for (const id of ids) {
      const [first, last] = [before.get(id), after.get(id)];
      const rate = first === undefined || last === undefined ? undefined : rateOf(first, last);
      if (rate === undefined) this.#known.delete(id);
      else this.#known.set(id, { askedAt, counters: last!, rate });
    }
  }
}

/** Undefined when no time has passed, or when the counter began anew. */
function rateOf(first: Counters, last: Counters): Rate | undefined {
  const lengthMs = last.readAt - first.readAt;
  if (lengthMs <= 0 || last.cpuNanos < first.cpuNanos) return undefined;
  const cpuNanoCores = ((last.cpuNanos - first.cpuNanos) / lengthMs) * 1_000;
  return { cpuNanoCores, memoryBytes: last.memoryBytes, endedAt: last.readAt, lengthMs };
}
