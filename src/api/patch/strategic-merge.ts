// pure: applying a strategic merge patch. Maps merge field by field; lists merge by their key where the schema names one,
// and are replaced otherwise. Directives inside the patch say more: $patch, $retainKeys, $setElementOrder/x,
// $deleteFromPrimitiveList/x.
import { sameValue } from '../equality.ts';
import { fieldOf, shapeOf, type FieldSchema } from '../schema/schema.ts';
import { badRequestError } from '../status-error.ts';
import { orderItems } from './element-order.ts';
import { goText } from './go-text.ts';
import { getField, isObject, setField, type JsonObject } from './json-object.ts';

const ORDER = '$setElementOrder/';
const DELETE_FROM = '$deleteFromPrimitiveList/';

export function applyStrategicMergePatch(model: string, current: unknown, patch: JsonObject): JsonObject {
  return mergeObject(model, isObject(current) ? current : {}, patch);
}

/** `type` is undefined below what the schema describes. */
function mergeObject(type: string | undefined, current: JsonObject, patch: JsonObject): JsonObject {
  const directive = patch['$patch'];
  if (directive === 'delete') return {};
  if (directive === 'replace') return withoutDirectives(patch);
  if (directive !== undefined && directive !== 'merge') throw badRequestError(`unknown patch type: ${goText(directive)} in map: ${goText(patch)}`);
  const result: JsonObject = { ...retained(current, patch) };
  for (const name of fieldNames(patch)) {
    const value = mergeField(fieldOf(type, name), { current: getField(result, name), value: getField(patch, name), order: patch[ORDER + name], deleted: patch[DELETE_FROM + name] });
    if (value === undefined) delete result[name];
    else setField(result, name, value);
  }
  return result;
}

/** Those that the patch gives, and those that only its directives speak of. */
function fieldNames(patch: JsonObject): Set<string> {
  const names = new Set<string>();
  for (const name of Object.keys(patch)) {
    if (name.startsWith(ORDER) || name.startsWith(DELETE_FROM)) names.add(name.slice(name.indexOf('/') + 1));
    else if (!name.startsWith('$')) names.add(name);
  }
  return names;
}

function retained(current: JsonObject, patch: JsonObject): JsonObject {
  const keys = patch['$retainKeys'];
  if (keys === undefined) return current;
  const given = Object.keys(patch).filter((name) => !name.startsWith('$') && patch[name] !== null);
  if (!Array.isArray(keys) || given.some((name) => !keys.includes(name))) throw badRequestError('invalid patch format of retainKeys');
  return Object.fromEntries(Object.entries(current).filter(([name]) => keys.includes(name)));
}

interface FieldChange {
  readonly current: unknown;
  /** Undefined when only directives speak of the field. */
  readonly value: unknown;
  readonly order: unknown;
  readonly deleted: unknown;
}

function mergeField(schema: FieldSchema | undefined, change: FieldChange): unknown {
  const { current, value } = change;
  if (value === null) return undefined;
  if (Array.isArray(value)) return mergeList(schema, { ...change, items: value });
  if (value === undefined) return Array.isArray(current) ? mergeList(schema, { ...change, items: undefined }) : current;
  return isObject(value) && isObject(current) ? mergeObject(schema?.type, current, value) : adopted(value);
}

interface ListChange extends FieldChange {
  readonly items: readonly unknown[] | undefined;
}

function mergeList(schema: FieldSchema | undefined, { current, items, order, deleted }: ListChange): unknown {
  const there = Array.isArray(current) ? current : [];
  const present = Array.isArray(deleted) ? there.filter((item) => !deleted.some((gone) => sameValue(gone, item))) : there;
  if (schema?.strategy?.includes('merge') !== true) return items?.filter((item) => !isDirective(item)) ?? present;
  const key = schema.mergeKey;
  if (items?.some((item) => isObject(item) && item['$patch'] === 'replace') === true) return items.filter((item) => !isDirective(item));
  requireSameOrder(items, order, key);
  if (!Array.isArray(current)) return items?.filter((item) => !isDirective(item)).map(adopted);
  const wanted = Array.isArray(order) ? order : items?.filter((item) => !isDirective(item));
  const merged = key === undefined ? mergeScalars(present, items ?? []) : mergeKeyed(itemType(schema), { key, present, items: items ?? [] });
  return wanted === undefined ? merged : orderItems(merged, { wanted, server: there, key });
}

function mergeScalars(present: readonly unknown[], items: readonly unknown[]): unknown[] {
  const added = items.filter((item, at) => ![...present, ...items.slice(0, at)].some((there) => sameValue(there, item)));
  return [...present, ...added];
}

function itemType({ type }: FieldSchema): string | undefined {
  const shape = shapeOf(type);
  return shape.shape === 'list' ? shape.of : undefined;
}

interface KeyedLists {
  readonly key: string;
  readonly present: readonly unknown[];
  readonly items: readonly unknown[];
}

function mergeKeyed(type: string | undefined, { key, present, items }: KeyedLists): unknown[] {
  const changes = items.map((item) => keyedItem(item, key));
  const gone = changes.filter((item) => item['$patch'] === 'delete');
  const result = present.filter((there) => !gone.some((item) => hasKey(there, key, item[key])));
  for (const item of changes) {
    if (item['$patch'] === 'delete') continue;
    const at = result.findIndex((there) => hasKey(there, key, item[key]));
    if (at < 0) result.push(adopted(item));
    else result[at] = mergeObject(type, result[at] as JsonObject, item);
  }
  return result;
}

function keyedItem(item: unknown, key: string): JsonObject {
  if (!isObject(item)) throw badRequestError(`invalid patch: an item of a list that is merged by ${key} must be an object: ${goText(item)}`);
  if (getField(item, key) === undefined) throw badRequestError(`map: ${goText(item)} does not contain declared merge key: ${key}`);
  return item;
}

/** A value for which nothing was there: without nulls, and without directives, which have nothing to direct. */
function adopted(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((item) => !isDirective(item)).map(adopted);
  if (!isObject(value)) return value;
  const result: JsonObject = {};
  if (value['$patch'] === 'delete') return result;
  for (const [name, item] of Object.entries(value)) if (!name.startsWith('$') && item !== null) setField(result, name, adopted(item));
  return result;
}

function hasKey(item: unknown, key: string, value: unknown): boolean {
  return isObject(item) && sameValue(getField(item, key), value);
}

/** The order has to name every item that the patch adds or changes, in the order in which the patch gives them. */
function requireSameOrder(items: readonly unknown[] | undefined, order: unknown, key: string | undefined): void {
  if (!Array.isArray(order) || order.length === 0 || items === undefined) return;
  const keyOf = (item: unknown): string => JSON.stringify(key !== undefined && isObject(item) ? getField(item, key) : item);
  const ordered = order.map(keyOf);
  let at = 0;
  for (const item of items) {
    if (isObject(item) && item['$patch'] === 'delete') continue;
    at = ordered.indexOf(keyOf(item), at);
    if (at < 0) throw badRequestError(`The order in patch list:\n${goText(items)}\n doesn't match $setElementOrder list:\n${goText(order)}\n`);
  }
}

function isDirective(item: unknown): boolean {
  return isObject(item) && item['$patch'] !== undefined;
}

function withoutDirectives(patch: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(patch).filter(([name]) => !name.startsWith('$')));
}
