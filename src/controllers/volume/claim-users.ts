// pure: which Pods hold a claim. kube: a Pod that has a node does, until it is gone; one that has none does not.
import type { PersistentVolumeClaim, Pod } from '../../api/generated/types.ts';
import { claimNamesOf } from '../../api/volume/storage-facts.ts';

export function usesClaim(pod: Pod, claim: PersistentVolumeClaim): boolean {
  return (pod.spec?.nodeName ?? '') !== '' && namesClaim(pod, claim);
}

export function namesClaim(pod: Pod, { metadata }: PersistentVolumeClaim): boolean {
  return pod.metadata?.namespace === metadata?.namespace && claimNamesOf(pod).includes(metadata?.name ?? '');
}
