// Watches over a real store: order, selectors, versions, bookmarks.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { ConfigMap } from '../../../src/api/generated/types.ts';
import { CONFIG_MAPS } from '../../../src/api/kinds.ts';
import type { WatchEvent } from '../../../src/api/wire.ts';
import type { WatchQuery } from '../../../src/client/client.ts';
import { startApi, type TestApi } from '../../support/api.ts';

let api: TestApi;
beforeEach(async () => {
  api = await startApi();
});
afterEach(() => api.close());

const map = (name: string, labels?: Record<string, string>): ConfigMap => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'default', ...(labels === undefined ? {} : { labels }) } });
const seen = ({ type, object }: WatchEvent<ConfigMap>): string => `${type} ${object.metadata?.name}`;

/** The first `count` events. */
async function take(query: Omit<WatchQuery, 'signal'>, count: number): Promise<WatchEvent<ConfigMap>[]> {
  const abort = new AbortController();
  const events: WatchEvent<ConfigMap>[] = [];
  for await (const event of api.client.watch(CONFIG_MAPS, { namespace: 'default', ...query, signal: abort.signal })) {
    events.push(event);
    if (events.length === count) abort.abort();
  }
  return events;
}

describe('where it begins', () => {
  test('without a version: the present state, then every change', async () => {
    await api.client.create(CONFIG_MAPS, map('a'));
    const watching = take({}, 3);
    await api.client.create(CONFIG_MAPS, map('b'));
    await api.client.delete(CONFIG_MAPS, { namespace: 'default', name: 'a' });
    expect((await watching).map(seen)).toEqual(['ADDED a', 'ADDED b', 'DELETED a']);
  });

  test('with a version: every change after it, none before', async () => {
    const first = await api.client.create(CONFIG_MAPS, map('a'));
    await api.client.create(CONFIG_MAPS, map('b'));
    await api.client.patch(CONFIG_MAPS, { namespace: 'default', name: 'b' }, { type: 'merge', body: { data: { k: 'v' } } });
    expect((await take({ resourceVersion: first.metadata?.resourceVersion }, 2)).map(seen)).toEqual(['ADDED b', 'MODIFIED b']);
  });

  test('a deletion carries the version of the deletion', async () => {
    const first = await api.client.create(CONFIG_MAPS, map('a'));
    await api.client.delete(CONFIG_MAPS, { namespace: 'default', name: 'a' });
    const [deleted] = await take({ resourceVersion: first.metadata?.resourceVersion }, 1);
    expect(Number(deleted?.object.metadata?.resourceVersion)).toBe(Number(first.metadata?.resourceVersion) + 1);
  });

  test('a compacted version is 410', async () => {
    const first = await api.client.create(CONFIG_MAPS, map('a'));
    await api.client.create(CONFIG_MAPS, map('b'));
    await api.store.compact(api.store.revision);
    await expect(take({ resourceVersion: first.metadata?.resourceVersion }, 1)).rejects.toMatchObject({ code: 410, reason: 'Expired' });
  });
});

describe('selectors', () => {
  test('an object that leaves the selection is deleted to the watcher, one that enters is added', async () => {
    const start = String(api.store.revision);
    await api.client.create(CONFIG_MAPS, map('a', { on: 'yes' }));
    const watching = take({ labelSelector: 'on=yes', resourceVersion: start }, 4);
    const set = (on: string): Promise<unknown> => api.client.patch(CONFIG_MAPS, { namespace: 'default', name: 'a' }, { type: 'merge', body: { metadata: { labels: { on } } } });
    await set('no');
    await set('never');
    await set('yes');
    await api.client.patch(CONFIG_MAPS, { namespace: 'default', name: 'a' }, { type: 'merge', body: { data: { k: 'v' } } });
    expect((await watching).map(seen)).toEqual(['ADDED a', 'DELETED a', 'ADDED a', 'MODIFIED a']);
  });

  test('a watch of one name sees only that object', async () => {
    const watching = take({ fieldSelector: 'metadata.name=b' }, 1);
    await api.client.create(CONFIG_MAPS, map('a'));
    await api.client.create(CONFIG_MAPS, map('bb'));
    await api.client.create(CONFIG_MAPS, map('b'));
    expect((await watching).map(seen)).toEqual(['ADDED b']);
  });
});

describe('how it ends and what it promises', () => {
  test('watchers see the same order', async () => {
    const watching = [1, 2, 3].map(() => take({ resourceVersion: String(api.store.revision) }, 30));
    await Promise.all(Array.from({ length: 30 }, (_, n) => api.client.create(CONFIG_MAPS, map(`m${n}`))));
    const orders = (await Promise.all(watching)).map((events) => events.map(({ object }) => Number(object.metadata?.resourceVersion)));
    expect(orders[0]).toEqual([...orders[0]!].sort((a, b) => a - b));
    expect(orders[1]).toEqual(orders[0]);
    expect(orders[2]).toEqual(orders[0]);
  });

  test('timeoutSeconds ends it', async () => {
    const abort = new AbortController();
    const events: string[] = [];
    for await (const event of api.client.watch(CONFIG_MAPS, { timeoutSeconds: 1, signal: abort.signal })) events.push(event.type);
    expect(abort.signal.aborted).toBe(false);
  });

  test('a streaming list ends its first part with a bookmark that says so', async () => {
    await api.client.create(CONFIG_MAPS, map('a'));
    const abort = new AbortController();
    const response = await api.client.request({
      path: '/api/v1/namespaces/default/configmaps?watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true',
      signal: abort.signal,
    });
    const events: WatchEvent<ConfigMap>[] = [];
    if (response.body.type !== 'events') throw new Error('a watch answers with events');
    for await (const event of response.body.events) {
      events.push(event as WatchEvent<ConfigMap>);
      if (events.length === 2) abort.abort();
    }
    expect(events.map(({ type }) => type)).toEqual(['ADDED', 'BOOKMARK']);
    expect(events[1]?.object.metadata?.annotations).toEqual({ 'k8s.io/initial-events-end': 'true' });
  });
});
