// pure: JSON merge patch (RFC 7386), and the patch that leads from one value to another.
import { sameValue } from '../equality.ts';
import { getField, isObject, setField, type JsonObject } from './json-object.ts';

export function applyMergePatch(current: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const result: JsonObject = isObject(current) ? { ...current } : {};
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete result[name];
    else setField(result, name, applyMergePatch(getField(result, name), value));
  }
  return result;
}

/**
 * As kubectl apply makes it for kinds without a schema: what `original` had and `modified` lacks is deleted, what differs
 * between `current` and `modified` is set, what others added to `current` stays.
 */
export function threeWayJsonMergePatch(values: { readonly original: unknown; readonly modified: unknown; readonly current: unknown }): JsonObject {
  return merged(additions(values.current, values.modified), deletions(values.original, values.modified));
}

function additions(current: unknown, modified: unknown): JsonObject {
  const patch: JsonObject = {};
  if (!isObject(modified)) return patch;
  const from = isObject(current) ? current : {};
  for (const [name, value] of Object.entries(modified)) {
    const there = getField(from, name);
    if (sameValue(there, value)) continue;
    if (isObject(value) && isObject(there)) {
      const inner = additions(there, value);
      if (Object.keys(inner).length > 0) setField(patch, name, inner);
    } else if (value !== null || there !== undefined) setField(patch, name, value);
  }
  return patch;
}

function deletions(original: unknown, modified: unknown): JsonObject {
  const patch: JsonObject = {};
  if (!isObject(original) || !isObject(modified)) return patch;
  for (const [name, value] of Object.entries(original)) {
    const wanted = getField(modified, name);
    if (wanted === undefined) setField(patch, name, null);
    else {
      const inner = deletions(value, wanted);
      if (Object.keys(inner).length > 0) setField(patch, name, inner);
    }
  }
  return patch;
}

function merged(first: JsonObject, second: JsonObject): JsonObject {
  const result = { ...first };
  for (const [name, value] of Object.entries(second)) {
    const there = getField(result, name);
    setField(result, name, isObject(there) && isObject(value) ? merged(there, value) : (there ?? value));
  }
  return result;
}
