// pure: the columns of claims, volumes and classes.
import type { PersistentVolume, PersistentVolumeClaim, StorageClass } from '../../api/generated/types.ts';
import type { KubeObject } from '../../api/object.ts';
import { accessModesText, className, isDefaultClass } from '../../api/volume/storage-facts.ts';
import { ageColumn, nameColumn, text, wide, type KindTable } from './columns.ts';

const isBound = ({ spec }: PersistentVolumeClaim): boolean => (spec?.volumeName ?? '') !== '';
const phaseOf = ({ metadata }: KubeObject, phase: string | undefined): string => (metadata?.deletionTimestamp === undefined ? (phase ?? '') : 'Terminating');

export const claimTable: KindTable<PersistentVolumeClaim> = {
  columns: [
    nameColumn,
    text('Status', (claim) => phaseOf(claim, claim.status?.phase), 'phase represents the current phase of PersistentVolumeClaim.'),
    text('Volume', ({ spec }) => spec?.volumeName ?? '', 'volumeName is the binding reference to the PersistentVolume backing this claim.'),
    text('Capacity', (claim) => (isBound(claim) ? (claim.status?.capacity?.['storage'] ?? '0') : ''), 'capacity represents the actual resources of the underlying volume.'),
    text('Access Modes', (claim) => (isBound(claim) ? accessModesText(claim.status?.accessModes) : ''), 'accessModes contains the actual access modes the volume backing the PVC has.'),
    text('StorageClass', className, 'storageClassName is the name of the StorageClass required by the claim.'),
    text('VolumeAttributesClass', ({ spec }) => spec?.volumeAttributesClassName ?? '<unset>', 'volumeAttributesClassName may be used to set the VolumeAttributesClass used by this claim.'),
    ageColumn,
    wide(text('VolumeMode', ({ spec }) => spec?.volumeMode ?? '<unset>', 'volumeMode defines what type of volume is required by the claim.')),
  ],
};

export const volumeTable: KindTable<PersistentVolume> = {
  columns: [
    nameColumn,
    text('Capacity', ({ spec }) => spec?.capacity?.['storage'] ?? '0', "capacity is the description of the persistent volume's resources and capacity."),
    text('Access Modes', ({ spec }) => accessModesText(spec?.accessModes), 'accessModes contains all ways the volume can be mounted.'),
    text('Reclaim Policy', ({ spec }) => spec?.persistentVolumeReclaimPolicy ?? '', 'persistentVolumeReclaimPolicy defines what happens to a persistent volume when released from its claim.'),
    text('Status', (volume) => phaseOf(volume, volume.status?.phase), 'phase indicates if a volume is available, bound to a claim, or released by a claim.'),
    text('Claim', ({ spec }) => (spec?.claimRef === undefined ? '' : `${spec.claimRef.namespace ?? ''}/${spec.claimRef.name ?? ''}`), 'claimRef is part of a bi-directional binding between PersistentVolume and PersistentVolumeClaim.'),
    text('StorageClass', className, 'Name of StorageClass to which this persistent volume belongs.'),
    text('VolumeAttributesClass', ({ spec }) => spec?.volumeAttributesClassName ?? '<unset>', 'Name of the VolumeAttributesClass to which this persistent volume belongs.'),
    text('Reason', ({ status }) => status?.reason ?? '', 'reason is a brief CamelCase string that describes any failure.'),
    ageColumn,
    wide(text('VolumeMode', ({ spec }) => spec?.volumeMode ?? '<unset>', 'volumeMode defines if a volume is intended to be used with a formatted filesystem or to remain in raw block state.')),
  ],
};

export const classTable: KindTable<StorageClass> = {
  columns: [
    { ...nameColumn, cell: (one) => `${one.metadata?.name ?? ''}${isDefaultClass(one as StorageClass) ? ' (default)' : ''}` },
    text('Provisioner', ({ provisioner }) => provisioner, 'provisioner indicates the type of the provisioner.'),
    text('ReclaimPolicy', ({ reclaimPolicy = 'Delete' }) => reclaimPolicy, 'reclaimPolicy controls the reclaimPolicy for dynamically provisioned PersistentVolumes of this storage class.'),
    text('VolumeBindingMode', ({ volumeBindingMode = 'Immediate' }) => volumeBindingMode, 'volumeBindingMode indicates how PersistentVolumeClaims should be provisioned and bound.'),
    text('AllowVolumeExpansion', ({ allowVolumeExpansion = false }) => String(allowVolumeExpansion), 'allowVolumeExpansion shows whether the storage class allow volume expand.'),
    ageColumn,
  ],
};
