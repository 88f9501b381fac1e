// get -w: the list first (unless --watch-only), then every change as it comes.
import type { KubeObject } from '../../api/object.ts';
import type { CliContext } from '../context.ts';
import type { PrintObject } from '../printers/object-printer.ts';
import { renderTable, type ColumnDefinition, type Table, type TableOptions } from '../printers/table.ts';
import { asTable, fetchObjects, fetchTable, watchChanges, type Query } from './fetch.ts';

export interface WatchOptions {
  readonly query: Query;
  readonly table: TableOptions;
  /** Absent: tables. */
  readonly printer: PrintObject | undefined;
  readonly watchOnly: boolean;
  readonly showEvents: boolean;
}

export async function watchAndPrint(context: CliContext, options: WatchOptions): Promise<void> {
  await (options.printer === undefined ? watchTables(context, options) : watchObjects(context, options.printer, options));
}

async function watchTables(context: CliContext, options: WatchOptions): Promise<void> {
  const client = await context.client();
  const remembered: number[] = [];
  let noHeaders = options.table.noHeaders === true;
  let columns: readonly ColumnDefinition[] = [];
  const print = async (table: Table, eventType: string): Promise<void> => {
    if (table.columnDefinitions.length > 0) columns = table.columnDefinitions;
    const text = renderTable(
      { ...table, columnDefinitions: columns },
      { ...options.table, noHeaders, remembered, ...(options.showEvents ? { eventType } : {}) },
    );
    if (text !== '') noHeaders = true;
    await context.out.write(text);
  };
  const listed = await fetchTable(client, options.query);
  columns = listed.columnDefinitions;
  if (!options.watchOnly) await print(listed, 'ADDED');
  const resourceVersion = listed.metadata?.resourceVersion ?? listed.rows[0]?.object?.metadata?.resourceVersion;
  await follow(context, { ...options, resourceVersion, asTable: true }, (type, value) => print(asTable(value), type));
}

async function watchObjects(context: CliContext, printer: PrintObject, options: WatchOptions): Promise<void> {
  const { items, resourceVersion } = await fetchObjects(await context.client(), options.query);
  const print = (object: unknown, type: string): Promise<void> =>
    context.out.write(printer(options.showEvents ? { object, type } : object));
  if (!options.watchOnly) {
    if (options.showEvents || options.query.name !== undefined) for (const item of items) await print(item, 'ADDED');
    else for (const item of items) await context.out.write(printer(item));
  }
  await follow(context, { ...options, resourceVersion, asTable: false }, (type, value) => print(value, type));
}

interface FollowOptions {
  readonly query: Query;
  readonly resourceVersion: string | undefined;
  readonly asTable: boolean;
}

/** Watches again from the last version seen when the server ends a watch in good order. */
async function follow(
  context: CliContext,
  { query, resourceVersion, asTable: tables }: FollowOptions,
  show: (type: string, value: unknown) => Promise<void>,
): Promise<void> {
  const client = await context.client();
  let version = resourceVersion;
  while (!context.signal.aborted) {
    const changes = watchChanges(client, query, { resourceVersion: version, asTable: tables, signal: context.signal });
    for await (const { type, object } of changes) {
      version = versionOf(object) ?? version;
      if (type !== 'BOOKMARK') await show(type, object);
    }
  }
}

function versionOf(value: unknown): string | undefined {
  const table = value as Partial<Table> & KubeObject;
  return table.kind === 'Table' ? table.rows?.[0]?.object?.metadata?.resourceVersion : table.metadata?.resourceVersion;
}

