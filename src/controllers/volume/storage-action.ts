// pure: what the planners of claims and volumes may ask for. One step at a time: the next plan is made on what it did.
import type { PersistentVolume, PersistentVolumeClaim, PersistentVolumeClaimStatus, PersistentVolumeStatus } from '../../api/generated/types.ts';
import type { EventText } from '../../client/event-recorder-contract.ts';

export type StorageAction =
  | { readonly type: 'create-volume'; readonly volume: PersistentVolume; readonly claim: PersistentVolumeClaim }
  | { readonly type: 'write-volume'; readonly volume: PersistentVolume; readonly event?: StorageEvent }
  | { readonly type: 'write-volume-status'; readonly volume: PersistentVolume; readonly status: PersistentVolumeStatus; readonly event?: EventText }
  | { readonly type: 'delete-volume'; readonly volume: PersistentVolume }
  /** The folder of a volume of our own, and everything in it. */
  | { readonly type: 'remove-folder'; readonly volume: PersistentVolume }
  | { readonly type: 'write-claim'; readonly claim: PersistentVolumeClaim }
  /** `folder`: of a volume of our own, which must be there before anybody counts on it. */
  | { readonly type: 'bind-claim'; readonly claim: PersistentVolumeClaim; readonly folder?: string }
  | { readonly type: 'write-claim-status'; readonly claim: PersistentVolumeClaim; readonly status: PersistentVolumeClaimStatus }
  /** Its volume is gone, and was looked for once more. */
  | { readonly type: 'lose-claim'; readonly claim: PersistentVolumeClaim; readonly event: EventText }
  /** Nobody uses it, and that was looked at once more. */
  | { readonly type: 'release-claim'; readonly claim: PersistentVolumeClaim };

export interface StorageEvent {
  readonly about: PersistentVolumeClaim;
  readonly event: EventText;
}

export interface StoragePlan {
  readonly action?: StorageAction;
  /** Why nothing can be done for now: told once. */
  readonly waiting?: EventText;
}

export const NOTHING: StoragePlan = {};
