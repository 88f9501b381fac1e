// A zone with one of everything: what tests of the cluster's DNS ask.
import type { EndpointSlice, Namespace, Service, ServiceSpec } from '../../src/api/generated/types.ts';
import { keyOf } from '../../src/api/object.ts';
import { namespaceChange, serviceChange, sliceChange } from '../../src/network/dns/zone-facts.ts';
import { ZoneIndex } from '../../src/network/dns/zone-index.ts';

export const DNS_IP = '10.96.0.10';

export interface ZoneObjects {
  readonly namespaces?: readonly string[];
  readonly services?: readonly Service[];
  readonly slices?: readonly EndpointSlice[];
}

export function zoneService(name: string, spec: ServiceSpec, namespace = 'default'): Service {
  return { apiVersion: 'v1', kind: 'Service', metadata: { name, namespace }, spec };
}

export function zoneSlice(service: string, slice: Partial<EndpointSlice> & { readonly name?: string; readonly namespace?: string }): EndpointSlice {
  const { name = `${service}-1`, namespace = 'default', ...rest } = slice;
  return { apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', metadata: { name, namespace, labels: { 'kubernetes.io/service-name': service } }, addressType: 'IPv4', ...rest };
}

export function zoneOf({ namespaces = ['default', 'other', 'kube-system'], services = [], slices = [] }: ZoneObjects): ZoneIndex {
  const index = new ZoneIndex({ domain: 'cluster.local', serverIp: DNS_IP });
  for (const name of namespaces) index.apply(namespaceChange(name, { metadata: { name } } as Namespace));
  for (const service of services) index.apply(serviceChange(keyOf(service), service));
  for (const slice of slices) index.apply(sliceChange(keyOf(slice), slice));
  return index;
}

const HTTP = { name: 'http', port: 80, targetPort: 8080, protocol: 'TCP' };

export const SERVICES: readonly Service[] = [
  zoneService('kubernetes', { clusterIP: '10.96.0.1', ports: [{ name: 'https', port: 443 }] }),
  zoneService('web', { clusterIP: '10.96.0.20', clusterIPs: ['10.96.0.20'], ports: [HTTP, { name: 'stats', port: 9000, protocol: 'UDP' }] }),
  zoneService('plain', { clusterIP: '10.96.0.21', ports: [{ port: 5432 }] }),
  zoneService('dual', { clusterIP: '10.96.0.22', clusterIPs: ['10.96.0.22', 'fd00::22'], ports: [HTTP] }),
  zoneService('web', { clusterIP: '10.96.0.30', ports: [HTTP] }, 'other'),
  zoneService('peers', { clusterIP: 'None', ports: [HTTP] }),
  zoneService('waiting', { clusterIP: 'None', ports: [HTTP] }),
  zoneService('early', { clusterIP: 'None', publishNotReadyAddresses: true, ports: [HTTP] }),
  zoneService('portless', { clusterIP: 'None' }),
  zoneService('lonely', { clusterIP: 'None', ports: [HTTP] }),
  zoneService('outside', { type: 'ExternalName', externalName: 'www.example.com.' }),
  zoneService('alias', { type: 'ExternalName', externalName: 'web.other.svc.cluster.local' }),
  zoneService('alias-of-alias', { type: 'ExternalName', externalName: 'alias.default.svc.cluster.local' }),
  zoneService('alias-of-outside', { type: 'ExternalName', externalName: 'outside.default.svc.cluster.local' }),
  zoneService('alias-of-nothing', { type: 'ExternalName', externalName: 'nothing.default.svc.cluster.local' }),
  zoneService('round', { type: 'ExternalName', externalName: 'round.default.svc.cluster.local' }),
  zoneService('1password', { clusterIP: '10.96.0.23', ports: [HTTP] }),
];

const TARGET = { name: 'http', port: 8080, protocol: 'TCP' };
const NOT_READY = { conditions: { ready: false } };

export const SLICES: readonly EndpointSlice[] = [
  zoneSlice('web', { ports: [TARGET], endpoints: [{ addresses: ['172.17.0.2'] }, { addresses: ['172.17.0.3'], hostname: 'named', conditions: { ready: true } }] }),
  zoneSlice('peers', {
    ports: [TARGET],
    endpoints: [{ addresses: ['172.17.0.5'], hostname: 'peer-1' }, { addresses: ['172.17.0.4'], hostname: 'peer-0' }, { addresses: ['172.17.0.6'] }, { addresses: ['172.17.0.7'], hostname: 'peer-3', ...NOT_READY }],
  }),
  zoneSlice('peers', { name: 'peers-2', ports: [{ name: 'metrics', port: 9100, protocol: 'TCP' }], endpoints: [{ addresses: ['172.17.0.4'], hostname: 'peer-0' }] }),
  zoneSlice('peers', { name: 'peers-6', addressType: 'IPv6', ports: [TARGET], endpoints: [{ addresses: ['fd00::5'], hostname: 'peer-1' }] }),
  zoneSlice('peers', { name: 'peers-fqdn', addressType: 'FQDN', ports: [TARGET], endpoints: [{ addresses: ['peer.example.com'] }] }),
  zoneSlice('waiting', { ports: [TARGET], endpoints: [{ addresses: ['172.17.0.8'], ...NOT_READY }] }),
  zoneSlice('early', { ports: [TARGET], endpoints: [{ addresses: ['172.17.0.9'], hostname: 'first', ...NOT_READY }] }),
  zoneSlice('portless', { endpoints: [{ addresses: ['172.17.0.10'] }] }),
];
