// pure: JSON patch (RFC 6902). The first operation that cannot be carried out refuses the whole patch.
import { sameValue } from '../equality.ts';
import { badRequestError, StatusError } from '../status-error.ts';
import { isObject } from './json-object.ts';

const MAX_OPERATIONS = 10_000;

export function applyJsonPatch(current: unknown, patch: unknown): unknown {
  if (!Array.isArray(patch)) throw badRequestError('error decoding patch: a JSON patch is a list of operations');
  if (patch.length > MAX_OPERATIONS) {
    throw new StatusError({
      code: 413,
      reason: 'RequestEntityTooLarge',
      message: `The allowed maximum operations in a JSON patch is ${MAX_OPERATIONS}, got ${patch.length}`,
    });
  }
  return patch.reduce<unknown>((document, operation, at) => applyOperation(document, operation, at), current);
}

function applyOperation(document: unknown, operation: unknown, at: number): unknown {
  if (!isObject(operation) || typeof operation['op'] !== 'string' || typeof operation['path'] !== 'string') {
    throw badRequestError(`error decoding patch: operation ${at} needs "op" and "path"`);
  }
  const { op, path } = operation;
  const target = pointer(path);
  const from = (): string[] => {
    if (typeof operation['from'] !== 'string') throw badRequestError(`error decoding patch: operation ${at} (${op}) needs "from"`);
    return pointer(operation['from']);
  };
  switch (op) {
    case 'add':
      return add(document, target, operation['value']);
    case 'remove':
      return remove(document, target);
    case 'replace':
      find(document, target);
      return target.length === 0 ? operation['value'] : add(remove(document, target), target, operation['value']);
    case 'move': {
      const source = from();
      return add(remove(document, source), target, find(document, source));
    }
    case 'copy':
      return add(document, target, find(document, from()));
    case 'test':
      if (!sameValue(find(document, target), operation['value'])) throw unprocessable(`testing value ${path} failed`);
      return document;
    default:
      throw badRequestError(`error decoding patch: operation ${at}: Unexpected kind: ${op}`);
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

function listIndex(list: readonly unknown[], part: string, highest: number): number {
  const at = /^(?:0|[1-9]\d*)$/.test(part) ? Number(part) : Number.NaN;
  if (Number.isNaN(at) || at > highest) throw unprocessable(`Unable to access invalid index: ${part} (the list has ${list.length} items)`);
  return at;
}

function missing(path: readonly string[]): StatusError {
  return unprocessable(`the server rejected our request due to an error in our request: path /${path.join('/')} does not exist`);
}

function unprocessable(message: string): StatusError {
  return new StatusError({ code: 422, reason: 'Invalid', message });
}
