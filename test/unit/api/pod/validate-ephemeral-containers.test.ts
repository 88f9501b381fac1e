import { describe, expect, test } from '@jest/globals';
import type { Container, EphemeralContainer, Pod } from '../../../../src/api/generated/types.ts';
import { defaultPod } from '../../../../src/api/pod/defaults.ts';
import { validateEphemeralContainersUpdate } from '../../../../src/api/pod/validate-ephemeral-update.ts';

const main: Container = { name: 'main', image: 'i' };
const pod = (ephemeralContainers: readonly EphemeralContainer[], annotations?: Record<string, string>): Pod =>
  defaultPod({ metadata: { name: 'p', namespace: 'ns', uid: 'u', resourceVersion: '1', ...(annotations === undefined ? {} : { annotations }) }, spec: { containers: [main], initContainers: [{ name: 'before', image: 'i' }], volumes: [{ name: 'v', emptyDir: {} }], ephemeralContainers: [...ephemeralContainers] } });
const errors = (next: Pod, old: Pod): string[] => validateEphemeralContainersUpdate(next, old).map(({ field, body }) => `${field}: ${body}`);

const OLD: EphemeralContainer = { name: 'old', image: 'i' };
const NOT_SET = (field: string): string => `spec.ephemeralContainers[0].${field}: Forbidden: cannot be set for an Ephemeral Container`;

describe('a new ephemeral container', () => {
  test.each<[string, EphemeralContainer, readonly string[]]>([
    ['is good', { name: 'd', image: 'i', command: ['sh'], stdin: true, tty: true, targetContainerName: 'main', volumeMounts: [{ name: 'v', mountPath: '/v' }] }, []],
    ['needs a name', { name: '', image: 'i' }, ['spec.ephemeralContainers[0].name: Required value']],
    ['needs an image', { name: 'd' }, ['spec.ephemeralContainers[0].image: Required value']],
    ['needs a name of its own', { name: 'before', image: 'i' }, ['spec.ephemeralContainers[0].name: Duplicate value: "before"']],
    ['targets a container that is there', { name: 'd', image: 'i', targetContainerName: 'x' }, ['spec.ephemeralContainers[0].targetContainerName: Not found: "x"']],
    ['targets no ephemeral container', { name: 'd', image: 'i', targetContainerName: 'd' }, ['spec.ephemeralContainers[0].targetContainerName: Not found: "d"']],
    ['has no ports', { name: 'd', image: 'i', ports: [{ containerPort: 80 }] }, [NOT_SET('ports')]],
    ['has no lifecycle', { name: 'd', image: 'i', lifecycle: { preStop: { sleep: { seconds: 1 } } } }, [NOT_SET('lifecycle')]],
    ['has no probes', { name: 'd', image: 'i', livenessProbe: { exec: { command: ['true'] } }, readinessProbe: { exec: { command: ['true'] } }, startupProbe: { exec: { command: ['true'] } } }, ['livenessProbe', 'readinessProbe', 'startupProbe'].map(NOT_SET)],
    ['has no resources', { name: 'd', image: 'i', resources: { limits: { cpu: '1' } } }, [NOT_SET('resources')]],
    ['has no restart policy', { name: 'd', image: 'i', restartPolicy: 'Always' }, [NOT_SET('restartPolicy')]],
    ['mounts whole volumes', { name: 'd', image: 'i', volumeMounts: [{ name: 'v', mountPath: '/v', subPath: 'x' }] }, ['spec.ephemeralContainers[0].volumeMounts[0].subPath: Forbidden: cannot be set for an Ephemeral Container']],
    ['mounts volumes that are there', { name: 'd', image: 'i', volumeMounts: [{ name: 'w', mountPath: '/v' }] }, ['spec.ephemeralContainers[0].volumeMounts[0].name: Not found: "w"']],
  ])('%s', (_, container, expected) => {
    expect(errors(pod([container]), pod([]))).toEqual(expected);
  });

  test('may come beside one that is there, before or after it', () => {
    expect(errors(pod([OLD, { name: 'new', image: 'i' }]), pod([OLD]))).toEqual([]);
    expect(errors(pod([{ name: 'new', image: 'i' }, OLD]), pod([OLD]))).toEqual([]);
  });
});

describe('an ephemeral container that is there', () => {
  test.each<[string, readonly EphemeralContainer[], readonly string[]]>([
    ['may stay', [OLD], []],
    ['may not be removed', [], ['spec.ephemeralContainers: Forbidden: existing ephemeral containers "old" may not be removed\n']],
    ['may not be changed', [{ ...OLD, image: 'j', tty: true }], ['spec.ephemeralContainers: Forbidden: existing ephemeral containers "old" may not be changed\nimage, tty']],
    ['may not be doubled', [OLD, OLD], ['spec.ephemeralContainers[1].name: Duplicate value: "old"']],
  ])('%s', (_, next, expected) => {
    expect(errors(pod(next), pod([OLD]))).toEqual(expected);
  });
});

test('a Pod that mirrors a file takes none', () => {
  const mirror = { 'kubernetes.io/config.mirror': 'x' };
  expect(errors(pod([OLD], mirror), pod([], mirror))).toEqual([': Forbidden: static pods do not support ephemeral containers']);
});
