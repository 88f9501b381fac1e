// What a claim needs next, step by step: every state that a crash may leave is a row.
import { describe, expect, test } from '@jest/globals';
import type { PersistentVolume, PersistentVolumeClaim, StorageClass } from '../../../../src/api/generated/types.ts';
import { planClaim, type ClaimObserved } from '../../../../src/controllers/volume/plan-claim.ts';

const standard: StorageClass = { metadata: { name: 'standard', annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } }, provisioner: 'minik.dev/directory', reclaimPolicy: 'Delete', volumeBindingMode: 'Immediate', allowVolumeExpansion: true };
const delayed: StorageClass = { metadata: { name: 'delayed' }, provisioner: 'minik.dev/directory', reclaimPolicy: 'Retain', volumeBindingMode: 'WaitForFirstConsumer' };
const others: StorageClass[] = [
  { metadata: { name: 'none' }, provisioner: 'kubernetes.io/no-provisioner' },
  { metadata: { name: 'cloud' }, provisioner: 'example.org/disk' },
];

const claim = (spec: PersistentVolumeClaim['spec'] = {}, change: Partial<PersistentVolumeClaim> = {}, annotations: Record<string, string> = {}): PersistentVolumeClaim => ({
  status: { phase: 'Pending' },
  ...change,
  metadata: { name: 'data', namespace: 'default', uid: 'u1', resourceVersion: '7', annotations, finalizers: ['kubernetes.io/pvc-protection'], ...change.metadata },
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, storageClassName: 'standard', volumeMode: 'Filesystem', ...spec },
});
const reference = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', name: 'data', namespace: 'default', uid: 'u1', resourceVersion: '7' };
const volume = (spec: PersistentVolume['spec'] = {}, change: Partial<PersistentVolume> = {}): PersistentVolume => ({
  metadata: { name: 'pv' },
  status: { phase: 'Available' },
  spec: { accessModes: ['ReadWriteOnce'], capacity: { storage: '1Gi' }, storageClassName: 'standard', hostPath: { path: '/x' }, ...spec },
  ...change,
});
const own = (change: Partial<PersistentVolume> = {}): PersistentVolume =>
  volume({ claimRef: reference }, { metadata: { name: 'pv', annotations: { 'pv.kubernetes.io/provisioned-by': 'minik.dev/directory' } }, ...change });
const BOUND = { 'pv.kubernetes.io/bind-completed': 'yes' };
const PLACED = { 'volume.kubernetes.io/selected-node': 'node-1' };

const plan = (one: PersistentVolumeClaim, volumes: PersistentVolume[] = [], more: Partial<ClaimObserved> = {}) =>
  planClaim({ claim: one, volumes, classes: [standard, delayed, ...others], users: [], waitingPods: [], folders: '/home/volumes', ...more });

describe('a claim without a volume', () => {
  test('gets one made, as a folder, kept or not as its class says', () => {
    const { action } = plan(claim());
    expect(action).toMatchObject({
      type: 'create-volume',
      volume: {
        metadata: { name: 'pvc-u1', annotations: { 'pv.kubernetes.io/provisioned-by': 'minik.dev/directory' } },
        spec: { local: { path: '/home/volumes/pvc-u1' }, claimRef: reference, capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'], persistentVolumeReclaimPolicy: 'Delete', storageClassName: 'standard' },
      },
    });
    expect(plan(claim({ storageClassName: 'delayed' }, {}, PLACED)).action).toMatchObject({ type: 'create-volume', volume: { spec: { persistentVolumeReclaimPolicy: 'Retain' } } });
  });

  test('gets the default class where it chose none, and there is one', () => {
    expect(plan(claim({ storageClassName: undefined })).action).toMatchObject({ type: 'write-claim', claim: { spec: { storageClassName: 'standard' } } });
    expect(plan(claim({ storageClassName: undefined }), [], { classes: [] }).waiting?.reason).toBe('FailedBinding');
  });

  const TEXT = (text: string, reason = 'ProvisioningFailed', type: 'Normal' | 'Warning' = 'Warning') => ({ waiting: { type, reason, message: text } });
  test.each<[title: string, one: PersistentVolumeClaim, expected: object, more?: Partial<ClaimObserved>]>([
    ['waits for its first Pod', claim({ storageClassName: 'delayed' }), TEXT('waiting for first consumer to be created before binding', 'WaitForFirstConsumer', 'Normal')],
    ['waits for its first Pod to be placed', claim({ storageClassName: 'delayed' }), TEXT('waiting for pod web to be scheduled', 'WaitForPodScheduled', 'Normal'), { waitingPods: ['web'] }],
    ['of no class waits for a volume', claim({ storageClassName: '' }), TEXT('no persistent volumes available for this claim and no storage class is set', 'FailedBinding', 'Normal')],
    ['of an unknown class', claim({ storageClassName: 'fast' }), TEXT('storageclass.storage.k8s.io "fast" not found')],
    ['of a class that makes none', claim({ storageClassName: 'none' }), TEXT('no volume plugin matched name: kubernetes.io/no-provisioner')],
    [
      'of somebody else\'s class',
      claim({ storageClassName: 'cloud' }),
      TEXT("Waiting for a volume to be created either by the external provisioner 'example.org/disk' or manually by the system administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered.", 'ExternalProvisioning', 'Normal'),
    ],
    ['with a selector', claim({ selector: {} }), TEXT('failed to provision volume with StorageClass "standard": claim.Spec.Selector is not supported')],
    ['that wants a device', claim({ volumeMode: 'Block' }), TEXT('failed to provision volume with StorageClass "standard": minik.dev/directory does not support block volume provisioning')],
    ['that wants a copy', claim({ dataSource: { kind: 'PersistentVolumeClaim', name: 'x' } }), TEXT('failed to provision volume with StorageClass "standard": minik.dev/directory does not make volumes from a data source')],
  ].map(([title, one, expected, more = {}]) => [title, one, expected, more] as never))('%s', (_title, one, expected, more) => {
    expect(plan(one as PersistentVolumeClaim, [], more as Partial<ClaimObserved>)).toEqual(expected);
  });
});

describe('a claim and its volume are joined in four steps', () => {
  const joined = claim({ volumeName: 'pv' }, {}, BOUND);
  test('the volume is told of the claim, and that no user joined them', () => {
    expect(plan(claim(), [volume()])).toEqual({ action: { type: 'write-volume', volume: volume({ claimRef: reference }, { metadata: { name: 'pv', annotations: { 'pv.kubernetes.io/bound-by-controller': 'yes' } } }) } });
  });
  test('a volume that was set aside is told only the rest', () => {
    const { action } = plan(claim(), [volume({ claimRef: { name: 'data', namespace: 'default' } })]);
    expect(action).toMatchObject({ type: 'write-volume', volume: { spec: { claimRef: reference } } });
    expect((action as { volume: PersistentVolume }).volume.metadata?.annotations).toBeUndefined();
  });
  test('the volume is Bound', () => {
    expect(plan(claim(), [volume({ claimRef: reference })]).action).toMatchObject({ type: 'write-volume-status', status: { phase: 'Bound' } });
  });
  test('the claim is told of the volume', () => {
    const { action } = plan(claim(), [volume({ claimRef: reference }, { status: { phase: 'Bound' } })]);
    expect(action).toMatchObject({ type: 'bind-claim', claim: { spec: { volumeName: 'pv' }, metadata: { annotations: { ...BOUND, 'pv.kubernetes.io/bound-by-controller': 'yes' } } } });
    expect(action).not.toHaveProperty('folder');
  });
  test('where the volume is minik\'s own its folder must be there first', () => {
    expect(plan(claim(), [own({ status: { phase: 'Bound' } })]).action).toMatchObject({ type: 'bind-claim', folder: 'pv', claim: { metadata: { annotations: { 'volume.kubernetes.io/storage-provisioner': 'minik.dev/directory' } } } });
  });
  test('the claim is Bound, and as large as the volume', () => {
    const large = volume({ claimRef: reference, capacity: { storage: '5Gi' } }, { status: { phase: 'Bound' } });
    expect(plan(joined, [large]).action).toMatchObject({ type: 'write-claim-status', status: { phase: 'Bound', accessModes: ['ReadWriteOnce'], capacity: { storage: '5Gi' } } });
  });
  test('a volume that is going is waited for, unless the claim was already promised it', () => {
    const going = (phase: string): PersistentVolume => volume({ claimRef: reference }, { metadata: { name: 'pv', deletionTimestamp: '2026-01-01T00:00:00Z' }, status: { phase } });
    expect(plan(claim(), [going('Available')])).toEqual({});
    expect(plan(claim(), [going('Bound')]).action).toMatchObject({ type: 'bind-claim' });
  });
  test('then nothing is left to do', () => {
    const done = { ...joined, status: { phase: 'Bound', accessModes: ['ReadWriteOnce'], capacity: { storage: '1Gi' } } };
    expect(plan(done, [volume({ claimRef: reference }, { status: { phase: 'Bound' } })])).toEqual({});
  });
});

describe('a claim that names its volume', () => {
  const named = claim({ volumeName: 'pv' });
  test.each<[title: string, volumes: PersistentVolume[], expected: object]>([
    ['waits until it is there', [], {}],
    ['gets it', [volume()], { action: { type: 'write-volume' } }],
    ['does not get one that is too small', [volume({ capacity: { storage: '1Mi' } })], { waiting: { type: 'Warning', reason: 'VolumeMismatch', message: 'Cannot bind to requested volume "pv": requested PV is too small' } }],
    ['does not get one of another class', [volume({ storageClassName: '' })], { waiting: { type: 'Warning', reason: 'VolumeMismatch', message: 'Cannot bind to requested volume "pv": storageClassName does not match' } }],
    ['does not get somebody else\'s', [volume({ claimRef: { name: 'other', namespace: 'default', uid: 'u2' } })], { waiting: { type: 'Warning', reason: 'FailedBinding', message: 'volume "pv" already bound to a different claim.' } }],
  ])('%s', (_title, volumes, expected) => {
    expect(plan(named, volumes)).toMatchObject(expected);
  });
});

describe('a bound claim', () => {
  const status = { phase: 'Bound', accessModes: ['ReadWriteOnce'], capacity: { storage: '1Gi' } };
  const bound = (spec: PersistentVolumeClaim['spec'] = {}): PersistentVolumeClaim => claim({ volumeName: 'pv', ...spec }, { status }, BOUND);
  test.each<[title: string, one: PersistentVolumeClaim, volumes: PersistentVolume[], message: string]>([
    ['whose volume is gone is Lost', bound(), [], 'Bound claim has lost its PersistentVolume. Data on the volume is lost!'],
    ['that forgot its volume is Lost', bound({ volumeName: undefined }), [volume()], 'Bound claim has lost reference to PersistentVolume. Data on the volume is lost!'],
    ['whose volume is another\'s is Lost', bound(), [volume({ claimRef: { ...reference, uid: 'u2' } })], 'Two claims are bound to the same volume, this one is bound incorrectly'],
  ])('%s', (_title, one, volumes, message) => {
    expect(plan(one, volumes).action).toMatchObject({ type: 'lose-claim', event: { type: 'Warning', message } });
    expect(plan({ ...one, status: { phase: 'Lost' } }, volumes)).toEqual({});
  });

  test('that asks for more makes a volume of minik\'s grow, where the class allows it', () => {
    const more = bound({ resources: { requests: { storage: '3Gi' } } });
    expect(plan(more, [own({ status: { phase: 'Bound' } })]).action).toMatchObject({ type: 'write-volume', volume: { spec: { capacity: { storage: '3Gi' } } }, event: { event: { reason: 'VolumeResizeSuccessful' } } });
    expect(plan(more, [own({ status: { phase: 'Bound' } })], { classes: [] })).toEqual({});
    expect(plan(more, [volume({ claimRef: reference }, { status: { phase: 'Bound' } })])).toEqual({});
  });

  test('that is deleted goes when no Pod has it', () => {
    const going = { ...bound(), metadata: { ...bound().metadata, deletionTimestamp: '2026-01-01T00:00:00Z' } };
    expect(plan(going, [], { users: ['web'] })).toEqual({});
    expect(plan(going, []).action).toMatchObject({ type: 'release-claim' });
    expect(plan({ ...going, metadata: { ...going.metadata, finalizers: ['example.org/own'] } }, [])).toEqual({});
  });
});
