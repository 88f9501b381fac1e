import { describe, expect, test } from '@jest/globals';
import type { Endpoints, EndpointSlice } from '../../../../src/api/generated/types.ts';
import { planMirror } from '../../../../src/controllers/endpoints/plan-mirror.ts';
import { aService } from '../../../support/services.ts';
import { toldSlices } from '../../../support/backends.ts';

const service = aService({ selector: undefined });
const http = [{ name: 'http', port: 80, protocol: 'TCP' }];

function written(subsets: Endpoints['subsets'] = [{ addresses: [{ ip: '192.0.2.1' }], ports: http }], metadata: Endpoints['metadata'] = {}): Endpoints {
  return { metadata: { name: 'web', namespace: 'default', uid: 'endpoints-uid', ...metadata }, subsets };
}

function mirrored(endpoints: Endpoints): EndpointSlice[] {
  return planMirror({ endpoints, service, slices: [] }).map(({ slice }) => slice);
}

describe('what is mirrored', () => {
  test.each([
    { name: 'nothing of no addresses', subsets: [], told: [] },
    { name: 'addresses that are ready and those that are not', subsets: [{ addresses: [{ ip: '192.0.2.1' }], notReadyAddresses: [{ ip: '192.0.2.2' }], ports: http }], told: ['80: 192.0.2.1 192.0.2.2!'] },
    { name: 'addresses without ports', subsets: [{ addresses: [{ ip: '192.0.2.1' }] }], told: [': 192.0.2.1'] },
    { name: 'subsets with the same ports in one slice', subsets: [{ addresses: [{ ip: '192.0.2.1' }], ports: http }, { addresses: [{ ip: '192.0.2.2' }], ports: http }], told: ['80: 192.0.2.1 192.0.2.2'] },
    { name: 'families apart', subsets: [{ addresses: [{ ip: 'fd00::1' }, { ip: '192.0.2.1' }], ports: http }], told: ['80: 192.0.2.1', '80: fd00::1'] },
    { name: 'a thousand addresses of a subset', subsets: [{ addresses: Array.from({ length: 1_001 }, (_, at) => ({ ip: `10.0.${at >> 8}.${at & 255}` })), ports: http }], told: [expect.stringMatching(/^80:( 10\.0\.\d+\.\d+){1000}$/)] },
  ])('$name', ({ subsets, told }) => {
    expect(toldSlices(mirrored(written(subsets)))).toEqual(told);
  });

  test('labels and annotations, but what a tool noted for itself', () => {
    const [slice] = mirrored(written(undefined, { labels: { a: 'b' }, annotations: { c: 'd', 'kubectl.kubernetes.io/last-applied-configuration': '{}', 'endpoints.kubernetes.io/last-change-trigger-time': 'x' } }));
    expect(slice?.metadata?.labels).toEqual({ a: 'b', 'kubernetes.io/service-name': 'web', 'endpointslice.kubernetes.io/managed-by': 'endpointslicemirroring-controller.k8s.io' });
    expect(slice?.metadata?.annotations).toEqual({ c: 'd' });
  });

  test('who an address is', () => {
    const targetRef = { kind: 'Pod', namespace: 'default', name: 'one' };
    expect(mirrored(written([{ addresses: [{ ip: '192.0.2.1', hostname: 'one', nodeName: 'node', targetRef }] }]))[0]?.endpoints).toEqual([{ addresses: ['192.0.2.1'], conditions: { ready: true }, hostname: 'one', nodeName: 'node', targetRef }]);
  });
});

describe('what follows', () => {
  const slices = mirrored(written(undefined, { annotations: { a: 'b', c: 'd' } }));
  const types = (observed: Partial<Parameters<typeof planMirror>[0]>): string[] => planMirror({ endpoints: written(undefined, { annotations: { a: 'b', c: 'd' } }), service, slices, ...observed }).map(({ type }) => type);

  test.each([
    { name: 'nothing, when nothing changed', observed: {}, actions: [] },
    { name: 'another annotation', observed: { endpoints: written(undefined, { annotations: { a: 'other', c: 'd' } }) }, actions: ['update-slice'] },
    { name: 'one annotation less', observed: { endpoints: written(undefined, { annotations: { a: 'b' } }) }, actions: ['update-slice'] },
    { name: 'no Endpoints', observed: { endpoints: undefined }, actions: ['delete-slice'] },
    { name: 'no Service', observed: { service: undefined }, actions: ['delete-slice'] },
    { name: 'a Service with a selector', observed: { service: aService({ selector: { app: 'web' } }) }, actions: ['delete-slice'] },
    { name: 'a wish not to be mirrored', observed: { endpoints: written(undefined, { labels: { 'endpointslice.kubernetes.io/skip-mirror': 'true' } }) }, actions: ['delete-slice'] },
    { name: 'Endpoints that a controller writes', observed: { endpoints: written(undefined, { labels: { 'endpoints.kubernetes.io/managed-by': 'endpoint-controller' } }) }, actions: ['delete-slice'] },
    { name: 'Endpoints by which a leader is elected', observed: { endpoints: written(undefined, { annotations: { 'control-plane.alpha.kubernetes.io/leader': '{}' } }) }, actions: ['delete-slice'] },
    { name: 'Endpoints that lost their addresses', observed: { endpoints: written([]) }, actions: ['delete-slice'] },
  ])('$name', ({ observed, actions }) => {
    expect(types(observed)).toEqual(actions);
  });
});
