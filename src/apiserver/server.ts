// The API server without a socket: one request in, one reply out. listen.ts and the in-process client both call it.
import type { AttemptSource } from '../api/attempt/attempt-source.ts';
import type { ClusterNetwork } from '../api/service/cluster-network.ts';
import { methodNotAllowedError } from '../api/status-error.ts';
import type { NetworkStatusSource } from '../api/network/network-status.ts';
import type { PodLogs } from '../api/pod/pod-logs.ts';
import type { PodStreams } from '../api/pod/pod-streams.ts';
import type { ApiHandler, ApiRequest, ApiResponse } from '../api/wire.ts';
import type { UsageSource } from '../api/usage/usage-source.ts';
import { reviewVerb } from './account/reviews.ts';
import { ServiceAddresses } from './allocation/service-addresses.ts';
import { isAttemptsPath, serveAttempts } from './attempts.ts';
import { NETWORK_STATUS_PATH, serveNetworkStatus } from './network-status.ts';
import type { Call, ServerContext, Verb } from './call.ts';
import { measuredVerb } from './measured/read-usage.ts';
import { Metrics } from './metrics.ts';
import { dialDirectly, type Dial } from './proxy/exchange.ts';
import { parsePath, type ParsedPath } from './parse-path.ts';
import { replyError, toStatusError, withWarnings } from './reply.ts';
import { serverInfo, type InfoOptions } from './server-info.ts';
import { strategyOf } from './strategies/registry.ts';
import { bind } from './subresources/binding.ts';
import { evict } from './subresources/eviction.ts';
import { finalize } from './subresources/finalize.ts';
import { logVerb } from './subresources/log.ts';
import { attachVerb, execVerb } from './subresources/pod-process.ts';
import { portForwardVerb } from './subresources/port-forward.ts';
import { proxyVerb } from './subresources/proxy.ts';
import { requestToken } from './subresources/token.ts';
import { create } from './verbs/create.ts';
import { deleteCollection } from './verbs/delete-collection.ts';
import { deleteOne } from './verbs/delete.ts';
import { get } from './verbs/get.ts';
import { list } from './verbs/list.ts';
import { patch } from './verbs/patch.ts';
import { update } from './verbs/update.ts';
import { watch } from './verbs/watch.ts';

export interface ApiServerOptions extends Omit<ServerContext, 'addresses'>, InfoOptions {
  /** What this cluster hands out for Services. */
  readonly network: ClusterNetwork;
  /** Reads a container's log from whoever runs it. */
  readonly podLogs: PodLogs;
  /** Reaches processes and ports of Pods, from the same. */
  readonly podStreams: PodStreams;
  /** What was kept of containers, from the same. */
  readonly attempts: AttemptSource;
  /** What works of the network; absent: there is none. */
  readonly networkStatus?: NetworkStatusSource;
  /** Connects the proxy subresource to Pods; default: directly, as this machine reaches them. */
  readonly dial?: Dial;
  /** What runs just now uses, from the same. */
  readonly usage: UsageSource;
}

type ResourcePath = Extract<ParsedPath, { type: 'resource' }>;
type VerbsByMethod = Readonly<Partial<Record<ApiRequest['method'], Verb>>>;

export function createApiServer(options: ApiServerOptions): ApiHandler {
  const metrics = new Metrics();
  const server: ServerContext = { ...options, addresses: new ServiceAddresses(options) };
  const info = serverInfo(options, metrics);
  const verbs = verbTable(options);
  const other: ApiHandler = (request) => {
    if (isAttemptsPath(request.path)) return serveAttempts(request, options);
    if (request.path === NETWORK_STATUS_PATH && options.networkStatus !== undefined) return serveNetworkStatus(request, options.networkStatus);
    return info(request);
  };
  return async (request) => {
    const parsed = parsePath(request.path);
    const done = metrics.begin(request, parsed);
    const warnings: string[] = [];
    try {
      const response = parsed.type === 'other' ? await other(request) : await serve({ server, verbs, request, parsed, warnings });
      done(response.status);
      return withWarnings(response, warnings);
    } catch (error) {
      const failure = toStatusError(error);
      if (failure.code >= 500) options.log.error('a request failed', { method: request.method, path: request.path, error });
      done(failure.code);
      return withWarnings(replyError(failure), warnings);
    }
  };
}

async function serve(at: {
  readonly server: ServerContext;
  readonly verbs: VerbTable;
  readonly request: ApiRequest;
  readonly parsed: ResourcePath;
  readonly warnings: string[];
}): Promise<ApiResponse> {
  const { request, parsed, verbs, server, warnings } = at;
  const verb = verbs(request, parsed);
  if (verb === undefined) throw methodNotAllowedError(parsed.resource, verbText(request, parsed));
  if (parsed.resource.deprecation !== undefined) warnings.push(parsed.resource.deprecation);
  const call: Call = {
    server,
    request,
    resource: parsed.resource,
    strategy: strategyOf(parsed.resource),
    namespace: parsed.namespace,
    name: parsed.name,
    subresource: parsed.subresource,
    warnings,
  };
  return verb(call);
}

type VerbTable = (request: ApiRequest, parsed: ResourcePath) => Verb | undefined;

function verbTable(options: ApiServerOptions): VerbTable {
  const object: VerbsByMethod = { GET: get, PUT: update, PATCH: patch, DELETE: deleteOne };
  const collection: VerbsByMethod = { GET: list, POST: create, DELETE: deleteCollection };
  const proxy = proxyVerb(options.dial ?? dialDirectly);
  // kubectl says GET for a WebSocket and POST for SPDY.
  const both = (verb: Verb): VerbsByMethod => ({ GET: verb, POST: verb });
  const subresources: Readonly<Record<string, VerbsByMethod>> = {
    status: { GET: get, PUT: update, PATCH: patch },
    ephemeralcontainers: { GET: get, PUT: update, PATCH: patch },
    resize: { GET: get, PUT: update, PATCH: patch },
    log: { GET: logVerb(options.podLogs) },
    exec: both(execVerb(options.podStreams)),
    attach: both(attachVerb(options.podStreams)),
    portforward: both(portForwardVerb(options.podStreams)),
    binding: { POST: bind },
    eviction: { POST: evict },
    finalize: { PUT: finalize },
    proxy: { GET: proxy, HEAD: proxy, OPTIONS: proxy, POST: proxy, PUT: proxy, PATCH: proxy, DELETE: proxy },
    token: { POST: requestToken },
  };
  return (request, { name, resource, subresource, watch: watchPath }) => {
    const measured = measuredVerb(resource, options.usage);
    if (measured !== undefined) return request.method === 'GET' && !watchPath && !isTrue(request.query.get('watch')) ? measured : undefined;
    const review = reviewVerb(resource);
    if (review !== undefined) return request.method === 'POST' && name === '' ? review : undefined;
    if (subresource !== '') return subresources[subresource]?.[request.method];
    if (request.method === 'GET' && (watchPath || isTrue(request.query.get('watch')))) return name === '' || watchPath ? watch : get;
    return (name === '' ? collection : object)[request.method];
  };
}

function isTrue(text: string | null): boolean {
  return text === 'true' || text === '1';
}

function verbText({ method }: ApiRequest, { name }: ResourcePath): string {
  const texts: Partial<Record<ApiRequest['method'], string>> = { POST: 'create', PUT: 'update', PATCH: 'patch', DELETE: name === '' ? 'deletecollection' : 'delete' };
  return texts[method] ?? method.toLowerCase();
}

