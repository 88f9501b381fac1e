// Opens the file with clear words for every way that it can be unusable; a file that is refused is left as it is.
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import Database from 'better-sqlite3';
import { StoreError } from '../store.ts';
import { configure, migrate, SCHEMA_VERSION } from './schema.ts';

const MAGIC = 'SQLite format 3\0';

export function openDatabase(path: string): Database.Database {
  const unclean = path !== ':memory:' && sizeOf(`${path}-wal`) > 0;
  if (path !== ':memory:') requireDatabaseFile(path);
  let db: Database.Database | undefined;
  try {
    db = new Database(path, { timeout: 0 });
    requireKnownSchema(db, path);
    configure(db);
    // After a crash the pages are checked; a clean shutdown leaves no write-ahead log and needs no scan.
    if (unclean) requireSoundPages(db, path);
    migrate(db);
    return db;
  } catch (error) {
    db?.close();
    throw openError(error, path);
  }
}

function requireDatabaseFile(path: string): void {
  if (sizeOf(path) === 0) return;
  const head = Buffer.alloc(MAGIC.length);
  const file = openSync(path, 'r');
  try {
    readSync(file, head, 0, head.length, 0);
  } finally {
    closeSync(file);
  }
  if (head.toString('latin1') !== MAGIC) throw new StoreError('Corrupt', `${path} is not a SQLite database; move it away to start with an empty one`);
}

function requireKnownSchema(db: Database.Database, path: string): void {
  const version = db.pragma('user_version', { simple: true }) as number;
  if (version <= SCHEMA_VERSION) return;
  throw new StoreError('NewerSchema', `${path} was written by a newer minik (schema ${version}; this one knows up to ${SCHEMA_VERSION})`);
}

function requireSoundPages(db: Database.Database, path: string): void {
  const found = db.pragma('quick_check(1)', { simple: true }) as string;
  if (found !== 'ok') throw new StoreError('Corrupt', `${path} is damaged: ${found}; move it away to start with an empty one`);
}

function openError(error: unknown, path: string): unknown {
  if (error instanceof StoreError) return error;
  const code = (error as { code?: unknown }).code;
  const text = typeof code === 'string' ? code : '';
  const message = (error as Error).message;
  if (text.startsWith('SQLITE_BUSY') || text.startsWith('SQLITE_LOCKED')) {
    return new StoreError('Locked', `another minik daemon has ${path} open`, { cause: error });
  }
  if (text.startsWith('SQLITE_CORRUPT') || text.startsWith('SQLITE_NOTADB')) {
    return new StoreError('Corrupt', `${path} is damaged: ${message}; move it away to start with an empty one`, { cause: error });
  }
  return new StoreError('WriteFailed', `${path} cannot be opened: ${message}`, { cause: error });
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
