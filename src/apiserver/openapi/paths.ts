// pure: the operations on a resource as OpenAPI paths. Clients read from them which parameters a verb knows
// (fieldValidation, dryRun) and which kind a path is about.
import { resourcePath, type Resource } from '../../api/kinds.ts';
import { schemaReference } from './schema-names.ts';

type Action = 'list' | 'post' | 'deletecollection' | 'get' | 'put' | 'patch' | 'delete';

const WRITES = ['dryRun', 'fieldManager', 'fieldValidation'];
const LISTS = ['allowWatchBookmarks', 'continue', 'fieldSelector', 'labelSelector', 'limit', 'resourceVersion', 'resourceVersionMatch', 'sendInitialEvents', 'timeoutSeconds', 'watch'];
const PARAMETERS: Readonly<Record<Action, readonly string[]>> = {
  list: LISTS,
  post: WRITES,
  deletecollection: [...LISTS, 'dryRun', 'gracePeriodSeconds', 'propagationPolicy'],
  get: [],
  put: WRITES,
  patch: WRITES,
  delete: ['dryRun', 'gracePeriodSeconds', 'propagationPolicy'],
};

export function resourcePaths(row: Resource): Record<string, object> {
  const collection = unescaped(resourcePath(row, { namespace: '{namespace}' }));
  const object = unescaped(resourcePath(row, { namespace: '{namespace}', name: '{name}' }));
  const everywhere: Record<string, object> = row.namespaced ? { [resourcePath(row)]: { get: operation(row, 'list') } } : {};
  return {
    ...everywhere,
    [collection]: {
      get: operation(row, 'list'),
      post: operation(row, 'post'),
      delete: operation(row, 'deletecollection'),
      parameters: pathParameters(collection),
    },
    [object]: {
      get: operation(row, 'get'),
      put: operation(row, 'put'),
      patch: operation(row, 'patch'),
      delete: operation(row, 'delete'),
      parameters: pathParameters(object),
    },
  };
}

function operation(row: Resource, action: Action): object {
  const body = action === 'post' || action === 'put' ? { requestBody: { content: { 'application/json': { schema: schemaReference(row.model) } } } } : {};
  const patchBody = {
    requestBody: {
      content: Object.fromEntries(
        ['application/json-patch+json', 'application/merge-patch+json', 'application/strategic-merge-patch+json'].map((type) => [type, { schema: { type: 'object' } }]),
      ),
    },
  };
  return {
    operationId: `${action}${row.group}${row.version}${row.kind}`,
    parameters: PARAMETERS[action].map((name) => ({ name, in: 'query', schema: { type: 'string', uniqueItems: true } })),
    ...(action === 'patch' ? patchBody : body),
    responses: { 200: { description: 'OK', content: { 'application/json': { schema: schemaReference(action === 'delete' || action === 'deletecollection' ? 'V1Status' : row.model) } } } },
    'x-kubernetes-action': action,
    'x-kubernetes-group-version-kind': { group: row.group, version: row.version, kind: row.kind },
  };
}

function pathParameters(path: string): object[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({ name, in: 'path', required: true, schema: { type: 'string', uniqueItems: true } }));
}

function unescaped(path: string): string {
  return path.replace(/%7B/g, '{').replace(/%7D/g, '}');
}
