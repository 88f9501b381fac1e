// pure: evaluates Go templates over JSON values, with the functions that Go and kubectl give to templates.
import { UsageError } from '../context.ts';
import type { Operand, Pipe, Template } from './go-template-parser.ts';

export interface GoTemplateOptions {
  readonly allowMissingKeys: boolean;
}

interface Scope {
  readonly dot: unknown;
  readonly variables: ReadonlyMap<string, { value: unknown }>;
  readonly options: GoTemplateOptions;
}

export function renderGoTemplate(template: Template, value: unknown, options: GoTemplateOptions): string {
  return render(template, { dot: value, variables: new Map([['$', { value }]]), options });
}

function render(template: Template, outer: Scope): string {
  let scope = outer;
  let out = '';
  for (const node of template) {
    if (node.type === 'text') out += node.text;
    else if (node.type === 'output') {
      const value = evaluatePipe(node.pipe, scope);
      if (node.pipe.variables.length === 0) out += goText(value);
      else scope = declare(scope, [[node.pipe.variables[0]!, value]]);
    } else out += renderBlock(node, scope);
  }
  return out;
}

function renderBlock(node: Exclude<Template[number], { type: 'text' | 'output' }>, scope: Scope): string {
  const value = evaluatePipe(node.pipe, scope);
  const [first, second] = node.pipe.variables;
  if (node.type === 'range') {
    const entries = entriesOf(value);
    if (entries.length === 0) return render(node.otherwise, scope);
    return entries
      .map(([key, item]) => {
        const named: [string, unknown][] = second === undefined ? (first === undefined ? [] : [[first, item]]) : [[first!, key], [second, item]];
        return render(node.body, { ...declare(scope, named), dot: item });
      })
      .join('');
  }
  const inner = declare(scope, first === undefined ? [] : [[first, value]]);
  if (!isTruthy(value)) return render(node.otherwise, inner);
  return render(node.body, node.type === 'with' ? { ...inner, dot: value } : inner);
}

/** "$x = ..." changes the variable it finds; "$x := ..." is the same to a template that never reuses a name. */
function declare(scope: Scope, named: readonly (readonly [string, unknown])[]): Scope {
  if (named.length === 0) return scope;
  const variables = new Map(scope.variables);
  for (const [name, value] of named) variables.set(name, { value });
  return { ...scope, variables };
}

function entriesOf(value: unknown): [unknown, unknown][] {
  if (value === null || value === undefined) return [];
  if (Array.isArray(value)) return value.map((item, index) => [index, item]);
  if (typeof value === 'object') return Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  if (typeof value === 'number') return Array.from({ length: value }, (_, index) => [index, index]);
  throw failed(`range can't iterate over ${goText(value)}`);
}

function evaluatePipe(pipe: Pipe, scope: Scope): unknown {
  let piped: unknown[] = [];
  for (const command of pipe.commands) piped = [evaluateCommand(command, piped, scope)];
  return piped[0];
}

function evaluateCommand(command: readonly Operand[], piped: readonly unknown[], scope: Scope): unknown {
  const [first, ...rest] = command;
  if (first!.type !== 'function') {
    if (rest.length > 0 || piped.length > 0) throw failed(`can't give argument to non-function`);
    return evaluateOperand(first!, scope);
  }
  const args = [...rest.map((operand) => evaluateOperand(operand, scope)), ...piped];
  const run = FUNCTIONS[first!.name];
  if (run === undefined) throw failed(`function "${first!.name}" is not defined`);
  return run(args);
}

function evaluateOperand(operand: Operand, scope: Scope): unknown {
  switch (operand.type) {
    case 'literal':
      return operand.value;
    case 'dot':
      return walk(scope.dot, operand.path, scope);
    case 'variable': {
      const variable = scope.variables.get(operand.name);
      if (variable === undefined) throw failed(`undefined variable "${operand.name}"`);
      return walk(variable.value, operand.path, scope);
    }
    case 'pipe':
      return walk(evaluatePipe(operand.pipe, scope), operand.path, scope);
    case 'function':
      return evaluateCommand([operand], [], scope);
  }
}

function walk(from: unknown, path: readonly string[], { options }: Scope): unknown {
  let value = from;
  for (const key of path) {
    if (value === undefined || value === null) {
      if (options.allowMissingKeys) return undefined;
      throw failed(`nil pointer evaluating interface {}.${key}`);
    }
    if (typeof value !== 'object' || Array.isArray(value)) throw failed(`can't evaluate field ${key} in type ${goType(value)}`);
    if (!Object.hasOwn(value, key) && !options.allowMissingKeys) throw failed(`map has no entry for key "${key}"`);
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}

function isTruthy(value: unknown): boolean {
  if (value === null || value === undefined || value === '' || value === 0 || value === false) return false;
  return typeof value === 'object' ? Object.keys(value).length > 0 : true;
}

type TemplateFunction = (args: readonly unknown[]) => unknown;

const FUNCTIONS: Readonly<Record<string, TemplateFunction>> = {
  and: (args) => args.find((arg) => !isTruthy(arg)) ?? args.at(-1),
  or: (args) => args.find(isTruthy) ?? args.at(-1),
  not: ([value]) => !isTruthy(value),
  eq: ([first, ...rest]) => rest.some((other) => other === first),
  ne: ([a, b]) => a !== b,
  lt: ([a, b]) => order(a, b) < 0,
  le: ([a, b]) => order(a, b) <= 0,
  gt: ([a, b]) => order(a, b) > 0,
  ge: ([a, b]) => order(a, b) >= 0,
  len: ([value]) => lengthOf(value),
  index: ([value, ...keys]) => keys.reduce(indexed, value),
  exists: ([value, ...keys]) => keys.reduce(indexed, value) !== undefined,
  slice: ([value, from, to]) => (value as string | unknown[]).slice(from as number, to as number | undefined),
  print: (args) => args.map(goText).join(''),
  println: (args) => `${args.map(goText).join(' ')}\n`,
  printf: ([format, ...args]) => formatted(String(format), args),
  html: (args) => args.map(goText).join('').replace(/[<>&"']/g, (char) => `&#${char.charCodeAt(0)};`),
  urlquery: (args) => encodeURIComponent(args.map(goText).join('')),
  js: (args) => JSON.stringify(args.map(goText).join('')).slice(1, -1),
  base64decode: ([value]) => decodeBase64(String(value)),
};

function order(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : a > b ? 1 : 0;
  throw failed('incompatible types for comparison');
}

function lengthOf(value: unknown): number {
  if (typeof value === 'string') return new TextEncoder().encode(value).length;
  if (typeof value === 'object' && value !== null) return Object.keys(value).length;
  throw failed(`len of type ${goType(value)}`);
}

function indexed(value: unknown, key: unknown): unknown {
  if (Array.isArray(value)) {
    if (typeof key !== 'number' || key < 0 || key >= value.length) throw failed(`index out of range: ${goText(key)}`);
    return value[key];
  }
  if (typeof value === 'object' && value !== null) return (value as Record<string, unknown>)[String(key)];
  if (value === undefined || value === null) return undefined;
  throw failed(`can't index item of type ${goType(value)}`);
}

function formatted(format: string, args: readonly unknown[]): string {
  let next = 0;
  return format.replace(/%(-?)(0?)(\d*)(?:\.(\d+))?([vsdqtf%])/g, (_, left: string, zero: string, width: string, digits: string | undefined, verb: string) => {
    if (verb === '%') return '%';
    const value = args[next++];
    let text = goText(value);
    if (verb === 'q') text = JSON.stringify(text);
    if (verb === 'f') text = Number(value).toFixed(digits === undefined ? 6 : Number(digits));
    return left === '-' ? text.padEnd(Number(width)) : text.padStart(Number(width), zero === '0' ? '0' : ' ');
  });
}

function decodeBase64(text: string): string {
  return new TextDecoder().decode(Uint8Array.from(atob(text), (char) => char.charCodeAt(0)));
}

/** A value as Go's fmt prints it: map[a:1 b:2], [x y], <no value>. */
function goText(value: unknown): string {
  if (value === null || value === undefined) return '<no value>';
  if (Array.isArray(value)) return `[${value.map(goText).join(' ')}]`;
  if (typeof value !== 'object') return String(value);
  return `map[${entriesOf(value)
    .map(([key, item]) => `${String(key)}:${goText(item)}`)
    .join(' ')}]`;
}

function goType(value: unknown): string {
  if (Array.isArray(value)) return '[]interface {}';
  return typeof value === 'object' ? 'map[string]interface {}' : typeof value === 'number' ? 'float64' : typeof value;
}

function failed(message: string): UsageError {
  return new UsageError(`error executing template: ${message}`);
}
