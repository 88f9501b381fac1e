// pure: what a PersistentVolume must be, and what of it stays as it was.
import { checkSubdomain } from '../dns-name.ts';
import { sameValue } from '../equality.ts';
import { child, forbidden, immutable, index, key, notSupported, required, type FieldError } from '../field-errors.ts';
import { eachItem, optionalName, optionalOneOf, requiredName } from '../field-rules.ts';
import type { PersistentVolume, PersistentVolumeSpec, VolumeNodeAffinity } from '../generated/types.ts';
import { validateMeta, validateMetaUpdate } from '../meta/validate-meta.ts';
import { validateNoBacksteps } from '../pod/validate-paths.ts';
import { validateHostPath } from '../pod/validate-volumes.ts';
import { validateAccessModes, validateVolumeMode } from './validate-access-modes.ts';
import { validateSize } from './validate-claim.ts';

/** Fields of the spec that are not what the volume is made of. */
const NOT_SOURCES = new Set(['accessModes', 'capacity', 'claimRef', 'mountOptions', 'nodeAffinity', 'persistentVolumeReclaimPolicy', 'storageClassName', 'volumeAttributesClassName', 'volumeMode']);
/** Those that minik can mount. */
const SERVED = new Set(['hostPath', 'local']);

export function validateVolume(volume: PersistentVolume): FieldError[] {
  return [...validateMeta(volume.metadata, checkSubdomain), ...validateSpec(volume.spec ?? {}, 'spec')];
}

export function validateVolumeUpdate(next: PersistentVolume, old: PersistentVolume): FieldError[] {
  const before = old.spec?.nodeAffinity;
  return [
    ...validateMetaUpdate(next.metadata),
    ...validateSpec(next.spec ?? {}, 'spec'),
    ...(sameValue(sourcesOf(next.spec), sourcesOf(old.spec)) ? [] : [forbidden('spec.persistentvolumesource', 'spec.persistentvolumesource is immutable after creation')]),
    ...(next.spec?.volumeMode === old.spec?.volumeMode ? [] : [immutable('volumeMode', next.spec?.volumeMode)]),
    ...(before === undefined || sameValue(next.spec?.nodeAffinity, before) ? [] : [immutable('nodeAffinity', next.spec?.nodeAffinity)]),
  ];
}

/** One text a field, for Warning headers. */
export function volumeWarnings({ spec }: PersistentVolume): string[] {
  const unserved = Object.keys(sourcesOf(spec)).filter((source) => !SERVED.has(source));
  const fields = [...unserved, ...(spec?.volumeMode === 'Block' ? ['volumeMode'] : []), ...((spec?.mountOptions ?? []).length > 0 ? ['mountOptions'] : [])];
  return fields.map((field) => `spec.${field}: stored, but minik does not act on it yet`);
}

function sourcesOf(spec: PersistentVolumeSpec | undefined): Record<string, unknown> {
  return Object.fromEntries(Object.entries(spec ?? {}).filter(([field]) => !NOT_SOURCES.has(field)));
}

const RECLAIM_POLICIES = ['Delete', 'Recycle', 'Retain'];

function validateSpec(spec: PersistentVolumeSpec, path: string): FieldError[] {
  const reclaim = child(path, 'persistentVolumeReclaimPolicy');
  const isRootRecycled = spec.hostPath?.path === '/' && spec.persistentVolumeReclaimPolicy === 'Recycle';
  return [
    ...validateAccessModes(spec.accessModes, path),
    ...validateCapacity(spec.capacity, child(path, 'capacity')),
    ...optionalOneOf(spec.persistentVolumeReclaimPolicy, RECLAIM_POLICIES, reclaim),
    ...validateNodeAffinity(spec.nodeAffinity, child(path, 'nodeAffinity')),
    ...validateSources(spec, path),
    ...(isRootRecycled ? [forbidden(reclaim, "may not be 'recycle' for a hostPath mount of '/'")] : []),
    ...optionalName(spec.storageClassName, checkSubdomain, child(path, 'storageClassName')),
    ...validateVolumeMode(spec.volumeMode, path),
  ];
}

function validateCapacity(capacity: Readonly<Record<string, string>> | undefined, path: string): FieldError[] {
  const names = Object.keys(capacity ?? {});
  if (names.length === 0) return [required(path)];
  return [
    ...(names.length === 1 && names[0] === 'storage' ? [] : [notSupported(path, capacity, ['storage'])]),
    ...Object.entries(capacity ?? {}).flatMap(([name, size]) => validateSize(size, key(path, name))),
  ];
}

function validateNodeAffinity(affinity: VolumeNodeAffinity | undefined, path: string): FieldError[] {
  if (affinity === undefined) return [];
  const terms = child(path, 'required');
  if (affinity.required === undefined) return [required(terms, 'must specify required node constraints')];
  const list = child(terms, 'nodeSelectorTerms');
  if ((affinity.required.nodeSelectorTerms ?? []).length === 0) return [required(list, 'must have at least one node selector term')];
  return eachItem(affinity.required.nodeSelectorTerms, list, ({ matchExpressions }, at) =>
    (matchExpressions ?? []).flatMap((one, row) => requiredName(one.key, () => [], child(index(child(at, 'matchExpressions'), row), 'key'))),
  );
}

/** The first source is judged, the others are too many. */
function validateSources(spec: PersistentVolumeSpec, path: string): FieldError[] {
  const [first, ...more] = Object.keys(sourcesOf(spec));
  if (first === undefined) return [required(path, 'must specify a volume type')];
  return [...validateSource(spec, path), ...more.map((source) => forbidden(child(path, source), 'may not specify more than 1 volume type'))];
}

function validateSource({ hostPath, local, nodeAffinity }: PersistentVolumeSpec, path: string): FieldError[] {
  if (hostPath !== undefined) return validateHostPath(hostPath, child(path, 'hostPath'));
  if (local === undefined) return [];
  const at = child(path, 'local.path');
  return [
    ...((local.path ?? '') === '' ? [required(at)] : validateNoBacksteps(local.path, at)),
    ...(nodeAffinity?.required === undefined ? [required(child(path, 'nodeAffinity'), 'Local volume requires node affinity')] : []),
  ];
}
