// Which volume a claim gets, which class is the default, and how modes are written.
import { describe, expect, test } from '@jest/globals';
import type { Node, PersistentVolume, PersistentVolumeClaim, PersistentVolumeSpec, StorageClass } from '../../../../src/api/generated/types.ts';
import { bestVolume, type VolumeChoice } from '../../../../src/api/volume/match-volume.ts';
import { accessModesText, claimNamesOf, className, defaultClassOf } from '../../../../src/api/volume/storage-facts.ts';

const claim = (spec: PersistentVolumeClaim['spec'] = {}): PersistentVolumeClaim => ({
  metadata: { name: 'data', namespace: 'default', uid: 'u1' },
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, ...spec },
});
const volume = (name: string, spec: PersistentVolumeSpec = {}, change: Partial<PersistentVolume> = {}): PersistentVolume => ({
  metadata: { name, labels: { disk: name } },
  spec: { accessModes: ['ReadWriteOnce', 'ReadOnlyMany'], capacity: { storage: '1Gi' }, ...spec },
  status: { phase: 'Available' },
  ...change,
});
const onHost = (host: string): PersistentVolumeSpec => ({ nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: [host] }] }] } } });
const node: Node = { metadata: { name: 'a', labels: { 'kubernetes.io/hostname': 'a' } } };

describe('the volume of a claim', () => {
  const rows: readonly (readonly [title: string, wanted: PersistentVolumeClaim, volumes: PersistentVolume[], chosen: string | undefined, choice?: VolumeChoice])[] = [
    ['there is none', claim(), [], undefined],
    ['is one that serves', claim(), [volume('a')], 'a'],
    ['is the smallest that is large enough', claim(), [volume('large', { capacity: { storage: '5Gi' } }), volume('small', { capacity: { storage: '900Mi' } }), volume('fit', { capacity: { storage: '2Gi' } })], 'fit'],
    ['offers all modes', claim({ accessModes: ['ReadWriteOnce', 'ReadWriteMany'] }), [volume('a')], undefined],
    ['has the same class', claim({ storageClassName: 'fast' }), [volume('a'), volume('b', { storageClassName: 'fast' })], 'b'],
    ['has no class where none is wanted', claim({ storageClassName: '' }), [volume('b', { storageClassName: 'fast' }), volume('a')], 'a'],
    ['has the same volume mode', claim({ volumeMode: 'Block' }), [volume('a')], undefined],
    ['is selected by its labels', claim({ selector: { matchLabels: { disk: 'b' } } }), [volume('a'), volume('b')], 'b'],
    ['is nobody else\'s', claim(), [volume('a', { claimRef: { name: 'other', namespace: 'default' } })], undefined],
    ['is not the one of a claim of that name before', claim(), [volume('a', { claimRef: { name: 'data', namespace: 'default', uid: 'u0' } })], undefined],
    ['was set aside for it, and is larger than need be', claim(), [volume('a'), volume('b', { capacity: { storage: '9Gi' }, claimRef: { name: 'data', namespace: 'default' } })], 'b'],
    ['is not one that was set aside and is too small', claim(), [volume('a'), volume('b', { capacity: { storage: '1Mi' }, claimRef: { name: 'data', namespace: 'default' } })], 'a'],
    ['is ready', claim(), [volume('a', {}, { status: { phase: 'Pending' } })], undefined],
    ['is not going', claim(), [volume('a', {}, { metadata: { name: 'a', deletionTimestamp: '2026-01-01T00:00:00Z' } })], undefined],
    ['is within reach of the node', claim(), [volume('b', onHost('b')), volume('a', onHost('a'))], 'a', { node }],
    ['waits for the node unless it was set aside', claim(), [volume('a')], undefined, { reservedOnly: true }],
  ];

  test.each(rows.map(([title, wanted, volumes, chosen, choice]) => ({ title, wanted, volumes, chosen, choice })))('$title', ({ wanted, volumes, chosen, choice }) => {
    expect(bestVolume(wanted, volumes, choice)?.metadata?.name).toBe(chosen);
  });
});

test('the default class is the newest of those that say so', () => {
  const one = (name: string, creationTimestamp: string, isDefault = 'true'): StorageClass => ({ provisioner: 'p', metadata: { name, creationTimestamp, annotations: { 'storageclass.kubernetes.io/is-default-class': isDefault } } });
  expect(defaultClassOf([])).toBeUndefined();
  expect(defaultClassOf([one('a', '2026-01-01T00:00:00Z'), one('b', '2026-01-02T00:00:00Z'), one('c', '2026-01-03T00:00:00Z', 'false')])?.metadata?.name).toBe('b');
});

test('modes are written short, in one order, once', () => {
  expect(accessModesText(['ReadWriteOncePod', 'ReadWriteMany', 'ReadWriteOnce', 'ReadOnlyMany', 'ReadWriteOnce'])).toBe('RWO,ROX,RWX,RWOP');
  expect(accessModesText(undefined)).toBe('');
});

test('the annotation of old says the class, too', () => {
  expect(className({ metadata: { annotations: { 'volume.beta.kubernetes.io/storage-class': 'old' } }, spec: { storageClassName: 'new' } })).toBe('old');
});

test('the claims of a Pod are those it names and those made for it, each once', () => {
  const volumes = [{ name: 'a', persistentVolumeClaim: { claimName: 'x' } }, { name: 'b', persistentVolumeClaim: { claimName: 'x' } }, { name: 'c', ephemeral: {} }, { name: 'd', emptyDir: {} }];
  expect(claimNamesOf({ metadata: { name: 'pod' }, spec: { containers: [], volumes } })).toEqual(['x', 'pod-c']);
});
