// pure: the claims of a Pod's ephemeral volumes: one each, made from the volume's template, owned by the Pod and gone with it.
import type { PersistentVolumeClaim, Pod } from '../../api/generated/types.ts';
import { claimNameOf } from '../../api/volume/storage-facts.ts';

/** Those that are not there; `claims`: of the Pod's namespace, by name. */
export function planEphemeralClaims(pod: Pod, claims: (name: string) => PersistentVolumeClaim | undefined): readonly PersistentVolumeClaim[] {
  const { metadata, spec, status } = pod;
  const isOver = status?.phase === 'Succeeded' || status?.phase === 'Failed' || metadata?.deletionTimestamp !== undefined;
  if (isOver) return [];
  return (spec?.volumes ?? []).flatMap((volume) => {
    const template = volume.ephemeral?.volumeClaimTemplate;
    const name = claimNameOf(pod, volume) ?? '';
    if (template === undefined || claims(name) !== undefined) return [];
    const { annotations, labels } = template.metadata ?? {};
    return {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: {
        name,
        namespace: metadata?.namespace,
        ...(annotations === undefined ? {} : { annotations }),
        ...(labels === undefined ? {} : { labels }),
        ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name: metadata?.name ?? '', uid: metadata?.uid ?? '', controller: true, blockOwnerDeletion: true }],
      },
      spec: template.spec,
    };
  });
}
