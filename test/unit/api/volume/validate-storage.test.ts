// What claims, volumes and classes must be, and what of them may change, in upstream's words.
import { describe, expect, test } from '@jest/globals';
import type { FieldError } from '../../../../src/api/field-errors.ts';
import type { PersistentVolume, PersistentVolumeClaim, PersistentVolumeClaimSpec, PersistentVolumeSpec, StorageClass } from '../../../../src/api/generated/types.ts';
import { validateClass, validateClassUpdate } from '../../../../src/api/volume/validate-class.ts';
import { validateClaim, validateClaimUpdate } from '../../../../src/api/volume/validate-claim.ts';
import { classWarnings } from '../../../../src/api/volume/validate-class.ts';
import { validateVolume, validateVolumeUpdate, volumeWarnings } from '../../../../src/api/volume/validate-volume.ts';

const texts = (errors: readonly FieldError[]): string[] => errors.map(({ field, body }) => `${field}: ${body}`);
const MODES = 'supported values: "ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"';
const SUBDOMAIN = /a lowercase RFC 1123 subdomain must consist of/;

const claim = (spec: PersistentVolumeClaimSpec = {}, change: Partial<PersistentVolumeClaim> = {}): PersistentVolumeClaim => ({
  metadata: { name: 'data', namespace: 'default' },
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, volumeMode: 'Filesystem', storageClassName: 'standard', ...spec },
  ...change,
});
const sized = (storage: string): PersistentVolumeClaimSpec => ({ resources: { requests: { storage } } });

describe('a claim', () => {
  test.each<[title: string, spec: PersistentVolumeClaimSpec, errors: string[]]>([
    ['as it should be', {}, []],
    ['of no class', { storageClassName: '' }, []],
    ['with a selector', { selector: { matchLabels: { app: 'x' } } }, []],
    ['without access modes', { accessModes: [] }, ['spec.accessModes: Required value: at least 1 access mode is required']],
    ['with an unknown access mode', { accessModes: ['Any'] }, [`spec.accessModes: Unsupported value: "Any": ${MODES}`]],
    ['for one Pod and for others', { accessModes: ['ReadWriteOncePod', 'ReadWriteOnce'] }, ['spec.accessModes: Forbidden: may not use ReadWriteOncePod with other access modes']],
    ['of no size', { resources: {} }, ['spec.resources[storage]: Required value']],
    ['of size zero', sized('0'), ['spec.resources[storage]: Invalid value: "0": must be greater than zero']],
    ['of a negative size', sized('-1Gi'), ['spec.resources[storage]: Invalid value: "-1Gi": must be greater than or equal to 0']],
    ['of an unknown volume mode', { volumeMode: 'Tape' }, ['spec.volumeMode: Unsupported value: "Tape": supported values: "Block", "Filesystem"']],
    ['with a bad selector', { selector: { matchExpressions: [{ key: 'a', operator: 'In' }] } }, ["spec.selector.matchExpressions[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn'"]],
  ])('%s', (_title, spec, errors) => {
    expect(texts(validateClaim(claim(spec)))).toEqual(errors);
  });

  test('and its class have names that are DNS subdomains', () => {
    expect(texts(validateClaim(claim({}, { metadata: { name: 'A_b', namespace: 'default' } })))).toEqual([expect.stringMatching(SUBDOMAIN)]);
    expect(texts(validateClaim(claim({ storageClassName: 'A_b' })))).toEqual([expect.stringMatching(SUBDOMAIN)]);
  });
});

const IMMUTABLE = 'spec: Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims';
const BOUND: Partial<PersistentVolumeClaim> = { status: { phase: 'Bound', capacity: { storage: '1Gi' } } };

describe('a change of a claim', () => {
  test.each<[title: string, old: PersistentVolumeClaim, next: PersistentVolumeClaim, errors: string[]]>([
    ['of its labels', claim(), claim({}, { metadata: { name: 'data', namespace: 'default', labels: { a: 'b' } } }), []],
    ['gives it a volume', claim(), claim({ volumeName: 'pv' }), []],
    ['does not give it another', claim({ volumeName: 'pv' }), claim({ volumeName: 'other' }), [IMMUTABLE]],
    ['gives it a class when it had none', claim({ storageClassName: undefined }), claim(), []],
    ['does not change its class', claim(), claim({ storageClassName: 'fast' }), [IMMUTABLE]],
    ['does not give a class where none was chosen', claim({ storageClassName: '' }), claim(), [IMMUTABLE]],
    ['does not change its modes', claim(), claim({ accessModes: ['ReadWriteMany'] }), [IMMUTABLE]],
    ['grows what is bound', claim({}, BOUND), claim(sized('2Gi'), BOUND), []],
    ['does not grow what is not', claim(), claim(sized('2Gi')), [IMMUTABLE]],
    ['does not shrink what is bound', claim({}, BOUND), claim(sized('512Mi'), BOUND), ['spec.resources.requests.storage: Forbidden: field can not be less than status.capacity']],
    ['takes back a growth that did not happen', claim(sized('9Gi'), BOUND), claim(sized('2Gi'), BOUND), []],
    ['does not change its volume mode', claim(), claim({ volumeMode: 'Block' }), [IMMUTABLE, 'volumeMode: Invalid value: "Block": field is immutable']],
  ])('%s', (_title, old, next, errors) => {
    const drop = ({ spec, ...rest }: PersistentVolumeClaim): PersistentVolumeClaim => ({ ...rest, spec: JSON.parse(JSON.stringify(spec)) as PersistentVolumeClaimSpec });
    expect(texts(validateClaimUpdate(drop(next), drop(old)))).toEqual(errors);
  });
});

const volume = (spec: PersistentVolumeSpec = {}): PersistentVolume => ({ metadata: { name: 'pv' }, spec: { accessModes: ['ReadWriteOnce'], capacity: { storage: '1Gi' }, ...spec } });
const here = (spec: PersistentVolumeSpec = {}): PersistentVolume => volume({ hostPath: { path: '/data', type: '' }, ...spec });
const ON_NODE = { required: { nodeSelectorTerms: [{ matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: ['a'] }] }] } };

describe('a volume', () => {
  test.each<[title: string, volume: PersistentVolume, errors: string[]]>([
    ['of a folder', here(), []],
    ['of a folder of one node', volume({ local: { path: '/data' }, nodeAffinity: ON_NODE }), []],
    ['of nothing', volume(), ['spec: Required value: must specify a volume type']],
    ['of two things', here({ nfs: { server: 's', path: '/' } }), ['spec.nfs: Forbidden: may not specify more than 1 volume type']],
    ['without access modes', here({ accessModes: undefined }), ['spec.accessModes: Required value']],
    ['without capacity', here({ capacity: undefined }), ['spec.capacity: Required value']],
    ['with another capacity', here({ capacity: { cpu: '1' } }), ['spec.capacity: Unsupported value: {"cpu":"1"}: supported values: "storage"']],
    ['of size zero', here({ capacity: { storage: '0' } }), ['spec.capacity[storage]: Invalid value: "0": must be greater than zero']],
    ['with an unknown reclaim policy', here({ persistentVolumeReclaimPolicy: 'Keep' }), ['spec.persistentVolumeReclaimPolicy: Unsupported value: "Keep": supported values: "Delete", "Recycle", "Retain"']],
    ['of the root of the host, recycled', here({ hostPath: { path: '/' }, persistentVolumeReclaimPolicy: 'Recycle' }), ["spec.persistentVolumeReclaimPolicy: Forbidden: may not be 'recycle' for a hostPath mount of '/'"]],
    ['of a path that climbs', here({ hostPath: { path: '/a/../b' } }), ["spec.hostPath.path: Invalid value: \"/a/../b\": must not contain '..'"]],
    ['of a folder of no node', volume({ local: { path: '/data' } }), ['spec.nodeAffinity: Required value: Local volume requires node affinity']],
    ['with an empty affinity', here({ nodeAffinity: {} }), ['spec.nodeAffinity.required: Required value: must specify required node constraints']],
    ['with no terms', here({ nodeAffinity: { required: { nodeSelectorTerms: [] } } }), ['spec.nodeAffinity.required.nodeSelectorTerms: Required value: must have at least one node selector term']],
  ])('%s', (_title, one, errors) => {
    expect(texts(validateVolume(one))).toEqual(errors);
  });

  test.each<[title: string, old: PersistentVolume, next: PersistentVolume, errors: string[]]>([
    ['may change its claim, size and policy', here(), here({ claimRef: { name: 'x' }, capacity: { storage: '2Gi' }, persistentVolumeReclaimPolicy: 'Delete' }), []],
    ['keeps what it is made of', here(), here({ hostPath: { path: '/other' } }), ['spec.persistentvolumesource: Forbidden: spec.persistentvolumesource is immutable after creation']],
    ['keeps its nodes', here({ nodeAffinity: ON_NODE }), here(), ['nodeAffinity: Invalid value: null: field is immutable']],
  ])('%s', (_title, old, next, errors) => {
    expect(texts(validateVolumeUpdate(next, old))).toEqual(errors);
  });

  test('that minik cannot mount is told of', () => {
    expect(volumeWarnings(here())).toEqual([]);
    expect(volumeWarnings(volume({ nfs: { server: 's', path: '/' }, mountOptions: ['ro'] }))).toEqual(['spec.nfs: stored, but minik does not act on it yet', 'spec.mountOptions: stored, but minik does not act on it yet']);
  });
});

const storageClass = (change: Partial<StorageClass> = {}): StorageClass => ({ metadata: { name: 'fast' }, provisioner: 'example.org/disk', reclaimPolicy: 'Delete', volumeBindingMode: 'Immediate', ...change });

describe('a class', () => {
  test.each<[title: string, one: StorageClass, errors: string[]]>([
    ['as it should be', storageClass({ parameters: { type: 'ssd' } }), []],
    ['without a provisioner', storageClass({ provisioner: '' }), ['provisioner: Required value']],
    ['with an unknown reclaim policy', storageClass({ reclaimPolicy: 'Recycle' }), ['reclaimPolicy: Unsupported value: "Recycle": supported values: "Delete", "Retain"']],
    ['with an unknown binding mode', storageClass({ volumeBindingMode: 'Later' }), ['volumeBindingMode: Unsupported value: "Later": supported values: "Immediate", "WaitForFirstConsumer"']],
    ['with a parameter without a name', storageClass({ parameters: { '': 'x' } }), ['parameters: Invalid value: "": field can not be empty.']],
  ])('%s', (_title, one, errors) => {
    expect(texts(validateClass(one))).toEqual(errors);
  });

  test('may let volumes grow later; the rest stays', () => {
    expect(validateClassUpdate(storageClass({ allowVolumeExpansion: true }), storageClass())).toEqual([]);
    expect(texts(validateClassUpdate(storageClass({ provisioner: 'b', reclaimPolicy: 'Retain', parameters: { a: 'b' }, volumeBindingMode: 'WaitForFirstConsumer' }), storageClass()))).toEqual([
      'parameters: Forbidden: updates to parameters are forbidden.',
      'provisioner: Forbidden: updates to provisioner are forbidden.',
      'reclaimPolicy: Forbidden: updates to reclaimPolicy are forbidden.',
      'volumeBindingMode: Invalid value: "WaitForFirstConsumer": field is immutable',
    ]);
  });

  test('with mount options is told that nobody heeds them', () => {
    expect(classWarnings(storageClass())).toEqual([]);
    expect(classWarnings(storageClass({ mountOptions: ['ro'] }))).toEqual(['mountOptions: stored, but minik does not act on it yet']);
  });
});
