// pure: the volume that minik makes for a claim: a folder of its home, as a local volume.
import type { ObjectReference, PersistentVolume, PersistentVolumeClaim, StorageClass } from '../../api/generated/types.ts';
import { DIRECTORY_PROVISIONER, FOLDER_FINALIZER, PROVISIONED_BY } from '../../api/volume/storage-names.ts';

/** `folders`: where the folders of volumes are; `claim` has been given its class. */
export function newVolume(claim: PersistentVolumeClaim, one: StorageClass, folders: string): PersistentVolume {
  const name = `pvc-${claim.metadata?.uid ?? ''}`;
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name, annotations: { [PROVISIONED_BY]: DIRECTORY_PROVISIONER }, finalizers: [FOLDER_FINALIZER] },
    spec: {
      accessModes: claim.spec?.accessModes,
      capacity: { storage: claim.spec?.resources?.requests?.['storage'] ?? '0' },
      claimRef: claimReference(claim),
      local: { path: `${folders}/${name}` },
      // There is one node, and a laptop's is renamed with its host: its data must not be out of reach for that.
      nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [{ key: 'kubernetes.io/os', operator: 'Exists' }] }] } },
      persistentVolumeReclaimPolicy: one.reclaimPolicy ?? 'Delete',
      storageClassName: one.metadata?.name,
      volumeMode: 'Filesystem',
    },
  };
}

export function claimReference({ metadata }: PersistentVolumeClaim): ObjectReference {
  const { name, namespace, uid, resourceVersion } = metadata ?? {};
  return { apiVersion: 'v1', kind: 'PersistentVolumeClaim', name, namespace, uid, resourceVersion };
}

/** Made by minik, so its folder is minik's to remove. */
export function isOwnVolume({ metadata }: PersistentVolume): boolean {
  return metadata?.annotations?.[PROVISIONED_BY] === DIRECTORY_PROVISIONER;
}
