// pure: what a volume needs next: Available without a claim, Bound with one, Released when its claim is gone; then it stays
// (Retain) or goes, with its folder if minik made it (Delete).
import type { PersistentVolume, PersistentVolumeClaim } from '../../api/generated/types.ts';
import { BOUND_BY_CONTROLLER, FOLDER_FINALIZER, VOLUME_PROTECTION } from '../../api/volume/storage-names.ts';
import { isOwnVolume } from './new-volume.ts';
import { NOTHING, type StorageAction, type StoragePlan } from './storage-action.ts';

export interface VolumeObserved {
  readonly volume: PersistentVolume;
  /** Of the name in claimRef, whichever uid it has. */
  readonly claim: PersistentVolumeClaim | undefined;
}

export function planVolume({ volume, claim }: VolumeObserved): StoragePlan {
  const { claimRef } = volume.spec ?? {};
  const isDeleted = volume.metadata?.deletionTimestamp !== undefined;
  if (claimRef === undefined || (claimRef.uid ?? '') === '') return isDeleted ? planRemoval(volume) : toPhase(volume, 'Available');
  const isClaimed = claim !== undefined && claim.metadata?.uid === claimRef.uid;
  if (!isClaimed) return isDeleted ? planRemoval(volume) : planReleased(volume);
  const name = claim.spec?.volumeName ?? '';
  if (name === volume.metadata?.name) return toPhase(volume, 'Bound');
  // The claim's own plan is about to join them, unless it has not begun to count on a volume that goes.
  if (name === '') return isDeleted && volume.status?.phase !== 'Bound' ? planRemoval(volume) : NOTHING;
  if (isDeleted) return planRemoval(volume);
  return isOwnVolume(volume) && volume.spec?.persistentVolumeReclaimPolicy === 'Delete' ? planReleased(volume) : { action: unbind(volume) };
}

function toPhase(volume: PersistentVolume, phase: string): StoragePlan {
  return volume.status?.phase === phase ? NOTHING : { action: { type: 'write-volume-status', volume, status: { phase } } };
}

/** The claim has another volume. What the volume's author had set aside stays set aside. */
function unbind(volume: PersistentVolume): StorageAction {
  const { [BOUND_BY_CONTROLLER]: byController, ...annotations } = volume.metadata?.annotations ?? {};
  const { claimRef, ...spec } = volume.spec ?? {};
  const { uid: _uid, resourceVersion: _version, ...reserved } = claimRef ?? {};
  return { type: 'write-volume', volume: { ...volume, metadata: { ...volume.metadata, annotations }, spec: byController === undefined ? { ...spec, claimRef: reserved } : spec } };
}

function planReleased(volume: PersistentVolume): StoragePlan {
  const phase = volume.status?.phase;
  if (phase !== 'Released' && phase !== 'Failed') return { action: { type: 'write-volume-status', volume, status: { phase: 'Released' } } };
  switch (volume.spec?.persistentVolumeReclaimPolicy) {
    case 'Delete':
      if (isOwnVolume(volume)) return { action: { type: 'delete-volume', volume } };
      return fail(volume, 'VolumeFailedDelete', `error getting deleter volume plugin for volume "${volume.metadata?.name}": no deletable volume plugin matched`);
    case 'Recycle':
      return fail(volume, 'VolumeFailedRecycle', 'No recycler plugin found for the volume!');
    default:
      return NOTHING;
  }
}

function fail(volume: PersistentVolume, reason: string, message: string): StoragePlan {
  if (volume.status?.phase === 'Failed') return NOTHING;
  return { action: { type: 'write-volume-status', volume, status: { phase: 'Failed', message }, event: { type: 'Warning', reason, message } } };
}

/** Nobody has it: what holds it back is let go of, the folder first. */
function planRemoval(volume: PersistentVolume): StoragePlan {
  const finalizers = volume.metadata?.finalizers ?? [];
  if (finalizers.includes(FOLDER_FINALIZER) && isOwnVolume(volume)) {
    return { action: volume.spec?.persistentVolumeReclaimPolicy === 'Delete' ? { type: 'remove-folder', volume } : withoutFinalizer(volume, FOLDER_FINALIZER) };
  }
  return finalizers.includes(VOLUME_PROTECTION) ? { action: withoutFinalizer(volume, VOLUME_PROTECTION) } : NOTHING;
}

export function withoutFinalizer(volume: PersistentVolume, finalizer: string): Extract<StorageAction, { readonly type: 'write-volume' }> {
  const finalizers = (volume.metadata?.finalizers ?? []).filter((name) => name !== finalizer);
  return { type: 'write-volume', volume: { ...volume, metadata: { ...volume.metadata, finalizers } } };
}
