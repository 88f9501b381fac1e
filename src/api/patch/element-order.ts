// pure: the order of a merged list: as the patch wants it, with what only the server has kept beside its old neighbours.
import { getField, isObject } from './json-object.ts';

export interface ElementOrder {
  /** The items (or objects with nothing but the key) in the wanted order. */
  readonly wanted: readonly unknown[];
  /** The list before the patch. */
  readonly server: readonly unknown[];
  /** Undefined for lists of scalars. */
  readonly key: string | undefined;
}

/**
 * Two sorted runs are merged: the wanted items, and those that nobody named. One of the latter goes first only where the
 * server had it before the wanted item that is next.
 */
export function orderItems(items: readonly unknown[], { wanted, server, key }: ElementOrder): unknown[] {
  const keyOf = (item: unknown): string => JSON.stringify(key !== undefined && isObject(item) ? getField(item, key) : item);
  const wantedAt = ranks(wanted.map(keyOf));
  const serverAt = ranks(server.map(keyOf));
  const rank = (item: unknown, in_: ReadonlyMap<string, number>): number => in_.get(keyOf(item)) ?? Number.POSITIVE_INFINITY;
  const named = items.filter((item) => wantedAt.has(keyOf(item))).sort((a, b) => rank(a, wantedAt) - rank(b, wantedAt));
  const others = items.filter((item) => !wantedAt.has(keyOf(item)));
  const result: unknown[] = [];
  let next = 0;
  for (const item of named) {
    const place = serverAt.get(keyOf(item));
    while (next < others.length && place !== undefined && rank(others[next], serverAt) < place) result.push(others[next++]);
    result.push(item);
  }
  return [...result, ...others.slice(next)];
}

/** Key -> first place. */
function ranks(keys: readonly string[]): Map<string, number> {
  const places = new Map<string, number>();
  keys.forEach((key, at) => {
    if (!places.has(key)) places.set(key, at);
  });
  return places;
}
