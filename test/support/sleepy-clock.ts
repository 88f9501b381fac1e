// A virtual clock of a machine that can sleep, or whose clock is set: the time goes on and its timers do not.
import type { Clock, Timer } from '../../src/base/clock.ts';
import { VirtualClock } from './virtual-clock.ts';

export class SleepyClock implements Clock {
  /** The time that the machine is awake. */
  readonly awake = new VirtualClock();
  #slept = 0;

  now(): number {
    return this.awake.now() + this.#slept;
  }

  setTimer(delayMs: number, run: () => void): Timer {
    return this.awake.setTimer(delayMs, run);
  }

  /** Back in time with less than nothing. */
  sleep(ms: number): void {
    this.#slept += ms;
  }
}
