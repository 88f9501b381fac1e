// The informer's copy: objects by key, with indexes. Versions only move forward, so an own write observed early and the
// event that follows it are one change, and a late event never takes the copy back.
import { keyOf, type KubeObject } from '../api/object.ts';
import type { Indexes, InformerChange } from './informer-contract.ts';

export class ObjectCache<T extends KubeObject> {
  readonly #objects = new Map<string, T>();
  /** The version at which a key was last seen to go: older puts of it are stale. */
  readonly #removed = new Map<string, number>();
  readonly #indexes = new Map<string, { readonly values: (object: T) => readonly string[]; readonly keys: Map<string, Set<string>> }>();
  readonly #listeners = new Set<(change: InformerChange<T>) => void>();

  constructor(indexes: Indexes<T>) {
    for (const [name, values] of Object.entries(indexes)) this.#indexes.set(name, { values, keys: new Map() });
  }

  get(key: string): T | undefined {
    return this.#objects.get(key);
  }

  list(namespace?: string): T[] {
    const all = [...this.#objects.values()];
    return namespace === undefined ? all : all.filter((object) => object.metadata?.namespace === namespace);
  }

  byIndex(name: string, value: string): T[] {
    return [...(this.#index(name).get(value) ?? [])].map((key) => this.#objects.get(key)!);
  }

  countByIndex(name: string, value: string): number {
    return this.#index(name).get(value)?.size ?? 0;
  }

  onChange(callback: (change: InformerChange<T>) => void): () => void {
    this.#listeners.add(callback);
    return () => this.#listeners.delete(callback);
  }

  put(object: T): void {
    const key = keyOf(object);
    const version = versionOf(object);
    const before = this.#objects.get(key);
    if (before !== undefined && versionOf(before) >= version) return;
    if ((this.#removed.get(key) ?? -1) >= version) return;
    this.#removed.delete(key);
    this.#set(key, before, object);
  }

  remove(object: T): void {
    const key = keyOf(object);
    const before = this.#objects.get(key);
    if (before !== undefined && versionOf(before) > versionOf(object)) return;
    this.#remember(key, versionOf(object));
    if (before !== undefined) this.#set(key, before, undefined);
  }

  /** The result of a list: what it lacks is gone. */
  replaceAll(objects: readonly T[]): void {
    const keys = new Set(objects.map(keyOf));
    for (const [key, before] of [...this.#objects]) if (!keys.has(key)) this.#set(key, before, undefined);
    this.#removed.clear();
    for (const object of objects) this.put(object);
  }

  #index(name: string): ReadonlyMap<string, ReadonlySet<string>> {
    const index = this.#indexes.get(name);
    if (index === undefined) throw new Error(`no index is named ${name}`);
    return index.keys;
  }

  #set(key: string, before: T | undefined, after: T | undefined): void {
    if (after === undefined) this.#objects.delete(key);
    else this.#objects.set(key, after);
    for (const { values, keys } of this.#indexes.values()) {
      for (const value of before === undefined ? [] : values(before)) dropKey(keys, value, key);
      for (const value of after === undefined ? [] : values(after)) addKey(keys, value, key);
    }
    for (const listener of [...this.#listeners]) listener({ key, before, after });
  }

  #remember(key: string, version: number): void {
    this.#removed.set(key, version);
    if (this.#removed.size > REMEMBERED_REMOVALS) this.#removed.delete(this.#removed.keys().next().value!);
  }
}

/** Enough to cover every deletion whose events may still be under way. */
const REMEMBERED_REMOVALS = 1_000;

function versionOf(object: KubeObject): number {
  return Number(object.metadata?.resourceVersion ?? 0);
}

function addKey(keys: Map<string, Set<string>>, value: string, key: string): void {
  const found = keys.get(value);
  if (found === undefined) keys.set(value, new Set([key]));
  else found.add(key);
}

function dropKey(keys: Map<string, Set<string>>, value: string, key: string): void {
  const found = keys.get(value);
  found?.delete(key);
  if (found?.size === 0) keys.delete(value);
}
