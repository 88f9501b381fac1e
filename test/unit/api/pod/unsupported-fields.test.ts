import { expect, test } from '@jest/globals';
import type { PodSpec } from '../../../../src/api/generated/types.ts';
import { unsupportedPodFields } from '../../../../src/api/pod/unsupported-fields.ts';
import { samplePod, withContainer } from '../../../support/sample-pod.ts';

const NOT_YET = 'stored, but minik does not act on it yet';
const specOf = (pod: { spec?: PodSpec }): PodSpec => pod.spec!;

test('what every Pod has by default is acted upon', () => {
  expect(unsupportedPodFields(specOf(samplePod()), 'spec')).toEqual([]);
});

test('what the kubelet does is not warned of', () => {
  const spec = specOf(
    withContainer(
      { command: ['a'], livenessProbe: { exec: { command: ['true'] } }, lifecycle: { preStop: { sleep: { seconds: 1 } } }, env: [{ name: 'A', value: 'b' }], volumeMounts: [{ name: 'v', mountPath: '/v' }], restartPolicy: 'Never', securityContext: { runAsUser: 1 }, resources: { limits: { cpu: '1', memory: '1Mi' } } },
      { volumes: [{ name: 'v', configMap: { name: 'c' } }], hostAliases: [{ ip: '10.0.0.1' }], dnsConfig: { searches: ['a'] }, imagePullSecrets: [{ name: 's' }], initContainers: [{ name: 'i', image: 'x', restartPolicy: 'Always' }], securityContext: { fsGroup: 1 } },
    ),
  );
  expect(unsupportedPodFields(spec, 'spec')).toEqual([]);
});

test.each<[title: string, spec: PodSpec, fields: readonly string[]]>([
  ['fields of the Pod', specOf(samplePod({ schedulingGroup: {}, resourceClaims: [{ name: 'r' }] })), ['resourceClaims', 'schedulingGroup']],
  ['fields of containers', specOf(withContainer({ lifecycle: { preStop: { tcpSocket: { port: 1 } } } })), ['containers[0].lifecycle.preStop.tcpSocket']],
  ['fields of init containers', specOf(samplePod({ initContainers: [{ name: 'i', image: 'x', volumeDevices: [{ name: 'd', devicePath: '/dev/d' }] }] })), ['initContainers[0].volumeDevices']],
  ['kinds of volumes', specOf(samplePod({ volumes: [{ name: 'v' }, { name: 'w', nfs: { server: 's', path: '/' } }] })), ['volumes[1].nfs']],
  ['kinds of projections', specOf(samplePod({ volumes: [{ name: 'v', projected: { sources: [{ configMap: { name: 'c' } }, { clusterTrustBundle: { path: 't' } }] } }] })), ['volumes[0].projected.sources[1].clusterTrustBundle']],
])('%s are named where they stand', (_title, spec, fields) => {
  expect(unsupportedPodFields(spec, 'spec.template.spec')).toEqual(fields.map((field) => `spec.template.spec.${field}: ${NOT_YET}`));
});

test.each<{ readonly name: string; readonly limits: Record<string, string>; readonly field: string | undefined }>([
  { name: 'an extended resource', limits: { 'example.org/gpu': '1' }, field: 'spec.containers[0].resources of other kinds than cpu and memory' },
  { name: 'the resources of every day', limits: { cpu: '1', memory: '1Mi' }, field: undefined },
])('$name', ({ limits, field }) => {
  expect(unsupportedPodFields(specOf(withContainer({ resources: { limits } })), 'spec')).toEqual(field === undefined ? [] : [`${field}: ${NOT_YET}`]);
});

test.each([
  { name: 'the names of the host are what a container gets', spec: { dnsPolicy: 'Default' }, warned: false },
  { name: 'a token that is asked for is mounted', spec: { automountServiceAccountToken: true }, warned: false },
])('$name', ({ spec, warned }) => {
  expect(unsupportedPodFields({ ...specOf(samplePod()), ...spec }, 'spec')).toHaveLength(warned ? 1 : 0);
});

test.each<[field: string, spec: PodSpec]>([
  ['spec.hostUsers', specOf(samplePod({ hostUsers: false }))],
  ['spec.securityContext.supplementalGroupsPolicy', specOf(samplePod({ securityContext: { supplementalGroupsPolicy: 'Strict' } }))],
  ['spec.containers[0].volumeMounts[*].recursiveReadOnly', specOf(withContainer({ volumeMounts: [{ name: 'v', mountPath: '/v', readOnly: true, recursiveReadOnly: 'Enabled' }] }))],
])('%s says what stands in its way', (field, spec) => {
  expect(unsupportedPodFields(spec, 'spec')).toEqual([expect.stringMatching(new RegExp(`^${field.replaceAll(/[.[\]*]/g, '\\$&')}: stored, but minik does not act on it: the container engine `))]);
});
