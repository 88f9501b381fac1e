// What a volume needs next, and what becomes of it when its claim goes.
import { describe, expect, test } from '@jest/globals';
import type { PersistentVolume, PersistentVolumeClaim, PersistentVolumeSpec, Pod } from '../../../../src/api/generated/types.ts';
import { planEphemeralClaims } from '../../../../src/controllers/volume/plan-ephemeral-claims.ts';
import { planVolume } from '../../../../src/controllers/volume/plan-volume.ts';

const FOLDER = 'external-provisioner.volume.kubernetes.io/finalizer';
const PROTECTION = 'kubernetes.io/pv-protection';
const OWN = { 'pv.kubernetes.io/provisioned-by': 'minik.dev/directory' };
const claimRef = { name: 'data', namespace: 'default', uid: 'u1' };

interface Change {
  readonly spec?: PersistentVolumeSpec;
  readonly phase?: string;
  readonly annotations?: Record<string, string>;
  readonly finalizers?: string[];
  readonly isDeleted?: boolean;
}
const volume = ({ spec = {}, phase = 'Pending', annotations, finalizers = [PROTECTION], isDeleted = false }: Change = {}): PersistentVolume => ({
  metadata: { name: 'pv', finalizers, ...(annotations === undefined ? {} : { annotations }), ...(isDeleted ? { deletionTimestamp: '2026-01-01T00:00:00Z' } : {}) },
  spec: { persistentVolumeReclaimPolicy: 'Retain', ...spec },
  status: { phase },
});
const claim = (uid = 'u1', volumeName = 'pv'): PersistentVolumeClaim => ({ metadata: { name: 'data', namespace: 'default', uid }, spec: { volumeName } });
const phase = (name: string) => ({ action: { type: 'write-volume-status', status: { phase: name } } });

describe('phases', () => {
  test.each<[title: string, one: PersistentVolume, claim: PersistentVolumeClaim | undefined, expected: object]>([
    ['a new volume is Available', volume(), undefined, phase('Available')],
    ['and stays so', volume({ phase: 'Available' }), undefined, {}],
    ['one that is set aside is Available, too', volume({ spec: { claimRef: { name: 'data', namespace: 'default' } } }), claim(), phase('Available')],
    ['with its claim it is Bound', volume({ spec: { claimRef }, phase: 'Available' }), claim(), phase('Bound')],
    ['and stays so', volume({ spec: { claimRef }, phase: 'Bound' }), claim(), {}],
    ['while the claim does not know of it, nothing is done', volume({ spec: { claimRef }, phase: 'Available' }), claim('u1', ''), {}],
    ['without its claim it is Released', volume({ spec: { claimRef }, phase: 'Bound' }), undefined, phase('Released')],
    ['a new claim of that name is another claim', volume({ spec: { claimRef }, phase: 'Bound' }), claim('u2'), phase('Released')],
    ['a Released volume that is retained stays', volume({ spec: { claimRef }, phase: 'Released' }), undefined, {}],
    ['one whose claimRef was taken away is Available again', volume({ phase: 'Released' }), undefined, phase('Available')],
    ['when the claim took another volume, this one is free again', volume({ spec: { claimRef }, phase: 'Available', annotations: { 'pv.kubernetes.io/bound-by-controller': 'yes' } }), claim('u1', 'other'), { action: { type: 'write-volume', volume: { spec: { persistentVolumeReclaimPolicy: 'Retain' }, metadata: { annotations: {} } } } }],
    ['or set aside again', volume({ spec: { claimRef }, phase: 'Available' }), claim('u1', 'other'), { action: { type: 'write-volume', volume: { spec: { claimRef: { name: 'data', namespace: 'default' } } } } }],
  ])('%s', (_title, one, held, expected) => {
    const plan = planVolume({ volume: one, claim: held });
    if (Object.keys(expected).length === 0) expect(plan).toEqual({});
    else expect(plan).toMatchObject(expected);
  });
});

describe('a Released volume that is to be deleted', () => {
  const released = (change: Change): PersistentVolume => volume({ phase: 'Released', ...change, spec: { claimRef, persistentVolumeReclaimPolicy: 'Delete', ...change.spec } });
  test.each<[title: string, one: PersistentVolume, expected: object]>([
    ['goes, when minik made it', released({ annotations: OWN }), { action: { type: 'delete-volume' } }],
    ['its folder first', released({ annotations: OWN, finalizers: [FOLDER, PROTECTION], isDeleted: true }), { action: { type: 'remove-folder' } }],
    ['then itself', released({ annotations: OWN, isDeleted: true }), { action: { type: 'write-volume', volume: { metadata: { finalizers: [] } } } }],
    ['and tries again after a failure', released({ annotations: OWN, phase: 'Failed' }), { action: { type: 'delete-volume' } }],
    ['stays when it is a folder of the user\'s, and says so', released({ spec: { hostPath: { path: '/x' } } }), { action: { type: 'write-volume-status', status: { phase: 'Failed' }, event: { reason: 'VolumeFailedDelete', message: 'error getting deleter volume plugin for volume "pv": no deletable volume plugin matched' } } }],
    ['nobody recycles it', released({ spec: { persistentVolumeReclaimPolicy: 'Recycle' } }), { action: { type: 'write-volume-status', status: { phase: 'Failed' }, event: { reason: 'VolumeFailedRecycle' } } }],
  ])('%s', (_title, one, expected) => {
    expect(planVolume({ volume: one, claim: undefined })).toMatchObject(expected);
  });
  test('that failed for good is left alone', () => {
    expect(planVolume({ volume: released({ phase: 'Failed' }), claim: undefined })).toEqual({});
  });
});

describe('a volume that a user deletes', () => {
  test('stays while a claim has it', () => {
    expect(planVolume({ volume: volume({ spec: { claimRef }, phase: 'Bound', isDeleted: true }), claim: claim() })).toEqual({});
  });
  test('goes when its claim has not begun to count on it, and stays when it has', () => {
    const making = (phase: string): PersistentVolume => volume({ spec: { claimRef, persistentVolumeReclaimPolicy: 'Delete' }, phase, annotations: OWN, finalizers: [FOLDER, PROTECTION], isDeleted: true });
    expect(planVolume({ volume: making('Pending'), claim: claim('u1', '') })).toMatchObject({ action: { type: 'remove-folder' } });
    expect(planVolume({ volume: making('Bound'), claim: claim('u1', '') })).toEqual({});
  });
  test('keeps its folder when it is retained', () => {
    const one = volume({ spec: { claimRef }, phase: 'Released', annotations: OWN, finalizers: [FOLDER, PROTECTION], isDeleted: true });
    expect(planVolume({ volume: one, claim: undefined })).toMatchObject({ action: { type: 'write-volume', volume: { metadata: { finalizers: [PROTECTION] } } } });
  });
  test('waits for finalizers that are not minik\'s', () => {
    expect(planVolume({ volume: volume({ finalizers: ['example.org/own'], isDeleted: true }), claim: undefined })).toEqual({});
  });
});

describe('the claims of ephemeral volumes', () => {
  const template = { metadata: { labels: { a: 'b' } }, spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } } };
  const pod = (change: Partial<Pod> = {}): Pod => ({ metadata: { name: 'web', namespace: 'default', uid: 'p1' }, spec: { containers: [], volumes: [{ name: 'tmp', ephemeral: { volumeClaimTemplate: template } }, { name: 'x', emptyDir: {} }] }, ...change });
  test('are made of their templates, and are the Pod\'s', () => {
    expect(planEphemeralClaims(pod(), () => undefined)).toEqual([
      {
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        metadata: { name: 'web-tmp', namespace: 'default', labels: { a: 'b' }, ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name: 'web', uid: 'p1', controller: true, blockOwnerDeletion: true }] },
        spec: template.spec,
      },
    ]);
  });
  test('are made once, and not for a Pod that is over or going', () => {
    expect(planEphemeralClaims(pod(), () => claim())).toEqual([]);
    expect(planEphemeralClaims(pod({ status: { phase: 'Succeeded' } }), () => undefined)).toEqual([]);
    expect(planEphemeralClaims(pod({ metadata: { name: 'web', deletionTimestamp: '2026-01-01T00:00:00Z' } }), () => undefined)).toEqual([]);
  });
});
