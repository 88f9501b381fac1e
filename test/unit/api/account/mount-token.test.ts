import { describe, expect, test } from '@jest/globals';
import { withAccount } from '../../../../src/api/account/mount-token.ts';
import type { Container, PodSpec, ServiceAccount } from '../../../../src/api/generated/types.ts';

const PATH = '/var/run/secrets/kubernetes.io/serviceaccount';
const container = (name: string, more: Partial<Container> = {}): Container => ({ name, image: 'busybox', ...more });
const admitted = (spec: Partial<PodSpec>, account: ServiceAccount | undefined = {}): PodSpec => withAccount({ containers: [container('a')], ...spec }, account, () => 'abcde');
const mountsOf = ({ initContainers = [], containers }: PodSpec) => [...initContainers, ...containers].map(({ volumeMounts = [] }) => volumeMounts.map(({ name, mountPath, readOnly }) => [name, mountPath, readOnly]));

describe('the token', () => {
  test('is mounted into every container, from one volume behind the others', () => {
    const spec = admitted({ initContainers: [container('i')], containers: [container('a'), container('b')], volumes: [{ name: 'own' }] });
    const mount = [['kube-api-access-abcde', PATH, true]];
    expect(mountsOf(spec)).toEqual([mount, mount, mount]);
    expect(spec.volumes!.map(({ name }) => name)).toEqual(['own', 'kube-api-access-abcde']);
    expect(spec.volumes![1]!.projected).toEqual({
      defaultMode: 420,
      sources: [
        { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
        { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
        { downwardAPI: { items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }] } },
      ],
    });
  });

  test.each<[title: string, pod: boolean | undefined, account: boolean | undefined, mounted: boolean]>([
    ['by default', undefined, undefined, true],
    ['where only the account says no', undefined, false, false],
    ['where the Pod says yes and the account no', true, false, true],
    ['where the Pod says no and the account yes', false, true, false],
  ])('%s: pod %s, account %s: %s', (_title, pod, account, mounted) => {
    const spec = admitted({ ...(pod === undefined ? {} : { automountServiceAccountToken: pod }) }, { ...(account === undefined ? {} : { automountServiceAccountToken: account }) });
    expect(mountsOf(spec)[0]).toHaveLength(mounted ? 1 : 0);
    expect(spec.volumes ?? []).toHaveLength(mounted ? 1 : 0);
  });

  test('leaves a container alone that mounts something there itself', () => {
    const own = container('a', { volumeMounts: [{ name: 'own', mountPath: PATH }] });
    expect(admitted({ containers: [own] })).toEqual({ containers: [own] });
    expect(mountsOf(admitted({ containers: [own, container('b')] })).map((mounts) => mounts[0]![0])).toEqual(['own', 'kube-api-access-abcde']);
  });

  test('uses a volume of its kind that is there already', () => {
    const spec = admitted({ volumes: [{ name: 'kube-api-access-zzzzz', projected: { sources: [] } }] });
    expect(spec.volumes).toHaveLength(1);
    expect(mountsOf(spec)[0]![0]![0]).toBe('kube-api-access-zzzzz');
  });

  test('is mounted also while the account is still to come', () => {
    expect(mountsOf(withAccount({ containers: [container('a')] }, undefined, () => 'abcde'))[0]).toHaveLength(1);
  });
});

describe('pull secrets', () => {
  const account = { imagePullSecrets: [{ name: 'registry' }] };

  test('of the account are given to a Pod that names none', () => {
    expect(admitted({}, account).imagePullSecrets).toEqual([{ name: 'registry' }]);
  });

  test('of the Pod stay as they are', () => {
    expect(admitted({ imagePullSecrets: [{ name: 'own' }] }, account).imagePullSecrets).toEqual([{ name: 'own' }]);
  });
});
