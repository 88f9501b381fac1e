import { describe, expect, test } from '@jest/globals';
import { clusterNetwork } from '../../../../src/api/service/cluster-network.ts';
import { apiService, dnsService } from '../../../../src/controllers/cluster-services/cluster-service.ts';
import { planClusterService, type ObservedClusterService } from '../../../../src/controllers/cluster-services/plan-cluster-service.ts';

const network = clusterNetwork(3);
const server = { ip: '172.17.0.1', port: 16443 };
const wanted = apiService(network, server);
const there: ObservedClusterService = { service: wanted.service, endpoints: wanted.endpoints, slice: wanted.slice };
const nothing: ObservedClusterService = { service: undefined, endpoints: undefined, slice: undefined };

describe('default/kubernetes', () => {
  test('is how Pods reach the API', () => {
    expect(wanted.service).toMatchObject({
      metadata: { name: 'kubernetes', namespace: 'default', labels: { component: 'apiserver', provider: 'kubernetes' } },
      spec: { type: 'ClusterIP', clusterIP: '10.99.0.1', ports: [{ name: 'https', port: 443, protocol: 'TCP', targetPort: 16443 }] },
    });
    expect(wanted.service.spec?.selector).toBeUndefined();
    expect(wanted.endpoints).toMatchObject({ metadata: { labels: { 'endpointslice.kubernetes.io/skip-mirror': 'true' } }, subsets: [{ addresses: [{ ip: '172.17.0.1' }], ports: [{ name: 'https', port: 16443, protocol: 'TCP' }] }] });
    expect(wanted.slice).toMatchObject({
      metadata: { name: 'kubernetes', labels: { 'kubernetes.io/service-name': 'kubernetes' } },
      addressType: 'IPv4',
      endpoints: [{ addresses: ['172.17.0.1'], conditions: { ready: true } }],
      ports: [{ name: 'https', port: 16443, protocol: 'TCP' }],
    });
  });

  test('has nobody behind it while nobody knows where the API is', () => {
    expect(apiService(network, undefined)).toEqual({ service: { ...wanted.service, spec: { ...wanted.service.spec, ports: [{ name: 'https', port: 443, protocol: 'TCP', targetPort: 443 }] } } });
  });
});

test('kube-system/kube-dns is what kubectl cluster-info looks for, and no proxy forwards for it', () => {
  const { service, slice } = dnsService(network, { ip: '10.99.0.10', port: 53 });
  expect(service).toMatchObject({
    metadata: { name: 'kube-dns', namespace: 'kube-system', labels: { 'k8s-app': 'kube-dns', 'kubernetes.io/cluster-service': 'true', 'service.kubernetes.io/service-proxy-name': 'minik-dns' } },
    spec: { clusterIP: '10.99.0.10', ports: [{ name: 'dns', port: 53, protocol: 'UDP' }, { name: 'dns-tcp', port: 53, protocol: 'TCP' }] },
  });
  expect(slice?.metadata?.labels).toMatchObject({ 'service.kubernetes.io/service-proxy-name': 'minik-dns' });
});

describe('what is to be done', () => {
  const service = (changes: object, metadata: object = {}) => ({ ...there, service: { ...wanted.service, metadata: { ...wanted.service.metadata, ...metadata }, spec: { ...wanted.service.spec, ...changes } } });
  test.each<{ name: string; observed: ObservedClusterService; actions: string[] }>([
    { name: 'nothing, when all is there', observed: there, actions: [] },
    { name: 'everything, when nothing is', observed: nothing, actions: ['create-service', 'create-endpoints', 'create-slice'] },
    { name: 'what somebody deleted', observed: { ...there, slice: undefined }, actions: ['create-slice'] },
    { name: 'nothing about what others added', observed: service({ sessionAffinity: 'ClientIP' }, { labels: { ...wanted.service.metadata?.labels, mine: 'yes' }, annotations: { mine: 'yes' } }), actions: [] },
    { name: 'other ports are put right', observed: service({ ports: [{ name: 'https', port: 443, protocol: 'TCP', targetPort: 1 }] }), actions: ['update-service'] },
    { name: 'another type is', observed: service({ type: 'NodePort' }), actions: ['update-service'] },
    { name: 'a selector is taken away', observed: service({ selector: { app: 'mine' } }), actions: ['update-service'] },
    { name: 'lost labels come back', observed: service({}, { labels: {} }), actions: ['update-service'] },
    { name: 'another address means another Service', observed: service({ clusterIP: '10.96.0.1' }), actions: ['delete-service'] },
    { name: 'once', observed: service({ clusterIP: '10.96.0.1' }, { deletionTimestamp: '2026-01-01T00:00:00Z' }), actions: [] },
    { name: 'an API that moved is told of', observed: { ...there, endpoints: apiService(network, { ip: '172.18.0.1', port: 1 }).endpoints, slice: apiService(network, { ip: '172.18.0.1', port: 1 }).slice }, actions: ['update-endpoints', 'update-slice'] },
    { name: 'a slice of another kind of addresses cannot be changed', observed: { ...there, slice: { ...wanted.slice!, addressType: 'FQDN' } }, actions: ['delete-slice'] },
  ])('$name', ({ observed, actions }) => {
    expect(planClusterService(wanted, observed).map(({ type }) => type)).toEqual(actions);
  });

  test('nothing while a daemon that starts does not know where the API will be', () => {
    expect(planClusterService(apiService(network, undefined), there)).toEqual([]);
  });

  test('an update keeps what others added, but not a selector', () => {
    const [action] = planClusterService(wanted, service({ selector: { app: 'mine' }, sessionAffinity: 'ClientIP' }, { labels: { mine: 'yes' } }));
    expect(action).toMatchObject({ service: { metadata: { labels: { mine: 'yes', component: 'apiserver' } }, spec: { sessionAffinity: 'ClientIP' } } });
    expect(action?.type === 'update-service' && action.service.spec).not.toHaveProperty('selector');
  });
});
