// pure: Go templates, text to tree. The subset that kubectl users write: fields, variables, pipelines, calls, if/range/with.
import { UsageError } from '../context.ts';

export type TemplateNode =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'output'; readonly pipe: Pipe }
  | { readonly type: 'if' | 'with' | 'range'; readonly pipe: Pipe; readonly body: Template; readonly otherwise: Template };

export type Template = readonly TemplateNode[];

export interface Pipe {
  /** "$x := ..." or "$i, $x := ...". */
  readonly variables: readonly string[];
  readonly commands: readonly (readonly Operand[])[];
}

export type Operand =
  | { readonly type: 'dot'; readonly path: readonly string[] }
  | { readonly type: 'variable'; readonly name: string; readonly path: readonly string[] }
  | { readonly type: 'literal'; readonly value: unknown }
  | { readonly type: 'function'; readonly name: string }
  | { readonly type: 'pipe'; readonly pipe: Pipe; readonly path: readonly string[] };

type Piece = { readonly type: 'text'; readonly text: string } | { readonly type: 'action'; readonly tokens: readonly string[] };

interface Cursor<T> {
  readonly items: readonly T[];
  at: number;
}

export function parseGoTemplate(text: string): Template {
  const cursor: Cursor<Piece> = { items: splitActions(text), at: 0 };
  const { nodes, closer } = parseNodes(cursor);
  if (closer !== undefined) throw templateError(`unexpected {{${closer[0]}}}`);
  return nodes;
}

function splitActions(text: string): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  let trimNext = false;
  while (at <= text.length) {
    const open = text.indexOf('{{', at);
    let plain = text.slice(at, open < 0 ? undefined : open);
    if (trimNext) plain = plain.trimStart();
    const trimsLeft = open >= 0 && /^\{\{-\s/.test(text.slice(open, open + 4));
    if (trimsLeft) plain = plain.trimEnd();
    if (plain !== '') pieces.push({ type: 'text', text: plain });
    if (open < 0) break;
    const close = closingBraces(text, open + 2);
    let inside = text.slice(open + (trimsLeft ? 3 : 2), close);
    trimNext = /\s-$/.test(inside);
    if (trimNext) inside = inside.slice(0, -1);
    if (!inside.trim().startsWith('/*')) pieces.push({ type: 'action', tokens: tokenize(inside) });
    at = close + 2;
  }
  return pieces;
}

function closingBraces(text: string, from: number): number {
  let quote = '';
  for (let at = from; at < text.length; at++) {
    const char = text[at]!;
    if (quote !== '') {
      if (char === '\\' && quote === '"') at++;
      else if (char === quote) quote = '';
    } else if (char === '"' || char === '`') quote = char;
    else if (text.startsWith('}}', at)) return at;
  }
  throw templateError('unclosed action');
}

const TOKEN = /\s+|"(?:[^"\\]|\\.)*"|`[^`]*`|'(?:[^'\\]|\\.)'|:=|[|(),=]|\$?[\w-]*(?:\.[\w-]+)+|\$\w*|\.|[\w+-][\w.+-]*/y;

function tokenize(text: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const start = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (match === null) throw templateError(`unexpected ${JSON.stringify(text[start])} in command`);
    if (match[0].trim() !== '') tokens.push(match[0]);
  }
  return tokens;
}

function parseNodes(cursor: Cursor<Piece>): { readonly nodes: TemplateNode[]; readonly closer?: readonly string[] } {
  const nodes: TemplateNode[] = [];
  while (cursor.at < cursor.items.length) {
    const piece = cursor.items[cursor.at++]!;
    if (piece.type === 'text') {
      nodes.push(piece);
      continue;
    }
    const [word, ...rest] = piece.tokens;
    if (word === undefined) throw templateError('missing value for command');
    if (word === 'end' || word === 'else') return { nodes, closer: piece.tokens };
    if (word === 'if' || word === 'with' || word === 'range') nodes.push(parseBlock(word, rest, cursor));
    else if (['define', 'template', 'block', 'break', 'continue'].includes(word)) throw templateError(`{{${word}}} is not supported by minik`);
    else nodes.push({ type: 'output', pipe: parseWholePipe(piece.tokens) });
  }
  return { nodes };
}

function parseBlock(type: 'if' | 'with' | 'range', tokens: readonly string[], cursor: Cursor<Piece>): TemplateNode {
  const pipe = parseWholePipe(tokens);
  const body = parseNodes(cursor);
  if (body.closer === undefined) throw templateError('unexpected EOF');
  if (body.closer[0] === 'end') return { type, pipe, body: body.nodes, otherwise: [] };
  const next = body.closer[1];
  if (next === 'if' || next === 'with') {
    return { type, pipe, body: body.nodes, otherwise: [parseBlock(next, body.closer.slice(2), cursor)] };
  }
  const otherwise = parseNodes(cursor);
  if (otherwise.closer?.[0] !== 'end') throw templateError('unexpected EOF');
  return { type, pipe, body: body.nodes, otherwise: otherwise.nodes };
}

function parseWholePipe(tokens: readonly string[]): Pipe {
  const cursor: Cursor<string> = { items: tokens, at: 0 };
  const pipe = parsePipe(cursor);
  if (cursor.at < tokens.length) throw templateError(`unexpected ${JSON.stringify(tokens[cursor.at])}`);
  return pipe;
}

function parsePipe(cursor: Cursor<string>): Pipe {
  const variables = parseVariables(cursor);
  const commands: Operand[][] = [[]];
  while (cursor.at < cursor.items.length && cursor.items[cursor.at] !== ')') {
    if (cursor.items[cursor.at] === '|') {
      commands.push([]);
      cursor.at++;
    } else commands.at(-1)!.push(parseOperand(cursor));
  }
  if (commands.some((command) => command.length === 0)) throw templateError('missing value for command');
  return { variables, commands };
}

function parseVariables(cursor: Cursor<string>): string[] {
  const { items, at } = cursor;
  const assigns = (index: number): boolean => items[index] === ':=' || items[index] === '=';
  if (items[at]?.startsWith('$') !== true) return [];
  if (assigns(at + 1)) {
    cursor.at += 2;
    return [items[at]!];
  }
  if (items[at + 1] === ',' && assigns(at + 3)) {
    cursor.at += 4;
    return [items[at]!, items[at + 2]!];
  }
  return [];
}

function parseOperand(cursor: Cursor<string>): Operand {
  const token = cursor.items[cursor.at++]!;
  if (token === '(') {
    const pipe = parsePipe(cursor);
    if (cursor.items[cursor.at++] !== ')') throw templateError('unclosed left paren');
    const next = cursor.items[cursor.at];
    if (next === undefined || !/^\.\w/.test(next)) return { type: 'pipe', pipe, path: [] };
    cursor.at++;
    return { type: 'pipe', pipe, path: pathOf(next) };
  }
  if (token.startsWith('"')) return { type: 'literal', value: JSON.parse(token) as string };
  if (token.startsWith('`')) return { type: 'literal', value: token.slice(1, -1) };
  if (token.startsWith('$')) {
    const name = /^\$\w*/.exec(token)![0];
    return { type: 'variable', name, path: pathOf(token.slice(name.length)) };
  }
  if (token.startsWith('.')) return { type: 'dot', path: pathOf(token) };
  if (/^[-+]?\d/.test(token)) return { type: 'literal', value: Number(token) };
  if (token === 'true' || token === 'false') return { type: 'literal', value: token === 'true' };
  if (token === 'nil') return { type: 'literal', value: null };
  return { type: 'function', name: token };
}

function pathOf(dotted: string): string[] {
  return dotted.split('.').filter((part) => part !== '');
}

function templateError(message: string): UsageError {
  return new UsageError(`error parsing template: ${message}`);
}
