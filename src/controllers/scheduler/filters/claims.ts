// pure: the claims of a Pod: that they are there and bound, or can be where the Pod goes, and that their volumes can be reached.
import type { PersistentVolumeClaim, Pod } from '../../../api/generated/types.ts';
import { isVolumeOnNode } from '../../../api/node/node-selector.ts';
import { bestVolume } from '../../../api/volume/match-volume.ts';
import { className, claimNameOf, claimNamesOf, isClaimBound, isClaimForPod, waitsForConsumer } from '../../../api/volume/storage-facts.ts';
import { SELECTED_NODE } from '../../../api/volume/storage-names.ts';
import { OK, type Filter, type SchedulingObserved } from '../filter.ts';

const NO_PROVISIONER = 'kubernetes.io/no-provisioner';

/** Why the Pod can go nowhere for now, whatever the nodes are. */
export function whyClaimsHold(observed: SchedulingObserved): string | undefined {
  const { pod, storage } = observed;
  for (const volume of pod.spec?.volumes ?? []) {
    const name = claimNameOf(pod, volume);
    if (name === undefined) continue;
    const claim = storage.claim(name);
    const problem = claim === undefined ? whyMissing(name, volume.ephemeral !== undefined) : whyHeld(claim, volume.ephemeral === undefined ? undefined : pod);
    if (problem !== undefined) return problem;
  }
  const isImmediate = (claim: PersistentVolumeClaim): boolean => !isClaimBound(claim) && !waitsForConsumer(storage.storageClass(className(claim)));
  return claimsOf(observed).some(isImmediate) ? 'pod has unbound immediate PersistentVolumeClaims' : undefined;
}

function whyMissing(name: string, isEphemeral: boolean): string {
  return isEphemeral ? `waiting for ephemeral volume controller to create the persistentvolumeclaim "${name}"` : `persistentvolumeclaim "${name}" not found`;
}

function whyHeld(claim: PersistentVolumeClaim, owner: Pod | undefined): string | undefined {
  const { name, namespace } = claim.metadata ?? {};
  if (claim.status?.phase === 'Lost') return `persistentvolumeclaim "${name}" bound to non-existent persistentvolume "${claim.spec?.volumeName ?? ''}"`;
  if (claim.metadata?.deletionTimestamp !== undefined) return `persistentvolumeclaim "${name}" is being deleted`;
  return owner === undefined || isClaimForPod(claim, owner) ? undefined : `PVC ${namespace}/${name} was not created for pod ${namespace}/${owner.metadata?.name} (pod is not owner)`;
}

export const claims: Filter = (observed, { node, pods }) => {
  const { pod, storage } = observed;
  const own = claimsOf(observed);
  if (own.length === 0) return OK;
  const alone = own.filter(({ spec }) => spec?.accessModes?.includes('ReadWriteOncePod') === true).map(({ metadata }) => metadata?.name ?? '');
  const others = alone.length === 0 ? [] : pods.filter(({ metadata }) => metadata?.namespace === pod.metadata?.namespace && metadata?.uid !== pod.metadata?.uid);
  if (others.some((other) => claimNamesOf(other).some((name) => alone.includes(name)))) {
    return [{ reason: 'node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access mode', isFinal: false }];
  }
  const volumes = own.filter(isClaimBound).map(({ spec }) => storage.volume(spec?.volumeName ?? ''));
  if (volumes.includes(undefined)) return [{ reason: 'node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)', isFinal: true }];
  if (volumes.some((volume) => volume !== undefined && !isVolumeOnNode(volume, node))) return [{ reason: 'node(s) had volume node affinity conflict', isFinal: true }];
  const isHopeless = (claim: PersistentVolumeClaim): boolean =>
    !isClaimBound(claim) && storage.storageClass(className(claim))?.provisioner === NO_PROVISIONER && bestVolume(claim, storage.volumes(), { node }) === undefined;
  return own.some(isHopeless) ? [{ reason: "node(s) didn't find available persistent volumes to bind", isFinal: true }] : OK;
};

/** Claims that waited for this Pod, and have yet to be told where it goes; undefined when all are bound. */
export function unplacedClaims(observed: SchedulingObserved, node: string): readonly string[] | undefined {
  const unbound = claimsOf(observed).filter((claim) => !isClaimBound(claim));
  if (unbound.length === 0) return undefined;
  return unbound.filter(({ metadata }) => metadata?.annotations?.[SELECTED_NODE] !== node).map(({ metadata }) => metadata?.name ?? '');
}

function claimsOf({ pod, storage }: SchedulingObserved): PersistentVolumeClaim[] {
  return claimNamesOf(pod).flatMap((name) => storage.claim(name) ?? []);
}
