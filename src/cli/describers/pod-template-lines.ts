// pure: the Pod template in the description of what makes Pods.
import type { PodTemplateSpec } from '../../api/generated/types.ts';
import { containerLines } from './container-lines.ts';
import { annotationLines, labelLines, tolerationLines } from './describe-text.ts';
import { volumeLines } from './volume-lines.ts';

export function podTemplateLines(template: PodTemplateSpec | undefined): string[] {
  if (template === undefined) return ['Pod Template:', '  <unset>'];
  const { metadata, spec } = template;
  return [
    'Pod Template:',
    ...labelLines('  Labels', metadata?.labels),
    ...(Object.keys(metadata?.annotations ?? {}).length === 0 ? [] : annotationLines('  Annotations', metadata?.annotations)),
    ...((spec?.serviceAccountName ?? '') === '' ? [] : [`  Service Account:\t${spec?.serviceAccountName}`]),
    ...((spec?.initContainers ?? []).length === 0 ? [] : containerLines({ title: 'Init Containers', containers: spec!.initContainers!, inTemplate: true })),
    ...containerLines({ title: 'Containers', containers: spec?.containers ?? [], inTemplate: true }),
    ...volumeLines(spec?.volumes, { inTemplate: true }),
    ...((spec?.priorityClassName ?? '') === '' ? [] : [`  Priority Class Name:\t${spec?.priorityClassName}`]),
    ...labelLines('  Node-Selectors', spec?.nodeSelector),
    ...tolerationLines('  Tolerations', spec?.tolerations),
  ];
}
