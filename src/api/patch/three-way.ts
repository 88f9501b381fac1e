// pure: the strategic merge patch of kubectl apply. What the last applied manifest had and the new one lacks is deleted; what
// the live object lacks of the new manifest is set; what others have added stays.
import { sameValue } from '../equality.ts';
import type { Resource } from '../kinds.ts';
import { decodeScalar } from '../schema/decode-scalar.ts';
import { fieldOf, shapeOf, type FieldSchema } from '../schema/schema.ts';
import { getField, isObject, setField, type JsonObject } from './json-object.ts';
import { hasTwins, replaceTwins } from './twin-keys.ts';

export interface ThreeWay {
  /** The last applied manifest; undefined when there is none. */
  readonly original: unknown;
  readonly modified: unknown;
  readonly current: unknown;
}

/** An empty patch means that nothing is to be done. */
export function threeWayStrategicMergePatch(resource: Resource, values: ThreeWay): JsonObject {
  return diffObject(resource.model, { original: object(values.original), modified: object(values.modified), current: object(values.current) });
}

interface ObjectDiff {
  readonly original: JsonObject;
  readonly modified: JsonObject;
  readonly current: JsonObject;
}

function diffObject(type: string | undefined, { original, modified, current }: ObjectDiff): JsonObject {
  const patch: JsonObject = {};
  for (const [name, value] of Object.entries(modified)) {
    if (value === null || value === undefined) continue;
    diffField(patch, name, { schema: fieldOf(type, name), original: getField(original, name), modified: value, current: getField(current, name) });
  }
  for (const name of Object.keys(original)) {
    if ((getField(modified, name) ?? null) === null && getField(current, name) !== undefined) setField(patch, name, null);
  }
  return patch;
}

interface FieldDiff {
  readonly schema: FieldSchema | undefined;
  readonly original: unknown;
  readonly modified: unknown;
  readonly current: unknown;
}

function diffField(patch: JsonObject, name: string, field: FieldDiff): void {
  const { schema, original, modified, current } = field;
  if (isObject(modified) && isObject(current)) {
    const inner = diffObject(schema?.type, { original: object(original), modified, current });
    if (Object.keys(inner).length === 0) return;
    if (schema?.strategy?.includes('retainKeys') === true) inner['$retainKeys'] = Object.keys(modified).sort();
    setField(patch, name, inner);
  } else if (Array.isArray(modified) && Array.isArray(current) && schema?.strategy?.includes('merge') === true) {
    if (schema.mergeKey === undefined) diffScalars(patch, name, field);
    else diffKeyed(patch, name, { schema, key: schema.mergeKey, original: objects(original), modified: objects(modified), current: objects(current) });
  } else if (!sameStored(schema, modified, current)) setField(patch, name, modified);
}

/** "0.5" and "500m" are one quantity: a manifest may write what the server does not. */
function sameStored(schema: FieldSchema | undefined, modified: unknown, current: unknown): boolean {
  if (sameValue(modified, current)) return true;
  if (schema === undefined || shapeOf(schema.type).shape !== 'scalar' || current === undefined) return false;
  const [wanted, there] = [decodeScalar(schema.type, modified), decodeScalar(schema.type, current)];
  return wanted.ok && there.ok && sameValue(wanted.value, there.value);
}

function diffScalars(patch: JsonObject, name: string, { original, modified, current }: FieldDiff): void {
  const wanted = modified as readonly unknown[];
  const there = current as readonly unknown[];
  const before = Array.isArray(original) ? original : [];
  const added = wanted.filter((item) => !has(there, item));
  const deleted = before.filter((item) => !has(wanted, item) && has(there, item));
  const stays = there.filter((item) => has(wanted, item));
  if (added.length === 0 && deleted.length === 0 && sameValue(stays, wanted)) return;
  patch[`$setElementOrder/${name}`] = wanted;
  if (added.length > 0) patch[name] = added;
  if (deleted.length > 0) patch[`$deleteFromPrimitiveList/${name}`] = deleted;
}

interface KeyedDiff {
  readonly schema: FieldSchema;
  readonly key: string;
  readonly original: readonly JsonObject[];
  readonly modified: readonly JsonObject[];
  readonly current: readonly JsonObject[];
}

function diffKeyed(patch: JsonObject, name: string, lists: KeyedDiff): void {
  const { schema, key, original, modified, current } = lists;
  const type = schema.type.slice('[]'.length);
  const diffItem = (versions: ObjectDiff): JsonObject => diffObject(type, versions);
  if (hasTwins(modified, key) || hasTwins(current, key)) {
    const items = replaceTwins({ ...lists, type, diffItem });
    if (items !== undefined) patch[name] = [...items, { $patch: 'replace' }];
    return;
  }
  const find = (list: readonly JsonObject[], item: JsonObject): JsonObject | undefined => list.find((one) => sameValue(one[key], item[key]));
  const changes = modified.flatMap((item) => {
    const live = find(current, item);
    if (live === undefined) return [item];
    const inner = diffItem({ original: find(original, item) ?? {}, modified: item, current: live });
    if (Object.keys(inner).length === 0) return [];
    const retain = schema.strategy === 'merge,retainKeys' ? { $retainKeys: Object.keys(item).sort() } : {};
    return [{ ...retain, ...inner, [key]: item[key] }];
  });
  const deletions = original.filter((item) => find(modified, item) === undefined && find(current, item) !== undefined).map((item) => ({ $patch: 'delete', [key]: item[key] }));
  if (changes.length === 0 && deletions.length === 0 && sameOrder(modified, current, key)) return;
  patch[`$setElementOrder/${name}`] = modified.map((item) => ({ [key]: item[key] }));
  if (changes.length > 0 || deletions.length > 0) patch[name] = [...changes, ...deletions];
}

/** Whether the live list has the wanted items in the wanted order, others aside. */
function sameOrder(wanted: readonly JsonObject[], there: readonly JsonObject[], key: string): boolean {
  const live = there.map((item) => item[key]).filter((value) => wanted.some((item) => sameValue(item[key], value)));
  return sameValue(live, wanted.map((item) => item[key]));
}

function has(list: readonly unknown[], item: unknown): boolean {
  return list.some((one) => sameValue(one, item));
}

function object(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

function objects(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
