// The store's semantics, one named test each, on a real SQLite file.
import { mkdtempSync, rmSync, statSync, writeFileSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import Database from 'better-sqlite3';
import { silentLogger } from '../../../src/base/log.ts';
import { SCHEMA_VERSION } from '../../../src/store/sqlite/schema.ts';
import { openStore } from '../../../src/store/sqlite/sqlite-store.ts';
import type { Change, Store } from '../../../src/store/store.ts';

let folder: string;
let path: string;
let store: Store;
const open = (options: { readonly maxQueued?: number } = {}): Store => openStore({ path, log: silentLogger, ...options });
const value = (text: string) => (revision: number) => JSON.stringify({ text, revision });
const textOf = (json: string | undefined): string => (JSON.parse(json ?? '{}') as { text: string }).text;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'minik-store-'));
  path = join(folder, 'state.db');
  store = open();
});

afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('writes', () => {
  test('every write takes the next revision, whatever its key', async () => {
    const a = await store.create('core/pods/default/a', value('a'));
    const b = await store.create('batch/jobs/default/b', value('b'));
    const a2 = await store.update('core/pods/default/a', a.revision, value('a2'));
    expect([b.revision - a.revision, a2.revision - b.revision]).toEqual([1, 1]);
    expect(store.revision).toBe(a2.revision);
  });

  test('the value is encoded with the revision that it gets', async () => {
    const entry = await store.create('core/pods/default/a', value('a'));
    expect(JSON.parse(entry.value)).toEqual({ text: 'a', revision: entry.revision });
  });

  test('a key that exists cannot be created', async () => {
    await store.create('core/pods/default/a', value('a'));
    await expect(store.create('core/pods/default/a', value('b'))).rejects.toMatchObject({ code: 'KeyExists' });
  });

  test('a key can be created again after it was deleted, and counts as new', async () => {
    const first = await store.create('core/pods/default/a', value('a'));
    await store.delete('core/pods/default/a', first.revision, value('gone'));
    const second = await store.create('core/pods/default/a', value('b'));
    expect(second.createRevision).toBe(second.revision);
  });

  test.each(['update', 'delete'] as const)('%s needs the newest revision', async (verb) => {
    const first = await store.create('core/pods/default/a', value('a'));
    await store.update('core/pods/default/a', first.revision, value('b'));
    await expect(store[verb]('core/pods/default/a', first.revision, value('c'))).rejects.toMatchObject({ code: 'RevisionConflict' });
    await expect(store[verb]('core/pods/default/none', 1, value('c'))).rejects.toMatchObject({ code: 'KeyNotFound' });
  });

  test('of two writers that read the same revision one wins', async () => {
    const { revision } = await store.create('core/pods/default/a', value('a'));
    const results = await Promise.allSettled([store.update('core/pods/default/a', revision, value('b')), store.update('core/pods/default/a', revision, value('c'))]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
  });

  test('peek sees a write before its commit, the revision does not', () => {
    const before = store.revision;
    void store.create('core/pods/default/a', value('a'));
    expect(textOf(store.peek('core/pods/default/a')?.value)).toBe('a');
    expect(store.revision).toBe(before);
  });

  test('a batch that cannot be stored rejects all of its writes and leaves no trace', async () => {
    const kept = await store.create('core/pods/default/kept', value('kept'));
    const small = value('small');
    const huge = value('x'.repeat(2_000_000));
    await store.close();
    store = openStore({ path, log: silentLogger, maxPages: 40 });
    const results = await Promise.allSettled([store.create('core/pods/default/a', small), store.create('core/pods/default/b', huge)]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(results.map((result) => (result as PromiseRejectedResult).reason.code)).toEqual(['WriteFailed', 'WriteFailed']);
    expect(store.revision).toBe(kept.revision);
    expect(await store.get('core/pods/default/a')).toBeUndefined();
    expect((await store.create('core/pods/default/a', small)).revision).toBe(kept.revision + 1);
  });
});

describe('reads', () => {
  test('a key can be read as of an older revision', async () => {
    const a = await store.create('core/pods/default/a', value('one'));
    const b = await store.update('core/pods/default/a', a.revision, value('two'));
    const gone = await store.delete('core/pods/default/a', b.revision, value('gone'));
    const at = async (revision: number): Promise<string | undefined> => {
      const entry = await store.get('core/pods/default/a', { revision });
      return entry && textOf(entry.value);
    };
    expect([await at(a.revision), await at(b.revision), await at(gone.revision)]).toEqual(['one', 'two', undefined]);
  });

  test('a list is ordered by key and holds only its prefix', async () => {
    for (const key of ['core/pods/default/b', 'core/pods/default/a', 'core/pods/other/c', 'core/podsx/default/d']) await store.create(key, value(key));
    expect((await store.list('core/pods/')).entries.map(({ key }) => key)).toEqual(['core/pods/default/a', 'core/pods/default/b', 'core/pods/other/c']);
    expect((await store.list('core/pods/default/')).entries).toHaveLength(2);
  });

  test('a walk in pages sees one revision, whatever is written meanwhile', async () => {
    for (const name of ['a', 'b', 'c', 'd', 'e']) await store.create(`core/pods/default/${name}`, value(name));
    const first = await store.list('core/pods/', { limit: 2 });
    expect([first.remaining, first.entries.length]).toEqual([3, 2]);
    const c = store.peek('core/pods/default/c')!;
    await store.delete(c.key, c.revision, value('gone'));
    await store.create('core/pods/default/cc', value('cc'));
    const second = await store.list('core/pods/', { limit: 2, revision: first.revision, after: first.entries.at(-1)!.key });
    const third = await store.list('core/pods/', { limit: 2, revision: first.revision, after: second.entries.at(-1)!.key });
    expect([...second.entries, ...third.entries].map(({ value: text }) => textOf(text))).toEqual(['c', 'd', 'e']);
    expect([second.remaining, third.remaining]).toEqual([1, 0]);
  });

  test('a revision that is not written yet cannot be read', async () => {
    await expect(store.list('core/pods/', { revision: store.revision + 1 })).rejects.toMatchObject({ code: 'FutureRevision' });
  });
});

describe('watches', () => {
  test('history and what follows come in order, without gaps or duplicates', async () => {
    const first = await store.create('core/pods/default/a', value('0'));
    for (let at = 1; at <= 20; at += 1) await put(store, 'core/pods/default/a', String(at));
    const seen = collect(store, 'core/pods/', { after: first.revision, count: 40 });
    for (let at = 21; at <= 40; at += 1) await put(store, 'core/pods/default/a', String(at));
    expect((await seen).map(({ entry }) => textOf(entry.value))).toEqual(Array.from({ length: 40 }, (_, at) => String(at + 1)));
  });

  test('a change carries what was there before', async () => {
    const seen = collect(store, 'core/pods/', { after: 0, count: 3 });
    const a = await store.create('core/pods/default/a', value('one'));
    const b = await store.update('core/pods/default/a', a.revision, value('two'));
    await store.delete('core/pods/default/a', b.revision, value('last'));
    expect((await seen).map(({ type, entry, previous }) => [type, textOf(entry.value), previous && textOf(previous.value)])).toEqual([
      ['put', 'one', undefined],
      ['put', 'two', 'one'],
      ['delete', 'last', 'two'],
    ]);
  });

  test('a watcher sees only its prefix', async () => {
    const seen = collect(store, 'core/pods/other/', { after: 0, count: 1 });
    await store.create('core/pods/default/a', value('a'));
    await store.create('core/pods/other/b', value('b'));
    expect((await seen).map(({ entry }) => entry.key)).toEqual(['core/pods/other/b']);
  });

  test('nothing is shown before its commit', async () => {
    const seen: Change[] = [];
    const abort = new AbortController();
    const watching = (async () => {
      for await (const change of store.watch('core/', { after: 0, signal: abort.signal })) seen.push(change);
    })();
    await new Promise((resolve) => setImmediate(resolve));
    const write = store.create('core/pods/default/a', value('a'));
    await Promise.resolve();
    expect(seen).toEqual([]);
    await write;
    await new Promise((resolve) => setImmediate(resolve));
    expect(seen).toHaveLength(1);
    abort.abort();
    await watching;
  });

  test('a watcher that lets too much pile up is cut off', async () => {
    await store.close();
    store = open({ maxQueued: 5 });
    const abort = new AbortController();
    const iterator = store.watch('core/', { after: store.revision, signal: abort.signal });
    const first = iterator.next();
    await new Promise((resolve) => setImmediate(resolve));
    for (let at = 0; at < 20; at += 1) void store.create(`core/pods/default/p${at}`, value('x'));
    await store.get('core/pods/default/p0');
    await expect(Promise.resolve(first).then(() => iterator.next())).rejects.toMatchObject({ code: 'SlowWatcher' });
    abort.abort();
  });

  test('progress tells a quiet watcher how far it has come', async () => {
    const abort = new AbortController();
    let progress = 0;
    const iterator = store.watch('core/secrets/', { after: 0, signal: abort.signal, onProgress: (revision) => (progress = revision) });
    const pending = iterator.next();
    const { revision } = await store.create('core/pods/default/a', value('a'));
    await new Promise((resolve) => setImmediate(resolve));
    expect(progress).toBe(revision);
    abort.abort();
    await pending;
  });
});

describe('compaction', () => {
  test('keeps the newest of living keys and drops the rest', async () => {
    const a = await store.create('core/pods/default/a', value('one'));
    const b = await store.update('core/pods/default/a', a.revision, value('two'));
    const other = await store.create('core/pods/default/b', value('b'));
    const gone = await store.delete('core/pods/default/b', other.revision, value('gone'));
    expect(await store.compact(gone.revision)).toBe(3);
    expect(textOf((await store.get('core/pods/default/a'))?.value)).toBe('two');
    expect(textOf((await store.get('core/pods/default/a', { revision: gone.revision }))?.value)).toBe('two');
    await expect(store.get('core/pods/default/a', { revision: b.revision })).rejects.toMatchObject({ code: 'Compacted' });
  });

  test('a watch from before it fails, one from its revision goes on', async () => {
    const a = await store.create('core/pods/default/a', value('one'));
    const b = await store.update('core/pods/default/a', a.revision, value('two'));
    await store.compact(b.revision);
    const abort = new AbortController();
    await expect(store.watch('core/', { after: a.revision, signal: abort.signal }).next()).rejects.toMatchObject({ code: 'Compacted' });
    const seen = collect(store, 'core/', { after: b.revision, count: 1 });
    await put(store, 'core/pods/default/a', 'three');
    expect((await seen).map(({ entry, previous }) => [textOf(entry.value), textOf(previous?.value)])).toEqual([['three', 'two']]);
  });

  test('revisions never go back, even when the newest rows were compacted tombstones', async () => {
    const a = await store.create('core/pods/default/a', value('a'));
    const gone = await store.delete('core/pods/default/a', a.revision, value('gone'));
    await store.compact(gone.revision);
    await store.close();
    store = open();
    expect((await store.create('core/pods/default/b', value('b'))).revision).toBe(gone.revision + 1);
  });

  test('the file stays bounded under many updates', async () => {
    for (let round = 0; round < 20; round += 1) {
      await Promise.all(Array.from({ length: 10 }, (_, key) => fill(store, `core/pods/default/p${key}`, 50)));
      await store.compact(store.revision);
    }
    await store.close();
    expect(statSync(path).size).toBeLessThan(4_000_000);
    store = open();
    expect((await store.list('core/')).entries).toHaveLength(10);
  });
});

describe('the file', () => {
  test('what was acknowledged is there after reopening', async () => {
    const entry = await store.create('core/pods/default/a', value('a'));
    await store.close();
    store = open();
    expect(await store.get('core/pods/default/a')).toEqual(entry);
  });

  test('a second opener is told so', () => {
    expect(() => open()).toThrow(expect.objectContaining({ code: 'Locked' }));
  });

  test('a file that is no database is refused and left as it is', async () => {
    const other = join(folder, 'other.db');
    writeFileSync(other, 'these are my notes, not a database');
    expect(() => openStore({ path: other, log: silentLogger })).toThrow(expect.objectContaining({ code: 'Corrupt' }));
    expect(readFileSync(other, 'utf8')).toBe('these are my notes, not a database');
  });

  test('a database of a newer minik is refused and left as it is', async () => {
    await store.create('core/pods/default/a', value('a'));
    await store.close();
    const raw = new Database(path);
    raw.pragma(`user_version = ${SCHEMA_VERSION + 1}`);
    raw.close();
    expect(() => open()).toThrow(expect.objectContaining({ code: 'NewerSchema' }));
    const again = new Database(path);
    expect(again.prepare('SELECT count(*) AS rows FROM log').get()).toEqual({ rows: 1 });
    again.pragma(`user_version = ${SCHEMA_VERSION}`);
    again.close();
    store = open();
  });

  test('a closed store rejects', async () => {
    await store.close();
    await expect(store.create('core/pods/default/a', value('a'))).rejects.toMatchObject({ code: 'Closed' });
  });
});

async function put(target: Store, key: string, text: string): Promise<void> {
  const there = target.peek(key);
  await (there === undefined ? target.create(key, value(text)) : target.update(key, there.revision, value(text)));
}

async function fill(target: Store, key: string, times: number): Promise<void> {
  for (let at = 0; at < times; at += 1) await put(target, key, 'x'.repeat(500));
}

async function collect(target: Store, prefix: string, { after, count }: { readonly after: number; readonly count: number }): Promise<Change[]> {
  const changes: Change[] = [];
  const abort = new AbortController();
  for await (const change of target.watch(prefix, { after, signal: abort.signal })) {
    changes.push(change);
    if (changes.length === count) abort.abort();
  }
  return changes;
}
