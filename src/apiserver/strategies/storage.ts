// Claims, volumes and classes.
import { checkSubdomain } from '../../api/dns-name.ts';
import type { ObjectMeta, PersistentVolume, PersistentVolumeClaim, StorageClass } from '../../api/generated/types.ts';
import type { KubeObject } from '../../api/object.ts';
import { defaultClaim, defaultClass, defaultVolumeObject } from '../../api/volume/defaults.ts';
import { CLAIM_PROTECTION, VOLUME_PROTECTION } from '../../api/volume/storage-names.ts';
import { classWarnings, validateClass, validateClassUpdate } from '../../api/volume/validate-class.ts';
import { validateClaim, validateClaimUpdate } from '../../api/volume/validate-claim.ts';
import { validateVolume, validateVolumeUpdate, volumeWarnings } from '../../api/volume/validate-volume.ts';
import { plainStrategy, statusHalves, withStatus } from './plain.ts';

export const claimStrategy = plainStrategy<PersistentVolumeClaim>(checkSubdomain, {
  ...statusHalves<PersistentVolumeClaim>(),
  applyDefaults: defaultClaim,
  prepareForCreate: (claim) => withStatus(withFinalizer(claim, CLAIM_PROTECTION), { phase: 'Pending' }),
  validate: validateClaim,
  validateUpdate: validateClaimUpdate,
});

export const volumeStrategy = plainStrategy<PersistentVolume>(checkSubdomain, {
  ...statusHalves<PersistentVolume>(),
  applyDefaults: defaultVolumeObject,
  prepareForCreate: (volume) => withStatus(withFinalizer(volume, VOLUME_PROTECTION), { phase: 'Pending' }),
  validate: validateVolume,
  validateUpdate: validateVolumeUpdate,
  warningsOnCreate: volumeWarnings,
});

export const classStrategy = plainStrategy<StorageClass>(checkSubdomain, {
  applyDefaults: defaultClass,
  validate: validateClass,
  validateUpdate: validateClassUpdate,
  warningsOnCreate: classWarnings,
});

/** kube: admission adds it to everything that is created, so that what is in use does not go. */
function withFinalizer<T extends KubeObject>(object: T, finalizer: string): T {
  const finalizers = object.metadata?.finalizers ?? [];
  const metadata: ObjectMeta = { ...object.metadata, finalizers: finalizers.includes(finalizer) ? finalizers : [...finalizers, finalizer] };
  return { ...object, metadata };
}
