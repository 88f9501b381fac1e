// pure: PodTemplates: templates that nothing here makes Pods from, kept for whoever does.
import { checkSubdomain } from '../dns-name.ts';
import type { FieldError } from '../field-errors.ts';
import type { PodTemplate } from '../generated/types.ts';
import { validateAnnotations, validateLabels, validateMeta, validateMetaUpdate } from '../meta/validate-meta.ts';
import { defaultPodTemplate } from '../pod/defaults.ts';
import { validatePodSpec } from '../pod/validate-pod-spec.ts';

export function defaultTemplateObject(object: PodTemplate): PodTemplate {
  return { ...object, template: defaultPodTemplate(object.template ?? {}) };
}

export function validateTemplateObject(object: PodTemplate): FieldError[] {
  return [...validateMeta(object.metadata, checkSubdomain), ...validateTemplate(object)];
}

export function validateTemplateObjectUpdate(next: PodTemplate): FieldError[] {
  return [...validateMetaUpdate(next.metadata), ...validateTemplate(next)];
}

function validateTemplate({ template = {} }: PodTemplate): FieldError[] {
  const { labels, annotations } = template.metadata ?? {};
  return [
    ...validateLabels(labels, 'template.labels'),
    ...validateAnnotations(annotations, 'template.annotations'),
    ...validatePodSpec(template.spec ?? { containers: [] }, 'template.spec'),
  ];
}
