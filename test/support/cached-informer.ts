// An informer without a server: the real cache, fed by the test.
import type { KubeObject } from '../../src/api/object.ts';
import type { Indexes, Informer } from '../../src/client/informer-contract.ts';
import { ObjectCache } from '../../src/client/object-cache.ts';

export interface CachedInformer<T extends KubeObject> extends Informer<T> {
  /** As a watch event would: versions rise with every call. */
  put(object: T): void;
  remove(object: T): void;
}

export function cachedInformer<T extends KubeObject>(indexes: Indexes<T> = {}): CachedInformer<T> {
  const cache = new ObjectCache<T>(indexes);
  let version = 0;
  const stamped = (object: T): T => ({ ...object, metadata: { ...object.metadata, resourceVersion: String((version += 1)) } });
  return {
    get: (key) => cache.get(key),
    list: (namespace) => cache.list(namespace),
    byIndex: (name, value) => cache.byIndex(name, value),
    countByIndex: (name, value) => cache.countByIndex(name, value),
    onChange: (callback) => cache.onChange(callback),
    synced: Promise.resolve(),
    observe: (object) => cache.put(object),
    put: (object) => cache.put(stamped(object)),
    remove: (object) => cache.remove(stamped(object)),
  };
}
