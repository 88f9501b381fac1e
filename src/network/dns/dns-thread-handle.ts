// The daemon's end of the DNS thread: one run of it, from its start until it is stopped or dies.
import { Worker } from 'node:worker_threads';
import type { Logger } from '../../base/log.ts';
import type { DnsThreadOptions, FromDnsThread, ToDnsThread } from './dns-messages.ts';
import type { ZoneChange } from './zone-facts.ts';

export class DnsThread {
  readonly #worker: Worker;
  readonly #opened = Promise.withResolvers<number>();
  /** Resolves when it has ended, however that came about. */
  readonly ended: Promise<void>;

  /** `file`: what the thread runs, its own unless said. */
  constructor(options: DnsThreadOptions, log: Logger, file: URL = threadFile()) {
    this.#worker = new Worker(file, { workerData: options, name: 'minik-dns' });
    this.#opened.promise.catch(() => {});
    this.ended = new Promise((resolve) => this.#worker.once('exit', () => resolve()));
    this.#worker.on('message', (message: FromDnsThread) => this.#hear(message, log));
    this.#worker.on('error', (error) => {
      log.error('the DNS thread died', { error });
      this.#opened.reject(error);
    });
    void this.ended.then(() => this.#opened.reject(new Error('the DNS thread ended')));
  }

  /** The port, once the address is held. Rejects with the system's words. */
  open(): Promise<number> {
    this.#say({ type: 'open' });
    return this.#opened.promise;
  }

  apply(changes: readonly ZoneChange[]): void {
    this.#say({ type: 'changes', changes });
  }

  async stop(): Promise<void> {
    this.#say({ type: 'close' });
    await this.ended;
  }

  #say(message: ToDnsThread): void {
    this.#worker.postMessage(message);
  }

  #hear(message: FromDnsThread, log: Logger): void {
    if (message.type === 'opened') this.#opened.resolve(message.port);
    else if (message.type === 'failed') this.#opened.reject(Object.assign(new Error(message.why), { code: message.code }));
    else log[message.level](message.message, message.fields);
  }
}

/** Beside this file as a source, beside the bundle as a bundle. */
function threadFile(): URL {
  return new URL(import.meta.url.endsWith('.ts') ? './dns-thread.ts' : './dns-thread.js', import.meta.url);
}
