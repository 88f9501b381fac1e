// The typed client that cli, controllers, kubelet and network use: Kubernetes verbs over any transport.
import type { DeleteOptions, Status } from '../api/generated/types.ts';
import type { Resource } from '../api/kinds.ts';
import type { KubeObject } from '../api/object.ts';
import type { ApiResponse, WatchEvent } from '../api/wire.ts';

export interface Target {
  /** Absent or '' for cluster-scoped resources, and for all namespaces where the verb allows it. */
  readonly namespace?: string;
  readonly name: string;
}

export interface ListQuery {
  /** Absent or '': all namespaces. */
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  readonly limit?: number;
  readonly continue?: string;
  readonly resourceVersion?: string;
  readonly resourceVersionMatch?: 'Exact' | 'NotOlderThan';
}

export interface ObjectList<T> {
  readonly metadata: { readonly resourceVersion?: string; readonly continue?: string; readonly remainingItemCount?: number };
  readonly items: readonly T[];
}

export interface WatchQuery extends Omit<ListQuery, 'limit' | 'continue' | 'resourceVersionMatch'> {
  readonly allowWatchBookmarks?: boolean;
  readonly timeoutSeconds?: number;
  readonly signal: AbortSignal;
}

export interface WriteOptions {
  readonly dryRun?: boolean;
  readonly fieldManager?: string;
  readonly fieldValidation?: 'Strict' | 'Warn' | 'Ignore';
  readonly subresource?: 'status' | 'binding' | 'ephemeralcontainers' | 'resize' | 'eviction' | 'finalize' | 'token';
}

export type PatchType = 'json' | 'merge' | 'strategic' | 'apply';

/** Every method rejects with StatusError for an error reply; a transport failure rejects with TransportError. */
export interface Client {
  get<T extends KubeObject>(resource: Resource<T>, target: Target): Promise<T>;
  list<T extends KubeObject>(resource: Resource<T>, query?: ListQuery): Promise<ObjectList<T>>;
  /** Ends when the server ends the watch or the signal aborts; an ERROR event rejects with its StatusError. */
  watch<T extends KubeObject>(resource: Resource<T>, query: WatchQuery): AsyncIterable<WatchEvent<T>>;
  create<T extends KubeObject>(resource: Resource<T>, object: T, options?: WriteOptions & { readonly name?: string }): Promise<T>;
  /** PUT; the object's resourceVersion, if any, must still be the newest. */
  update<T extends KubeObject>(resource: Resource<T>, object: T, options?: WriteOptions): Promise<T>;
  updateStatus<T extends KubeObject>(resource: Resource<T>, object: T): Promise<T>;
  patch<T extends KubeObject>(resource: Resource<T>, target: Target, patch: { readonly type: PatchType; readonly body: unknown }, options?: WriteOptions): Promise<T>;
  /** The object when it stays for its finalizers or its grace period, a Status when it is gone. */
  delete<T extends KubeObject>(resource: Resource<T>, target: Target, options?: DeleteOptions): Promise<T | Status>;
  deleteCollection<T extends KubeObject>(resource: Resource<T>, query: ListQuery, options?: DeleteOptions): Promise<ObjectList<T>>;
  /** Any request, reply untouched (error replies reject): tables, logs, discovery, --raw. */
  request(request: RawRequest): Promise<ApiResponse>;
}

export interface RawRequest {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With or without a query: "/api/v1/pods?limit=5". */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

/** The request may or may not have been carried out: nobody answered. */
export class TransportError extends Error {
  /** The system's code: ECONNREFUSED, ENOENT, ECONNRESET, ... */
  readonly code: string;

  constructor(message: string, code: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'TransportError';
    this.code = code;
  }
}
