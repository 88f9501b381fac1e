// Since when the machine has been awake with its clock as it is. While a machine sleeps its wall clock goes on and the time
// that a process counts for itself does not: where the two have come apart, it slept, or its clock was set.

export interface WakeWatch {
  /** Ms since the epoch: the start, or the last time that a jump was noticed. Asking is what notices. */
  awakeSince(): number;
}

export interface TwoClocks {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Milliseconds that this process has been awake, from any start. */
  readonly awakeMs: () => number;
}

/** Clocks that are steered drift apart by less than this between two looks, or by so little more that it does not matter. */
const JUMP_MS = 5_000;

export const systemClocks: TwoClocks = { now: () => Date.now(), awakeMs: () => performance.now() };

export function watchWake({ now, awakeMs }: TwoClocks): WakeWatch {
  let since = now();
  let ahead = now() - awakeMs();
  return {
    awakeSince() {
      const time = now();
      const jump = time - awakeMs() - ahead;
      ahead += jump;
      if (jump > JUMP_MS) since = time;
      // Set back: what is still to come by the clock was not slept through.
      return (since = Math.min(since, time));
    },
  };
}
