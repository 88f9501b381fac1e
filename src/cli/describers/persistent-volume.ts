// pure: minik describe pv.
import type { PersistentVolume, PersistentVolumeSpec, VolumeNodeAffinity } from '../../api/generated/types.ts';
import { accessModesText, className } from '../../api/volume/storage-facts.ts';
import { annotationLines, labelLines, renderParts } from './describe-text.ts';
import type { Describe } from './describer.ts';
import { eventParts } from './event-lines.ts';
import { finalizersLine, statusLine } from './persistent-volume-claim.ts';

export const describeVolume: Describe<PersistentVolume> = (volume, { events, now }) => {
  const { inline, block } = eventParts(events, now);
  const { metadata, spec, status } = volume;
  const claim = spec?.claimRef;
  const lines = [
    `Name:\t${metadata?.name ?? ''}`,
    ...labelLines('Labels', metadata?.labels),
    ...annotationLines('Annotations', metadata?.annotations),
    finalizersLine(metadata),
    `StorageClass:\t${className(volume)}`,
    statusLine(metadata, status?.phase, now),
    `Claim:\t${claim === undefined ? '' : `${claim.namespace ?? ''}/${claim.name ?? ''}`}`,
    `Reclaim Policy:\t${spec?.persistentVolumeReclaimPolicy ?? ''}`,
    `Access Modes:\t${accessModesText(spec?.accessModes)}`,
    ...(spec?.volumeMode === undefined ? [] : [`VolumeMode:\t${spec.volumeMode}`]),
    `Capacity:\t${spec?.capacity?.['storage'] ?? '0'}`,
    ...affinityLines(spec?.nodeAffinity),
    `Message:\t${status?.message ?? ''}`,
    'Source:',
    ...sourceLines(spec ?? {}),
    ...inline,
  ];
  return renderParts(lines, block);
};

function affinityLines(affinity: VolumeNodeAffinity | undefined): string[] {
  if (affinity === undefined) return ['Node Affinity:\t<none>'];
  const terms = affinity.required?.nodeSelectorTerms ?? [];
  if (affinity.required === undefined) return ['Node Affinity:\t', '  Required Terms:\t<none>'];
  return [
    'Node Affinity:\t',
    `  Required Terms:\t${terms.length === 0 ? '<none>' : ''}`,
    ...terms.flatMap(({ matchExpressions = [] }, row) => {
      if (matchExpressions.length === 0) return [`    Term ${row}:\t<none>`];
      return matchExpressions.map(({ key, operator, values = [] }, at) => {
        const text = `${key} ${operator.toLowerCase()}${values.length === 0 ? '' : ` [${values.join(', ')}]`}`;
        return `    ${at === 0 ? `Term ${row}:` : ''}\t${text}`;
      });
    }),
  ];
}

function sourceLines({ hostPath, local, nfs }: PersistentVolumeSpec): string[] {
  if (hostPath !== undefined) return ['    Type:\tHostPath (bare host directory volume)', `    Path:\t${hostPath.path}`, `    HostPathType:\t${hostPath.type ?? '<none>'}`];
  if (local !== undefined) return ['    Type:\tLocalVolume (a persistent volume backed by local storage on a node)', `    Path:\t${local.path}`];
  if (nfs !== undefined) return ['    Type:\tNFS (an NFS mount that lasts the lifetime of a pod)', `    Server:\t${nfs.server}`, `    Path:\t${nfs.path}`, `    ReadOnly:\t${nfs.readOnly === true}`];
  return ['  <unknown>'];
}
