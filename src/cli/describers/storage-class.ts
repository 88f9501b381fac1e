// pure: minik describe sc.
import type { StorageClass } from '../../api/generated/types.ts';
import { isDefaultClass } from '../../api/volume/storage-facts.ts';
import { labelsText } from '../../api/labels-text.ts';
import { boolText, renderParts } from './describe-text.ts';
import type { Describe } from './describer.ts';
import { eventParts } from './event-lines.ts';

export const describeClass: Describe<StorageClass> = (one, { events, now }) => {
  const { inline, block } = eventParts(events, now);
  const { metadata, provisioner, parameters, allowVolumeExpansion, mountOptions = [], reclaimPolicy, volumeBindingMode } = one;
  const lines = [
    `Name:\t${metadata?.name ?? ''}`,
    `IsDefaultClass:\t${isDefaultClass(one) ? 'Yes' : 'No'}`,
    `Annotations:\t${labelsText(metadata?.annotations)}`,
    `Provisioner:\t${provisioner}`,
    `Parameters:\t${labelsText(parameters)}`,
    `AllowVolumeExpansion:\t${allowVolumeExpansion === undefined ? '<unset>' : boolText(allowVolumeExpansion)}`,
    ...(mountOptions.length === 0 ? ['MountOptions:\t<none>'] : ['MountOptions:', ...mountOptions.map((option) => `  ${option}`)]),
    ...(reclaimPolicy === undefined ? [] : [`ReclaimPolicy:\t${reclaimPolicy}`]),
    ...(volumeBindingMode === undefined ? [] : [`VolumeBindingMode:\t${volumeBindingMode}`]),
    ...(one.allowedTopologies === undefined ? [] : topologyLines(one.allowedTopologies)),
    ...inline,
  ];
  return renderParts(lines, block);
};

function topologyLines(terms: NonNullable<StorageClass['allowedTopologies']>): string[] {
  if (terms.length === 0) return ['AllowedTopologies:\t<none>'];
  return [
    'AllowedTopologies:\t',
    ...terms.flatMap(({ matchLabelExpressions = [] }, row) =>
      matchLabelExpressions.length === 0
        ? [`  Term ${row}:\t<none>`]
        : matchLabelExpressions.map(({ key, values }, at) => `  ${at === 0 ? `Term ${row}:` : ''}\t${key} in [${values.join(', ')}]`),
    ),
  ];
}
