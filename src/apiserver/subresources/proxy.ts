// Anything under services/NAME/proxy and pods/NAME/proxy: handed to a backend, by any method, and its answer handed back.
import type { EndpointSlice, Pod, Service } from '../../api/generated/types.ts';
import { hostPort } from '../../api/host-port.ts';
import { ENDPOINT_SLICES, SERVICES, type Resource } from '../../api/kinds.ts';
import { SERVICE_NAME_LABEL } from '../../api/service/service-labels.ts';
import { badRequestError, notFoundError, unavailableError, unknownPathError } from '../../api/status-error.ts';
import type { ApiRequest, ApiResponse } from '../../api/wire.ts';
import type { Call, Verb } from '../call.ts';
import { podBackend, serviceBackends, type Backend } from '../proxy/backends.ts';
import { exchange, openTunnel, reason, type Dial, type Exchange } from '../proxy/exchange.ts';
import { parseProxyName, parseProxyPath, type ProxyName } from '../proxy/proxy-path.ts';
import { decodeEntry, storageKey, storagePrefix } from '../stored-object.ts';

export function proxyVerb(dial: Dial): Verb {
  return async (call) => {
    const path = parseProxyPath(call.request.path);
    if (path === undefined) throw unknownPathError();
    const target = parseProxyName(call.name);
    if (target === undefined) throw badRequestError(`invalid ${call.resource.singular} request ${JSON.stringify(call.name)}`);
    const backend = await backendOf(call, target);
    const asked: Exchange = { request: call.request, backend, dial, clock: call.server.clock, path, scheme: target.scheme, hosts: [hostPort(backend.host, backend.port), call.request.headers['host'] ?? ''] };
    if (isUpgrade(call.request)) return tunnelTo(asked);
    return path.rest === '' && isRead(call.request) ? withSlash(call.request) : exchange(asked);
  };
}

async function backendOf(call: Call, target: ProxyName): Promise<Backend> {
  const object = await read(call, target.name);
  if (call.resource !== (SERVICES as Resource)) return podBackend(object as Pod, target);
  const { entries } = await call.server.store.list(storagePrefix(ENDPOINT_SLICES as Resource, call.namespace));
  const slices = entries.map((entry) => decodeEntry(ENDPOINT_SLICES as Resource, entry) as EndpointSlice);
  const own = slices.filter(({ metadata }) => metadata?.labels?.[SERVICE_NAME_LABEL] === target.name);
  const backends = serviceBackends(object as Service, own, target);
  return backends[call.server.ids.below(backends.length)]!;
}

async function read(call: Call, name: string): Promise<unknown> {
  const entry = await call.server.store.get(storageKey(call.resource, call.namespace, name));
  if (entry === undefined) throw notFoundError(call.resource, name);
  return decodeEntry(call.resource, entry);
}

function isUpgrade({ method, headers }: ApiRequest): boolean {
  return method === 'GET' && /\bupgrade\b/i.test(headers['connection'] ?? '') && /^websocket$/i.test(headers['upgrade'] ?? '');
}

function isRead({ method }: ApiRequest): boolean {
  return method === 'GET' || method === 'HEAD';
}

/** kube: relative links of a page lead nowhere unless its path ends with a slash. */
function withSlash({ path, query }: ApiRequest): ApiResponse {
  const search = query.toString();
  return { status: 301, headers: { location: `${path}/${search === '' ? '' : `?${search}`}` }, body: { type: 'text', text: '' } };
}

async function tunnelTo(asked: Exchange): Promise<ApiResponse> {
  try {
    const backend = await openTunnel(asked);
    return { status: 101, headers: {}, body: { type: 'upgrade', to: { type: 'tunnel', backend } } };
  } catch (error) {
    throw unavailableError(`error trying to reach service: ${reason(error as NodeJS.ErrnoException, asked.backend)}`);
  }
}
