// pure: where an answer of the cluster's DNS comes from: the Service, the endpoint and its Pod, or why there is none.
import type { Endpoint, EndpointSlice, Service } from '../../api/generated/types.ts';
import { CLUSTER_DOMAIN } from '../../api/service/cluster-network.ts';
import { SERVICE_NAME_LABEL } from '../../api/service/service-labels.ts';

export interface KnownServices {
  readonly services: readonly Service[];
  readonly slices: readonly EndpointSlice[];
}

interface Parts {
  /** What stands before the Service's name: a host name, or a port and its protocol. */
  readonly before: string;
  readonly service: string;
  readonly namespace: string;
}

/** "peer-0.peers.default.svc.cluster.local"; undefined: no name of a Service. */
function partsOf(name: string): Parts | undefined {
  const suffix = `.svc.${CLUSTER_DOMAIN}`;
  if (!name.toLowerCase().endsWith(suffix)) return undefined;
  const [namespace, service, ...before] = name.toLowerCase().slice(0, -suffix.length).split('.').reverse();
  return namespace === undefined || service === undefined ? undefined : { before: before.reverse().join('.'), service, namespace };
}

/** "service/web in default", with the endpoint and the Pod behind an address; '' for a name of outside. */
export function sourceOf(name: string, ip: string, known: KnownServices): string {
  const parts = partsOf(name);
  const service = parts && find(known, parts);
  if (parts === undefined || service === undefined) return '';
  const title = `service/${parts.service} in ${parts.namespace}`;
  const { externalName, clusterIP, type } = service.spec ?? {};
  if (type === 'ExternalName') return `${title}, another name for ${externalName}`;
  if (ip === clusterIP) return `${title}${portsText(service)}`;
  const endpoint = endpointsOf(known, parts).find(({ addresses }) => addresses.includes(ip));
  return endpoint === undefined ? title : `${endpointTitle(endpoint)} of ${title}`;
}

/** Why names that were looked for are not there, as far as the cluster's objects tell; one sentence a line. */
export function whyMissing(candidates: readonly string[], namespace: string, known: KnownServices): readonly string[] {
  const lines = candidates.flatMap((candidate) => {
    const parts = partsOf(candidate);
    const service = parts && find(known, parts);
    return parts === undefined || service === undefined ? [] : whyOfService(service, parts, known);
  });
  if (lines.length > 0) return [...new Set(lines)];
  const wanted = partsOf(candidates[0] ?? '')?.service;
  const elsewhere = known.services.flatMap(({ metadata }) => (metadata?.name === wanted && metadata?.namespace !== namespace ? [metadata?.namespace ?? ''] : []));
  return elsewhere.map((other) => `there is a service/${wanted} in ${other}: from ${namespace} it is ${wanted}.${other}`);
}

function whyOfService(service: Service, parts: Parts, known: KnownServices): readonly string[] {
  const title = `service/${parts.service} in ${parts.namespace}`;
  const endpoints = endpointsOf(known, parts);
  const names = endpoints.flatMap(({ hostname = '' }) => (hostname === '' ? [] : [hostname]));
  if (parts.before !== '' && !parts.before.startsWith('_')) return [`${title} has no ready endpoint named ${parts.before}${names.length === 0 ? ': its Pods need a hostname and subdomain' : `, it has ${[...new Set(names)].sort().join(', ')}`}`];
  if (parts.before !== '') return [`${title} has no port ${parts.before}`];
  if (service.spec?.clusterIP !== 'None') return [];
  return [`${title} is headless, and none of its ${endpoints.length} endpoints is ready`];
}

function find({ services }: KnownServices, { service, namespace }: Parts): Service | undefined {
  return services.find(({ metadata }) => metadata?.name === service && metadata.namespace === namespace);
}

function endpointsOf({ slices }: KnownServices, { service, namespace }: Parts): readonly Endpoint[] {
  const own = slices.filter(({ metadata }) => metadata?.namespace === namespace && metadata?.labels?.[SERVICE_NAME_LABEL] === service);
  return own.flatMap(({ endpoints }) => endpoints ?? []);
}

function endpointTitle({ targetRef }: Endpoint): string {
  return targetRef?.kind === 'Pod' ? `pod/${targetRef.name}, an endpoint` : 'an endpoint';
}

function portsText({ spec }: Service): string {
  const ports = (spec?.ports ?? []).map(({ port, protocol = 'TCP' }) => `${port}/${protocol}`);
  return ports.length === 0 ? '' : `, ports ${ports.join(', ')}`;
}
