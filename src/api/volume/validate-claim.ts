// pure: what a PersistentVolumeClaim must be, and how little of it may change.
import { checkSubdomain } from '../dns-name.ts';
import { sameValue } from '../equality.ts';
import { child, forbidden, immutable, invalid, key, required, type FieldError } from '../field-errors.ts';
import { optionalName } from '../field-rules.ts';
import type { PersistentVolumeClaim, PersistentVolumeClaimSpec } from '../generated/types.ts';
import { validateLabelSelector } from '../meta/validate-label-selector.ts';
import { validateMeta, validateMetaUpdate } from '../meta/validate-meta.ts';
import { compareQuantities, parseQuantity } from '../quantity.ts';
import { CLASS_ANNOTATION } from './storage-names.ts';
import { validateAccessModes, validateVolumeMode } from './validate-access-modes.ts';

export function validateClaim(claim: PersistentVolumeClaim): FieldError[] {
  return [...validateMeta(claim.metadata, checkSubdomain), ...validateClaimSpec(claim.spec ?? {}, 'spec')];
}

export function validateClaimSpec(spec: PersistentVolumeClaimSpec, path: string): FieldError[] {
  return [
    ...validateAccessModes(spec.accessModes, path, 'at least 1 access mode is required'),
    ...(spec.selector === undefined ? [] : validateLabelSelector(spec.selector, child(path, 'selector'))),
    ...validateSize(spec.resources?.requests?.['storage'], key(child(path, 'resources'), 'storage')),
    ...optionalName(spec.storageClassName, checkSubdomain, child(path, 'storageClassName')),
    ...validateVolumeMode(spec.volumeMode, path),
  ];
}

/** Of claims and of volumes' capacity. */
export function validateSize(size: string | undefined, field: string): FieldError[] {
  if (size === undefined) return [required(field)];
  const amount = parseQuantity(size) ?? 0n;
  if (amount < 0n) return [invalid(field, size, 'must be greater than or equal to 0')];
  return amount === 0n ? [invalid(field, size, 'must be greater than zero')] : [];
}

export function validateClaimUpdate(next: PersistentVolumeClaim, old: PersistentVolumeClaim): FieldError[] {
  const [size, before, held] = [sizeOf(next), sizeOf(old), old.status?.capacity?.['storage']];
  const shrinks = size !== undefined && before !== undefined && compareQuantities(size, before) < 0;
  return [
    ...validateMetaUpdate(next.metadata),
    ...validateClaimSpec(next.spec ?? {}, 'spec'),
    ...(sameValue(settled(next, old), old.spec)
      ? []
      : [forbidden('spec', 'spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims')]),
    ...(shrinks && (held === undefined || compareQuantities(size, held) <= 0) ? [forbidden('spec.resources.requests.storage', 'field can not be less than status.capacity')] : []),
    ...(next.spec?.volumeMode === old.spec?.volumeMode ? [] : [immutable('volumeMode', next.spec?.volumeMode)]),
  ];
}

function sizeOf({ spec }: PersistentVolumeClaim): string | undefined {
  return spec?.resources?.requests?.['storage'];
}

/** The new spec with what may change put back: the volume, once; the class, from none; a bound claim's size. */
function settled(next: PersistentVolumeClaim, old: PersistentVolumeClaim): PersistentVolumeClaimSpec | undefined {
  if (next.spec === undefined) return undefined;
  const spec = { ...next.spec };
  const put = <Field extends keyof PersistentVolumeClaimSpec>(field: Field): void => {
    if (old.spec?.[field] === undefined) delete spec[field];
    else spec[field] = old.spec[field];
  };
  if ((old.spec?.volumeName ?? '') === '') put('volumeName');
  if (old.spec?.storageClassName === undefined && old.metadata?.annotations?.[CLASS_ANNOTATION] === undefined) put('storageClassName');
  if (old.status?.phase === 'Bound') {
    put('volumeAttributesClassName');
    const storage = sizeOf(old);
    if (spec.resources?.requests !== undefined && storage !== undefined) spec.resources = { ...spec.resources, requests: { ...spec.resources.requests, storage } };
  }
  return spec;
}
