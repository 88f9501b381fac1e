// pure: kubectl's JSONPath templates, text to tree: "pods: {range .items[*]}{.metadata.name}{'\n'}{end}".
import { UsageError } from '../context.ts';

export type JsonPathNode =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'field'; readonly name: string }
  | { readonly type: 'wildcard' }
  | { readonly type: 'recursive' }
  | { readonly type: 'slice'; readonly from?: number; readonly to?: number; readonly step?: number; readonly single: boolean }
  | { readonly type: 'union'; readonly branches: readonly JsonPath[] }
  | { readonly type: 'filter'; readonly left: JsonPath; readonly operator?: FilterOperator; readonly right?: JsonPath }
  | { readonly type: 'literal'; readonly value: string | number | boolean }
  | { readonly type: 'range' }
  | { readonly type: 'end' };

export type FilterOperator = '==' | '!=' | '<' | '<=' | '>' | '>=';
export type JsonPath = readonly JsonPathNode[];

/** Text and `{...}` actions in turn; every action is one path. */
export function parseJsonPath(template: string): readonly JsonPath[] {
  const parts: JsonPath[] = [];
  let at = 0;
  while (at < template.length) {
    const open = template.indexOf('{', at);
    if (open !== at) parts.push([{ type: 'text', text: template.slice(at, open < 0 ? undefined : open) }]);
    if (open < 0) break;
    const close = closingBrace(template, open + 1);
    if (close < 0) throw new UsageError('unclosed action');
    parts.push(parseAction(template.slice(open + 1, close)));
    at = close + 1;
  }
  return parts;
}

/** The forms that --sort-by, custom-columns and --for=jsonpath take: "{.a.b}", ".a.b" and "a.b" are one path. */
export function parseRelaxedPath(expression: string): readonly JsonPath[] {
  if (expression === '') return [];
  const match = /^\{\.?([^{}]+)\}$|^\.?([^{}]+)$/.exec(expression);
  if (match === null) {
    throw new UsageError(
      `unexpected path string, expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' or '{.name1.name2}'`,
    );
  }
  return parseJsonPath(`{.${match[1] ?? match[2]}}`);
}

function closingBrace(text: string, from: number): number {
  let quote = '';
  for (let at = from; at < text.length; at++) {
    const char = text[at]!;
    if (quote !== '') {
      if (char === '\\') at++;
      else if (char === quote) quote = '';
    } else if (char === '"' || char === "'") quote = char;
    else if (char === '}') return at;
  }
  return -1;
}

interface Cursor {
  readonly text: string;
  at: number;
}

function parseAction(text: string): JsonPath {
  const cursor: Cursor = { text, at: 0 };
  const nodes: JsonPathNode[] = [];
  skipSpaces(cursor);
  const word = /^(range|end)\b/.exec(text.slice(cursor.at));
  if (word !== null) {
    cursor.at += word[0].length;
    nodes.push({ type: word[1] as 'range' | 'end' });
    skipSpaces(cursor);
  }
  nodes.push(...parsePath(cursor));
  return nodes;
}

function parsePath(cursor: Cursor): JsonPathNode[] {
  const nodes: JsonPathNode[] = [];
  for (;;) {
    skipSpaces(cursor);
    const char = cursor.text[cursor.at];
    if (char === undefined) return nodes;
    if (char === '@' || char === '$') cursor.at++;
    else if (char === '"' || char === "'") nodes.push({ type: 'literal', value: quoted(cursor) });
    else if (char === '[') nodes.push(parseBrackets(cursor));
    else if (char === '.') nodes.push(...parseDot(cursor));
    else if (nodes.length === 0 && /[-+\d]/.test(char)) nodes.push({ type: 'literal', value: number(cursor) });
    else if (nodes.length === 0 && /[A-Za-z_]/.test(char)) nodes.push(identifier(cursor));
    else throw new UsageError(`unrecognized character in action: U+${char.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')} '${char}'`);
  }
}

function parseDot(cursor: Cursor): JsonPathNode[] {
  cursor.at++;
  if (cursor.text[cursor.at] === '.') {
    cursor.at++;
    const next = cursor.text[cursor.at];
    const rest = next === undefined || next === '[' || next === '.' ? [] : fieldOrWildcard(cursor);
    return [{ type: 'recursive' }, ...rest];
  }
  return fieldOrWildcard(cursor);
}

function fieldOrWildcard(cursor: Cursor): JsonPathNode[] {
  if (cursor.text[cursor.at] === '*') {
    cursor.at++;
    return [{ type: 'wildcard' }];
  }
  let name = '';
  while (cursor.at < cursor.text.length) {
    const char = cursor.text[cursor.at]!;
    if (char === '\\') {
      name += cursor.text[cursor.at + 1] ?? '';
      cursor.at += 2;
      continue;
    }
    if (/[\s.[\]()"'<>=!|,;:{}@?$]/.test(char)) break;
    name += char;
    cursor.at++;
  }
  return name === '' ? [] : [{ type: 'field', name }];
}

function parseBrackets(cursor: Cursor): JsonPathNode {
  const close = closingBracket(cursor.text, cursor.at);
  if (close < 0) throw new UsageError('unterminated array');
  const inside = cursor.text.slice(cursor.at + 1, close).trim();
  cursor.at = close + 1;
  if (inside.startsWith('?')) return parseFilter(inside.slice(1).trim());
  const parts = splitOutsideQuotes(inside);
  if (parts.length > 1) return { type: 'union', branches: parts.map((part) => parseAction(`[${part.trim()}]`)) };
  if (inside === '*') return { type: 'wildcard' };
  const name = /^'((?:[^'\\]|\\.)*)'$|^"((?:[^"\\]|\\.)*)"$/.exec(inside);
  if (name !== null) return { type: 'field', name: (name[1] ?? name[2] ?? '').replace(/\\(.)/g, '$1') };
  const slice = /^(-?\d+)?(:(-?\d+)?(:(-?\d+)?)?)?$/.exec(inside);
  if (slice === null || inside === '') throw new UsageError(`invalid array index ${inside}`);
  const bound = (text: string | undefined): number | undefined => (text === undefined ? undefined : Number(text));
  return { type: 'slice', from: bound(slice[1]), to: bound(slice[3]), step: bound(slice[5]), single: slice[2] === undefined };
}

function parseFilter(text: string): JsonPathNode {
  const match = /^\(([\s\S]*)\)$/.exec(text);
  if (match === null) throw new UsageError('unterminated filter');
  const inside = match[1]!;
  const operator = filterOperator(inside);
  if (operator === undefined) return { type: 'filter', left: parseAction(inside) };
  return {
    type: 'filter',
    left: parseAction(inside.slice(0, operator.at)),
    operator: operator.text,
    right: parseAction(inside.slice(operator.at + operator.text.length)),
  };
}

function filterOperator(text: string): { readonly at: number; readonly text: FilterOperator } | undefined {
  let quote = '';
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!;
    if (quote !== '') {
      if (char === '\\') at++;
      else if (char === quote) quote = '';
    } else if (char === '"' || char === "'") quote = char;
    else {
      const found = /^(==|!=|<=|>=|<|>)/.exec(text.slice(at));
      if (found !== null) return { at, text: found[0] as FilterOperator };
    }
  }
  return undefined;
}

function closingBracket(text: string, open: number): number {
  let depth = 0;
  let quote = '';
  for (let at = open; at < text.length; at++) {
    const char = text[at]!;
    if (quote !== '') {
      if (char === '\\') at++;
      else if (char === quote) quote = '';
    } else if (char === '"' || char === "'") quote = char;
    else if (char === '[') depth++;
    else if (char === ']' && --depth === 0) return at;
  }
  return -1;
}

function splitOutsideQuotes(text: string): string[] {
  return text.match(/(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|[^,])+/g) ?? [];
}

function quoted(cursor: Cursor): string {
  const quote = cursor.text[cursor.at]!;
  let out = '';
  for (cursor.at++; cursor.at < cursor.text.length && cursor.text[cursor.at] !== quote; cursor.at++) {
    if (cursor.text[cursor.at] !== '\\') out += cursor.text[cursor.at];
    else out += unescaped(cursor.text[++cursor.at] ?? '');
  }
  if (cursor.text[cursor.at] !== quote) throw new UsageError('unterminated quoted string');
  cursor.at++;
  return out;
}

function unescaped(char: string): string {
  const known: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', a: '\x07', b: '\b', f: '\f', v: '\v' };
  return known[char] ?? char;
}

function number(cursor: Cursor): number {
  const text = /^[-+]?[\d.]+/.exec(cursor.text.slice(cursor.at))![0];
  cursor.at += text.length;
  return Number(text);
}

function identifier(cursor: Cursor): JsonPathNode {
  const word = /^\w+/.exec(cursor.text.slice(cursor.at))![0];
  cursor.at += word.length;
  if (word === 'true' || word === 'false') return { type: 'literal', value: word === 'true' };
  throw new UsageError(`unrecognized identifier ${word}`);
}

function skipSpaces(cursor: Cursor): void {
  while (/\s/.test(cursor.text[cursor.at] ?? '')) cursor.at++;
}
