// pure: what the two Services that every cluster has are to look like. They have no selector: who answers for them is no Pod.
import { SKIP_MIRROR_LABEL } from '../../api/endpoints/endpoints-labels.ts';
import type { Endpoints, EndpointSlice, Service, ServicePort } from '../../api/generated/types.ts';
import type { ClusterNetwork } from '../../api/service/cluster-network.ts';
import { API_SERVICE, DNS_SERVICE } from '../../api/service/own-services.ts';
import { OTHER_PROXY_LABEL, SERVICE_NAME_LABEL } from '../../api/service/service-labels.ts';

export interface ServerAddress {
  readonly ip: string;
  readonly port: number;
}

export interface ClusterService {
  readonly service: Service;
  /** Both absent while nobody answers for it. */
  readonly endpoints?: Endpoints;
  readonly slice?: EndpointSlice;
}

const HTTPS_PORT = 443;
const DNS_PORT = 53;
/** It listens on the Service's own address: nothing is to be forwarded. */
const DNS_PROXY = 'minik-dns';

/** default/kubernetes: the API's server, where Pods reach it. */
export function apiService({ apiIp }: ClusterNetwork, server: ServerAddress | undefined): ClusterService {
  const ports = [{ name: 'https', port: HTTPS_PORT, protocol: 'TCP', targetPort: server?.port ?? HTTPS_PORT }];
  const service = without(API_SERVICE, { labels: { component: 'apiserver', provider: 'kubernetes' }, clusterIP: apiIp, ports });
  return { service, ...(server === undefined ? {} : answeredBy(service, server)) };
}

/** kube-system/kube-dns, as kubeadm makes it; the labels lead `kubectl cluster-info` to it. */
export function dnsService({ dnsIp }: ClusterNetwork, server: ServerAddress | undefined): ClusterService {
  const ports = [
    { name: 'dns', port: DNS_PORT, protocol: 'UDP', targetPort: server?.port ?? DNS_PORT },
    { name: 'dns-tcp', port: DNS_PORT, protocol: 'TCP', targetPort: server?.port ?? DNS_PORT },
  ];
  const labels = { 'k8s-app': 'kube-dns', 'kubernetes.io/cluster-service': 'true', 'kubernetes.io/name': 'CoreDNS', [OTHER_PROXY_LABEL]: DNS_PROXY };
  const service = without(DNS_SERVICE, { labels, clusterIP: dnsIp, ports });
  return { service, ...(server === undefined ? {} : answeredBy(service, server)) };
}

interface Facts {
  readonly labels: Record<string, string>;
  readonly clusterIP: string;
  readonly ports: ServicePort[];
}

function without(name: { readonly namespace: string; readonly name: string }, { labels, clusterIP, ports }: Facts): Service {
  return { apiVersion: 'v1', kind: 'Service', metadata: { ...name, labels }, spec: { type: 'ClusterIP', clusterIP, ports, sessionAffinity: 'None' } };
}

function answeredBy({ metadata, spec }: Service, { ip }: ServerAddress): Required<Pick<ClusterService, 'endpoints' | 'slice'>> {
  const { namespace, name = '', labels = {} } = metadata ?? {};
  const ports = (spec?.ports ?? []).map(({ name: portName, protocol, targetPort }) => ({ name: portName, port: targetPort as number, protocol }));
  const proxy = labels[OTHER_PROXY_LABEL];
  return {
    endpoints: { apiVersion: 'v1', kind: 'Endpoints', metadata: { namespace, name, labels: { [SKIP_MIRROR_LABEL]: 'true' } }, subsets: [{ addresses: [{ ip }], ports }] },
    slice: {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: { namespace, name, labels: { [SERVICE_NAME_LABEL]: name, ...(proxy === undefined ? {} : { [OTHER_PROXY_LABEL]: proxy }) } },
      addressType: 'IPv4',
      endpoints: [{ addresses: [ip], conditions: { ready: true } }],
      ports,
    },
  };
}
