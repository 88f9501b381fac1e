// pure: which resource, namespace, name and subresource a path means.
import { findResource, SERVED, type Resource } from '../api/kinds.ts';

export type ParsedPath =
  | {
      readonly type: 'resource';
      readonly resource: Resource;
      /** '' for cluster-scoped resources and for all namespaces. */
      readonly namespace: string;
      /** '' for the collection. */
      readonly name: string;
      /** '' for the object itself. */
      readonly subresource: string;
      /** The old /watch/ prefix. */
      readonly watch: boolean;
    }
  | { readonly type: 'other' };

const OTHER: ParsedPath = { type: 'other' };

export function parsePath(path: string): ParsedPath {
  const segments = path.split('/').filter((segment) => segment !== '');
  const root = segments.shift();
  if (root !== 'api' && root !== 'apis') return OTHER;
  const group = root === 'api' ? '' : (segments.shift() ?? '');
  const version = segments.shift() ?? '';
  const watch = segments[0] === 'watch';
  if (watch) segments.shift();
  const decoded = segments.map(decodeSegment);
  if (decoded.includes(undefined)) return OTHER;
  const at = locate(group, version, decoded as string[]);
  return at === undefined ? OTHER : { type: 'resource', watch, ...at };
}

/** "namespaces/x" is an object, "namespaces/x/pods" a collection in it, "namespaces/x/status" a subresource. */
function locate(group: string, version: string, segments: readonly string[]): Omit<Extract<ParsedPath, { type: 'resource' }>, 'type' | 'watch'> | undefined {
  const [first = '', second = '', third = ''] = segments;
  if (first === 'namespaces' && segments.length >= 3) {
    const inside = findResource(group, version, third);
    if (inside?.namespaced) return split(inside, second, segments.slice(3));
  }
  const resource = findResource(group, version, first);
  if (resource === undefined) return undefined;
  // A namespaced object is only reached through its namespace.
  if (resource.namespaced && segments.length > 1) return undefined;
  return split(resource, '', segments.slice(1));
}

function split(resource: Resource, namespace: string, rest: readonly string[]): ReturnType<typeof locate> {
  const [name = '', subresource = ''] = rest;
  // What follows a proxy is its backend's path.
  if (rest.length > 2 && subresource !== 'proxy') return undefined;
  if (subresource !== '' && !resource.subresources.includes(subresource)) return undefined;
  return { resource, namespace, name, subresource };
}

function decodeSegment(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}

/** Groups in discovery order, without the core group. */
export function servedGroups(): string[] {
  return [...new Set(SERVED.map((row) => row.group))].filter((group) => group !== '');
}
