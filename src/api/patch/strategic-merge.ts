// pure: applying a strategic merge patch. Maps merge field by field; lists merge by their key where the schema names one,
// and are replaced otherwise. Directives inside the patch say more: $patch, $retainKeys, $setElementOrder/x,
// $deleteFromPrimitiveList/x.
import { sameValue } from '../equality.ts';
import { shapeOf, type FieldSchema, type ModelSchema } from '../schema/schema.ts';
import { badRequestError } from '../status-error.ts';
import { isObject, type JsonObject } from './json-object.ts';

const ORDER = '$setElementOrder/';
const DELETE_FROM = '$deleteFromPrimitiveList/';

export function applyStrategicMergePatch(model: string, current: unknown, patch: unknown): unknown {
  if (!isObject(patch)) throw badRequestError('error decoding patch: a strategic merge patch is an object');
  return mergeObject(fieldsOf(model), isObject(current) ? current : {}, patch);
}

function fieldsOf(type: string): ModelSchema {
  const shape = shapeOf(type);
  return shape.shape === 'model' ? shape.fields : {};
}

function mergeObject(fields: ModelSchema, current: JsonObject, patch: JsonObject): JsonObject | undefined {
  const directive = patch['$patch'];
  if (directive === 'delete') return undefined;
  if (directive === 'replace') return withoutDirectives(patch);
  if (directive !== undefined && directive !== 'merge') throw badRequestError(`unknown patch type: ${String(directive)}`);
  const result: JsonObject = { ...retained(current, patch['$retainKeys']) };
  for (const [name, value] of Object.entries(patch)) {
    if (name.startsWith('$')) continue;
    if (value === null) delete result[name];
    else setField(result, name, mergeField(fields[name], { current: result[name], value, name, patch }));
  }
  for (const name of directiveFields(patch)) if (patch[name] === undefined) setField(result, name, mergeField(fields[name], { current: result[name], value: [], name, patch }));
  return result;
}

function setField(result: JsonObject, name: string, value: unknown): void {
  if (value === undefined) delete result[name];
  else result[name] = value;
}

/** Lists that only a directive speaks of. */
function directiveFields(patch: JsonObject): string[] {
  return Object.keys(patch)
    .filter((name) => name.startsWith(ORDER) || name.startsWith(DELETE_FROM))
    .map((name) => name.slice(name.indexOf('/') + 1));
}

function retained(current: JsonObject, keys: unknown): JsonObject {
  if (!Array.isArray(keys)) return current;
  return Object.fromEntries(Object.entries(current).filter(([name]) => keys.includes(name)));
}

interface FieldChange {
  readonly current: unknown;
  readonly value: unknown;
  readonly name: string;
  /** The patch that holds the field: its directives. */
  readonly patch: JsonObject;
}

function mergeField(schema: FieldSchema | undefined, change: FieldChange): unknown {
  const { current, value } = change;
  if (Array.isArray(value)) return mergeList(schema, change);
  if (!isObject(value)) return value;
  const shape = schema === undefined ? undefined : shapeOf(schema.type);
  const fields = shape?.shape === 'model' ? shape.fields : {};
  return mergeObject(fields, isObject(current) ? current : {}, value);
}

function mergeList(schema: FieldSchema | undefined, { current, value, name, patch }: FieldChange): unknown {
  const items = value as readonly unknown[];
  const present = Array.isArray(current) ? current : [];
  if (schema?.strategy?.includes('merge') !== true) return items.filter((item) => !isDirective(item));
  if (items.some((item) => isObject(item) && item['$patch'] === 'replace' && Object.keys(item).length === 1)) {
    return items.filter((item) => !isDirective(item));
  }
  const deleted = patch[DELETE_FROM + name];
  const order = patch[ORDER + name];
  if (schema.mergeKey === undefined) {
    const kept = present.filter((item) => !(Array.isArray(deleted) && deleted.some((gone) => sameValue(gone, item))));
    const added = items.filter((item) => !kept.some((there) => sameValue(there, item)));
    return ordered([...kept, ...added], order, (item) => item);
  }
  const key = schema.mergeKey;
  const merged = mergeKeyed(shapeItem(schema), key, { present, items });
  return ordered(merged, order, (item) => (isObject(item) ? item[key] : undefined), (item) => (isObject(item) ? item[key] : item));
}

function shapeItem(schema: FieldSchema): ModelSchema {
  return fieldsOf(schema.type.replace(/^\[\]/, ''));
}

function mergeKeyed(fields: ModelSchema, key: string, { present, items }: { readonly present: readonly unknown[]; readonly items: readonly unknown[] }): unknown[] {
  const result = [...present];
  for (const item of items) {
    if (!isObject(item)) throw badRequestError(`invalid patch: items of a list merged by ${key} must be objects`);
    if (item[key] === undefined) throw badRequestError(`map: map[] does not contain declared merge key: ${key}`);
    const at = result.findIndex((there) => isObject(there) && sameValue(there[key], item[key]));
    const next = mergeObject(fields, at < 0 ? {} : (result[at] as JsonObject), item);
    if (next === undefined) {
      if (at >= 0) result.splice(at, 1);
    } else if (at < 0) result.push(next);
    else result[at] = next;
  }
  return result;
}

/** Items named by the order come in that order; the others keep their places before the next one that they preceded. */
function ordered(items: readonly unknown[], order: unknown, keyOf: (item: unknown) => unknown, orderKey: (item: unknown) => unknown = keyOf): unknown[] {
  if (!Array.isArray(order)) return [...items];
  const rank = new Map(order.map((item, at) => [JSON.stringify(orderKey(item)), at]));
  const rankOf = (item: unknown): number | undefined => rank.get(JSON.stringify(keyOf(item)));
  const named = items.filter((item) => rankOf(item) !== undefined).sort((a, b) => rankOf(a)! - rankOf(b)!);
  const result: unknown[] = [];
  let next = 0;
  items.forEach((item, at) => {
    if (rankOf(item) !== undefined) return;
    const namedBefore = items.slice(0, at).filter((other) => rankOf(other) !== undefined).length;
    while (next < namedBefore) result.push(named[next++]);
    result.push(item);
  });
  return [...result, ...named.slice(next)];
}

function isDirective(item: unknown): boolean {
  return isObject(item) && item['$patch'] !== undefined && Object.keys(item).length === 1;
}

function withoutDirectives(patch: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(patch).filter(([name]) => !name.startsWith('$')));
}
