// pure: /openapi/v3: an index of documents, one a group and version, made when first asked for.
import { apiVersionOf, SERVED, type Resource } from '../../api/kinds.ts';
import { resourcePaths } from './paths.ts';
import { schemasFor, type GroupVersionKind } from './schemas.ts';

export interface OpenApiDocument {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string };
  readonly paths: Readonly<Record<string, object>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

interface Made {
  readonly document: OpenApiDocument;
  readonly hash: string;
}

/** Nothing changes while the program runs, so each is made once. */
const documents = new Map<string, Made>();

export function openApiIndex(): object {
  return {
    paths: Object.fromEntries(documentKeys().map((key) => [key, { serverRelativeURL: `/openapi/v3/${key}?hash=${documentOf(key).hash}` }])),
  };
}

export function allOpenApiDocuments(): readonly OpenApiDocument[] {
  return documentKeys().map((key) => documentOf(key).document);
}

function documentKeys(): string[] {
  return [...new Set(SERVED.map(documentKey))].sort();
}

export function openApiDocument(group: string, version: string): OpenApiDocument | undefined {
  const key = group === '' ? `api/${version}` : `apis/${group}/${version}`;
  return SERVED.some((row) => documentKey(row) === key) ? documentOf(key).document : undefined;
}

function documentKey(row: Resource): string {
  return row.group === '' ? `api/${row.version}` : `apis/${apiVersionOf(row)}`;
}

function documentOf(key: string): Made {
  const known = documents.get(key);
  if (known !== undefined) return known;
  const document = makeDocument(SERVED.filter((row) => documentKey(row) === key));
  const made = { document, hash: hashOf(JSON.stringify(document)) };
  documents.set(key, made);
  return made;
}

/** Of the resources of one group and version. */
function makeDocument(rows: readonly Resource[]): OpenApiDocument {
  const { group, version } = rows[0]!;
  const models = new Map<string, readonly GroupVersionKind[]>([
    ...rows.map((row) => [row.model, [kindOf(row)]] as const),
    ['V1DeleteOptions', [{ group, version, kind: 'DeleteOptions' }]],
    ['V1Status', [{ group: '', version: 'v1', kind: 'Status' }]],
  ]);
  const lists = new Map(rows.map((row) => [row.model, { group, version, kind: `${row.kind}List` }]));
  return {
    openapi: '3.0.0',
    info: { title: 'Kubernetes', version: 'unversioned' },
    paths: Object.assign({}, ...rows.map(resourcePaths)) as Record<string, object>,
    components: { schemas: schemasFor({ models, lists }) },
  };
}

function kindOf({ group, version, kind }: Resource): GroupVersionKind {
  return { group, version, kind };
}

/** Two FNV-1a side by side: clients only compare it to know whether their cached document still holds. */
function hashOf(text: string): string {
  let first = 0x811c9dc5;
  let second = 0x2c5d1f3b;
  for (let at = 0; at < text.length; at += 1) {
    first = Math.imul(first ^ text.charCodeAt(at), 0x01000193);
    second = Math.imul(second ^ text.charCodeAt(at), 0x01000193);
  }
  return [first, second].map((half) => (half >>> 0).toString(16).toUpperCase().padStart(8, '0')).join('');
}
