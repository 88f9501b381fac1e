import { expect, test } from '@jest/globals';
import type { Container, PodSpec } from '../../../../src/api/generated/types.ts';
import { podResources } from '../../../../src/api/pod/pod-resources.ts';

const asking = (name: string, requests: Record<string, string>, change: Partial<Container> = {}): Container => ({ name, image: 'x', resources: { requests, limits: { cpu: '2' } }, ...change });
const MEBI = 2 ** 20;

test.each<{ readonly name: string; readonly spec: PodSpec; readonly requests: Record<string, number> }>([
  { name: 'containers that ask for nothing', spec: { containers: [{ name: 'c', image: 'x' }] }, requests: {} },
  { name: 'app containers run together', spec: { containers: [asking('a', { cpu: '250m', memory: '1Mi' }), asking('b', { cpu: '1', 'example.org/gpu': '2' })] }, requests: { cpu: 1_250, memory: MEBI, 'example.org/gpu': 2 } },
  { name: 'the largest init container counts if it is larger', spec: { initContainers: [asking('i', { cpu: '2' }), asking('j', { cpu: '1' })], containers: [asking('a', { cpu: '500m' })] }, requests: { cpu: 2_000 } },
  { name: 'sidecars run beside all that come after them', spec: { initContainers: [asking('i', { cpu: '2' }), asking('s', { cpu: '1' }, { restartPolicy: 'Always' }), asking('j', { cpu: '1500m' })], containers: [asking('a', { cpu: '500m' })] }, requests: { cpu: 2_500 } },
  { name: 'overhead comes on top', spec: { overhead: { cpu: '10m' }, containers: [asking('a', { cpu: '500m' })] }, requests: { cpu: 510 } },
])('$name', ({ spec, requests }) => {
  expect(podResources(spec, 'requests')).toEqual(requests);
});

test('limits are summed apart from requests', () => {
  expect(podResources({ containers: [asking('a', {}), asking('b', {})] }, 'limits')).toEqual({ cpu: 4_000 });
});
