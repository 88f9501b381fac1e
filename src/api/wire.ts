// pure: one request and one reply of the API, apart from any socket. apiserver answers these, client makes them,
// and the daemon joins the two directly, so that in-process callers take the same path as everyone else.
import type { UserInfo } from './generated/types.ts';
import type { OpenPort, OpenProcess, PodConnection, WantedStreams } from './pod/pod-streams.ts';

export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD' | 'OPTIONS';
  /** Path without the query: "/api/v1/namespaces/default/pods". */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: RequestBody;
  /** Who asks, after authentication: "system:admin", "system:kube-controller-manager", ... */
  readonly user: string;
  /** What authentication knows of them beyond the name; absent for callers in process. */
  readonly identity?: UserInfo;
  /** Aborted when the caller goes away; long replies end then. */
  readonly signal: AbortSignal;
}

/** In-process callers hand over values; the server copies before it changes anything. */
export type RequestBody =
  | { readonly type: 'none' }
  | { readonly type: 'bytes'; readonly bytes: Uint8Array }
  /** As it comes, for one reader: what is handed on to a Pod. */
  | { readonly type: 'stream'; readonly chunks: AsyncIterable<Uint8Array> }
  | { readonly type: 'value'; readonly value: unknown };

export interface ApiResponse {
  readonly status: number;
  /** Names in lower case; a list is sent as several headers (Warning). */
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: ResponseBody;
}

export type ResponseBody =
  /** A JSON value. Shared: never change it. */
  | { readonly type: 'value'; readonly value: unknown }
  /** Text ready to send, JSON or not: see content-type. */
  | { readonly type: 'text'; readonly text: string }
  /** A watch: one JSON value a line on a socket. */
  | { readonly type: 'events'; readonly events: AsyncIterable<WatchEvent> }
  /** A byte stream: followed logs. */
  | { readonly type: 'stream'; readonly chunks: AsyncIterable<Uint8Array> }
  /** The connection is to be handed over, to a process or to the ports of a Pod, in a protocol that the caller names. */
  | { readonly type: 'upgrade'; readonly to: UpgradeTarget };

export type UpgradeTarget =
  | { readonly type: 'process'; readonly open: OpenProcess; readonly wanted: WantedStreams }
  /** `ports`: those that the request names itself; in most protocols they come later, with each connection. */
  | { readonly type: 'ports'; readonly open: OpenPort; readonly pod: string; readonly ports: readonly number[] }
  /** `backend`: a connection on which the request has already gone out; its bytes are the caller's, and the caller's are its. */
  | { readonly type: 'tunnel'; readonly backend: PodConnection };

export interface WatchEvent<T = unknown> {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  readonly object: T;
}

/** Answers requests. Never rejects for a bad request: errors are replies with a Status body. */
export type ApiHandler = (request: ApiRequest) => Promise<ApiResponse>;
