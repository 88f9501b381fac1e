// Work for one Pod that goes on beside its loop, which is woken at the end of each.
import type { Logger } from '../base/log.ts';

export interface BackgroundOptions {
  readonly log: Logger;
  /** The Pod's name, for the log. */
  readonly pod: () => string | undefined;
  readonly onEnd: () => void;
}

export class BackgroundWork {
  readonly #options: BackgroundOptions;
  readonly #running = new Set<Promise<void>>();

  constructor(options: BackgroundOptions) {
    this.#options = options;
  }

  start(work: Promise<void>): void {
    const { log, pod, onEnd } = this.#options;
    const tracked = work
      .catch((error: unknown) => log.warn('work for a pod failed', { pod: pod(), error }))
      .finally(() => {
        this.#running.delete(tracked);
        onEnd();
      });
    this.#running.add(tracked);
  }

  async settled(): Promise<void> {
    await Promise.allSettled(this.#running);
  }
}
