// pure: what a Pod must be when it is created.
import { checkSubdomain } from '../dns-name.ts';
import { child, forbidden, invalid, required, type FieldError } from '../field-errors.ts';
import { eachItem } from '../field-rules.ts';
import type { Pod, PodSpec } from '../generated/types.ts';
import { validateMeta } from '../meta/validate-meta.ts';
import { validatePodSpec } from './validate-pod-spec.ts';

export function validatePod(pod: Pod): FieldError[] {
  const meta = validateMeta(pod.metadata, checkSubdomain);
  const { spec } = pod;
  if (spec === undefined) return [...meta, required('spec')];
  const gated = (spec.schedulingGates ?? []).length > 0;
  return [
    ...meta,
    ...validateSpecOfPod(spec),
    ...((spec.ephemeralContainers ?? []).length > 0 ? [forbidden('spec.ephemeralContainers', 'cannot be set on create')] : []),
    ...(gated && (spec.nodeName ?? '') !== '' ? [forbidden('spec.nodeName', 'cannot be set until all schedulingGates have been cleared')] : []),
  ];
}

/** Templates may have an image with spaces around it, for the sake of old ones. */
export function validateSpecOfPod(spec: PodSpec): FieldError[] {
  return [
    ...validatePodSpec(spec, 'spec'),
    ...(['containers', 'initContainers'] as const).flatMap((list) =>
      eachItem(spec[list], `spec.${list}`, ({ image = '' }, at) => (image.trim() === image ? [] : [invalid(child(at, 'image'), image, 'must not have leading or trailing whitespace')])),
    ),
  ];
}
