// Writes of one turn of the event loop share one transaction: the first begins it, the end of the turn commits it, and
// every promise that depends on it settles then.
import { StoreError, type Change } from '../store.ts';
import type { Statements } from './statements.ts';

interface Batch {
  readonly settled: Promise<void>;
  readonly resolve: () => void;
  readonly reject: (error: StoreError) => void;
  readonly changes: Change[];
}

export interface GroupCommitOptions {
  readonly statements: Statements;
  /** The database is still inside a transaction after a failed statement. */
  readonly inTransaction: () => boolean;
  /** Last statements of the transaction. */
  readonly beforeCommit: () => void;
  readonly committed: (changes: readonly Change[]) => void;
  /** The batch never happened: memory must go back to the last commit. */
  readonly rolledBack: () => void;
}

export class GroupCommit {
  readonly #options: GroupCommitOptions;
  #batch: Batch | undefined;

  constructor(options: GroupCommitOptions) {
    this.#options = options;
  }

  /** Runs the write inside the open batch; resolves with its result once that is on disk. */
  write<T>(run: (changes: Change[]) => T): Promise<T> {
    const { statements } = this.#options;
    try {
      if (this.#batch === undefined) {
        statements.begin.run();
        this.#batch = openBatch();
        setImmediate(() => this.flush());
      }
    } catch (error) {
      return Promise.reject(writeFailed(error));
    }
    const batch = this.#batch;
    try {
      const result = run(batch.changes);
      return batch.settled.then(() => result);
    } catch (error) {
      // A refusal of our own wrote nothing. A failed statement leaves the transaction in doubt: none of it may stay.
      if (error instanceof StoreError) return Promise.reject(error);
      const failure = writeFailed(error);
      this.#abandon(failure);
      return Promise.reject(failure);
    }
  }

  /** Resolves once everything written so far is on disk. */
  barrier(): Promise<void> {
    return this.#batch?.settled ?? Promise.resolve();
  }

  flush(): void {
    const batch = this.#batch;
    if (batch === undefined) return;
    try {
      this.#options.beforeCommit();
      this.#options.statements.commit.run();
    } catch (error) {
      return this.#abandon(writeFailed(error));
    }
    this.#batch = undefined;
    this.#options.committed(batch.changes);
    batch.resolve();
  }

  #abandon(failure: StoreError): void {
    const batch = this.#batch;
    this.#batch = undefined;
    if (this.#options.inTransaction()) this.#options.statements.rollback.run();
    this.#options.rolledBack();
    batch?.reject(failure);
  }
}

function openBatch(): Batch {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  // Nobody may be waiting when it fails: each write has its own rejection.
  promise.catch(() => {});
  return { settled: promise, resolve, reject, changes: [] };
}

function writeFailed(error: unknown): StoreError {
  return new StoreError('WriteFailed', `the write was not stored: ${(error as Error).message}`, { cause: error });
}
