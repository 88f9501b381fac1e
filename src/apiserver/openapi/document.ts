// pure: /openapi/v3: an index of documents, one a group and version, made when first asked for.
import { apiVersionOf, RESOURCES, type Resource } from '../../api/kinds.ts';
import { resourcePaths } from './paths.ts';
import { schemasFor, type GroupVersionKind } from './schemas.ts';

const documents = new Map<string, { readonly document: object; readonly hash: string }>();

export function openApiIndex(): object {
  const keys = [...new Set(RESOURCES.map(documentKey))].sort();
  return {
    paths: Object.fromEntries(keys.map((key) => [key, { serverRelativeURL: `/openapi/v3/${key}?hash=${documentOf(key).hash}` }])),
  };
}

export function openApiDocument(group: string, version: string): object | undefined {
  const key = group === '' ? `api/${version}` : `apis/${group}/${version}`;
  return RESOURCES.some((row) => documentKey(row) === key) ? documentOf(key).document : undefined;
}

function documentKey(row: Resource): string {
  return row.group === '' ? `api/${row.version}` : `apis/${apiVersionOf(row)}`;
}

function documentOf(key: string): { readonly document: object; readonly hash: string } {
  const known = documents.get(key);
  if (known !== undefined) return known;
  const rows = RESOURCES.filter((row) => documentKey(row) === key);
  const roots = new Map<string, readonly GroupVersionKind[]>([
    ...rows.map((row) => [row.model, [kindOf(row)]] as const),
    ['V1DeleteOptions', rows.map((row) => ({ group: row.group, version: row.version, kind: 'DeleteOptions' })).slice(0, 1)],
    ['V1Status', [{ group: '', version: 'v1', kind: 'Status' }]],
  ]);
  const document = {
    openapi: '3.0.0',
    info: { title: 'Kubernetes', version: 'unversioned' },
    paths: Object.assign({}, ...rows.map(resourcePaths)) as object,
    components: { schemas: schemasFor(roots) },
  };
  const made = { document, hash: hashOf(JSON.stringify(document)) };
  documents.set(key, made);
  return made;
}

export function kindOf(row: Resource): GroupVersionKind {
  return { group: row.group, version: row.version, kind: row.kind };
}

/** FNV-1a: clients only compare it to know whether their cached document still holds. */
function hashOf(text: string): string {
  let hash = 0xcbf29ce484222325n;
  for (let at = 0; at < text.length; at += 1) hash = BigInt.asUintN(64, (hash ^ BigInt(text.charCodeAt(at))) * 0x100000001b3n);
  return hash.toString(16).toUpperCase().padStart(16, '0');
}
