// pure: evaluates kubectl's JSONPath templates over JSON values.
import { UsageError } from '../context.ts';
import { compactJson } from './json.ts';
import type { FilterOperator, JsonPath, JsonPathNode } from './jsonpath-parser.ts';

export interface JsonPathOptions {
  /** Absent keys give nothing instead of an error. */
  readonly allowMissingKeys: boolean;
}

/** All values that the paths of a template find: --sort-by, custom-columns, --for=jsonpath, jsonpath-as-json. */
export function findAll(parts: readonly JsonPath[], value: unknown, options: JsonPathOptions): unknown[] {
  return parts.flatMap((part) => evaluate(part, [value], options));
}

export function renderParts(parts: readonly JsonPath[], value: unknown, options: JsonPathOptions): string {
  let out = '';
  for (let at = 0; at < parts.length; at++) {
    const [first, ...path] = parts[at]!;
    if (first?.type === 'range') {
      const end = matchingEnd(parts, at);
      for (const item of evaluate(path, [value], options)) out += renderParts(parts.slice(at + 1, end), item, options);
      at = end;
    } else if (first?.type === 'end') {
      throw new UsageError('not in range, nothing to end');
    } else {
      out += evaluate(parts[at]!, [value], options).map(valueText).join(' ');
    }
  }
  return out;
}

/** The value as JSONPath prints it: strings bare, maps and lists as JSON. */
export function valueText(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? compactJson(value) : String(value);
}

function matchingEnd(parts: readonly JsonPath[], range: number): number {
  let depth = 0;
  for (let at = range; at < parts.length; at++) {
    if (parts[at]![0]?.type === 'range') depth++;
    else if (parts[at]![0]?.type === 'end' && --depth === 0) return at;
  }
  return parts.length;
}

function evaluate(path: JsonPath, from: readonly unknown[], options: JsonPathOptions): unknown[] {
  return path.reduce<unknown[]>((values, node) => step(node, values, options), [...from]);
}

function step(node: JsonPathNode, values: readonly unknown[], options: JsonPathOptions): unknown[] {
  switch (node.type) {
    case 'text':
      return [node.text];
    case 'literal':
      return [node.value];
    case 'field':
      return field(node.name, values, options);
    case 'wildcard':
      return values.flatMap(children);
    case 'recursive':
      return values.flatMap(descendants);
    case 'slice':
      return values.flatMap((value) => slice(node, value));
    case 'union':
      return node.branches.flatMap((branch) => evaluate(branch, values, options));
    case 'filter':
      return values.flatMap((value) => children(value).filter((item) => matches(node, item)));
    case 'range':
    case 'end':
      throw new UsageError(`${node.type} must stand at the beginning of its braces`);
  }
}

function field(name: string, values: readonly unknown[], { allowMissingKeys }: JsonPathOptions): unknown[] {
  const found = values.flatMap((value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
    return Object.hasOwn(value, name) ? [(value as Record<string, unknown>)[name]] : [];
  });
  if (found.length === 0 && values.length > 0 && !allowMissingKeys) throw new UsageError(`${name} is not found`);
  return found;
}

function children(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  if (typeof value !== 'object' || value === null) return [];
  const keys = Object.keys(value).sort();
  return keys.map((key) => (value as Record<string, unknown>)[key]);
}

/** The value itself and everything below it. */
function descendants(value: unknown): unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  return [value, ...children(value).flatMap(descendants)];
}

function slice(node: Extract<JsonPathNode, { type: 'slice' }>, value: unknown): unknown[] {
  if (value === null || value === undefined) return [];
  if (!Array.isArray(value)) throw new UsageError(`${valueText(value)} is not array or slice`);
  const { length } = value;
  const from = atEnd(node.from ?? 0, length);
  if (node.single) {
    if (from < 0 || from >= length) throw new UsageError(`array index out of bounds: index ${from}, length ${length}`);
    return [value[from]];
  }
  const to = node.to === undefined ? length : atEnd(node.to, length);
  if (from !== to && (from < 0 || from >= length)) throw new UsageError(`array index out of bounds: index ${from}, length ${length}`);
  if (to < 0 || to > length) throw new UsageError(`array index out of bounds: index ${to - 1}, length ${length}`);
  if (from > to) throw new UsageError(`starting index ${from} is greater than ending index ${to}`);
  const step = node.step ?? 1;
  if (step <= 0) throw new UsageError('step must be > 0');
  return value.slice(from, to).filter((_, index) => index % step === 0);
}

function atEnd(index: number, length: number): number {
  return index < 0 ? index + length : index;
}

function matches(node: Extract<JsonPathNode, { type: 'filter' }>, item: unknown): boolean {
  const quiet: JsonPathOptions = { allowMissingKeys: true };
  const left = evaluate(node.left, [item], quiet);
  if (node.operator === undefined || node.right === undefined) return left.length > 0;
  const right = evaluate(node.right, [item], quiet);
  if (left.length === 0 || right.length === 0) return false;
  return compare(left[0], right[0], node.operator);
}

function compare(left: unknown, right: unknown, operator: FilterOperator): boolean {
  switch (operator) {
    case '==':
      return left === right;
    case '!=':
      return left !== right;
    case '<':
      return less(left, right);
    case '>':
      return less(right, left);
    case '<=':
      return left === right || less(left, right);
    case '>=':
      return left === right || less(right, left);
  }
}

function less(left: unknown, right: unknown): boolean {
  if (typeof left === 'number' && typeof right === 'number') return left < right;
  return typeof left === 'string' && typeof right === 'string' && left < right;
}
