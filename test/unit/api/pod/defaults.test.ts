import { describe, expect, test } from '@jest/globals';
import type { Container, PodSpec, Volume } from '../../../../src/api/generated/types.ts';
import { defaultPullPolicy } from '../../../../src/api/pod/default-container.ts';
import { defaultVolume } from '../../../../src/api/pod/default-volume.ts';
import { admitPodSpec, defaultPod, defaultPodTemplate } from '../../../../src/api/pod/defaults.ts';
import { samplePod, withContainer } from '../../../support/sample-pod.ts';

describe('a Pod', () => {
  test('with nothing but a container gets every default', () => {
    expect(samplePod().spec).toEqual({
      containers: [{ name: 'main', image: 'busybox:1', resources: {}, terminationMessagePath: '/dev/termination-log', terminationMessagePolicy: 'File', imagePullPolicy: 'IfNotPresent' }],
      restartPolicy: 'Always',
      terminationGracePeriodSeconds: 30,
      dnsPolicy: 'ClusterFirst',
      securityContext: {},
      schedulerName: 'default-scheduler',
    });
  });

  test('with its defaults is not changed by them again', () => {
    const once = withContainer({ ports: [{ containerPort: 80 }], livenessProbe: { httpGet: { port: 80 } }, env: [{ name: 'A', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }] }, { volumes: [{ name: 'v' }] });
    expect(defaultPod(once)).toEqual(once);
  });

  test('keeps what was written', () => {
    const spec: Partial<PodSpec> = { restartPolicy: 'Never', terminationGracePeriodSeconds: 0, dnsPolicy: 'Default', schedulerName: 'mine', securityContext: { runAsUser: 1 } };
    expect(samplePod(spec).spec).toMatchObject(spec);
  });

  test('treats an empty text as an absent one', () => {
    expect(withContainer({ imagePullPolicy: '' }, { restartPolicy: '', dnsPolicy: '' }).spec).toMatchObject({ restartPolicy: 'Always', dnsPolicy: 'ClusterFirst', containers: [{ imagePullPolicy: 'IfNotPresent' }] });
  });

  test('shows its account under the old name too', () => {
    expect(samplePod({ serviceAccountName: 'robot' }).spec).toMatchObject({ serviceAccountName: 'robot', serviceAccount: 'robot' });
  });

  test('requests what it is limited to, unless it says otherwise', () => {
    const { containers } = withContainer({ resources: { limits: { cpu: '1', memory: '64Mi' }, requests: { cpu: '500m' } } }).spec!;
    expect(containers[0]?.resources?.requests).toEqual({ cpu: '500m', memory: '64Mi' });
  });

  test('without containers does not break the defaults', () => {
    expect(defaultPod({ metadata: { name: 'x' }, spec: {} as PodSpec }).spec?.containers).toEqual([]);
  });

  test('is not changed itself', () => {
    const frozen = Object.freeze({ metadata: { name: 'x' }, spec: Object.freeze({ containers: Object.freeze([Object.freeze({ name: 'a', image: 'b' })]) as unknown as Container[] }) });
    expect(() => defaultPod(frozen)).not.toThrow();
  });
});

test('a template does not request what it is limited to', () => {
  const template = defaultPodTemplate({ spec: { containers: [{ name: 'a', image: 'b', resources: { limits: { cpu: '1' } } }] } });
  expect(template.spec?.containers[0]?.resources).toEqual({ limits: { cpu: '1' } });
});

test.each([
  ['busybox', 'Always'],
  ['busybox:latest', 'Always'],
  ['host:5000/busybox', 'Always'],
  ['host:5000/busybox:1', 'IfNotPresent'],
  ['busybox:1.36', 'IfNotPresent'],
  ['busybox@sha256:abc', 'IfNotPresent'],
  ['busybox:latest@sha256:abc', 'Always'],
])('%s is pulled %s', (image, policy) => {
  expect(defaultPullPolicy(image)).toBe(policy);
});

test.each<[title: string, container: Partial<Container>, spec: Partial<PodSpec>, expected: object]>([
  ['a port speaks TCP', { ports: [{ containerPort: 80 }] }, {}, { ports: [{ containerPort: 80, protocol: 'TCP' }] }],
  ["on the host's network a port is the host's", { ports: [{ containerPort: 80 }] }, { hostNetwork: true }, { ports: [{ containerPort: 80, hostPort: 80, protocol: 'TCP' }] }],
  ['a probe has its rhythm', { readinessProbe: { exec: { command: ['true'] } } }, {}, { readinessProbe: { exec: { command: ['true'] }, timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 } }],
  ['an HTTP probe asks for / in the clear', { livenessProbe: { httpGet: { port: 80 } } }, {}, { livenessProbe: { httpGet: { port: 80, path: '/', scheme: 'HTTP' } } }],
  ['a gRPC probe asks for the whole server', { livenessProbe: { grpc: { port: 80 } } }, {}, { livenessProbe: { grpc: { port: 80, service: '' } } }],
  ['an HTTP hook asks for / in the clear', { lifecycle: { preStop: { httpGet: { port: 80 } } } }, {}, { lifecycle: { preStop: { httpGet: { port: 80, path: '/', scheme: 'HTTP' } } } }],
  ['a field reference is of v1', { env: [{ name: 'A', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }] }, {}, { env: [{ name: 'A', valueFrom: { fieldRef: { fieldPath: 'metadata.name', apiVersion: 'v1' } } }] }],
  ['a resource reference has the divisor zero, which is one', { env: [{ name: 'A', valueFrom: { resourceFieldRef: { resource: 'limits.cpu' } } }] }, {}, { env: [{ name: 'A', valueFrom: { resourceFieldRef: { resource: 'limits.cpu', divisor: '0' } } }] }],
])('%s', (_title, container, spec, expected) => {
  expect(withContainer(container, spec).spec?.containers[0]).toMatchObject(expected);
});

test.each<[title: string, volume: Volume, expected: object]>([
  [
    'the claim of an ephemeral volume is of files',
    { name: 'v', ephemeral: { volumeClaimTemplate: { spec: { accessModes: ['ReadWriteOnce'] } } } },
    { name: 'v', ephemeral: { volumeClaimTemplate: { spec: { accessModes: ['ReadWriteOnce'], volumeMode: 'Filesystem' } } } },
  ],
  ['a volume without a source is an emptyDir', { name: 'v' }, { name: 'v', emptyDir: {} }],
  ['files of a ConfigMap are 0644', { name: 'v', configMap: { name: 'c' } }, { name: 'v', configMap: { name: 'c', defaultMode: 420 } }],
  ['files of a Secret are 0644', { name: 'v', secret: { secretName: 's' } }, { name: 'v', secret: { secretName: 's', defaultMode: 420 } }],
  ['a mode of nothing stays', { name: 'v', secret: { secretName: 's', defaultMode: 0 } }, { name: 'v', secret: { secretName: 's', defaultMode: 0 } }],
  ['files of the downward API are of v1', { name: 'v', downwardAPI: { items: [{ path: 'a', fieldRef: { fieldPath: 'metadata.name' } }] } }, { name: 'v', downwardAPI: { defaultMode: 420, items: [{ path: 'a', fieldRef: { fieldPath: 'metadata.name', apiVersion: 'v1' } }] } }],
  ['a projected token lives an hour', { name: 'v', projected: { sources: [{ serviceAccountToken: { path: 't' } }] } }, { name: 'v', projected: { defaultMode: 420, sources: [{ serviceAccountToken: { path: 't', expirationSeconds: 3600 } }] } }],
  ['a host path is not checked', { name: 'v', hostPath: { path: '/x' } }, { name: 'v', hostPath: { path: '/x', type: '' } }],
])('%s', (_title, volume, expected) => {
  expect(defaultVolume(volume)).toEqual(expected);
});

describe('admission', () => {
  const admitted = (spec: Partial<PodSpec> = {}): PodSpec => admitPodSpec(samplePod(spec).spec!);
  const NOT_READY = { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 };
  const UNREACHABLE = { ...NOT_READY, key: 'node.kubernetes.io/unreachable' };

  test('adds account, priority, links and tolerations', () => {
    expect(admitted()).toMatchObject({ serviceAccountName: 'default', serviceAccount: 'default', priority: 0, preemptionPolicy: 'PreemptLowerPriority', enableServiceLinks: true, tolerations: [NOT_READY, UNREACHABLE] });
  });

  test('keeps what was written', () => {
    expect(admitted({ enableServiceLinks: false, serviceAccountName: 'robot', preemptionPolicy: 'Never' })).toMatchObject({ enableServiceLinks: false, serviceAccountName: 'robot', preemptionPolicy: 'Never' });
  });

  test.each<[title: string, own: NonNullable<PodSpec['tolerations']>, added: readonly object[]]>([
    ['adds to tolerations of other things', [{ key: 'a', operator: 'Exists' }], [NOT_READY, UNREACHABLE]],
    ['adds nothing where all is tolerated', [{ operator: 'Exists' }], []],
    ['leaves out what the Pod tolerates for a time of its own', [{ ...NOT_READY, tolerationSeconds: 5 }], [UNREACHABLE]],
    ['does not count a toleration of another effect', [{ ...NOT_READY, effect: 'NoSchedule', tolerationSeconds: undefined }], [NOT_READY, UNREACHABLE]],
  ])('%s', (_title, own, added) => {
    expect(admitted({ tolerations: own }).tolerations).toEqual([...own, ...added]);
  });
});
