// The daemon's end of the proxy's thread: one thread, from its start to its end.
import { Worker } from 'node:worker_threads';
import type { Clock } from '../../base/clock.ts';
import type { Logger } from '../../base/log.ts';
import type { ListenerReport, ProxyChange, ProxyMessage } from './protocol.ts';

/** Thousands of ports are opened in a fraction of this. */
const ANSWER_MS = 20_000;

export interface ProxyThreadOptions {
  /** The file that the thread runs: its own source or bundle unless said. */
  readonly entry?: URL;
  readonly clock: Clock;
  readonly log: Logger;
  readonly onListeners: (listeners: readonly ListenerReport[]) => void;
  /** Once, unless it was told to stop. */
  readonly onDeath: (why: string) => void;
}

export class ProxyThread {
  readonly #worker: Worker;
  readonly #clock: Clock;
  readonly #waiting = new Map<number, { readonly resolve: () => void; readonly reject: (error: Error) => void }>();
  #nextId = 1;
  #isOver = false;

  constructor({ entry = threadFile(), clock, log, onListeners, onDeath }: ProxyThreadOptions) {
    this.#clock = clock;
    this.#worker = new Worker(entry, { name: 'minik-proxy', execArgv: [] });
    // The daemon's own listeners keep it alive, not this.
    this.#worker.unref();
    let why = 'it was killed';
    this.#worker.on('error', (error) => (why = error instanceof Error ? error.message : String(error)));
    this.#worker.on('exit', () => {
      const isNews = !this.#isOver;
      this.#isOver = true;
      for (const { reject } of this.#waiting.values()) reject(new Error(`the proxy's thread has ended: ${why}`));
      this.#waiting.clear();
      if (isNews) onDeath(why);
    });
    this.#worker.on('message', (message: ProxyMessage) => {
      if (message.type === 'listeners') onListeners(message.listeners);
      else if (message.type === 'log') log[message.level](message.message, message.fields);
      else this.#settle(message);
    });
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** Resolves when the thread has made the change live. Rejects when it cannot, when it ends before, or when it hangs. */
  apply(change: Omit<ProxyChange, 'id'>): Promise<void> {
    if (this.#isOver) return Promise.reject(new Error("the proxy's thread has ended"));
    const id = this.#nextId;
    this.#nextId += 1;
    const answered = new Promise<void>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage({ ...change, id } satisfies ProxyChange);
    });
    const alarm = this.#clock.setTimer(ANSWER_MS, () => this.#settle({ type: 'done', id, error: `the proxy's thread did not answer within ${ANSWER_MS} ms` }));
    return answered.finally(() => alarm.cancel());
  }

  /** All its ports are free then. */
  async stop(): Promise<void> {
    this.#isOver = true;
    await this.#worker.terminate();
  }

  #settle({ id, error }: Extract<ProxyMessage, { readonly type: 'done' }>): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error === undefined) waiting?.resolve();
    else waiting?.reject(new Error(error));
  }
}

/** Beside this file as a source, beside the bundle as a bundle. */
function threadFile(): URL {
  return new URL(import.meta.url.endsWith('.ts') ? './thread/thread-main.ts' : './proxy-thread.js', import.meta.url);
}
