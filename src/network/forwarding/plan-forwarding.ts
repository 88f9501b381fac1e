// pure: Services and EndpointSlices to the forwarding table: what upstream's proxies decide before they touch a packet.
import { serviceKeyOfSlice } from '../../api/endpointslice/slice-labels.ts';
import type { EndpointSlice, Service, ServicePort, ServiceSpec } from '../../api/generated/types.ts';
import { keyOf } from '../../api/object.ts';
import { HEADLESS_LABEL, OTHER_PROXY_LABEL } from '../../api/service/service-labels.ts';
import type { Backend, ForwardingRule, ForwardingTable, HealthCheck } from './forwarding-table.ts';
import { endpointsOfPort, usableEndpoints, type PortEndpoint } from '../../api/endpointslice/service-endpoints.ts';

const DEFAULT_AFFINITY_SECONDS = 10_800;

export function planForwarding(observed: { readonly services: readonly Service[]; readonly slices: readonly EndpointSlice[]; readonly nodeName: string }): ForwardingTable {
  const slices = Map.groupBy(observed.slices, serviceKeyOfSlice);
  const tables = observed.services.map((service) => planService({ service, slices: slices.get(keyOf(service)) ?? [], nodeName: observed.nodeName }));
  return { rules: tables.flatMap(({ rules }) => rules), healthChecks: tables.flatMap(({ healthChecks }) => healthChecks) };
}

/** The part of the table that is one Service's: what a change of it, or of its slices, may change. */
export function planService(observed: { readonly service: Service; readonly slices: readonly EndpointSlice[]; readonly nodeName: string }): ForwardingTable {
  const { service, slices, nodeName } = observed;
  if (!isForwarded(service)) return { rules: [], healthChecks: [] };
  // kube: the name of a proxy on a slice hands it to that proxy, too.
  const own = slices.filter(({ metadata }) => metadata?.labels?.[OTHER_PROXY_LABEL] === undefined);
  const ports = service.spec?.ports ?? [];
  return {
    rules: ports.flatMap((port) => planPort(service, port, { endpoints: endpointsOfPort(own, port), nodeName }) ?? []),
    healthChecks: planHealthCheck(service, own, nodeName),
  };
}

function isForwarded({ metadata, spec }: Service): boolean {
  const labels = metadata?.labels ?? {};
  if (spec?.type === 'ExternalName' || spec?.clusterIP === undefined || spec.clusterIP === '' || spec.clusterIP === 'None') return false;
  return labels[OTHER_PROXY_LABEL] === undefined && labels[HEADLESS_LABEL] === undefined;
}

function planPort(service: Service, port: ServicePort, seen: { readonly endpoints: readonly PortEndpoint[]; readonly nodeName: string }): ForwardingRule | undefined {
  const { protocol = 'TCP' } = port;
  if (protocol !== 'TCP' && protocol !== 'UDP') return undefined;
  const { namespace = '', name = '' } = service.metadata ?? {};
  const spec = service.spec ?? {};
  const internal = choose(seen, spec.internalTrafficPolicy);
  const external = choose(seen, spec.externalTrafficPolicy);
  return {
    key: `${namespace}/${name}:${port.name ?? ''}/${protocol}`,
    namespace,
    service: name,
    protocol,
    clusterIp: spec.clusterIP ?? '',
    port: port.port,
    ...(hasNodePorts(spec) && port.nodePort !== undefined && port.nodePort > 0 ? { nodePort: port.nodePort } : {}),
    externalIps: spec.externalIPs ?? [],
    ...loadBalancer(service),
    ...affinity(spec),
    internal: internal.backends,
    external: external.backends,
    withoutInternal: internal.without,
    withoutExternal: external.without,
  };
}

function choose({ endpoints, nodeName }: { readonly endpoints: readonly PortEndpoint[]; readonly nodeName: string }, policy: string | undefined): { readonly backends: readonly Backend[]; readonly without: 'reject' | 'drop' } {
  const candidates = policy === 'Local' ? endpoints.filter((endpoint) => endpoint.nodeName === nodeName) : endpoints;
  const backends = usableEndpoints(candidates).map(({ ip, port }) => ({ ip, port }));
  const elsewhere = policy === 'Local' && backends.length === 0 && usableEndpoints(endpoints).length > 0;
  return { backends, without: elsewhere ? 'drop' : 'reject' };
}

function hasNodePorts({ type }: ServiceSpec): boolean {
  return type === 'NodePort' || type === 'LoadBalancer';
}

function loadBalancer({ spec, status }: Service): Pick<ForwardingRule, 'loadBalancerIps' | 'sourceRanges'> {
  if (spec?.type !== 'LoadBalancer') return { loadBalancerIps: [], sourceRanges: [] };
  // kube: with ipMode Proxy the load balancer itself passes connections on.
  const own = (status?.loadBalancer?.ingress ?? []).filter(({ ipMode }) => ipMode !== 'Proxy');
  return { loadBalancerIps: own.flatMap(({ ip }) => ip ?? []), sourceRanges: (spec.loadBalancerSourceRanges ?? []).map((range) => range.trim()) };
}

function affinity({ sessionAffinity, sessionAffinityConfig }: ServiceSpec): Pick<ForwardingRule, 'affinityMs'> {
  if (sessionAffinity !== 'ClientIP') return {};
  return { affinityMs: (sessionAffinityConfig?.clientIP?.timeoutSeconds ?? DEFAULT_AFFINITY_SECONDS) * 1_000 };
}

function planHealthCheck({ metadata, spec }: Service, slices: readonly EndpointSlice[], nodeName: string): readonly HealthCheck[] {
  const port = spec?.healthCheckNodePort ?? 0;
  if (spec?.type !== 'LoadBalancer' || spec.externalTrafficPolicy !== 'Local' || port === 0) return [];
  const { namespace = '', name = '' } = metadata ?? {};
  const local = new Set(
    slices.flatMap((slice) => slice.endpoints ?? []).flatMap(({ addresses, conditions, nodeName: at }) => (at === nodeName && (conditions?.ready ?? true) ? addresses.slice(0, 1) : [])),
  );
  return [{ key: `${namespace}/${name}`, namespace, service: name, port, localEndpoints: local.size }];
}
