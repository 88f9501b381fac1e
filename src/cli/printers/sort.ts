// pure: --sort-by: orders objects by the value at a path, numbers by size, text in natural order ("a2" before "a10").
import { UsageError } from '../context.ts';
import { findAll } from './jsonpath.ts';
import { parseRelaxedPath } from './jsonpath-parser.ts';

export function sortByPath<T>(items: readonly T[], expression: string, objectOf: (item: T) => unknown): T[] {
  const path = parseRelaxedPath(expression);
  const keyed = items.map((item) => ({ item, value: findAll(path, objectOf(item), { allowMissingKeys: true })[0] }));
  if (items.length > 0 && keyed.every(({ value }) => value === undefined)) {
    throw new UsageError(`couldn't find any field with path "${pathText(expression)}" in the list of objects`);
  }
  return keyed.sort((a, b) => compare(a.value, b.value)).map(({ item }) => item);
}

function compare(a: unknown, b: unknown): number {
  if (a === undefined || a === null) return b === undefined || b === null ? 0 : -1;
  if (b === undefined || b === null) return 1;
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a === 'boolean' && typeof b === 'boolean') return Number(a) - Number(b);
  return natural(String(a), String(b));
}

/** Runs of digits compare as numbers, everything else by code unit. */
function natural(a: string, b: string): number {
  const left = a.match(/\d+|\D+/g) ?? [];
  const right = b.match(/\d+|\D+/g) ?? [];
  for (let at = 0; at < Math.min(left.length, right.length); at++) {
    const [x, y] = [left[at]!, right[at]!];
    if (x === y) continue;
    const byNumber = /^\d/.test(x) && /^\d/.test(y) ? Number(x) - Number(y) : 0;
    return byNumber !== 0 ? byNumber : x < y ? -1 : 1;
  }
  return left.length - right.length;
}

function pathText(expression: string): string {
  return expression.startsWith('{') ? expression : `{.${expression.replace(/^\./, '')}}`;
}
