import { expect, test } from '@jest/globals';
import type { Container, Pod, ResourceRequirements } from '../../../../src/api/generated/types.ts';
import { qosClassOf } from '../../../../src/api/pod/qos.ts';
import { resizedPod, validateResize } from '../../../../src/api/pod/validate-resize.ts';
import { errorTexts } from '../../../support/error-texts.ts';
import { samplePod } from '../../../support/sample-pod.ts';

const CLASS_STAYS = (qosClass: string): string => `spec: Invalid value: "${qosClass}": Pod QOS Class may not change as a result of resizing`;
const MOVED = 'containers may not be renamed or reordered on resize';
const base = samplePod().spec!.containers[0]!;

const container = (name: string, resources?: ResourceRequirements, more: Partial<Container> = {}): Container => ({ ...base, name, ...(resources === undefined ? {} : { resources }), ...more });
const size = (cpu: string, memory: string): ResourceRequirements => ({ requests: { cpu, memory }, limits: { cpu, memory } });
const burstable: ResourceRequirements = { requests: { cpu: '100m', memory: '64Mi' }, limits: { cpu: '200m', memory: '128Mi' } };

function pod(containers: Container[], initContainers?: Container[]): Pod {
  const one = samplePod({ containers, ...(initContainers === undefined ? {} : { initContainers }) });
  return { ...one, status: { qosClass: qosClassOf(one.spec!) } };
}

const judge = (next: Pod, old: Pod): string[] => errorTexts(validateResize(resizedPod(next, old), old));

test.each<[title: string, old: readonly Container[], next: readonly Container[], errors: readonly string[]]>([
  ['nothing changes', [container('a', burstable)], [container('a', burstable)], []],
  ['a guaranteed Pod grows in both', [container('a', size('100m', '64Mi'))], [container('a', size('200m', '128Mi'))], []],
  ['a guaranteed Pod shrinks', [container('a', size('200m', '128Mi'))], [container('a', size('100m', '64Mi'))], []],
  ['a limit alone grows', [container('a', burstable)], [container('a', { ...burstable, limits: { cpu: '300m', memory: '128Mi' } })], []],
  ['a second container gets a size', [container('a', burstable), container('b')], [container('a', burstable), container('b', burstable)], []],
  ['a guaranteed Pod stays guaranteed', [container('a', size('100m', '64Mi'))], [container('a', { requests: { cpu: '50m', memory: '64Mi' }, limits: { cpu: '100m', memory: '64Mi' } })], [CLASS_STAYS('Guaranteed')]],
  ['what asks for nothing goes on so', [container('a')], [container('a', { requests: { memory: '40Mi' } })], [CLASS_STAYS('BestEffort')]],
  ['requests stay within limits', [container('a', burstable)], [container('a', { ...burstable, requests: { cpu: '500m', memory: '64Mi' } })], ['spec.containers[0].resources.requests: Invalid value: "500m": must be less than or equal to cpu limit of 200m']],
  ['limits are not removed', [container('a', burstable)], [container('a', { ...burstable, limits: { cpu: '200m' } })], ['spec.containers[0].resources.limits: Forbidden: resource limits cannot be removed']],
  ['requests are not removed', [container('a', { requests: burstable.requests! })], [container('a', { requests: { cpu: '100m' } })], ['spec.containers[0].resources.requests: Forbidden: resource requests cannot be removed']],
  ['other resources stay', [container('a', burstable)], [container('a', { ...burstable, limits: { ...burstable.limits, 'ephemeral-storage': '1Gi' } })], ['spec: Forbidden: only cpu and memory resources are mutable']],
  ['the policy stays', [container('a', burstable)], [container('a', burstable, { resizePolicy: [{ resourceName: 'cpu', restartPolicy: 'RestartContainer' }] })], ['spec: Forbidden: only cpu and memory resources are mutable']],
  ['containers keep their order', [container('a', burstable), container('b', burstable)], [container('b', burstable), container('a', burstable)], [`spec.containers[0].name: Forbidden: ${MOVED}`, `spec.containers[1].name: Forbidden: ${MOVED}`]],
])('%s', (_title, old, next, errors) => {
  expect(judge(pod([...next]), pod([...old]))).toEqual(errors);
});

test('an init container that runs to its end keeps its size, a sidecar may change it', () => {
  const [app, small, large] = [container('app', burstable), size('10m', '8Mi'), size('20m', '16Mi')];
  expect(judge(pod([app], [container('init', large)]), pod([app], [container('init', small)]))).toEqual(['spec.initContainers[0].resources: Forbidden: resources for non-sidecar init containers are immutable']);
  const sidecar = (resources: ResourceRequirements): Container => container('side', resources, { restartPolicy: 'Always' });
  expect(judge(pod([app], [sidecar(large)]), pod([app], [sidecar(small)]))).toEqual([]);
});

test('everything but the sizes is taken from the stored Pod', () => {
  const old = pod([container('a', burstable)]);
  const next = pod([container('a', size('100m', '64Mi'), { image: 'busybox:2', command: ['false'] })]);
  const resized = resizedPod({ ...next, metadata: { name: 'web', labels: { a: 'b' } }, status: {} }, old);
  expect(resized).toEqual({ ...old, metadata: { name: 'web', labels: { a: 'b' } }, spec: { ...old.spec, containers: [container('a', size('100m', '64Mi'))] } });
});
