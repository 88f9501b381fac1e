// Keeps a local copy of one resource by list and watch. After an expired or broken watch it lists again and reports the
// difference, so that a reader who missed events still ends at the truth.
import type { Resource } from '../api/kinds.ts';
import type { KubeObject } from '../api/object.ts';
import { isExpired } from '../api/status-error.ts';
import { backoffDelayMs } from '../base/backoff.ts';
import { sleep, type Clock } from '../base/clock.ts';
import type { Logger } from '../base/log.ts';
import type { Client, ListQuery } from './client.ts';
import type { Indexes, Informer } from './informer-contract.ts';
import { ObjectCache } from './object-cache.ts';

export interface InformerOptions<T extends KubeObject> {
  readonly client: Client;
  readonly resource: Resource<T>;
  readonly clock: Clock;
  readonly log: Logger;
  readonly signal: AbortSignal;
  readonly indexes?: Indexes<T>;
  /** Which objects to follow; default: all. */
  readonly query?: Pick<ListQuery, 'namespace' | 'labelSelector' | 'fieldSelector'>;
}

const RELIST_BASE_MS = 100;
const RELIST_CAP_MS = 30_000;

export function createInformer<T extends KubeObject>(options: InformerOptions<T>): Informer<T> & { readonly done: Promise<void> } {
  const cache = new ObjectCache<T>(options.indexes ?? {});
  const synced = Promise.withResolvers<void>();
  const done = follow(options, cache, synced.resolve);
  return {
    get: (key) => cache.get(key),
    list: (namespace) => cache.list(namespace),
    byIndex: (name, value) => cache.byIndex(name, value),
    countByIndex: (name, value) => cache.countByIndex(name, value),
    onChange: (callback) => cache.onChange(callback),
    observe: (object) => observe(cache, object),
    synced: synced.promise,
    done,
  };
}

async function follow<T extends KubeObject>(options: InformerOptions<T>, cache: ObjectCache<T>, onSynced: () => void): Promise<void> {
  const { clock, log, resource, signal } = options;
  let failures = 0;
  while (!signal.aborted) {
    try {
      let resourceVersion = await list(options, cache);
      onSynced();
      failures = 0;
      while (!signal.aborted) resourceVersion = await watchFrom(options, cache, resourceVersion);
    } catch (error) {
      if (signal.aborted) return;
      if (isExpired(error)) continue;
      failures += 1;
      log.warn('informer lost its watch and lists again', { resource: resource.plural, error });
      await sleep(clock, backoffDelayMs(failures, RELIST_BASE_MS, RELIST_CAP_MS), signal).catch(() => {});
    }
  }
}

async function list<T extends KubeObject>(options: InformerOptions<T>, cache: ObjectCache<T>): Promise<string> {
  const found = await options.client.list(options.resource, options.query);
  cache.replaceAll(found.items);
  return found.metadata.resourceVersion ?? '0';
}

/** Returns the version to go on from when the server ends the watch. */
async function watchFrom<T extends KubeObject>(options: InformerOptions<T>, cache: ObjectCache<T>, from: string): Promise<string> {
  let resourceVersion = from;
  const events = options.client.watch(options.resource, {
    ...options.query,
    resourceVersion,
    allowWatchBookmarks: true,
    signal: options.signal,
  });
  for await (const { type, object } of events) {
    resourceVersion = object.metadata?.resourceVersion ?? resourceVersion;
    if (type === 'DELETED') cache.remove(object);
    else if (type !== 'BOOKMARK') cache.put(object);
  }
  return resourceVersion;
}

/** An answer that shows the object past its last finalizer and grace period is its deletion. */
function observe<T extends KubeObject>(cache: ObjectCache<T>, object: T): void {
  const { deletionTimestamp, deletionGracePeriodSeconds = 0, finalizers = [] } = object.metadata ?? {};
  // Namespaces alone are held back by finalizers of their spec.
  const held = finalizers.length > 0 || ((object as { spec?: { finalizers?: readonly string[] } }).spec?.finalizers ?? []).length > 0;
  const gone = deletionTimestamp !== undefined && deletionGracePeriodSeconds === 0 && !held;
  if (gone) cache.remove(object);
  else cache.put(object);
}
