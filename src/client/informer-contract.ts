// What controllers, kubelet and network see of an informer: a local copy of one resource that follows the server.
import type { KubeObject } from '../api/object.ts';

export interface Informer<T extends KubeObject> {
  /** By "namespace/name" (or "name"); the object is shared, never change it. */
  get(key: string): T | undefined;
  /** All objects, or those of one namespace. */
  list(namespace?: string): readonly T[];
  /** Objects whose index `name` holds `value`; indexes are given when the informer is made. */
  byIndex(name: string, value: string): readonly T[];
  /** How many those are, without gathering them. */
  countByIndex(name: string, value: string): number;
  /** Calls back after each change of the copy, with the key and both states (undefined: absent). Returns how to stop. */
  onChange(callback: (change: InformerChange<T>) => void): () => void;
  /** Resolves when the first list is in. */
  readonly synced: Promise<void>;
  /** Applies the answer to one's own write at once, so that the next read sees it; older versions are ignored. */
  observe(object: T): void;
}

export interface InformerChange<T> {
  readonly key: string;
  readonly before: T | undefined;
  readonly after: T | undefined;
}

/** Index functions by name: which values an object is found under. */
export type Indexes<T> = Readonly<Record<string, (object: T) => readonly string[]>>;
