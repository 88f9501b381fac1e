// pure: the text of a manifest file to its objects, in order. Each document stands alone: one that fails is an error beside the others.
import { load, YAMLException } from 'js-yaml';
import { compactJson } from '../printers/json.ts';
import { SeparatorError, splitDocuments, type DocumentText } from './documents.ts';
import { ManifestError, quoted, type Manifest, type Source } from './manifest.ts';
import { metadataProblem } from './metadata-types.ts';
import { positionOf } from './positions.ts';
import { MANIFEST_SCHEMA } from './yaml-schema.ts';

export interface ParsedManifests {
  readonly manifests: readonly Manifest[];
  readonly errors: readonly ManifestError[];
  /** What is legal but surely not meant: keys given twice. */
  readonly warnings: readonly string[];
}

interface Reading {
  readonly name: string;
  readonly manifests: Manifest[];
  readonly errors: ManifestError[];
  readonly warnings: string[];
}

export function parseManifests(text: string, name: string): ParsedManifests {
  const reading: Reading = { name, manifests: [], errors: [], warnings: [] };
  for (const document of documentsOf(text, reading)) readDocument(reading, document);
  return reading;
}

function documentsOf(text: string, reading: Reading): readonly DocumentText[] {
  try {
    return splitDocuments(text);
  } catch (error) {
    if (!(error instanceof SeparatorError)) throw error;
    reading.errors.push(new ManifestError(`error parsing ${reading.name}: line ${error.line}: ${error.message} (put it on the line after "---")`));
    return [];
  }
}

function readDocument(reading: Reading, document: DocumentText): void {
  const source: Source = { name: reading.name, line: document.line, text: document.text, path: [] };
  try {
    addValue(reading, parseDocument(reading, document), source);
  } catch (error) {
    if (!(error instanceof ManifestError)) throw error;
    reading.errors.push(error);
  }
}

function parseDocument(reading: Reading, document: DocumentText): unknown {
  if (document.text.trimStart().startsWith('{')) {
    try {
      return JSON.parse(document.text) as unknown;
    } catch {
      // Flow YAML begins with a brace too, and the YAML parser says where the mistake is.
    }
  }
  // A comment and nothing else is no document.
  if (/^(?:\s*(?:#.*)?(?:\n|$))*$/.test(document.text)) return null;
  try {
    return loadYaml(document.text);
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    if (error.reason !== 'duplicated mapping key') throw syntaxError(reading.name, document, error);
    reading.warnings.push(duplicateText(reading.name, document, error));
    return loadYaml(document.text, { lastWins: true });
  }
}

function loadYaml(text: string, { lastWins = false } = {}): unknown {
  const value = load(text, { schema: MANIFEST_SCHEMA, json: lastWins });
  if (containsItself(value, [])) throw new YAMLException('an anchor contains itself');
  return value === undefined ? null : value;
}

function containsItself(value: unknown, above: readonly unknown[]): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (above.includes(value)) return true;
  return Object.values(value).some((child) => containsItself(child, [...above, value]));
}

function syntaxError(name: string, document: DocumentText, error: YAMLException): ManifestError {
  const { line, column } = placeOf(document, error);
  const snippet = snippetOf(document, { line, column });
  return new ManifestError(`error parsing ${name}: error converting YAML to JSON: yaml: line ${line}: column ${column}: ${explain(error.reason)}${snippet}`, {
    cause: error,
  });
}

const EXPECTED: Readonly<Record<string, string>> = {
  'deficient indentation': 'expected more indentation, or the end of a bracket, brace or quote that is still open',
  'bad indentation of a mapping entry': 'expected the key to line up with the keys around it (a value that holds ": " needs quotes)',
  'end of the stream or a document separator is expected': 'expected a key that lines up with the keys above, or "---"',
  'bad indentation of a sequence entry': 'expected the "-" to line up with the "-" above',
};

function explain(reason: string): string {
  const expected = EXPECTED[reason];
  return expected === undefined ? reason : `${reason}: ${expected}`;
}

function duplicateText(name: string, document: DocumentText, error: YAMLException): string {
  const { line, column } = placeOf(document, error);
  const key = document.text.split('\n')[line - document.line]?.slice(column - 1).split(':')[0] ?? '';
  return `${name}: line ${line}: column ${column}: duplicate key ${quoted(key.trim())}: the last one counts`;
}

function placeOf(document: DocumentText, { mark }: YAMLException): { readonly line: number; readonly column: number } {
  return { line: document.line + (mark?.line ?? 0), column: (mark?.column ?? 0) + 1 };
}

/** The line that is wrong, the one before it, and a mark under the place. */
function snippetOf(document: DocumentText, { line, column }: { readonly line: number; readonly column: number }): string {
  const lines = document.text.split('\n');
  const at = line - document.line;
  const shown = [at - 1, at].filter((index) => index >= 0 && lines[index] !== undefined);
  const width = String(line).length;
  const numbered = shown.map((index) => `  ${String(document.line + index).padStart(width)} | ${lines[index]!.replaceAll('\t', '→').trimEnd()}`);
  return numbered.length === 0 ? '' : `\n${numbered.join('\n')}\n  ${' '.repeat(width)} | ${' '.repeat(column - 1)}^`;
}

function addValue(reading: Reading, value: unknown, source: Source): void {
  if (value === null) return;
  if (typeof value !== 'object' || Array.isArray(value)) {
    const got = Array.isArray(value) ? 'a list' : `the ${typeof value} ${compactJson(value).slice(0, 60)}`;
    throw new ManifestError(`unable to decode ${quoted(source.name)}: expected an object with apiVersion and kind at line ${source.line}, got ${got}`);
  }
  const { kind, items } = value as { readonly kind?: unknown; readonly items?: unknown };
  if (typeof kind === 'string' && kind.endsWith('List') && Array.isArray(items)) addItems(reading, value as ListValue, source);
  else reading.manifests.push({ object: checkObject(value, source), source });
}

interface ListValue {
  readonly apiVersion?: unknown;
  readonly kind: string;
  readonly items: readonly unknown[];
}

/** Items of a JobList need not say that they are Jobs. */
function addItems(reading: Reading, list: ListValue, source: Source): void {
  const itemKind = list.kind.slice(0, -'List'.length);
  for (const [index, item] of list.items.entries()) {
    const typed = typeof item === 'object' && item !== null && itemKind !== '' ? { apiVersion: list.apiVersion, kind: itemKind, ...item } : item;
    try {
      addValue(reading, typed, { ...source, path: [...source.path, 'items', index] });
    } catch (error) {
      if (!(error instanceof ManifestError)) throw error;
      reading.errors.push(error);
    }
  }
}

function checkObject(value: object, source: Source): Manifest['object'] {
  const { apiVersion, kind } = value as { readonly apiVersion?: unknown; readonly kind?: unknown };
  for (const [field, given] of [['Kind', kind], ['apiVersion', apiVersion]] as const) {
    if (typeof given === 'string' && given !== '') continue;
    const where = source.line > 1 ? ` (the document at line ${source.line})` : '';
    throw new ManifestError(`unable to decode ${quoted(source.name)}: Object '${field}' is missing in '${compactJson(value)}'${where}`);
  }
  const problem = metadataProblem(value as { readonly metadata?: unknown });
  if (problem !== undefined) {
    const place = positionOf(source, problem.path);
    const where = place === undefined ? '' : ` (line ${place.line}${problem.quotable ? ': put the value in quotes' : ''})`;
    throw new ManifestError(`unable to decode ${quoted(source.name)}: ${problem.text}${where}`);
  }
  return value as Manifest['object'];
}
