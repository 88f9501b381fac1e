// pure: upstream's defaults of storage objects.
import type { PersistentVolume, PersistentVolumeClaim, PersistentVolumeClaimSpec, StorageClass } from '../generated/types.ts';

export function defaultClaim(claim: PersistentVolumeClaim): PersistentVolumeClaim {
  return claim.spec === undefined ? claim : { ...claim, spec: defaultClaimSpec(claim.spec) };
}

/** Requests follow limits, as elsewhere. */
export function defaultClaimSpec(spec: PersistentVolumeClaimSpec): PersistentVolumeClaimSpec {
  const { limits, requests } = spec.resources ?? {};
  const resources = limits === undefined ? {} : { resources: { limits, requests: { ...limits, ...requests } } };
  return { ...spec, ...resources, volumeMode: spec.volumeMode ?? 'Filesystem' };
}

export function defaultVolumeObject(volume: PersistentVolume): PersistentVolume {
  const { spec } = volume;
  if (spec === undefined) return volume;
  return {
    ...volume,
    spec: {
      ...spec,
      persistentVolumeReclaimPolicy: spec.persistentVolumeReclaimPolicy ?? 'Retain',
      volumeMode: spec.volumeMode ?? 'Filesystem',
      ...(spec.hostPath === undefined ? {} : { hostPath: { ...spec.hostPath, type: spec.hostPath.type ?? '' } }),
    },
  };
}

export function defaultClass(one: StorageClass): StorageClass {
  return { ...one, reclaimPolicy: one.reclaimPolicy ?? 'Delete', volumeBindingMode: one.volumeBindingMode ?? 'Immediate' };
}
