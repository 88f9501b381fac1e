// The keyed queue of a controller. A key waits once however often it is added, is never handed to two workers at once, and
// comes back when it was added while being worked on. Failures back off per key.
import { backoffDelayMs } from '../../base/backoff.ts';
import type { Clock, Timer } from '../../base/clock.ts';

const RETRY_BASE_MS = 5;
const RETRY_CAP_MS = 1_000_000;

export class WorkQueue {
  readonly #clock: Clock;
  readonly #ready: string[] = [];
  readonly #waiting = new Set<string>();
  readonly #working = new Set<string>();
  readonly #again = new Set<string>();
  readonly #timers = new Map<string, { readonly due: number; readonly timer: Timer }>();
  readonly #failures = new Map<string, number>();
  #takers: ((key: string | undefined) => void)[] = [];
  #closed = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The earlier of two times that a key is due wins. */
  add(key: string, delayMs = 0): void {
    if (this.#closed) return;
    if (delayMs > 0) return this.#addLater(key, delayMs);
    this.#dropTimer(key);
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
    for (const { timer } of this.#timers.values()) timer.cancel();
    this.#timers.clear();
    for (const taker of this.#takers.splice(0)) taker(undefined);
  }

  #addLater(key: string, delayMs: number): void {
    const due = this.#clock.now() + delayMs;
    const earlier = this.#timers.get(key);
    if (earlier !== undefined && earlier.due <= due) return;
    this.#dropTimer(key);
    const timer = this.#clock.setTimer(delayMs, () => {
      this.#timers.delete(key);
      this.add(key);
    });
    this.#timers.set(key, { due, timer });
  }

  #dropTimer(key: string): void {
    this.#timers.get(key)?.timer.cancel();
    this.#timers.delete(key);
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
