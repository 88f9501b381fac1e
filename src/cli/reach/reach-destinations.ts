// pure: which Pods, addresses and ports the target of `minik can-reach` comes down to, once Services are looked through.
import { endpointsOfPort, usableEndpoints } from '../../api/endpointslice/service-endpoints.ts';
import { serviceKeyOfSlice } from '../../api/endpointslice/slice-labels.ts';
import type { EndpointSlice, Namespace, NetworkPolicy, Node, Pod, Service, ServicePort } from '../../api/generated/types.ts';
import { PODS, SERVICES } from '../../api/kinds.ts';
import type { Party } from '../../api/networkpolicy/judge-connection.ts';
import { clusterDnsPod, policyPod } from '../../api/networkpolicy/policy-pod.ts';
import { keyOf } from '../../api/object.ts';
import { findNamedPort, namedPorts } from '../../api/pod/named-port.ts';
import { notFoundError } from '../../api/status-error.ts';
import { UsageError } from '../context.ts';
import type { ReachEnd, ReachTarget } from './reach-ends.ts';

/** Of all namespaces. */
export interface ReachFacts {
  readonly pods: readonly Pod[];
  readonly namespaces: readonly Namespace[];
  readonly policies: readonly NetworkPolicy[];
  readonly services: readonly Service[];
  readonly slices: readonly EndpointSlice[];
  readonly nodes: readonly Node[];
}

export interface Destination {
  readonly party: Party;
  readonly ip: string;
  readonly protocol: string;
  readonly port: number;
  readonly servicePort?: number;
}

export interface Destinations {
  readonly destinations: readonly Destination[];
  readonly nobody?: string;
}

export function destinationsOf(facts: ReachFacts, target: ReachTarget): Destinations {
  const { end } = target;
  if (end.type === 'pod') return { destinations: podDestinations(podNamed(facts, end), target, facts) };
  const service = end.type === 'service' ? serviceNamed(facts, end) : serviceAt(facts, target);
  if (service !== undefined) return serviceDestinations(facts, service, end.type === 'service' ? target : { ...target, byAddress: true });
  const { port = '', protocol = 'TCP' } = target;
  return { destinations: [{ party: partyOf(facts, end), ip: end.type === 'address' ? end.ip : nodeIps(facts)[0] ?? '', protocol, port: Number(port) }] };
}

function podDestinations(pod: Pod, { port, protocol = 'TCP' }: ReachTarget, facts: ReachFacts): Destination[] {
  const party = partyOfPod(pod);
  const at = { party, ip: party.type === 'node' ? (nodeIps(facts)[0] ?? '') : (pod.status?.podIP ?? '') };
  if (port === undefined) {
    const declared = (pod.spec?.containers ?? []).flatMap(({ ports = [] }) => ports);
    if (declared.length === 0) throw new UsageError(`pod/${pod.metadata?.name} tells of no port: name one, pod/${pod.metadata?.name}:80`);
    return declared.map(({ containerPort, protocol: spoken = 'TCP' }) => ({ ...at, protocol: spoken, port: containerPort }));
  }
  const number = /^\d+$/.test(port) ? Number(port) : findNamedPort(namedPorts(pod), port, protocol);
  if (number === undefined) throw new UsageError(`pod/${pod.metadata?.name} names no ${protocol} port "${port}"`);
  return [{ ...at, protocol, port: number }];
}

function serviceDestinations(facts: ReachFacts, service: Service, target: ReachTarget & { readonly byAddress?: boolean }): Destinations {
  const name = service.metadata?.name ?? '';
  if (service.spec?.type === 'ExternalName') throw new UsageError(`service/${name} is only a name for ${service.spec.externalName}: ask for the address behind it`);
  const ports = (service.spec?.ports ?? []).filter((port) => target.port === undefined || isMeant(port, target));
  if (ports.length === 0) throw new UsageError(`service/${name} has no ${target.protocol ?? 'TCP'} port "${target.port}"; it has ${(service.spec?.ports ?? []).map(portText).join(', ') || 'none'}`);
  const slices = facts.slices.filter((slice) => serviceKeyOfSlice(slice) === keyOf(service));
  const destinations = ports.flatMap((port) => portDestinations(facts, service, { port, slices }));
  return destinations.length > 0 ? { destinations } : { destinations, nobody: `service/${name} has no endpoint that is ready` };
}

function portDestinations(facts: ReachFacts, service: Service, { port, slices }: { readonly port: ServicePort; readonly slices: readonly EndpointSlice[] }): Destination[] {
  const { protocol = 'TCP', port: servicePort } = port;
  if (isClusterDns(service)) {
    const ip = service.spec?.clusterIP ?? '';
    return [{ party: { type: 'pod', pod: clusterDnsPod(ip) }, ip, protocol, port: servicePort, servicePort }];
  }
  return usableEndpoints(endpointsOfPort(slices, port)).map((endpoint) => ({ party: partyOf(facts, { type: 'address', ip: endpoint.ip }), ip: endpoint.ip, protocol, port: endpoint.port, servicePort }));
}

/** It is served by the daemon itself, and has no endpoints. */
function isClusterDns({ metadata }: Service): boolean {
  return metadata?.namespace === 'kube-system' && metadata.name === 'kube-dns';
}

function isMeant(port: ServicePort, { port: asked, protocol, byAddress = false }: ReachTarget & { readonly byAddress?: boolean }): boolean {
  if ((port.protocol ?? 'TCP') !== protocol) return false;
  return port.name === asked || String(port.port) === asked || (byAddress && String(port.nodePort) === asked);
}

/** The Service that answers on an address: its own, one of a load balancer, or one of the node's ports. */
function serviceAt(facts: ReachFacts, { end, port, protocol = 'TCP' }: ReachTarget): Service | undefined {
  const ip = end.type === 'address' ? end.ip : undefined;
  const isNode = ip === undefined || nodeIps(facts).includes(ip);
  return facts.services.find(({ spec, status }) => {
    const own = [...(spec?.clusterIPs ?? []), ...(spec?.externalIPs ?? []), ...(status?.loadBalancer?.ingress ?? []).flatMap((ingress) => ingress.ip ?? [])];
    if (ip !== undefined && own.includes(ip)) return true;
    return isNode && (spec?.ports ?? []).some((each) => each.nodePort !== undefined && String(each.nodePort) === port && (each.protocol ?? 'TCP') === protocol);
  });
}

export function partyOf(facts: ReachFacts, end: ReachEnd): Party {
  if (end.type === 'host') return { type: 'node' };
  if (end.type === 'pod') return partyOfPod(podNamed(facts, end));
  if (end.type !== 'address') throw new UsageError('a Service connects to nobody');
  if (nodeIps(facts).includes(end.ip) || end.ip.startsWith('127.')) return { type: 'node' };
  const dns = facts.services.find((service) => isClusterDns(service) && service.spec?.clusterIP === end.ip);
  if (dns !== undefined) return { type: 'pod', pod: clusterDnsPod(end.ip) };
  const owner = facts.pods.find((pod) => policyPod(pod)?.ip === end.ip);
  return owner === undefined ? { type: 'address', ip: end.ip } : partyOfPod(owner);
}

/** What is over, or on the network of the host, is none that policies know. */
function partyOfPod(pod: Pod): Party {
  if (pod.spec?.hostNetwork === true) return { type: 'node' };
  const seen = policyPod(pod);
  if (seen === undefined) throw new UsageError(`pod/${pod.metadata?.name} is over (${pod.status?.phase}): it has no network any more`);
  return { type: 'pod', pod: seen };
}

function podNamed({ pods }: ReachFacts, { namespace, name }: { readonly namespace: string; readonly name: string }): Pod {
  const found = pods.find((pod) => keyOf(pod) === `${namespace}/${name}`);
  if (found === undefined) throw notFoundError(PODS, name);
  return found;
}

function serviceNamed({ services }: ReachFacts, { namespace, name }: { readonly namespace: string; readonly name: string }): Service {
  const found = services.find((service) => keyOf(service) === `${namespace}/${name}`);
  if (found === undefined) throw notFoundError(SERVICES, name);
  return found;
}

function nodeIps({ nodes }: ReachFacts): string[] {
  return nodes.flatMap(({ status }) => (status?.addresses ?? []).filter(({ type }) => type.endsWith('IP')).map(({ address }) => address));
}

function portText({ name, port, protocol = 'TCP' }: ServicePort): string {
  return `${name === undefined || name === '' ? '' : `${name} `}${port}/${protocol}`;
}
