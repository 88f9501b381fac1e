// pure: the operations on a resource as OpenAPI paths. Clients read from them which parameters a verb knows
// (fieldValidation, dryRun) and which kind a path is about.
import { resourcePath, type Resource } from '../../api/kinds.ts';
import { listSchemaName, reference, schemaName } from './schema-names.ts';

type Action = 'list' | 'post' | 'deletecollection' | 'get' | 'put' | 'patch' | 'delete';

const WRITES = ['dryRun', 'fieldManager', 'fieldValidation'];
const LISTS = ['allowWatchBookmarks', 'continue', 'fieldSelector', 'labelSelector', 'limit', 'resourceVersion', 'resourceVersionMatch', 'sendInitialEvents', 'timeoutSeconds', 'watch'];
const DELETES = ['dryRun', 'gracePeriodSeconds', 'propagationPolicy'];
const PARAMETERS: Readonly<Record<Action, readonly string[]>> = {
  list: LISTS,
  post: WRITES,
  deletecollection: [...LISTS, ...DELETES],
  get: [],
  put: WRITES,
  patch: WRITES,
  delete: DELETES,
};
const TYPES: Readonly<Record<string, string>> = {
  allowWatchBookmarks: 'boolean',
  gracePeriodSeconds: 'integer',
  limit: 'integer',
  sendInitialEvents: 'boolean',
  timeoutSeconds: 'integer',
  watch: 'boolean',
};
const PATCHES = ['application/json-patch+json', 'application/merge-patch+json', 'application/strategic-merge-patch+json'];

export function resourcePaths(row: Resource): Record<string, object> {
  const collection = templated(row, {});
  const object = templated(row, { name: '{name}' });
  return {
    ...(row.namespaced ? { [resourcePath(row)]: { get: operation(row, 'list') } } : {}),
    [collection]: pathItem(row, collection, served(row, ['get:list', 'post:post', 'delete:deletecollection'])),
    [object]: pathItem(row, object, served(row, ['get:get', 'put:put', 'patch:patch', 'delete:delete'])),
    ...(row.subresources.includes('status') ? { [`${object}/status`]: pathItem(row, `${object}/status`, ['get:get', 'put:put', 'patch:patch']) } : {}),
  };
}

type Method = `${string}:${Action}`;

function served(row: Resource, methods: readonly Method[]): readonly Method[] {
  const names: Partial<Record<Action, string>> = { post: 'create', put: 'update' };
  return methods.filter((method) => {
    const action = method.split(':')[1] as Action;
    return row.verbs.includes(names[action] ?? action);
  });
}

/** "/apis/batch/v1/namespaces/{namespace}/jobs/{name}" */
function templated(row: Resource, at: { readonly name?: string }): string {
  return resourcePath(row, { namespace: '{namespace}', ...at })
    .replaceAll('%7B', '{')
    .replaceAll('%7D', '}');
}

function pathItem(row: Resource, path: string, methods: readonly Method[]): object {
  const operations = methods.map((pair) => {
    const [method, action] = pair.split(':') as [string, Action];
    return [method, operation(row, action)] as const;
  });
  const parameters = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({ name, in: 'path', required: true, schema: { type: 'string', uniqueItems: true } }));
  return { ...Object.fromEntries(operations), parameters };
}

function operation(row: Resource, action: Action): object {
  return {
    parameters: PARAMETERS[action].map((name) => ({ name, in: 'query', schema: { type: TYPES[name] ?? 'string', uniqueItems: true } })),
    ...requestBody(row, action),
    responses: { 200: { description: 'OK', content: { 'application/json': { schema: reference(replyName(row, action)) } } } },
    'x-kubernetes-action': action,
    'x-kubernetes-group-version-kind': { group: row.group, version: row.version, kind: row.kind },
  };
}

function requestBody(row: Resource, action: Action): object {
  const content = (types: readonly string[], schema: object): object => ({ requestBody: { content: Object.fromEntries(types.map((type) => [type, { schema }])) } });
  switch (action) {
    case 'post':
    case 'put':
      return content(['application/json', 'application/yaml'], reference(schemaName(row.model)));
    case 'patch':
      return content(PATCHES, { type: 'object' });
    case 'delete':
    case 'deletecollection':
      return content(['application/json', 'application/yaml'], reference(schemaName('V1DeleteOptions')));
    case 'list':
    case 'get':
      return {};
  }
}

function replyName(row: Resource, action: Action): string {
  if (action === 'delete' || action === 'deletecollection') return schemaName('V1Status');
  return action === 'list' ? listSchemaName(row.model) : schemaName(row.model);
}
