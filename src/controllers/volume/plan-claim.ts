// pure: what a claim needs next. Unbound: a volume, found or made, then four writes that join the two (the volume's claimRef
// and phase, the claim's volumeName and phase), each of which may be the last before a crash. Bound: that it stays so.
import { sameValue } from '../../api/equality.ts';
import type { Node, PersistentVolume, PersistentVolumeClaim, StorageClass } from '../../api/generated/types.ts';
import { compareQuantities } from '../../api/quantity.ts';
import { bestVolume, whyUnfit } from '../../api/volume/match-volume.ts';
import { className, defaultClassOf, isClaimBound, isVolumeBoundTo, waitsForConsumer, wantsDefaultClass } from '../../api/volume/storage-facts.ts';
import { BIND_COMPLETED, BOUND_BY_CONTROLLER, CLAIM_PROTECTION, DIRECTORY_PROVISIONER, PROVISIONER, SELECTED_NODE } from '../../api/volume/storage-names.ts';
import { claimReference, isOwnVolume, newVolume } from './new-volume.ts';
import { NOTHING, type StoragePlan } from './storage-action.ts';

export interface ClaimObserved {
  readonly claim: PersistentVolumeClaim;
  /** Where its first Pod will run, once that is known. */
  readonly node?: Node | undefined;
  readonly volumes: readonly PersistentVolume[];
  readonly classes: readonly StorageClass[];
  /** Pods that have a node and name this claim. */
  readonly users: readonly string[];
  /** Pods that name it and have no node yet. */
  readonly waitingPods: readonly string[];
  /** Where the folders of volumes are. */
  readonly folders: string;
}

export function planClaim(observed: ClaimObserved): StoragePlan {
  const { claim, users } = observed;
  const isHeld = claim.metadata?.finalizers?.includes(CLAIM_PROTECTION) === true;
  if (claim.metadata?.deletionTimestamp !== undefined) return isHeld && users.length === 0 ? { action: { type: 'release-claim', claim } } : NOTHING;
  return claim.metadata?.annotations?.[BIND_COMPLETED] === undefined ? planUnbound(observed) : planBound(observed);
}

function planUnbound(observed: ClaimObserved): StoragePlan {
  const { claim, classes, node, volumes } = observed;
  const named = claim.spec?.volumeName ?? '';
  if (named !== '') return planNamed(observed, volumes.find(({ metadata }) => metadata?.name === named));
  const one = classes.find(({ metadata }) => metadata?.name === className(claim));
  const isDelayed = waitsForConsumer(one) && claim.metadata?.annotations?.[SELECTED_NODE] === undefined;
  const found = bestVolume(claim, volumes, { reservedOnly: isDelayed, ...(node === undefined ? {} : { node }) });
  if (found !== undefined) return bind(claim, found);
  const chosen = wantsDefaultClass(claim) ? defaultClassOf(classes) : undefined;
  if (chosen !== undefined) return { action: { type: 'write-claim', claim: { ...claim, spec: { ...claim.spec, storageClassName: chosen.metadata?.name } } } };
  return isDelayed ? waiting('Normal', ...delayText(observed)) : provision(observed, one);
}

function delayText({ waitingPods }: ClaimObserved): [reason: string, message: string] {
  if (waitingPods.length === 0) return ['WaitForFirstConsumer', 'waiting for first consumer to be created before binding'];
  return ['WaitForPodScheduled', `waiting for ${waitingPods.length === 1 ? 'pod' : 'pods'} ${waitingPods.join(',')} to be scheduled`];
}

/** The claim's author chose the volume. */
function planNamed({ claim }: ClaimObserved, volume: PersistentVolume | undefined): StoragePlan {
  if (volume === undefined) return NOTHING;
  const name = volume.metadata?.name ?? '';
  if (volume.spec?.claimRef !== undefined) {
    return isVolumeBoundTo(volume, claim) ? bind(claim, volume) : waiting('Warning', 'FailedBinding', `volume "${name}" already bound to a different claim.`);
  }
  const problem = whyUnfit(claim, volume);
  return problem === undefined ? bind(claim, volume) : waiting('Warning', 'VolumeMismatch', `Cannot bind to requested volume "${name}": ${problem}`);
}

function provision({ claim, folders }: ClaimObserved, one: StorageClass | undefined): StoragePlan {
  const name = className(claim);
  if (name === '') return waiting('Normal', 'FailedBinding', 'no persistent volumes available for this claim and no storage class is set');
  if (one === undefined) return waiting('Warning', 'ProvisioningFailed', `storageclass.storage.k8s.io "${name}" not found`);
  const { provisioner } = one;
  if (provisioner.startsWith('kubernetes.io/')) return waiting('Warning', 'ProvisioningFailed', `no volume plugin matched name: ${provisioner}`);
  if (provisioner !== DIRECTORY_PROVISIONER) {
    const hint = 'If volume creation is delayed, please verify that the provisioner is running and correctly registered.';
    return waiting('Normal', 'ExternalProvisioning', `Waiting for a volume to be created either by the external provisioner '${provisioner}' or manually by the system administrator. ${hint}`);
  }
  const problem = whyNotProvisioned(claim);
  if (problem !== undefined) return waiting('Warning', 'ProvisioningFailed', `failed to provision volume with StorageClass "${name}": ${problem}`);
  return { action: { type: 'create-volume', volume: newVolume(claim, one, folders), claim } };
}

function whyNotProvisioned({ spec }: PersistentVolumeClaim): string | undefined {
  if (spec?.selector !== undefined) return 'claim.Spec.Selector is not supported';
  if (spec?.volumeMode === 'Block') return `${DIRECTORY_PROVISIONER} does not support block volume provisioning`;
  return spec?.dataSource === undefined && spec?.dataSourceRef === undefined ? undefined : `${DIRECTORY_PROVISIONER} does not make volumes from a data source`;
}

/** The first of the steps that is not done. A volume that is going is not begun with. */
function bind(claim: PersistentVolumeClaim, volume: PersistentVolume): StoragePlan {
  if (volume.metadata?.deletionTimestamp !== undefined && volume.status?.phase !== 'Bound') return NOTHING;
  const name = volume.metadata?.name ?? '';
  const isReserved = volume.spec?.claimRef !== undefined;
  if (volume.spec?.claimRef?.uid !== claim.metadata?.uid) {
    const annotations = isReserved ? volume.metadata?.annotations : { ...volume.metadata?.annotations, [BOUND_BY_CONTROLLER]: 'yes' };
    return { action: { type: 'write-volume', volume: { ...volume, metadata: { ...volume.metadata, annotations }, spec: { ...volume.spec, claimRef: claimReference(claim) } } } };
  }
  if (volume.status?.phase !== 'Bound') return { action: { type: 'write-volume-status', volume, status: { phase: 'Bound' } } };
  if (!isClaimBound(claim)) {
    const annotations = {
      ...claim.metadata?.annotations,
      [BIND_COMPLETED]: 'yes',
      ...((claim.spec?.volumeName ?? '') === '' ? { [BOUND_BY_CONTROLLER]: 'yes' } : {}),
      ...(isOwnVolume(volume) ? { [PROVISIONER]: DIRECTORY_PROVISIONER } : {}),
    };
    const bound = { ...claim, metadata: { ...claim.metadata, annotations }, spec: { ...claim.spec, volumeName: name } };
    return { action: { type: 'bind-claim', claim: bound, ...(isOwnVolume(volume) ? { folder: name } : {}) } };
  }
  const status = { ...claim.status, phase: 'Bound', accessModes: volume.spec?.accessModes, capacity: volume.spec?.capacity };
  return sameValue(status, claim.status) ? NOTHING : { action: { type: 'write-claim-status', claim, status } };
}

function planBound({ claim, classes, volumes }: ClaimObserved): StoragePlan {
  const name = claim.spec?.volumeName ?? '';
  const volume = volumes.find(({ metadata }) => metadata?.name === name);
  if (name === '') return lost(claim, 'ClaimLost', 'Bound claim has lost reference to PersistentVolume. Data on the volume is lost!');
  if (volume === undefined) return lost(claim, 'ClaimLost', 'Bound claim has lost its PersistentVolume. Data on the volume is lost!');
  if (volume.spec?.claimRef !== undefined && !isVolumeBoundTo(volume, claim)) return lost(claim, 'ClaimMisbound', 'Two claims are bound to the same volume, this one is bound incorrectly');
  return grow(claim, volume, classes) ?? bind(claim, volume);
}

function lost(claim: PersistentVolumeClaim, reason: string, message: string): StoragePlan {
  return claim.status?.phase === 'Lost' ? NOTHING : { action: { type: 'lose-claim', claim, event: { type: 'Warning', reason, message } } };
}

/** A folder has all the room there is: only the number has to grow. */
function grow(claim: PersistentVolumeClaim, volume: PersistentVolume, classes: readonly StorageClass[]): StoragePlan | undefined {
  const wanted = claim.spec?.resources?.requests?.['storage'] ?? '0';
  const mayGrow = isOwnVolume(volume) && classes.find(({ metadata }) => metadata?.name === className(claim))?.allowVolumeExpansion === true;
  if (!mayGrow || compareQuantities(wanted, volume.spec?.capacity?.['storage'] ?? '0') <= 0) return undefined;
  const message = `ExpandVolume succeeded for volume ${claim.metadata?.namespace}/${claim.metadata?.name}`;
  const larger = { ...volume, spec: { ...volume.spec, capacity: { storage: wanted } } };
  return { action: { type: 'write-volume', volume: larger, event: { about: claim, event: { type: 'Normal', reason: 'VolumeResizeSuccessful', message } } } };
}

function waiting(type: 'Normal' | 'Warning', reason: string, message: string): StoragePlan {
  return { waiting: { type, reason, message } };
}
