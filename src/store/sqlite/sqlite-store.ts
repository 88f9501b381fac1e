// The Store on SQLite.
import type Database from 'better-sqlite3';
import type { Logger } from '../../base/log.ts';
import { StoreError, type Change, type Encode, type Entry, type ListOptions, type Page, type Store, type WatchOptions } from '../store.ts';
import { MAX_QUEUED, Watcher, WatchHub } from '../watch-hub.ts';
import { GroupCommit } from './group-commit.ts';
import { openDatabase } from './open-database.ts';
import { prepareStatements, type KeyRange, type LogRow, type Statements } from './statements.ts';

export interface OpenOptions {
  /** A file, or ':memory:'. */
  readonly path: string;
  readonly log: Logger;
  /** Changes that may pile up for one watcher. */
  readonly maxQueued?: number;
  /** Pages that the file may grow to; default: SQLite's own limit. A full disk behaves the same. */
  readonly maxPages?: number;
}

/** Throws StoreError: Corrupt, NewerSchema, Locked. */
export function openStore(options: OpenOptions): Store {
  const db = openDatabase(options.path);
  if (options.maxPages !== undefined) db.pragma(`max_page_count = ${options.maxPages}`);
  return new SqliteStore(db, options);
}

const NO_LIMIT = -1;
const HISTORY_PAGE = 500;
/** Revisions forgotten in one transaction, so that a long compaction does not hold up requests. */
const COMPACTION_STEP = 2_000;

class SqliteStore implements Store {
  readonly #db: Database.Database;
  readonly #sql: Statements;
  readonly #hub = new WatchHub();
  readonly #commits: GroupCommit;
  readonly #maxQueued: number;
  /** The newest revision given out, committed or not. */
  #last: number;
  #committed: number;
  #compacted: number;
  #rollbacks = 0;

  constructor(db: Database.Database, options: OpenOptions) {
    this.#db = db;
    this.#sql = prepareStatements(db);
    this.#maxQueued = options.maxQueued ?? MAX_QUEUED;
    this.#last = this.#committed = this.#sql.getCounter.get('revision') ?? 0;
    this.#compacted = this.#sql.getCounter.get('compacted') ?? 0;
    this.#commits = new GroupCommit({
      statements: this.#sql,
      inTransaction: () => db.inTransaction,
      beforeCommit: () => this.#sql.setCounter.run({ name: 'revision', value: this.#last }),
      committed: (changes) => {
        this.#committed = this.#last;
        this.#hub.publish(changes, this.#committed);
      },
      rolledBack: () => {
        this.#rollbacks += 1;
        this.#last = this.#committed;
        this.#compacted = this.#sql.getCounter.get('compacted') ?? 0;
      },
    });
  }

  get revision(): number {
    return this.#committed;
  }

  get compactedRevision(): number {
    return this.#compacted;
  }

  get rollbacks(): number {
    return this.#rollbacks;
  }

  async get(key: string, { revision }: { readonly revision?: number } = {}): Promise<Entry | undefined> {
    this.#requireOpen();
    if (revision !== undefined) this.#requireReadable(revision);
    const row = revision === undefined ? this.#sql.newest.get(key) : this.#sql.at.get({ key, revision });
    const barrier = this.#commits.barrier();
    await barrier;
    return row === undefined || row.deleted === 1 ? undefined : entryOf(row);
  }

  peek(key: string): Entry | undefined {
    this.#requireOpen();
    const row = this.#sql.newest.get(key);
    return row === undefined ? undefined : entryOf(row);
  }

  peekAll(prefix: string): readonly Entry[] {
    this.#requireOpen();
    return this.#readPage(rangeOf(prefix), {}).entries;
  }

  async list(prefix: string, options: ListOptions = {}): Promise<Page> {
    this.#requireOpen();
    if (options.revision !== undefined) this.#requireReadable(options.revision);
    const page = this.#readPage(rangeOf(prefix, options.after), options);
    await this.#commits.barrier();
    return page;
  }

  create(key: string, encode: Encode): Promise<Entry> {
    return this.#write(key, (current) => {
      if (current !== undefined) throw new StoreError('KeyExists', `${key} exists`);
      return { encode, deleted: false };
    });
  }

  update(key: string, expected: number, encode: Encode): Promise<Entry> {
    return this.#write(key, (current) => {
      requireRevision(key, current, expected);
      return { encode, deleted: false };
    });
  }

  delete(key: string, expected: number, encode: Encode): Promise<Entry> {
    return this.#write(key, (current) => {
      requireRevision(key, current, expected);
      return { encode, deleted: true };
    });
  }

  async *watch(prefix: string, options: WatchOptions): AsyncGenerator<Change, undefined, undefined> {
    const { signal, onProgress } = options;
    let position = options.after;
    const watcher = new Watcher({ prefix, maxQueued: this.#maxQueued, onProgress });
    try {
      for (;;) {
        if (signal.aborted) return;
        this.#requireOpen();
        if (position < this.#compacted) throw new StoreError('Compacted', `revision ${position} is compacted; the oldest to watch from is ${this.#compacted}`);
        const rows = this.#sql.history.all({ after: position, upTo: this.#committed, limit: HISTORY_PAGE });
        if (rows.length === 0) break;
        for (const row of rows) {
          position = row.revision;
          if (row.key.startsWith(prefix)) yield this.#changeOf(row);
          if (signal.aborted) return;
        }
      }
      // History is read up to the newest commit in this same turn: what comes next comes through the hub.
      this.#hub.add(watcher);
      watcher.progress(this.#committed);
      for (;;) {
        const changes = await watcher.take(signal);
        if (changes.length === 0) return;
        for (const change of changes) {
          if (change.entry.revision > position) yield change;
          if (signal.aborted) return;
        }
      }
    } finally {
      this.#hub.remove(watcher);
    }
  }

  async compact(revision: number): Promise<number> {
    const target = Math.min(revision, this.#committed);
    let dropped = 0;
    while (this.#compacted < target) {
      this.#requireOpen();
      const from = this.#compacted;
      const to = Math.min(target, from + COMPACTION_STEP);
      dropped += await this.#commits.write(() => {
        const replaced = this.#sql.dropReplaced.run({ from, to }).changes;
        const tombstones = this.#sql.dropTombstones.run({ from, to }).changes;
        this.#sql.setCounter.run({ name: 'compacted', value: to });
        this.#compacted = to;
        return replaced + tombstones;
      });
    }
    if (dropped > 0 && this.#db.open) this.#db.pragma('incremental_vacuum(1000)');
    return dropped;
  }

  async close(): Promise<void> {
    if (!this.#db.open) return;
    this.#commits.flush();
    this.#hub.fail(new StoreError('Closed', 'the store is closed'));
    this.#db.close();
  }

  #write(key: string, decide: (current: LogRow | undefined) => { readonly encode: Encode; readonly deleted: boolean }): Promise<Entry> {
    if (!this.#db.open) return Promise.reject(new StoreError('Closed', 'the store is closed'));
    return this.#commits.write((changes) => {
      const current = this.#sql.newest.get(key);
      const { encode, deleted } = decide(current);
      const revision = this.#last + 1;
      const row: LogRow = {
        revision,
        key,
        create_revision: current?.create_revision ?? revision,
        previous: current?.revision ?? 0,
        deleted: deleted ? 1 : 0,
        value: encode(revision),
      };
      this.#sql.insert.run(row);
      if (deleted) this.#sql.dropCurrent.run({ key });
      else this.#sql.setCurrent.run({ key, revision });
      this.#last = revision;
      const entry = entryOf(row);
      changes.push({ type: deleted ? 'delete' : 'put', entry, previous: current === undefined ? undefined : entryOf(current) });
      return entry;
    });
  }

  #readPage(range: KeyRange, { revision, limit }: ListOptions): Page {
    const most = limit ?? NO_LIMIT;
    const rows = revision === undefined ? this.#sql.listNewest.all({ ...range, limit: most }) : this.#sql.listAt.all({ ...range, revision, limit: most });
    const last = rows.at(-1)?.key;
    const more = limit !== undefined && rows.length === limit && last !== undefined;
    const rest = { ...range, after: last ?? range.after };
    const remaining = !more ? 0 : ((revision === undefined ? this.#sql.countNewest.get(rest) : this.#sql.countAt.get({ ...rest, revision })) ?? 0);
    return { entries: rows.map(entryOf), revision: revision ?? this.#last, remaining };
  }

  #changeOf(row: LogRow): Change {
    const previous = row.previous === 0 ? undefined : this.#sql.byRevision.get(row.previous);
    return { type: row.deleted === 1 ? 'delete' : 'put', entry: entryOf(row), previous: previous === undefined ? undefined : entryOf(previous) };
  }

  #requireReadable(revision: number): void {
    if (revision < this.#compacted) throw new StoreError('Compacted', `revision ${revision} is compacted; the oldest to read is ${this.#compacted}`);
    if (revision > this.#last) throw new StoreError('FutureRevision', `revision ${revision} is not written yet; the newest is ${this.#last}`);
  }

  #requireOpen(): void {
    if (!this.#db.open) throw new StoreError('Closed', 'the store is closed');
  }
}

function requireRevision(key: string, current: LogRow | undefined, expected: number): void {
  if (current === undefined) throw new StoreError('KeyNotFound', `${key} does not exist`);
  if (current.revision !== expected) throw new StoreError('RevisionConflict', `${key} is at revision ${current.revision}, not ${expected}`);
}

function entryOf(row: LogRow): Entry {
  return { key: row.key, value: row.value, revision: row.revision, createRevision: row.create_revision };
}

/** All keys that begin with the prefix: up to the same text with its last character raised by one. */
function rangeOf(prefix: string, after = ''): KeyRange {
  const end = prefix.length - 1;
  return { from: prefix, to: prefix.slice(0, end) + String.fromCharCode(prefix.charCodeAt(end) + 1), after };
}
