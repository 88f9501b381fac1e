// pure: which ready-made volume a claim gets: one that was set aside for it, else the smallest that serves.
import type { Node, PersistentVolume, PersistentVolumeClaim } from '../generated/types.ts';
import { labelSelectorToRequirements, matchesLabels } from '../label-selector.ts';
import { isVolumeOnNode } from '../node/node-selector.ts';
import { compareQuantities } from '../quantity.ts';
import { className, isVolumeBoundTo } from './storage-facts.ts';

export interface VolumeChoice {
  /** Only volumes that this node can reach. */
  readonly node?: Node;
  /** Only volumes that were set aside for this claim. */
  readonly reservedOnly?: boolean;
}

export function bestVolume(claim: PersistentVolumeClaim, volumes: readonly PersistentVolume[], { node, reservedOnly = false }: VolumeChoice = {}): PersistentVolume | undefined {
  const reserved = volumes.find((volume) => isVolumeBoundTo(volume, claim) && whyUnfit(claim, volume) === undefined);
  if (reserved !== undefined || reservedOnly) return reserved;
  const sizeOf = ({ spec }: PersistentVolume): string => spec?.capacity?.['storage'] ?? '0';
  return volumes.filter((volume) => isFree(volume) && serves(claim, volume) && (node === undefined || isVolumeOnNode(volume, node))).sort((a, b) => compareQuantities(sizeOf(a), sizeOf(b)))[0];
}

/** Why the volume cannot be this claim's, in upstream's words. */
export function whyUnfit(claim: PersistentVolumeClaim, volume: PersistentVolume): string | undefined {
  const [wanted, offered] = [claim.spec, volume.spec];
  if (compareQuantities(offered?.capacity?.['storage'] ?? '0', wanted?.resources?.requests?.['storage'] ?? '0') < 0) return 'requested PV is too small';
  if (className(claim) !== className(volume)) return 'storageClassName does not match';
  if ((wanted?.volumeAttributesClassName ?? '') !== (offered?.volumeAttributesClassName ?? '')) return 'volumeAttributesClassName does not match';
  if ((wanted?.volumeMode ?? 'Filesystem') !== (offered?.volumeMode ?? 'Filesystem')) return 'incompatible volumeMode';
  return (wanted?.accessModes ?? []).every((mode) => offered?.accessModes?.includes(mode)) ? undefined : 'incompatible accessMode';
}

/** A volume that is not Available yet is about to change: it is looked at again then. */
function isFree({ metadata, spec, status }: PersistentVolume): boolean {
  return spec?.claimRef === undefined && status?.phase === 'Available' && metadata?.deletionTimestamp === undefined;
}

function serves(claim: PersistentVolumeClaim, volume: PersistentVolume): boolean {
  const selector = claim.spec?.selector;
  const isSelected = selector === undefined || matchesLabels(labelSelectorToRequirements(selector), volume.metadata?.labels ?? {});
  return isSelected && whyUnfit(claim, volume) === undefined;
}
