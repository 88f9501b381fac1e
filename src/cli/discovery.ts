// What another cluster serves, from its aggregated discovery documents, as rows like those of the kinds table.
import { findResource, type Resource } from '../api/kinds.ts';
import type { Client } from '../client/client.ts';
import { readValue } from '../client/response-body.ts';
import { UsageError } from './context.ts';

const AGGREGATED = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json';

interface GroupList {
  readonly kind?: string;
  readonly items?: readonly {
    readonly metadata?: { readonly name?: string };
    readonly versions?: readonly { readonly version: string; readonly resources?: readonly ResourceEntry[] }[];
  }[];
}

interface ResourceEntry {
  readonly resource: string;
  readonly responseKind?: { readonly kind?: string };
  readonly scope?: string;
  readonly singularResource?: string;
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  readonly verbs?: readonly string[];
  readonly subresources?: readonly { readonly subresource: string }[];
}

/** Every resource of every version, the preferred version of each group first. */
export async function discoverResources(client: Client): Promise<Resource[]> {
  const lists = await Promise.all(['/api', '/apis'].map((path) => groupList(client, path)));
  return lists.flatMap((list) =>
    (list.items ?? []).flatMap((group) =>
      (group.versions ?? []).flatMap(({ version, resources }) =>
        (resources ?? []).map((entry) => knownOr(entry, { group: group.metadata?.name ?? '', version })),
      ),
    ),
  );
}

async function groupList(client: Client, path: string): Promise<GroupList> {
  const { body } = await client.request({ path, headers: { accept: AGGREGATED } });
  const value = (await readValue(body)) as GroupList;
  if (value.kind !== 'APIGroupDiscoveryList') {
    throw new UsageError('this API server has no aggregated discovery (Kubernetes 1.30 or newer has it)');
  }
  return value;
}

/** Verbs that know a kind know it by its row. */
function knownOr(entry: ResourceEntry, at: { readonly group: string; readonly version: string }): Resource {
  return findResource(at.group, at.version, entry.resource) ?? resourceOf(entry, at);
}

function resourceOf(entry: ResourceEntry, at: { readonly group: string; readonly version: string }): Resource {
  const kind = entry.responseKind?.kind ?? '';
  return {
    ...at,
    kind,
    plural: entry.resource,
    singular: entry.singularResource || kind.toLowerCase(),
    shortNames: entry.shortNames ?? [],
    categories: entry.categories ?? [],
    namespaced: entry.scope === 'Namespaced',
    verbs: entry.verbs ?? [],
    subresources: (entry.subresources ?? []).map((one) => one.subresource),
    hasGeneration: false,
    defaultPropagation: 'Background',
    model: '',
  };
}
