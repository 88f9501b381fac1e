// Names and labels: the only memory a daemon started afresh has of its containers.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { ContainerIdentity } from '../../../../../src/kubelet/runtime/container-runtime.ts';
import { containerName, identityLabels, readIdentity } from '../../../../../src/kubelet/runtime/docker/labels.ts';

const identity: ContainerIdentity = { namespace: 'default', pod: 'pi-abcde', podUid: 'u-1', container: 'main', attempt: 2 };

const identities = fc.record({
  namespace: fc.stringMatching(/^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/),
  pod: fc.stringMatching(/^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/),
  podUid: fc.uuid(),
  container: fc.stringMatching(/^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/),
  attempt: fc.nat({ max: 1000 }),
});

describe('labels', () => {
  test('an identity is read back as it was written', () => {
    fc.assert(fc.property(identities, (each) => expect(readIdentity('c1', identityLabels('c1', each))).toEqual(each)));
  });

  test.each<[string, Record<string, string>]>([
    ['there are no labels', {}],
    ['the cluster is another', { ...identityLabels('c2', identity) }],
    ['the attempt is no number', { ...identityLabels('c1', identity), 'minik.dev/attempt': 'x' }],
    ['the pod is not named by uid', { ...identityLabels('c1', identity), 'minik.dev/pod-uid': '' }],
  ])('nothing is read where %s', (_why, labels) => {
    expect(readIdentity('c1', labels)).toBeUndefined();
  });
});

describe('container names', () => {
  test('say what the container is', () => {
    expect(containerName(identity)).toBe('minik_main_pi-abcde_default_u-1_2');
  });

  test('are accepted by the engine and stay below 255 characters, whatever the pod is called', () => {
    fc.assert(
      fc.property(identities, (each) => {
        expect(containerName(each)).toMatch(/^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/);
        expect(containerName(each).length).toBeLessThan(255);
      }),
    );
  });

  test('differ by attempt and by container', () => {
    const names = [identity, { ...identity, attempt: 3 }, { ...identity, container: 'POD' }].map(containerName);
    expect(new Set(names).size).toBe(3);
  });
});
