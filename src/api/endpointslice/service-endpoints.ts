// pure: which endpoints of a Service's slices get traffic for one of its ports.
import type { Endpoint, EndpointSlice, ServicePort } from '../generated/types.ts';

export interface Backend {
  readonly ip: string;
  readonly port: number;
}

export interface PortEndpoint extends Backend {
  readonly ready: boolean;
  readonly serving: boolean;
  readonly terminating: boolean;
  readonly nodeName: string | undefined;
}

/** Endpoints of one Service port over all slices, each address once, sorted. */
export function endpointsOfPort(slices: readonly EndpointSlice[], { name = '', protocol = 'TCP' }: ServicePort): readonly PortEndpoint[] {
  const found = new Map<string, PortEndpoint>();
  for (const slice of slices) {
    // kube: a Service of one family is served by slices of that family; FQDN slices never are.
    if (slice.addressType !== 'IPv4') continue;
    const port = slice.ports?.find((candidate) => (candidate.name ?? '') === name && (candidate.protocol ?? 'TCP') === protocol)?.port;
    if (port === undefined) continue;
    for (const endpoint of slice.endpoints ?? []) add(found, portEndpoint(endpoint, port));
  }
  return [...found.values()].sort(byAddress);
}

/** Ready ones; when there is none, those that are ending but still serve. kube: of terminating Pods better than nobody. */
export function usableEndpoints(endpoints: readonly PortEndpoint[]): readonly PortEndpoint[] {
  const ready = endpoints.filter((endpoint) => endpoint.ready);
  return ready.length > 0 ? ready : endpoints.filter((endpoint) => endpoint.serving && endpoint.terminating);
}

function portEndpoint({ addresses, conditions = {}, nodeName }: Endpoint, port: number): PortEndpoint | undefined {
  // kube: consumers use the first address; a condition that nobody has set means ready, serving, and not terminating.
  const ip = addresses[0];
  if (ip === undefined) return undefined;
  return { ip, port, ready: conditions.ready ?? true, serving: conditions.serving ?? conditions.ready ?? true, terminating: conditions.terminating ?? false, nodeName };
}

/** The same address twice happens while an endpoint moves from slice to slice: the better state counts. */
function add(found: Map<string, PortEndpoint>, endpoint: PortEndpoint | undefined): void {
  if (endpoint === undefined) return;
  const key = `${endpoint.ip}:${endpoint.port}`;
  const before = found.get(key);
  if (before === undefined || rank(endpoint) > rank(before)) found.set(key, endpoint);
}

function rank({ ready, serving }: PortEndpoint): number {
  return ready ? 2 : serving ? 1 : 0;
}

function byAddress(a: Backend, b: Backend): number {
  if (a.ip !== b.ip) return a.ip < b.ip ? -1 : 1;
  return a.port - b.port;
}
