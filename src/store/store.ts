// The store's contract: an append-only log of revisions, read as key-value pairs at any retained revision.
//
// Revision = row id of the log = resourceVersion. Every write takes the next revision, whatever its key, so that
// revisions rise strictly across kinds. A deletion is a row too. Rows older than the compaction revision go, but for the
// newest row of each living key.
//
// Acknowledged means on disk: a promise of this interface resolves after the commit that holds its write or,
// for a read, the last write that it saw (so nothing is ever answered that a power cut could take back). Writes of one
// turn of the event loop share one commit. If that commit fails, every write and read that it carried rejects, and
// none of them happened.

export interface Entry {
  /** "<group>/<resource>/<namespace>/<name>"; "core/pods/default/web". */
  readonly key: string;
  /** The value as written at `revision`: JSON text with its own resourceVersion inside. */
  readonly value: string;
  readonly revision: number;
  /** The revision at which this key was last created. */
  readonly createRevision: number;
}

export interface Change {
  readonly type: 'put' | 'delete';
  /** For a delete: `value` is the tombstone's value, as encoded by the deleter. */
  readonly entry: Entry;
  /** What the key held before; undefined when this change created it. */
  readonly previous: Entry | undefined;
}

/** Writes the value for the revision that it is going to have. Called once, synchronously. */
export type Encode = (revision: number) => string;

export interface Page {
  readonly entries: readonly Entry[];
  /** The revision at which the page was read: every page of one walk has the same. */
  readonly revision: number;
  /** How many more entries follow this page. */
  readonly remaining: number;
}

export interface ListOptions {
  /** Read as of this revision; default: now. */
  readonly revision?: number;
  readonly limit?: number;
  /** Only keys strictly after this one. */
  readonly after?: string;
}

export interface WatchOptions {
  /** Deliver changes with a higher revision than this. */
  readonly after: number;
  readonly signal: AbortSignal;
  /** Calls with the newest committed revision whenever the watcher has been handed all changes up to it. */
  readonly onProgress?: (revision: number) => void;
}

export interface Store {
  /** The newest committed revision. */
  readonly revision: number;
  /** Revisions up to this one can no longer be read or watched from. */
  readonly compactedRevision: number;
  /** How many commits have failed: what was peeked before each of them may never have happened. */
  readonly rollbacks: number;

  get(key: string, options?: { readonly revision?: number }): Promise<Entry | undefined>;
  /** The newest value, committed or not: only for a read-modify-write that then awaits its own write. */
  peek(key: string): Entry | undefined;
  /** The same of every key that begins with `prefix`, ordered by key. */
  peekAll(prefix: string): readonly Entry[];
  /** Entries whose key begins with `prefix`, ordered by key (byte order). */
  list(prefix: string, options?: ListOptions): Promise<Page>;

  /** Rejects with code KeyExists. The write is visible to peek at once. */
  create(key: string, encode: Encode): Promise<Entry>;
  /** Rejects with code KeyNotFound, or RevisionConflict unless the key is at `expected`. */
  update(key: string, expected: number, encode: Encode): Promise<Entry>;
  /** As update; `encode` writes the tombstone: the last state of the object, which watchers are shown. */
  delete(key: string, expected: number, encode: Encode): Promise<Entry>;

  /**
   * Committed changes under `prefix`, in order of revision, without gaps or duplicates, until the signal aborts.
   * Throws code Compacted when `after` is older than the compaction revision, and SlowWatcher to a watcher that lets too
   * many changes pile up. An `after` that lies in the future waits for it.
   */
  watch(prefix: string, options: WatchOptions): AsyncIterableIterator<Change>;

  /** Forgets revisions up to `revision` (never above the newest); returns how many rows went. */
  compact(revision: number): Promise<number>;
  /** Commits what is pending and closes. Everything after it rejects. */
  close(): Promise<void>;
}

export class StoreError extends Error {
  readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StoreError';
    this.code = code;
  }
}

export type StoreErrorCode =
  | 'KeyExists'
  | 'KeyNotFound'
  | 'RevisionConflict'
  | 'Compacted'
  /** A read at a revision that is not written yet. */
  | 'FutureRevision'
  | 'SlowWatcher'
  /** The file is not a database, or fails SQLite's integrity check. */
  | 'Corrupt'
  /** Another process has the database open. */
  | 'Locked'
  /** The database was written by a newer minik. */
  | 'NewerSchema'
  /** Disk full, I/O error: the write did not happen. */
  | 'WriteFailed'
  | 'Closed';
