// What is kept of attempts whose containers are gone: an index in memory over files, held within its limits.
import { attemptKeyText, type Attempt, type AttemptKey } from '../../api/attempt/attempt.ts';
import { isMeant, type AttemptQuery } from '../../api/attempt/attempt-source.ts';
import type { AttemptLimits } from '../../api/attempt/attempt-limits.ts';
import type { Clock } from '../../base/clock.ts';
import type { Logger } from '../../base/log.ts';
import { AttemptFiles } from './attempt-files.ts';
import { Turns } from './turns.ts';
import { planRetention, type KeptAttempt } from './plan-retention.ts';

export interface AttemptArchiveOptions {
  /** $MINIK_HOME/attempts; made on the first write. */
  readonly folder: string;
  readonly limits: AttemptLimits;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Bounds the memory that the index takes: some 500 bytes an attempt. */
const MAX_COUNT = 50_000;
const MAX_LOGS_IN_MEMORY = 4;
const BLOCK_BYTES = 4_096;
const AGE_CHECK_MS = 3_600_000;

export class AttemptArchive {
  readonly limits: AttemptLimits;
  /** Logs are gathered in memory: a few at a time. */
  readonly turns = new Turns(MAX_LOGS_IN_MEMORY);
  readonly #options: AttemptArchiveOptions;
  readonly #files: AttemptFiles;
  readonly #kept = new Map<string, Attempt>();
  readonly #writing = new Map<string, Promise<void>>();
  #bytes = 0;
  #checkedAt = 0;
  #opened: Promise<void> | undefined;
  #clearing: Promise<void> | undefined;

  constructor(options: AttemptArchiveOptions) {
    this.limits = options.limits;
    this.#options = options;
    this.#files = new AttemptFiles(options.folder, options.log);
  }

  /** Reads the folder, once; every other call waits for that. */
  open(): Promise<void> {
    return (this.#opened ??= this.#read());
  }

  async has(key: AttemptKey): Promise<boolean> {
    await this.open();
    return this.#kept.has(attemptKeyText(key));
  }

  /** Durable when it returns. What is kept already stays as it is. */
  async keep(attempt: Attempt, log: Uint8Array): Promise<void> {
    if (await this.has(attempt)) return;
    const key = attemptKeyText(attempt);
    const under = this.#writing.get(key) ?? this.#write({ ...attempt, logBytes: log.length, isArchived: true }, log);
    this.#writing.set(key, under);
    await under.finally(() => this.#writing.delete(key));
  }

  async list(query: AttemptQuery): Promise<readonly Attempt[]> {
    await this.open();
    return [...this.#kept.values()].filter((attempt) => isMeant(attempt, query));
  }

  /** Undefined when there is no such attempt (any more). */
  async readLog(key: AttemptKey): Promise<Uint8Array | undefined> {
    await this.open();
    const attempt = this.#kept.get(attemptKeyText(key));
    if (attempt === undefined) return undefined;
    return this.#files.readLog(attempt).catch((error: NodeJS.ErrnoException) => (error.code === 'ENOENT' ? undefined : Promise.reject(error)));
  }

  /** Resolves when what is too much has been removed. */
  async settled(): Promise<void> {
    await this.#clearing;
  }

  async #read(): Promise<void> {
    const { folder, log } = this.#options;
    try {
      for await (const attempt of this.#files.scan()) this.#take(attempt);
    } catch (error) {
      log.warn('the archive of attempts could not be read whole', { folder, error });
    }
    this.#clear();
  }

  async #write(attempt: Attempt, log: Uint8Array): Promise<void> {
    await this.#files.write(attempt, log);
    this.#take(attempt);
    this.#clear();
  }

  #take(attempt: Attempt): void {
    this.#kept.set(attemptKeyText(attempt), attempt);
    this.#bytes += bytesOnDisk(attempt);
  }

  /** Looks at every attempt only when there is too much, or once in a while for their age. */
  #clear(): void {
    const { clock, limits, log } = this.#options;
    const now = clock.now();
    const isFull = this.#bytes > limits.totalBytes || this.#kept.size > MAX_COUNT;
    if (this.#clearing !== undefined || (!isFull && now - this.#checkedAt < AGE_CHECK_MS)) return;
    this.#checkedAt = now;
    const policy = { maxBytes: limits.totalBytes, maxAgeMs: limits.ageMs, maxCount: MAX_COUNT };
    const gone = planRetention([...this.#kept].map(asKept), policy, now);
    if (gone.length === 0) return;
    this.#clearing = this.#removeAll(gone)
      .catch((error: unknown) => log.warn('an archived attempt could not be removed', { error }))
      .finally(() => (this.#clearing = undefined));
  }

  async #removeAll(keys: readonly string[]): Promise<void> {
    for (const key of keys) {
      const attempt = this.#kept.get(key);
      if (attempt === undefined) continue;
      this.#kept.delete(key);
      this.#bytes -= bytesOnDisk(attempt);
      await this.#files.remove(attempt);
    }
    this.#options.log.info('removed archived attempts beyond the limits', { count: keys.length });
  }
}

function asKept([key, attempt]: readonly [string, Attempt]): KeptAttempt {
  return { key, bytes: bytesOnDisk(attempt), at: Date.parse(attempt.finishedAt ?? attempt.startedAt ?? '') || 0 };
}

/** A file takes whole blocks; one more is for the facts. */
function bytesOnDisk({ logBytes }: Attempt): number {
  return (Math.ceil(logBytes / BLOCK_BYTES) + 1) * BLOCK_BYTES;
}
