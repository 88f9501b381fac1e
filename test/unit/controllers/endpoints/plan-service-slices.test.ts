import { describe, expect, test } from '@jest/globals';
import type { EndpointSlice, Pod, Service } from '../../../../src/api/generated/types.ts';
import { toTime } from '../../../../src/api/time.ts';
import { planServiceSlices } from '../../../../src/controllers/endpoints/plan-service-slices.ts';
import { NOW } from '../../../support/builders.ts';
import { aBackend, aContainerWithPorts, aSelectingService, toldSlices } from '../../../support/backends.ts';

const zoneOf = (): undefined => undefined;
const http = (port: number): Pod['spec'] => ({ containers: [aContainerWithPorts([{ name: 'http', port }])] });

/** The slices as the server would have them once the plan is carried out, in the order in which they were made. */
function settled(service: Service, pods: readonly Pod[], slices: readonly EndpointSlice[] = []): EndpointSlice[] {
  const after = new Map(slices.map((slice) => [slice.metadata?.name ?? '', slice]));
  for (const { type, slice } of planServiceSlices({ service, pods, slices, zoneOf })) {
    const name = slice.metadata?.name ?? `web-${after.size + 1}`;
    if (type === 'delete-slice') after.delete(name);
    else after.set(name, { ...slice, metadata: { ...slice.metadata, name } });
  }
  return [...after.values()];
}

describe('the Pods of a Service', () => {
  test.each([
    { name: 'without Pods there is one slice with nothing in it', pods: [], told: [':'] },
    { name: 'ready Pods share a slice', pods: [aBackend('a-1'), aBackend('a-2')], told: ['80: 172.17.0.1 172.17.0.2'] },
    { name: 'one that is not ready is told of as such', pods: [aBackend('a-1', { ready: false })], told: ['80: 172.17.0.1!'] },
    { name: 'one that goes is terminating, and not ready even if it serves', pods: [aBackend('a-1', { deleting: true })], told: ['80: 172.17.0.1!~'] },
    { name: 'one without an address is not there', pods: [aBackend('a-1', { ip: '' })], told: [':'] },
    { name: 'one that succeeded is not there', pods: [aBackend('a-1', { phase: 'Succeeded' })], told: [':'] },
    { name: 'one that failed, as an evicted one has, is not there', pods: [aBackend('a-1', { phase: 'Failed' }), aBackend('a-2')], told: ['80: 172.17.0.2'] },
    { name: 'a pending one with an address is there, not ready', pods: [aBackend('a-1', { phase: 'Pending', ready: false })], told: ['80: 172.17.0.1!'] },
  ])('$name', ({ pods, told }) => {
    expect(toldSlices(settled(aSelectingService(), pods))).toEqual(told);
  });

  test('publishNotReadyAddresses makes all of them ready, even those that go', () => {
    const slices = settled(aSelectingService({ publishNotReadyAddresses: true }), [aBackend('a-1', { ready: false }), aBackend('a-2', { deleting: true })]);
    expect(toldSlices(slices)).toEqual(['80: 172.17.0.1 172.17.0.2~']);
    expect(slices[0]?.endpoints?.map(({ conditions }) => conditions?.serving)).toEqual([false, true]);
  });
});

describe('the ports of a Service', () => {
  test.each([
    { name: 'several ports are in one slice', ports: [{ name: 'a', port: 1, targetPort: 81 }, { name: 'b', port: 2, targetPort: 82 }], pods: [aBackend('a-1')], told: ['81,82: 172.17.0.1'] },
    { name: 'one number over TCP and UDP is two ports', ports: [{ name: 'a', port: 53, protocol: 'TCP' }, { name: 'b', port: 53, protocol: 'UDP' }], pods: [aBackend('a-1')], told: ['53,53/UDP: 172.17.0.1'] },
    { name: 'a name means another number in another Pod: two slices', ports: [{ port: 80, targetPort: 'http' }], pods: [aBackend('a-1', { spec: http(8080) }), aBackend('a-2', { spec: http(9090) }), aBackend('a-3', { spec: http(8080) })], told: ['8080: 172.17.0.1 172.17.0.3', '9090: 172.17.0.2'] },
    { name: 'a Pod without a port of that name has no port', ports: [{ port: 80, targetPort: 'http' }], pods: [aBackend('a-1')], told: [': 172.17.0.1'] },
    { name: 'a name of another protocol is another port', ports: [{ port: 80, targetPort: 'http', protocol: 'UDP' }], pods: [aBackend('a-1', { spec: http(8080) })], told: [': 172.17.0.1'] },
    { name: 'a sidecar has ports too', ports: [{ port: 80, targetPort: 'http' }], pods: [aBackend('a-1', { spec: { initContainers: [{ ...aContainerWithPorts([{ name: 'http', port: 7000 }]), restartPolicy: 'Always' }] } })], told: ['7000: 172.17.0.1'] },
    { name: 'an init container that ends has none', ports: [{ port: 80, targetPort: 'http' }], pods: [aBackend('a-1', { spec: { initContainers: [aContainerWithPorts([{ name: 'http', port: 7000 }])] } })], told: [': 172.17.0.1'] },
  ])('$name', ({ ports, pods, told }) => {
    expect(toldSlices(settled(aSelectingService({ ports }), pods))).toEqual(told);
  });

  test('a headless Service may have none at all', () => {
    expect(toldSlices(settled(aSelectingService({ clusterIP: 'None', ports: undefined }), [aBackend('a-1')]))).toEqual([': 172.17.0.1']);
  });
});

describe('what a slice says', () => {
  test('of itself: whose it is, who writes it, and since when it is so', () => {
    const [slice] = settled(aSelectingService({}, { labels: { team: 'red', 'kubernetes.io/service-name': 'lies' } }), [aBackend('a-1')]);
    expect(slice).toMatchObject({ apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', addressType: 'IPv4' });
    expect(slice?.metadata).toEqual({
      name: 'web-1',
      namespace: 'default',
      generateName: 'web-',
      labels: { team: 'red', 'kubernetes.io/service-name': 'web', 'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io' },
      annotations: { 'endpoints.kubernetes.io/last-change-trigger-time': toTime(NOW - 60_000) },
      ownerReferences: [{ apiVersion: 'v1', kind: 'Service', name: 'web', uid: 'web-uid', controller: true, blockOwnerDeletion: true }],
    });
  });

  test('of a headless Service: that it is one', () => {
    expect(settled(aSelectingService({ clusterIP: 'None' }), [])[0]?.metadata?.labels).toMatchObject({ 'service.kubernetes.io/headless': '' });
  });

  test('of an endpoint: who and where it is', () => {
    const service = aSelectingService({ ports: [{ name: 'web', port: 80, appProtocol: 'kubernetes.io/h2c' }] });
    const [action] = planServiceSlices({ service, pods: [aBackend('a-1')], slices: [], zoneOf: () => 'here' });
    expect(action?.slice.ports).toEqual([{ name: 'web', port: 80, protocol: 'TCP', appProtocol: 'kubernetes.io/h2c' }]);
    expect(action?.slice.endpoints).toEqual([
      {
        addresses: ['172.17.0.1'],
        conditions: { ready: true, serving: true, terminating: false },
        nodeName: 'node',
        zone: 'here',
        targetRef: { kind: 'Pod', namespace: 'default', name: 'a-1', uid: 'uid-a-1' },
      },
    ]);
  });

  test.each([
    { name: 'its hostname, where its subdomain is the Service', spec: { hostname: 'one', subdomain: 'web' }, hostname: 'one' },
    { name: 'none, where its subdomain is another', spec: { hostname: 'one', subdomain: 'other' }, hostname: undefined },
    { name: 'none without a subdomain', spec: { hostname: 'one' }, hostname: undefined },
    { name: 'none without a hostname', spec: { subdomain: 'web' }, hostname: undefined },
  ])('of a Pod: $name', ({ spec, hostname }) => {
    expect(settled(aSelectingService(), [aBackend('a-1', { spec })])[0]?.endpoints?.[0]?.hostname).toBe(hostname);
  });
});

describe('who has slices', () => {
  test.each([
    { name: 'a Service without a selector', spec: { selector: undefined } },
    { name: 'an empty selector', spec: { selector: {} } },
  ])('not $name, and what it had before is left', ({ spec }) => {
    const before = settled(aSelectingService(), [aBackend('a-1')]);
    expect(planServiceSlices({ service: aSelectingService(spec), pods: [], slices: before, zoneOf })).toEqual([]);
  });

  test('not a Service that has become a name for something outside: its slices go', () => {
    const before = settled(aSelectingService(), [aBackend('a-1')]);
    expect(planServiceSlices({ service: aSelectingService({ type: 'ExternalName', externalName: 'example.com' }), pods: [], slices: before, zoneOf })).toEqual([{ type: 'delete-slice', slice: before[0] }]);
  });

  test('a Service that was made again under its name: the slices of the first go', () => {
    const before = settled(aSelectingService({}, { uid: 'earlier' }), [aBackend('a-1')]);
    const plan = planServiceSlices({ service: aSelectingService(), pods: [aBackend('a-1')], slices: before, zoneOf });
    expect(plan.map(({ type }) => type)).toEqual(['create-slice', 'delete-slice']);
  });
});

describe('few slices change', () => {
  const many = (count: number, from = 1): Pod[] => Array.from({ length: count }, (_, at) => aBackend(`a-${from + at}`));
  const sizes = (slices: readonly EndpointSlice[]): number[] => slices.map(({ endpoints }) => endpoints?.length ?? 0);

  test('nothing to do when all is as it should be', () => {
    const service = aSelectingService();
    const before = settled(service, many(250));
    expect(sizes(before)).toEqual([100, 100, 50]);
    expect(planServiceSlices({ service, pods: many(250).reverse(), slices: before, zoneOf })).toEqual([]);
  });

  test('one Pod more goes where there is room', () => {
    const before = settled(aSelectingService(), many(250));
    const plan = planServiceSlices({ service: aSelectingService(), pods: many(251), slices: before, zoneOf });
    expect(plan.map(({ type, slice }) => [type, slice.metadata?.name, slice.endpoints?.length])).toEqual([['update-slice', 'web-3', 51]]);
  });

  test('one Pod less changes its slice only, and the slices are not packed anew', () => {
    const before = settled(aSelectingService(), many(250));
    expect(sizes(settled(aSelectingService(), many(249, 2), before))).toEqual([99, 100, 50]);
    expect(planServiceSlices({ service: aSelectingService(), pods: many(249, 2), slices: before, zoneOf })).toHaveLength(1);
  });

  test('the successor of a Pod takes its place', () => {
    const before = settled(aSelectingService(), many(250));
    const plan = planServiceSlices({ service: aSelectingService(), pods: [...many(249, 2), aBackend('b-999')], slices: before, zoneOf });
    expect(plan.map(({ type, slice }) => [type, slice.metadata?.name, slice.endpoints?.length])).toEqual([['update-slice', 'web-1', 100]]);
  });

  test('a Pod that becomes ready changes one slice, in place', () => {
    const before = settled(aSelectingService(), [aBackend('a-1', { ready: false }), aBackend('a-2')]);
    const plan = planServiceSlices({ service: aSelectingService(), pods: [aBackend('a-1'), aBackend('a-2')], slices: before, zoneOf });
    expect(plan.map(({ type }) => type)).toEqual(['update-slice']);
    expect(toldSlices(plan.map(({ slice }) => slice))).toEqual(['80: 172.17.0.1 172.17.0.2']);
  });

  test('more than fit anywhere make a new slice', () => {
    const before = settled(aSelectingService(), many(60));
    expect(sizes(settled(aSelectingService(), many(110), before))).toEqual([60, 50]);
  });

  test('the last Pods of a slice take it with them; without any Pod the slice stays, empty', () => {
    const before = settled(aSelectingService(), many(101));
    expect(sizes(settled(aSelectingService(), many(100), before))).toEqual([100]);
    const none = settled(aSelectingService(), [], settled(aSelectingService(), many(3)));
    expect(none.map(({ metadata, ports, endpoints }) => ({ name: metadata?.name, ports, endpoints }))).toEqual([{ name: 'web-1', ports: [], endpoints: [] }]);
    expect(planServiceSlices({ service: aSelectingService(), pods: [], slices: none, zoneOf })).toEqual([]);
    expect(settled(aSelectingService(), many(1), none).map(({ metadata }) => metadata?.name)).toEqual(['web-1']);
  });

  test('another target port rewrites the slices that are there', () => {
    const plan = planServiceSlices({ service: aSelectingService({ ports: [{ port: 80, targetPort: 8080 }] }), pods: many(150), slices: settled(aSelectingService(), many(150)), zoneOf });
    expect(plan.map(({ type, slice }) => [type, slice.ports?.[0]?.port])).toEqual([['update-slice', 8080], ['update-slice', 8080]]);
  });

  test('other labels of the Service are told by every slice, also one without Pods', () => {
    const labelled = aSelectingService({}, { labels: { team: 'red' } });
    expect(planServiceSlices({ service: labelled, pods: many(150), slices: settled(aSelectingService(), many(150)), zoneOf }).map(({ type }) => type)).toEqual(['update-slice', 'update-slice']);
    expect(planServiceSlices({ service: labelled, pods: [], slices: settled(aSelectingService(), []), zoneOf }).map(({ slice }) => slice.metadata?.labels?.['team'])).toEqual(['red']);
  });
});
