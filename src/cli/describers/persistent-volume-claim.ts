// pure: minik describe pvc.
import { ageText } from '../../api/duration-text.ts';
import type { ObjectMeta, PersistentVolumeClaim } from '../../api/generated/types.ts';
import { accessModesText, className } from '../../api/volume/storage-facts.ts';
import { annotationLines, labelLines, renderParts, timeText } from './describe-text.ts';
import type { Describe } from './describer.ts';
import { eventParts } from './event-lines.ts';

export const describeClaim: Describe<PersistentVolumeClaim> = (claim, { events, pods = [], now }) => {
  const { inline, block } = eventParts(events, now);
  const { metadata, spec, status } = claim;
  const isBound = (spec?.volumeName ?? '') !== '';
  const names = pods.map((pod) => pod.metadata?.name ?? '');
  const lines = [
    `Name:\t${metadata?.name ?? ''}`,
    `Namespace:\t${metadata?.namespace ?? ''}`,
    `StorageClass:\t${className(claim)}`,
    statusLine(metadata, status?.phase, now),
    `Volume:\t${spec?.volumeName ?? ''}`,
    ...labelLines('Labels', metadata?.labels),
    ...annotationLines('Annotations', metadata?.annotations),
    finalizersLine(metadata),
    `Capacity:\t${isBound ? (status?.capacity?.['storage'] ?? '0') : ''}`,
    `Access Modes:\t${isBound ? accessModesText(status?.accessModes) : ''}`,
    ...(spec?.volumeMode === undefined ? [] : [`VolumeMode:\t${spec.volumeMode}`]),
    ...(names.length === 0 ? ['Used By:\t<none>'] : names.map((name, at) => `${at === 0 ? 'Used By:' : ''}\t${name}`)),
    ...conditionLines(status?.conditions),
    ...inline,
  ];
  return renderParts(lines, block);
};

/** Of volumes, too. */
export function statusLine(metadata: ObjectMeta | undefined, phase: string | undefined, now: number): string {
  if (metadata?.deletionTimestamp === undefined) return `Status:\t${phase ?? ''}`;
  return `Status:\tTerminating (lasts ${ageText(metadata.deletionTimestamp, now)})`;
}

export function finalizersLine(metadata: ObjectMeta | undefined): string {
  return `Finalizers:\t[${(metadata?.finalizers ?? []).join(' ')}]`;
}

function conditionLines(conditions: NonNullable<PersistentVolumeClaim['status']>['conditions']): string[] {
  const rows = (conditions ?? []).map(
    ({ type, status, lastProbeTime, lastTransitionTime, reason, message }) =>
      `  ${type} \t${status} \t${timeText(lastProbeTime)} \t${timeText(lastTransitionTime)} \t${reason ?? ''} \t${message ?? ''}`,
  );
  if (rows.length === 0) return [];
  return ['Conditions:', '  Type\tStatus\tLastProbeTime\tLastTransitionTime\tReason\tMessage', '  ----\t------\t-----------------\t------------------\t------\t-------', ...rows];
}
