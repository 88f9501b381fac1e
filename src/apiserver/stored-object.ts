// Between the store's text and objects: keys, encoding, and one parse per entry shared by all its readers.
import { apiVersionOf, type Resource } from '../api/kinds.ts';
import type { KubeObject } from '../api/object.ts';
import type { Encode, Entry } from '../store/store.ts';
import { conversionOf } from './conversion/conversion.ts';

/** Where objects of the resource are kept: events of both groups are one set. */
export function storageOf(resource: Resource): Resource {
  return resource.storedAs ?? resource;
}

/** "core/pods/default/web"; "core/nodes/laptop". */
export function storageKey(resource: Resource, namespace: string, name: string): string {
  return `${storagePrefix(resource, namespace)}${name}`;
}

/** The prefix of all keys of the resource, or of one namespace of it. */
export function storagePrefix(resource: Resource, namespace: string): string {
  const stored = storageOf(resource);
  const root = `${stored.group === '' ? 'core' : stored.group}/${stored.plural}/`;
  return namespace === '' ? root : `${root}${namespace}/`;
}

/** Text without apiVersion and kind, as items of lists are sent; `typed` puts them in front. */
export function encodeObject(object: KubeObject): Encode {
  const { apiVersion: _apiVersion, kind: _kind, metadata, ...rest } = object;
  return (revision) => JSON.stringify({ metadata: { ...metadata, resourceVersion: String(revision) }, ...rest });
}

const parsed = new WeakMap<Entry, Map<Resource, KubeObject>>();

/** The object of an entry as the resource shows it. Shared: never change it. */
export function decodeEntry(resource: Resource, entry: Entry): KubeObject {
  let views = parsed.get(entry);
  if (views === undefined) parsed.set(entry, (views = new Map()));
  const known = views.get(resource);
  if (known !== undefined) return known;
  const stored = storageOf(resource);
  const object: KubeObject = { apiVersion: apiVersionOf(stored), kind: stored.kind, ...(JSON.parse(entry.value) as object) };
  const shown = resource === stored ? object : conversionOf(resource).fromStored(object);
  views.set(resource, shown);
  return shown;
}
