// pure: the columns of Services, of what is behind them, and of who may reach it.
import type { Endpoints, EndpointSlice, EndpointSlicePort, EndpointSubset, NetworkPolicy, Service, ServicePort } from '../../api/generated/types.ts';
import { hostPort } from '../../api/host-port.ts';
import { formatLabelSelector } from '../../api/label-selector.ts';
import { firstFew } from '../../api/listing.ts';
import { specOf } from '../../api/service/service-facts.ts';
import { ageColumn, nameColumn, text, wide, type KindTable } from './columns.ts';

export const serviceTable: KindTable<Service> = {
  columns: [
    nameColumn,
    text('Type', (service) => specOf(service).type ?? '', 'How the Service is exposed: ClusterIP, NodePort, LoadBalancer or ExternalName.'),
    text('Cluster-IP', (service) => specOf(service).clusterIPs?.[0] ?? '<none>', 'The address of the Service inside the cluster; None for a headless Service.'),
    text('External-IP', externalIp, 'Addresses and names from outside the cluster that lead to the Service.'),
    text('Port(s)', (service) => (specOf(service).ports ?? []).map(portText).join(',') || '<none>', 'The ports of the Service, each with its node port where it has one.'),
    ageColumn,
    wide(text('Selector', (service) => formatLabelSelector({ matchLabels: specOf(service).selector }) || '<none>', 'The labels of the Pods that traffic goes to.')),
  ],
};

export const endpointsTable: KindTable<Endpoints> = {
  columns: [nameColumn, text('Endpoints', ({ subsets }) => ((subsets ?? []).length === 0 ? '<none>' : firstFew(subsets!.flatMap(readyOf))), 'The addresses that are ready, with each of their ports.'), ageColumn],
};

export const endpointSliceTable: KindTable<EndpointSlice> = {
  columns: [
    nameColumn,
    text('AddressType', ({ addressType }) => addressType, 'What the addresses of this slice are: IPv4, IPv6 or FQDN.'),
    text('Ports', ({ ports }) => firstFew((ports ?? []).map(slicePortText)) || '<unset>', 'The ports of every endpoint in this slice.'),
    text('Endpoints', ({ endpoints }) => firstFew((endpoints ?? []).flatMap(({ addresses }) => addresses ?? [])) || '<unset>', 'The addresses of the endpoints, ready or not.'),
    ageColumn,
  ],
};

export const networkPolicyTable: KindTable<NetworkPolicy> = {
  columns: [nameColumn, text('Pod-Selector', ({ spec }) => formatLabelSelector(spec?.podSelector) || '<none>', 'Which Pods of the namespace the policy is for; <none> means all of them.'), ageColumn],
};

function externalIp(service: Service): string {
  const { type, externalName, externalIPs = [] } = specOf(service);
  if (type === 'ExternalName') return externalName ?? '';
  if (type !== 'LoadBalancer') return externalIPs.join(',') || '<none>';
  const ingress = (service.status?.loadBalancer?.ingress ?? []).map(({ ip, hostname }) => ip || hostname || '').filter((address) => address !== '');
  return [...[...new Set(ingress)].sort(), ...externalIPs].join(',') || '<pending>';
}

function portText({ port, nodePort, protocol = 'TCP' }: ServicePort): string {
  return `${port}${nodePort ? `:${nodePort}` : ''}/${protocol}`;
}

/** Without ports (a headless Service) the addresses alone. */
function readyOf({ addresses = [], ports = [] }: EndpointSubset): string[] {
  if (ports.length === 0) return addresses.map(({ ip }) => ip);
  return ports.flatMap(({ port }) => addresses.map(({ ip }) => hostPort(ip, port)));
}

function slicePortText({ port, name }: EndpointSlicePort): string {
  return port === undefined ? (name ?? '*') : String(port);
}
