// pure: the strategic merge patch of kubectl apply. What the last applied manifest had and the new one lacks is deleted; what
// the live object lacks of the new manifest is set; what others have added stays.
import { sameValue } from '../equality.ts';
import type { Resource } from '../kinds.ts';
import { shapeOf, type FieldSchema, type ModelSchema } from '../schema/schema.ts';
import { isObject, type JsonObject } from './json-object.ts';

export interface ThreeWay {
  /** The last applied manifest; undefined when there is none. */
  readonly original: unknown;
  readonly modified: unknown;
  readonly current: unknown;
}

/** An empty patch means that nothing is to be done. */
export function threeWayStrategicMergePatch(resource: Resource, values: ThreeWay): JsonObject {
  return diffObject(modelOf(resource.model), { original: object(values.original), modified: object(values.modified), current: object(values.current) });
}

interface ObjectDiff {
  readonly original: JsonObject;
  readonly modified: JsonObject;
  readonly current: JsonObject;
}

function diffObject(fields: ModelSchema, { original, modified, current }: ObjectDiff): JsonObject {
  const patch: JsonObject = {};
  for (const [name, value] of Object.entries(modified)) {
    if (value === null || value === undefined) continue;
    diffField(patch, name, { schema: fields[name], original: original[name], modified: value, current: current[name] });
  }
  for (const name of Object.keys(original)) {
    if ((modified[name] === undefined || modified[name] === null) && current[name] !== undefined) patch[name] = null;
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
    const shape = schema === undefined ? undefined : shapeOf(schema.type);
    const inner = diffObject(shape?.shape === 'model' ? shape.fields : {}, { original: object(original), modified, current });
    if (schema?.strategy?.includes('retainKeys') === true && !sameValue(modified, current) && Object.keys(inner).length > 0) {
      inner['$retainKeys'] = Object.keys(modified).sort();
    }
    if (Object.keys(inner).length > 0) patch[name] = inner;
    return;
  }
  if (Array.isArray(modified) && Array.isArray(current) && schema?.strategy?.includes('merge') === true) {
    if (schema.mergeKey === undefined) diffScalars(patch, name, field);
    else diffKeyed(patch, name, { ...field, schema });
    return;
  }
  if (!sameValue(modified, current)) patch[name] = modified;
}

function diffScalars(patch: JsonObject, name: string, { original, modified, current }: FieldDiff): void {
  const wanted = modified as readonly unknown[];
  const there = current as readonly unknown[];
  const before = Array.isArray(original) ? original : [];
  const added = wanted.filter((item) => !has(there, item));
  const deleted = before.filter((item) => !has(wanted, item) && has(there, item));
  if (added.length === 0 && deleted.length === 0) return;
  if (added.length > 0) patch[name] = added;
  if (deleted.length > 0) patch[`$deleteFromPrimitiveList/${name}`] = deleted;
  patch[`$setElementOrder/${name}`] = wanted;
}

function diffKeyed(patch: JsonObject, name: string, { schema, original, modified, current }: FieldDiff & { readonly schema: FieldSchema }): void {
  const key = schema.mergeKey!;
  const fields = modelOf(schema.type.replace(/^\[\]/, ''));
  const wanted = (modified as readonly unknown[]).map(object);
  const there = (current as readonly unknown[]).map(object);
  const before = (Array.isArray(original) ? original : []).map(object);
  const find = (list: readonly JsonObject[], item: JsonObject): JsonObject | undefined => list.find((one) => sameValue(one[key], item[key]));
  const changes = wanted.flatMap((item) => {
    const live = find(there, item);
    if (live === undefined) return [item];
    const inner = diffObject(fields, { original: find(before, item) ?? {}, modified: item, current: live });
    if (Object.keys(inner).length === 0) return [];
    const retain = schema.strategy === 'merge,retainKeys' ? { $retainKeys: Object.keys(item).sort() } : {};
    return [{ ...retain, ...inner, [key]: item[key] }];
  });
  const deletions = before.filter((item) => find(wanted, item) === undefined && find(there, item) !== undefined).map((item) => ({ $patch: 'delete', [key]: item[key] }));
  const reordered = !sameOrder(wanted, there, key);
  if (changes.length === 0 && deletions.length === 0 && !reordered) return;
  patch[`$setElementOrder/${name}`] = wanted.map((item) => ({ [key]: item[key] }));
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

function modelOf(type: string): ModelSchema {
  const shape = shapeOf(type);
  return shape.shape === 'model' ? shape.fields : {};
}
