// pure: what a Pod must be when it is created, and what of it may change later.
import { checkSubdomain } from '../dns-name.ts';
import { sameValue } from '../equality.ts';
import { forbidden, immutable, invalid, required, type FieldError } from '../field-errors.ts';
import type { Container, Pod, PodSpec } from '../generated/types.ts';
import { validateMeta } from '../meta/validate-meta.ts';
import { validatePodSpec } from './validate-pod-spec.ts';

export function validatePod(pod: Pod): FieldError[] {
  const meta = validateMeta(pod.metadata, checkSubdomain);
  return pod.spec === undefined ? [...meta, required('spec')] : [...meta, ...validatePodSpec(pod.spec, 'spec')];
}

const MUTABLE_TEXT =
  'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)';

export function validatePodUpdate(next: Pod, old: Pod): FieldError[] {
  const meta = validateMeta(next.metadata, checkSubdomain);
  const [spec, before] = [next.spec, old.spec];
  if (spec === undefined || before === undefined) return [...meta, required('spec')];
  if ((spec.containers ?? []).length !== before.containers.length) return [...meta, forbidden('spec.containers', 'pod updates may not add or remove containers')];
  if ((spec.initContainers ?? []).length !== (before.initContainers ?? []).length) return [...meta, forbidden('spec.initContainers', 'pod updates may not add or remove containers')];
  const images = [...spec.containers, ...(spec.initContainers ?? [])].some(({ image }) => (image ?? '') === '') ? [required('spec.containers[0].image')] : [];
  const changed = sameValue(frozen(spec, before), frozen(before, before)) ? [] : [forbidden('spec', MUTABLE_TEXT)];
  return [...meta, ...images, ...deadline(spec.activeDeadlineSeconds, before.activeDeadlineSeconds), ...changed];
}

export function validatePodStatusUpdate(next: Pod, old: Pod): FieldError[] {
  const terminal = old.status?.phase === 'Succeeded' || old.status?.phase === 'Failed';
  if (!terminal || next.status?.phase === old.status?.phase) return [];
  return [immutable('status.phase', next.status?.phase)];
}

/** A deadline may be set or lowered. */
function deadline(next: number | undefined, before: number | undefined): FieldError[] {
  const field = 'spec.activeDeadlineSeconds';
  if (next === before) return [];
  if (next === undefined) return [invalid(field, null, `must not update from a positive integer to nil value`)];
  if (next < 1) return [invalid(field, next, `must be between 1 and ${2 ** 31 - 1}, inclusive`)];
  return before !== undefined && next > before ? [invalid(field, next, 'must be less than or equal to previous value')] : [];
}

/** The spec with what may change taken from the old one. */
function frozen(spec: PodSpec, before: PodSpec): PodSpec {
  const images = (containers: readonly Container[] = [], old: readonly Container[] = []): Container[] =>
    containers.map((container, at) => ({ ...container, image: old[at]?.image }));
  const kept = (before.tolerations ?? []).every((toleration) => (spec.tolerations ?? []).some((one) => sameValue(one, toleration)));
  const grace = (before.terminationGracePeriodSeconds ?? 0) < 0 && spec.terminationGracePeriodSeconds === 1;
  return {
    ...spec,
    containers: images(spec.containers, before.containers),
    ...(spec.initContainers === undefined ? {} : { initContainers: images(spec.initContainers, before.initContainers) }),
    activeDeadlineSeconds: before.activeDeadlineSeconds,
    tolerations: kept ? before.tolerations : spec.tolerations,
    terminationGracePeriodSeconds: grace ? before.terminationGracePeriodSeconds : spec.terminationGracePeriodSeconds,
  };
}
