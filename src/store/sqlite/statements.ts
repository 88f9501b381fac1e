// Every SQL statement of the store, prepared and named.
import type Database from 'better-sqlite3';

export interface LogRow {
  readonly revision: number;
  readonly key: string;
  readonly create_revision: number;
  readonly previous: number;
  readonly deleted: 0 | 1;
  readonly value: string;
}

/** Keys k with from <= k < to, and k > after. */
export interface KeyRange {
  readonly from: string;
  readonly to: string;
  readonly after: string;
}

const COLUMNS = 'l.revision, l.key, l.create_revision, l.previous, l.deleted, l.value';
const IN_RANGE = 'key >= @from AND key < @to AND key > @after';
/** The newest row of its key as of @revision. */
const NEWEST_AT = `l.revision <= @revision AND NOT EXISTS (
  SELECT 1 FROM log n WHERE n.key = l.key AND n.revision > l.revision AND n.revision <= @revision)`;

export type Statements = ReturnType<typeof prepareStatements>;

export function prepareStatements(db: Database.Database) {
  return {
    begin: db.prepare('BEGIN IMMEDIATE'),
    commit: db.prepare('COMMIT'),
    rollback: db.prepare('ROLLBACK'),

    insert: db.prepare<LogRow>('INSERT INTO log VALUES (@revision, @key, @create_revision, @previous, @deleted, @value)'),
    setCurrent: db.prepare<{ key: string; revision: number }>(
      'INSERT INTO current VALUES (@key, @revision) ON CONFLICT (key) DO UPDATE SET revision = @revision',
    ),
    dropCurrent: db.prepare<{ key: string }>('DELETE FROM current WHERE key = @key'),
    getCounter: db.prepare<[string], number>('SELECT value FROM counters WHERE name = ?').pluck(),
    setCounter: db.prepare<{ name: string; value: number }>('UPDATE counters SET value = @value WHERE name = @name'),

    byRevision: db.prepare<[number], LogRow>(`SELECT ${COLUMNS} FROM log l WHERE l.revision = ?`),
    newest: db.prepare<[string], LogRow>(`SELECT ${COLUMNS} FROM current c JOIN log l ON l.revision = c.revision WHERE c.key = ?`),
    at: db.prepare<{ key: string; revision: number }, LogRow>(
      `SELECT ${COLUMNS} FROM log l WHERE l.key = @key AND l.revision <= @revision ORDER BY l.revision DESC LIMIT 1`,
    ),

    listNewest: db.prepare<KeyRange & { limit: number }, LogRow>(
      `SELECT ${COLUMNS} FROM current c JOIN log l ON l.revision = c.revision
       WHERE c.key >= @from AND c.key < @to AND c.key > @after ORDER BY c.key LIMIT @limit`,
    ),
    countNewest: db.prepare<KeyRange, number>(`SELECT count(*) FROM current WHERE ${IN_RANGE}`).pluck(),
    listAt: db.prepare<KeyRange & { revision: number; limit: number }, LogRow>(
      `SELECT ${COLUMNS} FROM log l WHERE l.key >= @from AND l.key < @to AND l.key > @after AND l.deleted = 0 AND ${NEWEST_AT} ORDER BY l.key LIMIT @limit`,
    ),
    countAt: db.prepare<KeyRange & { revision: number }, number>(
      `SELECT count(*) FROM log l WHERE l.key >= @from AND l.key < @to AND l.key > @after AND l.deleted = 0 AND ${NEWEST_AT}`,
    ).pluck(),

    history: db.prepare<{ after: number; upTo: number; limit: number }, LogRow>(
      `SELECT ${COLUMNS} FROM log l WHERE l.revision > @after AND l.revision <= @upTo ORDER BY l.revision LIMIT @limit`,
    ),

    /** Rows that a row of (@from, @to] replaced. */
    dropReplaced: db.prepare<{ from: number; to: number }>(
      'DELETE FROM log WHERE revision IN (SELECT previous FROM log WHERE revision > @from AND revision <= @to AND previous > 0)',
    ),
    dropTombstones: db.prepare<{ from: number; to: number }>('DELETE FROM log WHERE deleted = 1 AND revision > @from AND revision <= @to'),
  };
}
