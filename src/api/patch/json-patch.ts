// pure: JSON patch (RFC 6902, and where upstream is laxer, as upstream). The first operation that cannot be carried out
// refuses the whole patch.
import { sameValue } from '../equality.ts';
import { badRequestError, StatusError } from '../status-error.ts';
import { goKind } from './go-text.ts';
import { isObject } from './json-object.ts';

const MAX_OPERATIONS = 10_000;

export function applyJsonPatch(current: unknown, patch: unknown): unknown {
  if (!Array.isArray(patch)) throw badRequestError(`json: cannot unmarshal ${goKind(patch)} into Go value of type jsonpatch.Patch`);
  if (patch.length > MAX_OPERATIONS) {
    throw new StatusError({
      code: 413,
      reason: 'RequestEntityTooLarge',
      message: `The allowed maximum operations in a JSON patch is ${MAX_OPERATIONS}, got ${patch.length}`,
    });
  }
  return patch.map(readOperation).reduce<unknown>(applyOperation, current);
}

type Operation =
  | { readonly op: 'add' | 'replace' | 'test'; readonly path: string; readonly value: unknown }
  | { readonly op: 'remove'; readonly path: string }
  | { readonly op: 'move' | 'copy'; readonly path: string; readonly from: string };

function readOperation(operation: unknown, at: number): Operation {
  const broken = (problem: string): StatusError => badRequestError(`error decoding patch: operation ${at} ${problem}`);
  if (!isObject(operation)) throw broken('is not an object');
  const { op, path, from } = operation;
  if (typeof path !== 'string') throw broken('has no "path"');
  switch (op) {
    case 'add':
    case 'replace':
    case 'test':
      if (!Object.hasOwn(operation, 'value')) throw broken(`(${op}) has no "value"`);
      return { op, path, value: operation['value'] };
    case 'remove':
      return { op, path };
    case 'move':
    case 'copy':
      if (typeof from !== 'string') throw broken(`(${op}) has no "from"`);
      return { op, path, from };
    default:
      throw broken(`has the "op" ${JSON.stringify(op)}: supported values: "add", "copy", "move", "remove", "replace", "test"`);
  }
}

function applyOperation(document: unknown, operation: Operation): unknown {
  const target = pointer(operation.path);
  switch (operation.op) {
    case 'add':
      return add(document, target, operation.value);
    case 'remove':
      find(document, target);
      return remove(document, target);
    case 'replace':
      return replace(document, target, operation.value);
    case 'move': {
      const source = pointer(operation.from);
      return add(remove(document, source), target, find(document, source));
    }
    case 'copy':
      return add(document, target, find(document, pointer(operation.from)));
    case 'test':
      if (!sameValue(findOrNull(document, target), operation.value)) throw unprocessable(`testing value ${operation.path} failed`);
      return document;
  }
}

/** "/metadata/labels/a~1b" -> ["metadata", "labels", "a/b"] */
function pointer(path: string): string[] {
  if (path === '') return [];
  if (!path.startsWith('/')) throw badRequestError(`error decoding patch: path ${JSON.stringify(path)} must begin with "/"`);
  return path
    .slice(1)
    .split('/')
    .map((part) => part.replace(/~1/g, '/').replace(/~0/g, '~'));
}

function find(document: unknown, path: readonly string[]): unknown {
  let value = document;
  for (const part of path) {
    value = Array.isArray(value) ? value[listIndex(value, part, value.length - 1)] : isObject(value) && Object.hasOwn(value, part) ? value[part] : undefined;
    if (value === undefined) throw missing(path);
  }
  return value;
}

/** A test for null holds where nothing is. */
function findOrNull(document: unknown, path: readonly string[]): unknown {
  try {
    return find(document, path);
  } catch (error) {
    if (error instanceof StatusError) return null;
    throw error;
  }
}

function add(document: unknown, path: readonly string[], value: unknown): unknown {
  const [part, ...rest] = path;
  if (part === undefined) return value;
  if (Array.isArray(document)) {
    if (rest.length === 0) {
      const at = part === '-' ? document.length : listIndex(document, part, document.length);
      return [...document.slice(0, at), value, ...document.slice(at)];
    }
    const at = listIndex(document, part, document.length - 1);
    return document.map((item, index) => (index === at ? add(item, rest, value) : item));
  }
  if (!isObject(document) || (rest.length > 0 && !Object.hasOwn(document, part))) throw missing(path);
  return { ...document, [part]: rest.length === 0 ? value : add(document[part], rest, value) };
}

/** kube: a field that is not there is set, though RFC 6902 would refuse. */
function replace(document: unknown, path: readonly string[], value: unknown): unknown {
  if (path.length === 0) return value;
  return Array.isArray(find(document, path.slice(0, -1))) ? add(remove(document, path), path, value) : add(document, path, value);
}

function remove(document: unknown, path: readonly string[]): unknown {
  const [part, ...rest] = path;
  if (part === undefined) return undefined;
  if (Array.isArray(document)) {
    const at = listIndex(document, part, document.length - 1);
    return rest.length === 0 ? document.filter((_, index) => index !== at) : document.map((item, index) => (index === at ? remove(item, rest) : item));
  }
  if (!isObject(document) || !Object.hasOwn(document, part)) throw missing(path);
  const { [part]: inner, ...others } = document;
  return rest.length === 0 ? others : { ...document, [part]: remove(inner, rest) };
}

/** kube: negative indexes count from the end. */
function listIndex(list: readonly unknown[], part: string, highest: number): number {
  const given = /^(?:0|-?[1-9]\d*)$/.test(part) ? Number(part) : Number.NaN;
  const at = given < 0 ? given + highest + 1 : given;
  if (!(at >= 0 && at <= highest)) throw unprocessable(`Unable to access invalid index: ${part} (the list has ${list.length} items)`);
  return at;
}

function missing(path: readonly string[]): StatusError {
  return unprocessable(`path /${path.join('/')} does not exist`);
}

function unprocessable(problem: string): StatusError {
  return new StatusError({ code: 422, reason: 'Invalid', message: `the server rejected our request due to an error in our request: ${problem}` });
}
