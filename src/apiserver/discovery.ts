// pure: what the server tells clients about its groups and resources, in the plain and the aggregated form.
import { apiVersionOf, SERVED, type Resource } from '../api/kinds.ts';
import { servedGroups } from './parse-path.ts';

interface SubresourceRow {
  readonly verbs: readonly string[];
  /** Kind of the body when it is not the resource's own. */
  readonly kind?: string;
  /** Behind the kind of the resource: PodProxyOptions. */
  readonly kindSuffix?: string;
  readonly group?: string;
  readonly version?: string;
}

const SUBRESOURCES: Record<string, SubresourceRow> = {
  status: { verbs: ['get', 'patch', 'update'] },
  ephemeralcontainers: { verbs: ['get', 'patch', 'update'] },
  resize: { verbs: ['get', 'patch', 'update'] },
  log: { verbs: ['get'] },
  binding: { verbs: ['create'], kind: 'Binding' },
  eviction: { verbs: ['create'], kind: 'Eviction', group: 'policy', version: 'v1' },
  exec: { verbs: ['create', 'get'], kind: 'PodExecOptions' },
  attach: { verbs: ['create', 'get'], kind: 'PodAttachOptions' },
  portforward: { verbs: ['create', 'get'], kind: 'PodPortForwardOptions' },
  proxy: { verbs: ['create', 'delete', 'get', 'patch', 'update'], kindSuffix: 'ProxyOptions' },
  finalize: { verbs: ['update'] },
  token: { verbs: ['create'], kind: 'TokenRequest', group: 'authentication.k8s.io', version: 'v1' },
};

export function apiVersions(serverAddress: string): object {
  return {
    kind: 'APIVersions',
    versions: ['v1'],
    serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress }],
  };
}

export function apiGroupList(): object {
  return { kind: 'APIGroupList', apiVersion: 'v1', groups: servedGroups().map(groupOf) };
}

export function apiGroup(group: string): object | undefined {
  if (!servedGroups().includes(group)) return undefined;
  return { kind: 'APIGroup', apiVersion: 'v1', ...groupOf(group) };
}

export function apiResourceList(group: string, version: string): object | undefined {
  const rows = rowsOf(group, version);
  if (rows.length === 0) return undefined;
  return {
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion: apiVersionOf(rows[0]!),
    resources: rows.flatMap((row) => [plainRow(row), ...row.subresources.map((name) => plainSubresource(row, name))]),
  };
}

/** /api or /apis in the aggregated form of apidiscovery.k8s.io. */
export function aggregatedDiscovery(root: 'api' | 'apis', version: 'v2' | 'v2beta1'): object {
  const groups = root === 'api' ? [''] : servedGroups();
  return {
    kind: 'APIGroupDiscoveryList',
    apiVersion: `apidiscovery.k8s.io/${version}`,
    metadata: {},
    items: groups.map((group) => ({
      metadata: { ...(group === '' ? {} : { name: group }), creationTimestamp: null },
      versions: versionsOf(group).map((name) => ({
        version: name,
        resources: rowsOf(group, name).map(aggregatedRow),
        freshness: 'Current',
      })),
    })),
  };
}

function groupOf(group: string): object {
  const versions = versionsOf(group).map((version) => ({ groupVersion: `${group}/${version}`, version }));
  return { name: group, versions, preferredVersion: versions[0] };
}

function versionsOf(group: string): string[] {
  return [...new Set(SERVED.filter((row) => row.group === group).map((row) => row.version))];
}

function rowsOf(group: string, version: string): Resource[] {
  return SERVED.filter((row) => row.group === group && row.version === version);
}

function plainRow(row: Resource): object {
  return {
    name: row.plural,
    singularName: row.singular,
    namespaced: row.namespaced,
    kind: row.kind,
    verbs: row.verbs,
    ...(row.shortNames.length === 0 ? {} : { shortNames: row.shortNames }),
    ...(row.categories.length === 0 ? {} : { categories: row.categories }),
  };
}

function plainSubresource(row: Resource, name: string): object {
  const { verbs, kindSuffix = '', kind = row.kind + kindSuffix, group, version } = SUBRESOURCES[name]!;
  return {
    name: `${row.plural}/${name}`,
    singularName: '',
    namespaced: row.namespaced,
    ...(group === undefined ? {} : { group, version }),
    kind,
    verbs,
  };
}

function aggregatedRow(row: Resource): object {
  return {
    resource: row.plural,
    responseKind: { group: row.group, version: row.version, kind: row.kind },
    scope: row.namespaced ? 'Namespaced' : 'Cluster',
    singularResource: row.singular,
    verbs: row.verbs,
    ...(row.shortNames.length === 0 ? {} : { shortNames: row.shortNames }),
    ...(row.categories.length === 0 ? {} : { categories: row.categories }),
    ...(row.subresources.length === 0 ? {} : { subresources: row.subresources.map((name) => aggregatedSubresource(row, name)) }),
  };
}

function aggregatedSubresource(row: Resource, name: string): object {
  const { verbs, kindSuffix = '', kind = row.kind + kindSuffix, group = row.group, version = row.version } = SUBRESOURCES[name]!;
  return { subresource: name, responseKind: { group, version, kind }, verbs };
}
