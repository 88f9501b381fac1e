// pure: keyed lists in which two items share the merge key, as port 53 for TCP and for UDP does. A strategic merge patch
// cannot tell them apart, so the list is merged here, by all that makes an item one of its kind, and sent whole.
import { sameValue } from '../equality.ts';
import type { FieldSchema } from '../schema/schema.ts';
import type { JsonObject } from './json-object.ts';
import { applyStrategicMergePatch } from './strategic-merge.ts';

/** What an absent part of a key means. */
const KEY_DEFAULTS: Readonly<Record<string, string>> = { protocol: 'TCP' };

export interface TwinLists {
  readonly schema: FieldSchema;
  readonly key: string;
  /** Of the items. */
  readonly type: string;
  readonly original: readonly JsonObject[];
  readonly modified: readonly JsonObject[];
  readonly current: readonly JsonObject[];
  readonly diffItem: (versions: { readonly original: JsonObject; readonly modified: JsonObject; readonly current: JsonObject }) => JsonObject;
}

export function hasTwins(items: readonly JsonObject[], key: string): boolean {
  return new Set(items.map((item) => JSON.stringify(item[key]))).size < items.length;
}

/** The whole list as it has to be; undefined when it is so already. */
export function replaceTwins({ schema, key, type, original, modified, current, diffItem }: TwinLists): JsonObject[] | undefined {
  const nameItems = (items: readonly JsonObject[]): Map<string, JsonObject> => identified(items, schema.mapKeys ?? [key]);
  const [before, wanted, there] = [nameItems(original), nameItems(modified), nameItems(current)];
  const kept = [...wanted].map(([identity, item]) => {
    const live = there.get(identity);
    if (live === undefined) return item;
    return applyStrategicMergePatch(type, live, diffItem({ original: before.get(identity) ?? {}, modified: item, current: live }));
  });
  const others = [...there].filter(([identity]) => !wanted.has(identity) && !before.has(identity)).map(([, item]) => item);
  const items = [...kept, ...others];
  return sameValue(items, current) ? undefined : items;
}

/** By the values of all keys; items that agree even in these are counted. */
function identified(items: readonly JsonObject[], keys: readonly string[]): Map<string, JsonObject> {
  const named = new Map<string, JsonObject>();
  for (const item of items) {
    const values = JSON.stringify(keys.map((key) => item[key] ?? KEY_DEFAULTS[key]));
    let count = 0;
    while (named.has(`${values}#${count}`)) count += 1;
    named.set(`${values}#${count}`, item);
  }
  return named;
}
