// Services, endpoints and slices for the network's tests: a base, and the changes that a case is about.
import type { Endpoint, EndpointSlice, Service, ServiceSpec } from '../../src/api/generated/types.ts';

export const HERE = 'here';

export function aService(spec: Partial<ServiceSpec> = {}, more: Pick<Service, 'metadata' | 'status'> = {}): Service {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web', namespace: 'default', ...more.metadata },
    spec: { type: 'ClusterIP', clusterIP: '10.96.0.9', ports: [{ port: 80, targetPort: 8080, protocol: 'TCP' }], ...spec },
    ...(more.status === undefined ? {} : { status: more.status }),
  };
}

export function anEndpoint(ip: string, changes: Partial<Endpoint> = {}): Endpoint {
  return { addresses: [ip], nodeName: HERE, conditions: { ready: true, serving: true, terminating: false }, ...changes };
}

/** Of Service default/web, port 8080. */
export function aSlice(endpoints: Endpoint[] | undefined, changes: Partial<EndpointSlice> = {}): EndpointSlice {
  return {
    metadata: { name: 'web-1', namespace: 'default', labels: { 'kubernetes.io/service-name': 'web' } },
    addressType: 'IPv4',
    ports: [{ name: '', port: 8080, protocol: 'TCP' }],
    ...(endpoints === undefined ? {} : { endpoints }),
    ...changes,
  };
}

/** As users write it: nothing that the server gives. */
export function newService(name: string, spec: ServiceSpec = {}): Service {
  return { apiVersion: 'v1', kind: 'Service', metadata: { name, namespace: 'default' }, spec: { ports: [{ port: 80 }], ...spec } };
}
