// The keyed queue of a controller. A key waits once however often it is added, is never handed to two workers at once, and
// comes back when it was added while being worked on. Failures back off per key.
//
// Keys that are to come later wait for a time of the wall clock, all behind one timer. Timers stand still while a machine
// sleeps and know nothing of a clock that is set: so the timer looks again after LOOK_AGAIN_MS at the latest.
import { backoffDelayMs } from '../../base/backoff.ts';
import type { Clock, Timer } from '../../base/clock.ts';
import { DueKeys } from './due-keys.ts';

const RETRY_BASE_MS = 5;
const RETRY_CAP_MS = 1_000_000;
const LOOK_AGAIN_MS = 30_000;
/** Clocks are corrected by less than this without being set. */
const SET_BACK_MS = 1_000;

export class WorkQueue {
  readonly #clock: Clock;
  readonly #ready: string[] = [];
  readonly #waiting = new Set<string>();
  readonly #working = new Set<string>();
  readonly #again = new Set<string>();
  readonly #later = new DueKeys();
  readonly #failures = new Map<string, number>();
  #takers: ((key: string | undefined) => void)[] = [];
  #alarm: { readonly at: number; readonly timer: Timer } | undefined;
  #closed = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The earlier of two times that a key is due wins. */
  add(key: string, delayMs = 0): void {
    if (this.#closed) return;
    if (delayMs > 0) return this.#addLater(key, delayMs);
    this.#later.drop(key);
    if (this.#later.size === 0) this.#stopAlarm();
    if (this.#working.has(key)) this.#again.add(key);
    else if (!this.#waiting.has(key)) {
      this.#waiting.add(key);
      this.#ready.push(key);
      this.#handOut();
    }
  }

  /** Adds the key after a delay that doubles with each failure in a row. */
  addAfterFailure(key: string): void {
    const failures = (this.#failures.get(key) ?? 0) + 1;
    this.#failures.set(key, failures);
    this.add(key, backoffDelayMs(failures, RETRY_BASE_MS, RETRY_CAP_MS));
  }

  forgetFailures(key: string): void {
    this.#failures.delete(key);
  }

  /** The next key; waits for one. Undefined when the queue is closed. */
  take(): Promise<string | undefined> {
    return new Promise((resolve) => {
      this.#takers.push(resolve);
      this.#handOut();
    });
  }

  /** Must follow every take, once the work is over. */
  done(key: string): void {
    this.#working.delete(key);
    if (this.#again.delete(key)) this.add(key);
  }

  close(): void {
    this.#closed = true;
    this.#stopAlarm();
    for (const taker of this.#takers.splice(0)) taker(undefined);
  }

  #addLater(key: string, delayMs: number): void {
    this.#later.add(key, this.#clock.now() + delayMs);
    this.#setAlarm();
  }

  /** Armed only while a key waits. One that the clock has jumped past, or that a key cannot wait for, is set anew. */
  #setAlarm(): void {
    const due = this.#later.next();
    if (due === undefined || this.#closed) return;
    const now = this.#clock.now();
    const at = Math.min(Math.max(due, now), now + LOOK_AGAIN_MS);
    if (this.#alarm !== undefined && this.#alarm.at >= now && this.#alarm.at <= at) return;
    this.#stopAlarm();
    this.#alarm = { at, timer: this.#clock.setTimer(at - now, () => this.#look(now)) };
  }

  #stopAlarm(): void {
    this.#alarm?.timer.cancel();
    this.#alarm = undefined;
  }

  #look(since: number): void {
    this.#alarm = undefined;
    const now = this.#clock.now();
    // A clock that was set back would hold up what only wanted to wait a while: all look for themselves what is due.
    const keys = this.#later.takeUntil(now < since - SET_BACK_MS ? Infinity : now);
    for (const key of keys) this.add(key);
    this.#setAlarm();
  }

  #handOut(): void {
    if (this.#closed) {
      for (const taker of this.#takers.splice(0)) taker(undefined);
      return;
    }
    while (this.#ready.length > 0 && this.#takers.length > 0) {
      const key = this.#ready.shift()!;
      this.#waiting.delete(key);
      this.#working.add(key);
      this.#takers.shift()!(key);
    }
  }
}
