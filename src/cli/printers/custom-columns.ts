// pure: -o custom-columns=NAME:.metadata.name,IMAGE:.spec.containers[*].image
import { UsageError } from '../context.ts';
import { findAll, valueText } from './jsonpath.ts';
import { parseRelaxedPath, type JsonPath } from './jsonpath-parser.ts';
import { alignTabs, TABLE_ALIGNMENT } from './tab-align.ts';

export interface CustomColumn {
  readonly header: string;
  readonly path: readonly JsonPath[];
}

export function parseCustomColumns(spec: string): CustomColumn[] {
  if (spec === '') throw new UsageError('custom-columns format specified but no custom columns given');
  return spec.split(',').map((part) => {
    const colon = part.indexOf(':');
    if (colon < 0) throw new UsageError(`unexpected custom-columns spec: ${part}, expected <header>:<json-path-expr>`);
    return column(part.slice(0, colon), part.slice(colon + 1));
  });
}

/** The form of custom-columns-file: headers on the first line, paths under them on the second. */
export function parseCustomColumnsFile(text: string): CustomColumn[] {
  const [headers, paths] = text.split('\n').map((line) => line.trim().split(/\s+/));
  if (headers === undefined || paths === undefined || headers.length !== paths.length) {
    throw new UsageError('number of headers and field specifications do not match, expecting a line of headers and a line of paths');
  }
  return headers.map((header, index) => column(header, paths[index]!));
}

export function renderCustomColumns(
  columns: readonly CustomColumn[],
  objects: readonly unknown[],
  options: { readonly noHeaders: boolean; readonly remembered?: number[] },
): string {
  const lines = options.noHeaders ? [] : [columns.map((one) => one.header).join('\t')];
  for (const object of objects) lines.push(columns.map((one) => cell(one, object)).join('\t'));
  return lines.length === 0 ? '' : alignTabs(`${lines.join('\n')}\n`, { ...TABLE_ALIGNMENT, remembered: options.remembered });
}

function column(header: string, path: string): CustomColumn {
  return { header, path: parseRelaxedPath(path) };
}

function cell({ path }: CustomColumn, object: unknown): string {
  const values = findAll(path, object, { allowMissingKeys: true });
  if (values.length === 0) return '<none>';
  return values.map((value) => (value === null || value === undefined ? '<none>' : columnText(value))).join(',');
}

/** Maps and lists are printed as Go prints them: map[a:1 b:2], [x y]. */
function columnText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(columnText).join(' ')}]`;
  if (typeof value !== 'object' || value === null) return valueText(value);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `map[${entries.map(([key, inner]) => `${key}:${columnText(inner)}`).join(' ')}]`;
}
