// The store against a model under random writes, and against kill -9.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { silentLogger } from '../../../src/base/log.ts';
import { openStore } from '../../../src/store/sqlite/sqlite-store.ts';
import { StoreError, type Change, type Store } from '../../../src/store/store.ts';

type Step = { readonly do: 'put' | 'delete'; readonly key: number } | { readonly do: 'compact'; readonly back: number } | { readonly do: 'reopen' };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('put' as const), key: fc.nat(4) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('delete' as const), key: fc.nat(4) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('compact' as const), back: fc.nat(6) }) },
  { weight: 1, arbitrary: fc.constant({ do: 'reopen' as const }) },
);

const keyOf = (number: number): string => `core/pods/default/p${number}`;

/** What a reader at each revision must find: key -> the revision at which its value was written. */
type Model = Map<string, number>[];

async function write(store: Store, one: Extract<Step, { key: number }>, model: Model): Promise<void> {
  const key = keyOf(one.key);
  const there = store.peek(key);
  const next = new Map(model.at(-1));
  if (one.do === 'put') {
    const entry = there === undefined ? await store.create(key, String) : await store.update(key, there.revision, String);
    next.set(key, entry.revision);
  } else {
    if (there === undefined) return;
    await store.delete(key, there.revision, String);
    next.delete(key);
  }
  model.push(next);
}

test('every retained revision reads as it was written, and a watch replays the log', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const folder = mkdtempSync(join(tmpdir(), 'minik-store-'));
      const path = join(folder, 'state.db');
      let store = openStore({ path, log: silentLogger });
      const model: Model = [new Map()];
      try {
        for (const one of steps) {
          if (one.do === 'compact') await store.compact(store.revision - one.back);
          else if (one.do === 'reopen') {
            await store.close();
            store = openStore({ path, log: silentLogger });
          } else await write(store, one, model);
        }
        expect(store.revision).toBe(model.length - 1);
        for (let revision = Math.max(store.compactedRevision, 1); revision <= store.revision; revision += 1) {
          const { entries } = await store.list('core/', { revision });
          expect(new Map(entries.map((entry) => [entry.key, entry.revision]))).toEqual(model[revision]);
        }
        const changes = await replay(store);
        expect(changes.map(({ entry }) => entry.revision)).toEqual(Array.from({ length: store.revision - store.compactedRevision }, (_, at) => store.compactedRevision + 1 + at));
        for (const { entry, previous, type } of changes) {
          const before = model[entry.revision - 1]!.get(entry.key);
          expect([previous?.revision, type === 'delete']).toEqual([before, !model[entry.revision]!.has(entry.key)]);
        }
      } finally {
        await store.close();
        rmSync(folder, { recursive: true, force: true });
      }
    }),
    { numRuns: 60 },
  );
}, 60_000);

async function replay(store: Store): Promise<Change[]> {
  const abort = new AbortController();
  const changes: Change[] = [];
  if (store.revision === store.compactedRevision) return changes;
  for await (const change of store.watch('core/', { after: store.compactedRevision, signal: abort.signal })) {
    changes.push(change);
    if (change.entry.revision === store.revision) abort.abort();
  }
  return changes;
}

test('kill -9 loses nothing that was acknowledged', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'minik-store-'));
  const path = join(folder, 'state.db');
  const acknowledged = new Map<string, number>();
  try {
    for (let round = 0; round < 4; round += 1) {
      for (const [key, revision] of await writeUntilKilled(path, 120 + round * 70)) acknowledged.set(`${round}${key}`, revision);
      const store = openStore({ path, log: silentLogger });
      for (const [name, revision] of acknowledged) {
        if (!name.startsWith(String(round))) continue;
        const deleted = name[1] === '-';
        const entry = await store.get(name.slice(deleted ? 2 : 1));
        // A key that was deleted later may be gone; a deletion must have lasted.
        if (deleted) expect(entry).toBeUndefined();
        else if (!acknowledged.has(`${round}-${name.slice(1)}`) && entry === undefined) expect(await isDeleted(store, name.slice(1), revision)).toBe(true);
      }
      for (const { key } of (await store.list('core/')).entries) await store.delete(key, store.peek(key)!.revision, () => '{}');
      await store.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 60_000);

/** Written at the revision that was acknowledged, and deleted after it by a write whose acknowledgement was cut off. */
async function isDeleted(store: Store, key: string, revision: number): Promise<boolean> {
  return (await store.get(key, { revision }).catch((error: unknown) => (error instanceof StoreError ? undefined : Promise.reject(error))))?.revision === revision;
}

function writeUntilKilled(path: string, afterLines: number): Promise<Map<string, number>> {
  const writer = join(import.meta.dirname, '..', '..', 'support', 'store-writer.ts');
  const child = spawn(process.execPath, [writer, path], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
    if (text.split('\n').length > afterLines) child.kill('SIGKILL');
  });
  return new Promise((resolve) => {
    child.once('close', () => {
      // The last line may be cut off in the middle.
      const lines = text.slice(0, text.lastIndexOf('\n')).split('\n').map((line) => line.split(' '));
      resolve(new Map(lines.map(([revision, key]) => [key!, Number(revision)])));
    });
  });
}
