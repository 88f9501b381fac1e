// The database's layout: pragmas, and migrations that are numbered and never edited.
import type Database from 'better-sqlite3';

/** One step each; user_version counts the steps that a file has been through. */
export const MIGRATIONS: readonly string[] = [
  `CREATE TABLE log (
     revision INTEGER PRIMARY KEY,
     key TEXT NOT NULL,
     create_revision INTEGER NOT NULL,
     -- The revision that this one replaced; 0 when it created the key.
     previous INTEGER NOT NULL,
     deleted INTEGER NOT NULL,
     value TEXT NOT NULL
   ) STRICT;
   CREATE UNIQUE INDEX log_by_key ON log (key, revision);
   -- Two writes can never replace the same revision.
   CREATE UNIQUE INDEX log_by_previous ON log (previous) WHERE previous > 0;
   CREATE TABLE current (
     key TEXT PRIMARY KEY,
     revision INTEGER NOT NULL
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE counters (
     name TEXT PRIMARY KEY,
     value INTEGER NOT NULL
   ) STRICT, WITHOUT ROWID;
   INSERT INTO counters VALUES ('revision', 0), ('compacted', 0);`,
];

export const SCHEMA_VERSION = MIGRATIONS.length;

/** Must precede the first access: exclusive locking keeps a second process out and needs no shared-memory file. */
export function configure(db: Database.Database): void {
  db.pragma('locking_mode = EXCLUSIVE');
  // Takes effect on a new file only; lets compaction give pages back.
  db.pragma('auto_vacuum = INCREMENTAL');
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.pragma('journal_size_limit = 16777216');
}

export function migrate(db: Database.Database): void {
  const from = db.pragma('user_version', { simple: true }) as number;
  MIGRATIONS.slice(from).forEach((sql, at) => {
    db.transaction(() => {
      db.exec(sql);
      db.pragma(`user_version = ${from + at + 1}`);
    }).exclusive();
  });
}
