// pure: minik describe service.
import type { EndpointSlice, Node, Service, ServicePort } from '../../api/generated/types.ts';
import { hostPort } from '../../api/host-port.ts';
import { formatLabelSelector } from '../../api/label-selector.ts';
import { firstFew } from '../../api/listing.ts';
import { awsLoadBalancer } from '../../api/service/aws-load-balancer.ts';
import { specOf } from '../../api/service/service-facts.ts';
import { metaLines, renderParts } from './describe-text.ts';
import type { Describe } from './describer.ts';
import { eventParts } from './event-lines.ts';

export const describeService: Describe<Service> = (service, { events, slices = [], node, now }) => {
  const { inline, block } = eventParts(events, now);
  const { metadata, status } = service;
  const spec = specOf(service);
  const line = (title: string, value: unknown): string[] => (value === undefined || value === '' || value === 0 ? [] : [`${title}:\t${String(value)}`]);
  const joined = (list: readonly string[] | undefined): string => (list ?? []).join(',');
  const lines = [
    ...metaLines(metadata),
    `Selector:\t${formatLabelSelector({ matchLabels: spec.selector }) || '<none>'}`,
    `Type:\t${spec.type ?? ''}`,
    ...line('IP Family Policy', spec.ipFamilyPolicy),
    `IP Families:\t${joined(spec.ipFamilies) || '<none>'}`,
    `IP:\t${spec.clusterIP ?? ''}`,
    `IPs:\t${joined(spec.clusterIPs) || '<none>'}`,
    ...line('External IPs', joined(spec.externalIPs)),
    ...line('Desired LoadBalancer IP', spec.loadBalancerIP),
    ...line('External Name', spec.externalName),
    ...line('LoadBalancer Ingress', (status?.loadBalancer?.ingress ?? []).map(({ ip = '', ipMode, hostname = '' }) => (ip === '' ? hostname : `${ip}${ipMode === undefined ? '' : ` (${ipMode})`}`)).join(', ')),
    ...(spec.ports ?? []).flatMap((port) => portLines(port, slices)),
    `Session Affinity:\t${spec.sessionAffinity ?? ''}`,
    ...line('External Traffic Policy', spec.externalTrafficPolicy),
    ...line('Internal Traffic Policy', spec.internalTrafficPolicy),
    ...line('HealthCheck NodePort', spec.healthCheckNodePort),
    ...line('LoadBalancer Source Ranges', joined(spec.loadBalancerSourceRanges)),
    ...line('Traffic Distribution', spec.trafficDistribution),
    ...inline,
  ];
  return renderParts(lines, block, beyondKubectl(service, node));
};

function portLines({ name = '', port, protocol, targetPort, nodePort }: ServicePort, slices: readonly EndpointSlice[]): string[] {
  const shown = name === '' ? '<unset>' : name;
  return [
    `Port:\t${shown}\t${port}/${protocol}`,
    `TargetPort:\t${targetPort}/${protocol}`,
    ...(nodePort ? [`NodePort:\t${shown}\t${nodePort}/${protocol}`] : []),
    `Endpoints:\t${slices.length === 0 ? '<none>' : firstFew(slices.flatMap((slice) => readyAt(slice, name)))}`,
  ];
}

/** Of a slice without ports (a headless Service) the addresses alone. */
function readyAt({ ports = [], endpoints }: EndpointSlice, name: string): string[] {
  const ready = (endpoints ?? []).filter(({ conditions }) => conditions?.ready !== false).map(({ addresses }) => addresses[0] ?? '');
  if (ports.length === 0) return ready;
  return ports.filter((port) => (port.name ?? '') === name).flatMap(({ port = 0 }) => ready.map((address) => hostPort(address, port)));
}

/** What only minik knows: where its own node ports are open, and what a cloud would have made of the Service. */
function beyondKubectl(service: Service, node: Node | undefined): string[] {
  const aws = awsLoadBalancer(service);
  return [
    ...(node === undefined ? [] : nodePortLine(service, node)),
    ...hostNameLines(service),
    ...(aws === undefined ? [] : [`On AWS:\tload balancer of type ${aws.type}, scheme ${aws.scheme}, target type ${aws.targetType} (traffic goes ${aws.targetType === 'ip' ? 'straight to the Pods' : 'through the node ports'})`]),
  ];
}

/** kubectl shows the address of a balancer that has both. */
function hostNameLines({ spec, status }: Service): string[] {
  const nodePort = spec?.ports?.find((port) => port.nodePort && port.protocol === 'TCP')?.nodePort;
  return (status?.loadBalancer?.ingress ?? []).flatMap(({ ip = '', hostname = '' }) =>
    ip === '' || hostname === '' ? [] : [`Host Name:\t${hostname}${nodePort === undefined ? '' : ` (http://${hostname}:${nodePort} on this machine)`}`],
  );
}

function nodePortLine(service: Service, { status }: Node): string[] {
  const addresses = (status?.addresses ?? []).filter(({ type }) => type === 'InternalIP' || type === 'ExternalIP');
  const hasNodePort = (specOf(service).ports ?? []).some(({ nodePort }) => nodePort);
  if (!hasNodePort) return [];
  const own = addresses.filter(({ type }) => type === 'InternalIP').map(({ address }) => `${address} (this machine and its containers)`);
  const wider = addresses.filter(({ type }) => type === 'ExternalIP').map(({ address }) => `${address} (whoever reaches that address)`);
  return [`NodePort Open On:\t${['127.0.0.1 and ::1 (this machine)', ...own, ...wider].join(', ')}`];
}
