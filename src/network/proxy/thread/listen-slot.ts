// One address and port that is wanted: opened, closed while nobody is behind it, tried again while another program has it.
//
// Without a backend the port is closed, not accepted and reset: "connection refused" is what a client is to see, at once, and
// only a port without a listener gives that. It is opened once before, so that a port that is taken is known from the start.
import { backoffDelayMs } from '../../../base/backoff.ts';
import type { Clock, Timer } from '../../../base/clock.ts';
import type { ListenerReport } from '../protocol.ts';
import type { Listener, OpenListener } from './listener.ts';

const RETRY = { baseMs: 250, capMs: 2_000 };

export class ListenSlot {
  readonly #options: { readonly open: OpenListener; readonly report: (state: ListenerReport['state'], code?: string) => void; readonly clock: Clock };
  #wanted: 'open' | 'resting' | 'gone' = 'resting';
  #listener: Listener | undefined;
  #isKnownFree = false;
  #failures = 0;
  #retry: Timer | undefined;
  #work: Promise<void> | undefined;

  constructor(options: { readonly open: OpenListener; readonly report: (state: ListenerReport['state'], code?: string) => void; readonly clock: Clock }) {
    this.#options = options;
  }

  /** Resolves when the port is as wanted, or has failed to be for the first time. */
  want(wanted: 'open' | 'resting'): Promise<void> {
    this.#wanted = wanted;
    this.#listener?.refresh();
    return this.#settle();
  }

  /** The port is free when this returns, but for one that is just being opened. */
  close(): void {
    this.#wanted = 'gone';
    this.#retry?.cancel();
    this.#drop();
    this.#options.report('gone');
  }

  #settle(): Promise<void> {
    if (this.#work !== undefined) return this.#work;
    if (this.#wanted === 'resting' && this.#listener !== undefined) {
      this.#drop();
      this.#options.report('resting');
    }
    const isToOpen = this.#listener === undefined && (this.#wanted === 'open' || (this.#wanted === 'resting' && !this.#isKnownFree));
    if (!isToOpen || this.#retry !== undefined) return Promise.resolve();
    const work = this.#open().then(() => {
      this.#work = undefined;
      return this.#settle();
    });
    this.#work = work;
    return work;
  }

  async #open(): Promise<void> {
    try {
      const listener = await this.#options.open();
      this.#failures = 0;
      this.#isKnownFree = true;
      if (this.#wanted === 'open') this.#listener = listener;
      else listener.close();
      if (this.#wanted !== 'gone') this.#options.report(this.#wanted);
    } catch (error) {
      if (this.#wanted === 'gone') return;
      this.#failures += 1;
      this.#isKnownFree = false;
      this.#options.report('failed', (error as NodeJS.ErrnoException).code ?? String(error));
      this.#retry = this.#options.clock.setTimer(backoffDelayMs(this.#failures, RETRY.baseMs, RETRY.capMs), () => {
        this.#retry = undefined;
        void this.#settle();
      });
    }
  }

  #drop(): void {
    this.#listener?.close();
    this.#listener = undefined;
  }
}
