// Since when the machine has been awake. While it sleeps its wall clock goes on and nobody looks: a look that comes much later
// than it should says that it slept, or that its clock was set. No second clock is asked: whether it counts sleep differs from
// system to system.
import type { Clock, Timer } from './clock.ts';

export interface WakeWatch {
  /** Ms since the epoch: the start, or when the last awakening was noticed. Asking is a look, too. */
  awakeSince(): number;
  stop(): void;
}

const LOOK_MS = 30_000;
/** A process that is busy is late by less than this. */
const LATE_MS = 10_000;

export function watchWake(clock: Clock): WakeWatch {
  let since = clock.now();
  let looked = since;
  let timer: Timer;
  const look = (): void => {
    const now = clock.now();
    if (now - looked > LOOK_MS + LATE_MS) since = now;
    // Set back: what is still to come by the clock was not slept through.
    since = Math.min(since, now);
    looked = now;
  };
  const arm = (): void => {
    timer = clock.setTimer(LOOK_MS, () => {
      look();
      arm();
    });
  };
  arm();
  return {
    awakeSince() {
      look();
      return since;
    },
    stop: () => timer.cancel(),
  };
}
