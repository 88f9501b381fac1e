// Reads what a get asks for: Tables for people, objects for machines; long lists in chunks.
import type { Status } from '../../api/generated/types.ts';
import { resourcePath, type Resource } from '../../api/kinds.ts';
import type { KubeObject } from '../../api/object.ts';
import { StatusError } from '../../api/status-error.ts';
import type { WatchEvent } from '../../api/wire.ts';
import type { Client } from '../../client/client.ts';
import { readValue, watchEvents } from '../../client/response-body.ts';
import type { Table, TableRow } from '../printers/table.ts';

export interface Query {
  readonly resource: Resource;
  /** '' for all namespaces. */
  readonly namespace: string;
  readonly name?: string;
  readonly subresource?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  readonly chunkSize: number;
  /** Tables carry whole objects instead of their metadata (for --sort-by). */
  readonly wholeObjects?: boolean;
}

const TABLE = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json';

export async function fetchTable(client: Client, query: Query): Promise<Table> {
  let table = await tableRequest(client, query, undefined);
  const first = table;
  const rows: TableRow[] = [...table.rows];
  while ((table.metadata?.continue ?? '') !== '') {
    table = await tableRequest(client, query, table.metadata?.continue);
    rows.push(...table.rows);
  }
  return { ...first, rows, metadata: table.metadata };
}

async function tableRequest(client: Client, query: Query, from: string | undefined): Promise<Table> {
  const { body } = await client.request({ path: pathOf(query), query: parameters(query, from), headers: { accept: TABLE } });
  return asTable(await readValue(body));
}

/** One object for a name, the items of the list otherwise; all whole, with apiVersion and kind. */
export async function fetchObjects(client: Client, query: Query): Promise<{ readonly items: KubeObject[]; readonly resourceVersion?: string }> {
  if (query.name !== undefined) {
    const { body } = await client.request({ path: pathOf(query), query: parameters(query, undefined) });
    const object = (await readValue(body)) as KubeObject;
    return { items: [object], resourceVersion: object.metadata?.resourceVersion };
  }
  const items: KubeObject[] = [];
  let next: string | undefined;
  for (;;) {
    const page = await client.list(query.resource as Resource<KubeObject>, {
      namespace: query.namespace,
      labelSelector: query.labelSelector,
      fieldSelector: query.fieldSelector,
      limit: query.chunkSize > 0 ? query.chunkSize : undefined,
      continue: next,
    });
    items.push(...page.items);
    next = page.metadata.continue;
    if (next === undefined || next === '') return { items, resourceVersion: page.metadata.resourceVersion };
  }
}

export interface WatchFrom {
  readonly resourceVersion: string | undefined;
  readonly asTable: boolean;
  readonly signal: AbortSignal;
}

/** The changes after a resourceVersion, each a Table of one row or an object. Bookmarks are kept in. */
export async function* watchChanges(client: Client, query: Query, from: WatchFrom): AsyncGenerator<WatchEvent> {
  const { name } = query;
  const { body } = await client.request({
    path: resourcePath(query.resource, { namespace: query.namespace }),
    query: {
      watch: 'true',
      resourceVersion: from.resourceVersion,
      labelSelector: query.labelSelector,
      fieldSelector: name === undefined ? query.fieldSelector : `metadata.name=${name}`,
    },
    headers: from.asTable ? { accept: TABLE } : undefined,
    signal: from.signal,
  });
  for await (const event of watchEvents(body)) {
    if (event.type === 'ERROR') throw new StatusError(event.object as Status);
    yield event;
  }
}

function pathOf({ resource, namespace, name, subresource }: Query): string {
  return resourcePath(resource, { namespace, name, subresource });
}

function parameters(query: Query, from: string | undefined): Record<string, string | undefined> {
  const includeObject = query.wholeObjects === true ? 'Object' : undefined;
  if (query.name !== undefined) return { includeObject };
  return {
    labelSelector: query.labelSelector,
    fieldSelector: query.fieldSelector,
    limit: query.chunkSize > 0 ? String(query.chunkSize) : undefined,
    continue: from,
    includeObject,
  };
}

/** A server that knows no Tables sends the objects: names and nothing else can be shown. */
export function asTable(value: unknown): Table {
  const { kind, items } = value as { readonly kind?: string; readonly items?: readonly KubeObject[] };
  if (kind === 'Table') {
    const table = value as Table;
    return { ...table, columnDefinitions: table.columnDefinitions ?? [], rows: table.rows ?? [] };
  }
  const objects = items ?? [value as KubeObject];
  return {
    kind: 'Table',
    metadata: (value as KubeObject).metadata,
    columnDefinitions: [{ name: 'Name', format: 'name' }],
    rows: objects.map((object) => ({ cells: [object.metadata?.name], object })),
  };
}
