import { describe, expect, test } from '@jest/globals';
import type { Endpoints, EndpointSubset, Pod, Service } from '../../../../src/api/generated/types.ts';
import { toTime } from '../../../../src/api/time.ts';
import { planEndpoints } from '../../../../src/controllers/endpoints/plan-endpoints.ts';
import { repackSubsets } from '../../../../src/api/endpoints/repack-subsets.ts';
import { truncateSubsets } from '../../../../src/controllers/endpoints/truncate-subsets.ts';
import { NOW } from '../../../support/builders.ts';
import { aBackend, aContainerWithPorts, aSelectingService } from '../../../support/backends.ts';

function made(service: Service, pods: readonly Pod[]): Endpoints {
  const [action] = planEndpoints({ service, pods, endpoints: undefined });
  expect(action?.type).toBe('create-endpoints');
  return action!.endpoints;
}

/** "172.17.0.1 !172.17.0.2: 80 53/UDP" for each subset; ! not ready. */
function told(subsets: readonly EndpointSubset[] = []): string[] {
  return subsets.map(({ addresses = [], notReadyAddresses = [], ports = [] }) => {
    const ips = [...addresses.map(({ ip }) => ip), ...notReadyAddresses.map(({ ip }) => `!${ip}`)].join(' ');
    return `${ips}: ${ports.map(({ port, protocol }) => (protocol === 'UDP' ? `${port}/UDP` : port)).join(' ')}`.trim();
  });
}

describe('subsets', () => {
  const named = (port: number): Pod['spec'] => ({ containers: [aContainerWithPorts([{ name: 'http', port }])] });
  test.each([
    { name: 'without Pods there are none', spec: {}, pods: [], subsets: [] },
    { name: 'ready and others apart, sorted', spec: {}, pods: [aBackend('a-3'), aBackend('a-2', { ready: false }), aBackend('a-1')], subsets: ['172.17.0.1 172.17.0.3 !172.17.0.2: 80'] },
    { name: 'a Pod that goes is dropped', spec: {}, pods: [aBackend('a-1', { deleting: true }), aBackend('a-2')], subsets: ['172.17.0.2: 80'] },
    { name: 'publishNotReadyAddresses keeps all, as ready', spec: { publishNotReadyAddresses: true }, pods: [aBackend('a-1', { deleting: true }), aBackend('a-2', { ready: false })], subsets: ['172.17.0.1 172.17.0.2: 80'] },
    { name: 'Pods that are over are not there', spec: {}, pods: [aBackend('a-1', { phase: 'Failed' }), aBackend('a-2', { phase: 'Succeeded' })], subsets: [] },
    { name: 'ports that a Pod has share a subset', spec: { ports: [{ name: 'b', port: 2, targetPort: 82 }, { name: 'a', port: 1, targetPort: 81 }] }, pods: [aBackend('a-1')], subsets: ['172.17.0.1: 81 82'] },
    { name: 'Pods of other numbers are apart', spec: { ports: [{ port: 80, targetPort: 'http' }] }, pods: [aBackend('a-1', { spec: named(8080) }), aBackend('a-2', { spec: named(9090) }), aBackend('a-3', { spec: named(8080) })], subsets: ['172.17.0.1 172.17.0.3: 8080', '172.17.0.2: 9090'] },
    { name: 'a Pod without the named port is left out', spec: { ports: [{ port: 80, targetPort: 'http' }] }, pods: [aBackend('a-1')], subsets: [] },
    { name: 'one number over two protocols', spec: { ports: [{ name: 'a', port: 53, protocol: 'UDP' }, { name: 'b', port: 53, protocol: 'TCP' }] }, pods: [aBackend('a-1')], subsets: ['172.17.0.1: 53 53/UDP'] },
    { name: 'headless without ports: addresses alone', spec: { clusterIP: 'None', ports: undefined }, pods: [aBackend('a-1')], subsets: ['172.17.0.1:'] },
  ])('$name', ({ spec, pods, subsets }) => {
    expect(told(made(aSelectingService(spec), pods).subsets)).toEqual(subsets);
  });

  test('an address says who and where it is', () => {
    const service = aSelectingService({ ports: [{ name: 'web', port: 80, appProtocol: 'http' }] });
    expect(made(service, [aBackend('a-1', { spec: { hostname: 'one', subdomain: 'web' } })]).subsets).toEqual([
      {
        addresses: [{ ip: '172.17.0.1', hostname: 'one', nodeName: 'node', targetRef: { kind: 'Pod', namespace: 'default', name: 'a-1', uid: 'uid-a-1' } }],
        ports: [{ name: 'web', port: 80, protocol: 'TCP', appProtocol: 'http' }],
      },
    ]);
  });
});

describe('repacking', () => {
  const at = (ip: string) => ({ ip });
  const port = (number: number) => ({ port: number, protocol: 'TCP' });
  test.each<{ name: string; subsets: EndpointSubset[]; packed: string[] }>([
    { name: 'nothing is nothing', subsets: [], packed: [] },
    { name: 'an address that comes twice is told of once', subsets: [{ addresses: [at('1.1.1.1')], ports: [port(1)] }, { addresses: [at('1.1.1.1')], ports: [port(1)] }], packed: ['1.1.1.1: 1'] },
    { name: 'ports of an address are gathered', subsets: [{ addresses: [at('1.1.1.1')], ports: [port(2)] }, { addresses: [at('1.1.1.1')], ports: [port(1)] }], packed: ['1.1.1.1: 1 2'] },
    { name: 'addresses of the same ports are gathered', subsets: [{ addresses: [at('2.2.2.2')], ports: [port(1)] }, { addresses: [at('1.1.1.1')], ports: [port(1)] }], packed: ['1.1.1.1 2.2.2.2: 1'] },
    { name: 'not ready wins', subsets: [{ addresses: [at('1.1.1.1')], ports: [port(1)] }, { notReadyAddresses: [at('1.1.1.1')], ports: [port(1)] }], packed: ['!1.1.1.1: 1'] },
    { name: 'ready for one port, not for another: two subsets', subsets: [{ addresses: [at('1.1.1.1')], ports: [port(1)] }, { notReadyAddresses: [at('1.1.1.1')], ports: [port(2)] }], packed: ['1.1.1.1: 1', '!1.1.1.1: 2'] },
    { name: 'ports sort as numbers', subsets: [{ addresses: [at('1.1.1.1')], ports: [port(8080), port(90)] }], packed: ['1.1.1.1: 90 8080'] },
  ])('$name', ({ subsets, packed }) => {
    expect(told(repackSubsets(subsets))).toEqual(packed);
    expect(repackSubsets(repackSubsets(subsets))).toEqual(repackSubsets(subsets));
  });
});

describe('more than an object may hold', () => {
  const addresses = (count: number, from: number) => Array.from({ length: count }, (_, at) => ({ ip: `10.0.${from}.${at}` }));
  const sizes = (subsets: readonly EndpointSubset[]) => subsets.map((subset) => [subset.addresses?.length ?? 0, subset.notReadyAddresses?.length ?? 0]);
  test.each([
    { name: 'as many as fit stay', subsets: [{ addresses: addresses(6, 1), notReadyAddresses: addresses(4, 2) }], sizes: [[6, 4]], truncated: false },
    { name: 'ready ones come first', subsets: [{ addresses: addresses(8, 1), notReadyAddresses: addresses(9, 2) }], sizes: [[8, 2]], truncated: true },
    { name: 'with too many ready ones there is no room for others', subsets: [{ addresses: addresses(30, 1), notReadyAddresses: addresses(9, 2) }, { addresses: addresses(10, 3) }], sizes: [[8, 0], [2, 0]], truncated: true },
    { name: 'a subset that loses all is gone', subsets: [{ addresses: addresses(10, 1) }, { notReadyAddresses: addresses(10, 2) }], sizes: [[10, 0]], truncated: true },
  ])('$name', ({ subsets, sizes: expected, truncated }) => {
    const cut = truncateSubsets(subsets, 10);
    expect({ sizes: sizes(cut.subsets), truncated: cut.truncated }).toEqual({ sizes: expected, truncated });
  });

  test('is told by an annotation, which goes when they fit again', () => {
    const crowd = Array.from({ length: 1_001 }, (_, at) => aBackend(`a-${at}`));
    const crowded = made(aSelectingService(), crowd);
    expect(crowded.metadata?.annotations).toMatchObject({ 'endpoints.kubernetes.io/over-capacity': 'truncated' });
    const [eased] = planEndpoints({ service: aSelectingService(), pods: crowd.slice(0, 1_000), endpoints: crowded });
    expect(eased?.endpoints.metadata?.annotations).not.toHaveProperty(['endpoints.kubernetes.io/over-capacity']);
  });
});

describe('the object', () => {
  test('has the name and the labels of the Service, and says who writes it', () => {
    expect(made(aSelectingService({}, { labels: { team: 'red' } }), []).metadata).toEqual({
      name: 'web',
      namespace: 'default',
      labels: { team: 'red', 'endpoints.kubernetes.io/managed-by': 'endpoint-controller' },
      annotations: { 'endpoints.kubernetes.io/last-change-trigger-time': toTime(NOW - 60_000) },
    });
    expect(made(aSelectingService({ clusterIP: 'None' }), []).metadata?.labels).toMatchObject({ 'service.kubernetes.io/headless': '' });
  });

  test('is not written again when nothing changed', () => {
    const endpoints = made(aSelectingService(), [aBackend('a-1'), aBackend('a-2')]);
    expect(planEndpoints({ service: aSelectingService(), pods: [aBackend('a-2'), aBackend('a-1')], endpoints })).toEqual([]);
  });

  test('keeps the annotations of others and its version when it changes', () => {
    const before = made(aSelectingService(), []);
    const endpoints = { ...before, metadata: { ...before.metadata, resourceVersion: '7', annotations: { mine: 'yes' } } };
    const [action] = planEndpoints({ service: aSelectingService(), pods: [aBackend('a-1')], endpoints });
    expect(action).toMatchObject({ type: 'update-endpoints', endpoints: { metadata: { resourceVersion: '7', annotations: { mine: 'yes' } } } });
  });

  test('goes with its Service, and when the Service becomes a name for something outside', () => {
    const endpoints = made(aSelectingService(), []);
    expect(planEndpoints({ service: undefined, pods: [], endpoints })).toEqual([{ type: 'delete-endpoints', endpoints }]);
    expect(planEndpoints({ service: undefined, pods: [], endpoints: undefined })).toEqual([]);
    const external = aSelectingService({ type: 'ExternalName', externalName: 'example.com' });
    expect(planEndpoints({ service: external, pods: [], endpoints })).toEqual([{ type: 'delete-endpoints', endpoints }]);
    expect(planEndpoints({ service: external, pods: [], endpoints: { ...endpoints, metadata: { name: 'web', labels: {} } } })).toEqual([]);
  });

  test('of a Service without a selector is nobody else\'s business', () => {
    expect(planEndpoints({ service: aSelectingService({ selector: undefined }), pods: [], endpoints: undefined })).toEqual([]);
  });
});
