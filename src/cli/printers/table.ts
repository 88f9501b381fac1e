// pure: server-side Tables as kubectl prints them.
import { labelsText } from '../../api/labels-text.ts';
import type { ObjectMeta } from '../../api/generated/types.ts';
import { alignTabs, TABLE_ALIGNMENT } from './tab-align.ts';

export interface Table {
  readonly kind: 'Table';
  readonly metadata?: { readonly resourceVersion?: string; readonly continue?: string; readonly remainingItemCount?: number };
  readonly columnDefinitions: readonly ColumnDefinition[];
  readonly rows: readonly TableRow[];
}

export interface ColumnDefinition {
  readonly name: string;
  readonly type?: string;
  readonly format?: string;
  readonly priority?: number;
}

export interface TableRow {
  readonly cells: readonly unknown[];
  readonly object?: { readonly apiVersion?: string; readonly kind?: string; readonly metadata?: ObjectMeta };
}

export interface TableOptions {
  readonly wide?: boolean;
  readonly noHeaders?: boolean;
  /** "pod", "job.batch": put before every name. */
  readonly kindPrefix?: string;
  readonly withNamespace?: boolean;
  readonly labelColumns?: readonly string[];
  readonly showLabels?: boolean;
  /** First column of `--output-watch-events`. */
  readonly eventType?: string;
  /** Widths kept from one piece of a watch to the next. */
  readonly remembered?: number[];
}

/** Empty for a table without rows: kubectl prints no headers then. */
export function renderTable(table: Table, options: TableOptions): string {
  if (table.rows.length === 0) return '';
  const visible = table.columnDefinitions.map((column) => options.wide === true || (column.priority ?? 0) === 0);
  const lines: string[] = [];
  if (options.noHeaders !== true) lines.push(headers(table, { visible, options }).join('\t'));
  for (const row of table.rows) lines.push(cellsOf(row, { table, visible, options }).join('\t'));
  return alignTabs(`${lines.join('\n')}\n`, { ...TABLE_ALIGNMENT, remembered: options.remembered });
}

interface Shape {
  readonly visible: readonly boolean[];
  readonly options: TableOptions;
}

function headers(table: Table, { visible, options }: Shape): string[] {
  return [
    ...(options.eventType === undefined ? [] : ['EVENT']),
    ...(options.withNamespace === true ? ['NAMESPACE'] : []),
    ...table.columnDefinitions.filter((_, index) => visible[index]).map((column) => column.name.toUpperCase()),
    ...(options.labelColumns ?? []).map((label) => label.slice(label.lastIndexOf('/') + 1).toUpperCase()),
    ...(options.showLabels === true ? ['LABELS'] : []),
  ];
}

function cellsOf(row: TableRow, { table, visible, options }: Shape & { readonly table: Table }): string[] {
  const meta = row.object?.metadata;
  const nameColumn = Math.max(table.columnDefinitions.findIndex((column) => column.format === 'name'), 0);
  const prefix = options.kindPrefix === undefined ? '' : `${options.kindPrefix}/`;
  return [
    ...(options.eventType === undefined ? [] : [options.eventType]),
    ...(options.withNamespace === true ? [meta?.namespace ?? ''] : []),
    ...row.cells.flatMap((cell, index) => (visible[index] ? [(index === nameColumn ? prefix : '') + cellText(cell)] : [])),
    ...(options.labelColumns ?? []).map((label) => meta?.labels?.[label] ?? ''),
    ...(options.showLabels === true ? [labelsText(meta?.labels)] : []),
  ];
}

/** Only the first line of a cell is shown, and nothing that could steer the terminal. */
export function cellText(cell: unknown): string {
  if (cell === null || cell === undefined) return '';
  const text = typeof cell === 'object' ? JSON.stringify(cell) : String(cell);
  const end = text.search(/[\f\n\r]/);
  return (end < 0 ? text : `${text.slice(0, end)}...`).replaceAll('\u001b', '^[').replaceAll('\t', '\\t');
}
