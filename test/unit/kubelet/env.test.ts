import { describe, expect, test } from '@jest/globals';
import type { Container } from '../../../src/api/generated/types.ts';
import type { ConfigObjects } from '../../../src/kubelet/config-objects.ts';
import type { PodFacts } from '../../../src/kubelet/downward-api.ts';
import { containerEnv } from '../../../src/kubelet/env.ts';
import { expand } from '../../../src/kubelet/expansion.ts';
import { aContainer, aPod } from '../../support/pod-seen.ts';

const resources = { limits: { cpu: '250m', memory: '64Mi' }, requests: { cpu: '100m' } };
const pod = aPod({ nodeName: 'node-1', serviceAccountName: 'default', containers: [aContainer('c', { resources })] }, {
  metadata: { name: 'p', namespace: 'ns', uid: 'uid-1', labels: { app: 'web' }, annotations: { note: 'x' } },
});
const facts: PodFacts = { pod, podIp: '172.17.0.2', hostIp: '10.0.0.1', allocatable: { cpuMillis: 4_000, memoryBytes: 1_024 } };
const config: ConfigObjects = {
  configMap: (name) => (name === 'cm' ? { data: { A: '1', B: '2' } } : undefined),
  secret: (name) => (name === 'sec' ? { data: { B: btoa('secret'), C: Buffer.from('grün').toString('base64') } } : undefined),
  claim: () => undefined,
};

function envOf(change: Partial<Container>): Record<string, string> {
  return Object.fromEntries(containerEnv(aContainer('c', { resources, ...change }), { facts, config, serviceEnv: [['SVC_HOST', '10.96.0.1']] }));
}

describe('containerEnv', () => {
  const rows: Record<string, readonly [Partial<Container>, Record<string, string>]> = {
    'nothing asked for: the addresses of Services': [{}, {}],
    'plain values': [{ env: [{ name: 'X', value: 'y' }, { name: 'EMPTY' }] }, { X: 'y', EMPTY: '' }],
    'values see what came before, and only that': [
      { env: [{ name: 'EARLY', value: '$(LATE)' }, { name: 'LATE', value: '$(SVC_HOST)/$(EARLY)' }] },
      { EARLY: '$(LATE)', LATE: '10.96.0.1/$(LATE)' },
    ],
    'all keys of a ConfigMap, then of a Secret, later ones winning': [{ envFrom: [{ configMapRef: { name: 'cm' } }, { secretRef: { name: 'sec' } }] }, { A: '1', B: 'secret', C: 'grün' }],
    'keys with a prefix': [{ envFrom: [{ prefix: 'P_', configMapRef: { name: 'cm' } }] }, { P_A: '1', P_B: '2' }],
    'env wins over envFrom': [{ envFrom: [{ configMapRef: { name: 'cm' } }], env: [{ name: 'A', value: 'own' }] }, { A: 'own', B: '2' }],
    'optional sources that are not there': [
      { envFrom: [{ configMapRef: { name: 'none', optional: true } }], env: [{ name: 'N', valueFrom: { secretKeyRef: { name: 'sec', key: 'none', optional: true } } }] },
      {},
    ],
    'fields of the Pod': [
      {
        env: ['metadata.name', 'metadata.namespace', 'metadata.uid', "metadata.labels['app']", "metadata.annotations['note']", 'spec.nodeName', 'status.podIP', 'status.hostIP'].map((fieldPath, at) => ({
          name: `F${at}`,
          valueFrom: { fieldRef: { fieldPath } },
        })),
      },
      { F0: 'p', F1: 'ns', F2: 'uid-1', F3: 'web', F4: 'x', F5: 'node-1', F6: '172.17.0.2', F7: '10.0.0.1' },
    ],
    'resources, rounded up to the divisor': [
      {
        env: [
          { name: 'CPU', valueFrom: { resourceFieldRef: { resource: 'limits.cpu' } } },
          { name: 'MILLI', valueFrom: { resourceFieldRef: { resource: 'limits.cpu', divisor: '1m' } } },
          { name: 'MEM', valueFrom: { resourceFieldRef: { resource: 'limits.memory', divisor: '1Mi' } } },
          { name: 'REQ', valueFrom: { resourceFieldRef: { resource: 'requests.cpu', divisor: '1m' } } },
          { name: 'NONE', valueFrom: { resourceFieldRef: { resource: 'requests.memory' } } },
        ],
      },
      { CPU: '1', MILLI: '250', MEM: '64', REQ: '100', NONE: '0' },
    ],
    'limits that are not set: the node': [{ resources: {}, env: [{ name: 'MEM', valueFrom: { resourceFieldRef: { resource: 'limits.memory' } } }] }, { MEM: '1024' }],
  };

  test.each(Object.entries(rows))('%s', (_title, [change, wants]) => {
    expect(envOf(change)).toEqual({ SVC_HOST: '10.96.0.1', ...wants });
  });

  test.each([
    ['a ConfigMap', { configMapKeyRef: { name: 'none', key: 'k' } }, 'configmap "none" not found'],
    ['a key of a ConfigMap', { configMapKeyRef: { name: 'cm', key: 'k' } }, "couldn't find key k in ConfigMap ns/cm"],
    ['a Secret', { secretKeyRef: { name: 'none', key: 'k' } }, 'secret "none" not found'],
    ['a key of a Secret', { secretKeyRef: { name: 'sec', key: 'k' } }, "couldn't find key k in Secret ns/sec"],
  ])('%s that is missing is an error', (_title, valueFrom, message) => {
    expect(() => envOf({ env: [{ name: 'X', valueFrom }] })).toThrow(message);
  });
});

describe('expand', () => {
  const lookup = (name: string): string | undefined => ({ A: '1', B: '$(A)' })[name];

  test.each([
    ['nothing', 'nothing'],
    ['$(A)', '1'],
    ['$(B)', '$(A)'],
    ['$(NONE) $(A', '$(NONE) $(A'],
    ['$$(A) $$$(A) $A', '$(A) $1 $A'],
    ['cost $5', 'cost $5'],
  ])('%s gives %s', (text, wants) => {
    expect(expand(text, lookup)).toBe(wants);
  });
});
