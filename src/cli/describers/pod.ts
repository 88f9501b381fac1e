// pure: minik describe pod.
import type { EnvVar, Pod } from '../../api/generated/types.ts';
import { humanDuration } from '../../api/duration-text.ts';
import { controllerOf } from '../../api/object.ts';
import { quantityMilli, quantityValue } from '../../api/quantity.ts';
import { fromTime } from '../../api/time.ts';
import { containerLines } from './container-lines.ts';
import { annotationLines, labelLines, renderParts, timeText, tolerationLines } from './describe-text.ts';
import type { Describe } from './describer.ts';
import { eventParts } from './event-lines.ts';
import { volumeLines } from './volume-lines.ts';

export const describePod: Describe<Pod> = (pod, { events, now }) => {
  const { inline, block } = eventParts(events, now);
  const { spec, status, metadata } = pod;
  const resolve = (variable: EnvVar): string => referencedValue(pod, variable);
  return renderParts(
    [
      `Name:\t${metadata?.name ?? ''}`,
      `Namespace:\t${metadata?.namespace ?? ''}`,
      ...(spec?.priority === undefined ? [] : [`Priority:\t${spec.priority}`]),
      ...((spec?.priorityClassName ?? '') === '' ? [] : [`Priority Class Name:\t${spec?.priorityClassName}`]),
      ...((spec?.runtimeClassName ?? '') === '' ? [] : [`Runtime Class Name:\t${spec?.runtimeClassName}`]),
      ...((spec?.serviceAccountName ?? '') === '' ? [] : [`Service Account:\t${spec?.serviceAccountName}`]),
      `Node:\t${(spec?.nodeName ?? '') === '' ? '<none>' : `${spec?.nodeName}/${status?.hostIP ?? ''}`}`,
      ...(status?.startTime === undefined ? [] : [`Start Time:\t${timeText(status.startTime)}`]),
      ...labelLines('Labels', metadata?.labels),
      ...annotationLines('Annotations', metadata?.annotations),
      ...statusLines(pod, now),
      `IP:\t${status?.podIP ?? ''}`,
      ...((status?.podIPs ?? []).length === 0 ? ['IPs:\t<none>'] : ['IPs:', ...status!.podIPs!.map(({ ip }) => `  IP:\t${ip}`)]),
      ...controllerLine(pod),
      ...((spec?.initContainers ?? []).length === 0
        ? []
        : containerLines({ title: 'Init Containers', containers: spec!.initContainers!, statuses: status?.initContainerStatuses ?? [], resolve, inTemplate: false })),
      ...containerLines({ title: 'Containers', containers: spec?.containers ?? [], statuses: status?.containerStatuses ?? [], resolve, inTemplate: false }),
      ...((spec?.ephemeralContainers ?? []).length === 0
        ? []
        : containerLines({ title: 'Ephemeral Containers', containers: spec!.ephemeralContainers!, statuses: status?.ephemeralContainerStatuses ?? [], resolve, inTemplate: false })),
      ...((status?.conditions ?? []).length === 0 ? [] : ['Conditions:', '  Type\tStatus', ...status!.conditions!.map((condition) => `  ${condition.type} \t${condition.status} `)]),
      ...volumeLines(spec?.volumes, { inTemplate: false }),
      ...(status?.qosClass === undefined ? [] : [`QoS Class:\t${status.qosClass}`]),
      ...labelLines('Node-Selectors', spec?.nodeSelector),
      ...tolerationLines('Tolerations', spec?.tolerations),
      ...inline,
    ],
    block,
  );
};

function statusLines({ metadata, status }: Pod, now: number): string[] {
  const deleting = metadata?.deletionTimestamp !== undefined && status?.phase !== 'Failed' && status?.phase !== 'Succeeded';
  const lasts = humanDuration(Math.max(now - (fromTime(metadata?.deletionTimestamp) ?? now), 0));
  return [
    ...(deleting ? [`Status:\tTerminating (lasts ${lasts})`, `Termination Grace Period:\t${metadata?.deletionGracePeriodSeconds ?? 0}s`] : [`Status:\t${status?.phase ?? ''}`]),
    ...((status?.reason ?? '') === '' ? [] : [`Reason:\t${status?.reason}`]),
    ...((status?.message ?? '') === '' ? [] : [`Message:\t${status?.message}`]),
  ];
}

export function controllerLine(object: Pod): string[] {
  const controller = controllerOf(object);
  return controller === undefined ? [] : [`Controlled By:\t${controller.kind}/${controller.name}`];
}

/** What a reference to the Pod's own fields stands for now. */
function referencedValue(pod: Pod, { valueFrom }: EnvVar): string {
  const path = valueFrom?.fieldRef?.fieldPath;
  if (path !== undefined) return fieldValue(pod, path);
  const resource = valueFrom?.resourceFieldRef?.resource ?? '';
  const container = pod.spec?.containers.find(({ name }) => name === valueFrom?.resourceFieldRef?.containerName) ?? pod.spec?.containers[0];
  const [part = '', name = ''] = resource.split('.');
  const quantity = (container?.resources as Record<string, Record<string, string>> | undefined)?.[part]?.[name];
  if (quantity === undefined) return '0';
  return String(name === 'cpu' ? Math.ceil(quantityMilli(quantity) / 1000) : quantityValue(quantity));
}

function fieldValue({ metadata, spec, status }: Pod, path: string): string {
  const subscript = /^metadata\.(labels|annotations)\['(.+)'\]$/.exec(path);
  if (subscript) return metadata?.[subscript[1] as 'labels' | 'annotations']?.[subscript[2]!] ?? '';
  const values: Readonly<Record<string, string | undefined>> = {
    'metadata.name': metadata?.name,
    'metadata.namespace': metadata?.namespace,
    'metadata.uid': metadata?.uid,
    'spec.nodeName': spec?.nodeName,
    'spec.serviceAccountName': spec?.serviceAccountName,
    'status.hostIP': status?.hostIP,
    'status.podIP': status?.podIP,
    'status.podIPs': (status?.podIPs ?? []).map(({ ip }) => ip).join(','),
  };
  return values[path] ?? '';
}
