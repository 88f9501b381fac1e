// The Client over any transport: builds requests, reads replies, turns error replies into StatusError.
import type { DeleteOptions, Status } from '../api/generated/types.ts';
import { apiVersionOf, resourcePath, type Resource } from '../api/kinds.ts';
import type { KubeObject } from '../api/object.ts';
import { StatusError } from '../api/status-error.ts';
import type { ApiRequest, ApiResponse, WatchEvent } from '../api/wire.ts';
import type { Client, ListQuery, ObjectList, PatchType, RawRequest, Target, WatchQuery, WriteOptions } from './client.ts';
import { TransportError } from './client.ts';
import { readValue, watchEvents } from './response-body.ts';

export type Transport = (request: Omit<ApiRequest, 'user'>) => Promise<ApiResponse>;

export interface RestClientOptions {
  readonly transport: Transport;
  /** Sent as user-agent. */
  readonly userAgent?: string;
  /** Called with the text of each Warning header. */
  readonly onWarning?: (text: string) => void;
}

const PATCH_CONTENT_TYPE: Record<PatchType, string> = {
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  apply: 'application/apply-patch+yaml',
};

export function createRestClient(options: RestClientOptions): Client {
  const send = (request: RawRequest): Promise<ApiResponse> => sendRequest(options, request);
  const call = async <R>(request: RawRequest): Promise<R> => (await readValue((await send(request)).body)) as R;

  return {
    request: send,
    get: (resource, target) => call({ path: resourcePath(resource, target) }),
    list: async (resource, query = {}) => withItemTypes(resource, await call({ path: resourcePath(resource, at(query)), query: listParameters(query) })),
    watch: (resource, query) => watch(send, resource, query),
    create: (resource, object, write = {}) =>
      call({
        method: 'POST',
        path: resourcePath(resource, {
          namespace: object.metadata?.namespace,
          ...(write.subresource === undefined ? {} : { name: write.name ?? object.metadata?.name, subresource: write.subresource }),
        }),
        query: writeParameters(write),
        body: object,
      }),
    update: (resource, object, write = {}) =>
      call({
        method: 'PUT',
        path: resourcePath(resource, { ...targetOf(object), subresource: write.subresource }),
        query: writeParameters(write),
        body: object,
      }),
    updateStatus: (resource, object) =>
      call({ method: 'PUT', path: resourcePath(resource, { ...targetOf(object), subresource: 'status' }), body: object }),
    patch: (resource, target, patch, write = {}) =>
      call({
        method: 'PATCH',
        path: resourcePath(resource, { ...target, subresource: write.subresource }),
        query: writeParameters(write),
        headers: { 'content-type': PATCH_CONTENT_TYPE[patch.type] },
        body: patch.body,
      }),
    delete: (resource, target, deleteOptions) =>
      call({ method: 'DELETE', path: resourcePath(resource, target), body: deleteBody(deleteOptions) }),
    deleteCollection: (resource, query, deleteOptions) =>
      call({ method: 'DELETE', path: resourcePath(resource, at(query)), query: listParameters(query), body: deleteBody(deleteOptions) }),
  };
}

async function sendRequest(options: RestClientOptions, raw: RawRequest): Promise<ApiResponse> {
  const mark = raw.path.indexOf('?');
  const query = new URLSearchParams(mark < 0 ? '' : raw.path.slice(mark + 1));
  for (const [name, value] of Object.entries(raw.query ?? {})) if (value !== undefined) query.set(name, value);
  const response = await options.transport({
    method: raw.method ?? 'GET',
    path: mark < 0 ? raw.path : raw.path.slice(0, mark),
    query,
    headers: {
      accept: 'application/json',
      ...(raw.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(options.userAgent === undefined ? {} : { 'user-agent': options.userAgent }),
      ...raw.headers,
    },
    body: raw.body === undefined ? { type: 'none' } : { type: 'value', value: raw.body },
    signal: raw.signal ?? new AbortController().signal,
  });
  for (const text of warningTexts(response.headers['warning'])) options.onWarning?.(text);
  if (response.status >= 400) throw await statusErrorOf(response);
  return response;
}

async function* watch<T extends KubeObject>(
  send: (request: RawRequest) => Promise<ApiResponse>,
  resource: Resource<T>,
  { signal, ...query }: WatchQuery,
): AsyncGenerator<WatchEvent<T>> {
  const response = await send({
    path: resourcePath(resource, at(query)),
    query: {
      ...listParameters(query),
      watch: 'true',
      allowWatchBookmarks: query.allowWatchBookmarks ? 'true' : undefined,
      timeoutSeconds: query.timeoutSeconds?.toString(),
    },
    signal,
  });
  for await (const event of watchEvents(response.body)) {
    if (event.type === 'ERROR') throw new StatusError(event.object as Status);
    yield event as WatchEvent<T>;
  }
}

/** Items of a list carry no apiVersion and kind on the wire; callers want whole objects. */
function withItemTypes<T extends KubeObject>(resource: Resource<T>, list: ObjectList<T>): ObjectList<T> {
  const apiVersion = apiVersionOf(resource as Resource);
  return { ...list, items: (list.items ?? []).map((item) => (item.kind === undefined ? { apiVersion, kind: resource.kind, ...item } : item)) };
}

function at(query: Pick<ListQuery, 'namespace'>): { namespace?: string } {
  return query.namespace === undefined || query.namespace === '' ? {} : { namespace: query.namespace };
}

function targetOf(object: KubeObject): Target {
  return { namespace: object.metadata?.namespace, name: object.metadata?.name ?? '' };
}

function listParameters(query: ListQuery): Record<string, string | undefined> {
  return {
    labelSelector: query.labelSelector,
    fieldSelector: query.fieldSelector,
    limit: query.limit?.toString(),
    continue: query.continue,
    resourceVersion: query.resourceVersion,
    resourceVersionMatch: query.resourceVersionMatch,
  };
}

function writeParameters(write: WriteOptions): Record<string, string | undefined> {
  return {
    dryRun: write.dryRun ? 'All' : undefined,
    fieldManager: write.fieldManager,
    fieldValidation: write.fieldValidation,
  };
}

function deleteBody(options: DeleteOptions | undefined): DeleteOptions {
  return { kind: 'DeleteOptions', apiVersion: 'v1', ...options };
}

/** The texts of `299 - "text"` headers. */
function warningTexts(header: string | readonly string[] | undefined): string[] {
  const lines = header === undefined ? [] : typeof header === 'string' ? [header] : header;
  return lines.flatMap((line) =>
    [...line.matchAll(/\d{3} \S+ "((?:[^"\\]|\\.)*)"/g)].map((match) => match[1]!.replace(/\\(.)/g, '$1')),
  );
}

async function statusErrorOf(response: ApiResponse): Promise<Error> {
  const value = await readValue(response.body).catch(() => undefined);
  if (typeof value === 'object' && value !== null && (value as Status).kind === 'Status') return new StatusError(value as Status);
  const text = typeof value === 'string' && value !== '' ? value : `the server answered ${response.status}`;
  return response.status >= 500
    ? new TransportError(text, 'EBADREPLY')
    : new StatusError({ code: response.status, reason: 'Unknown', message: text });
}
