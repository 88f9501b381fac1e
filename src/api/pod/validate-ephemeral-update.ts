// pure: a write to pods/NAME/ephemeralcontainers: containers may be added, and those that are there stay as they are.
import { sameValue } from '../equality.ts';
import { forbidden, type FieldError } from '../field-errors.ts';
import type { EphemeralContainer, Pod } from '../generated/types.ts';
import { validateMetaUpdate } from '../meta/validate-meta.ts';
import { validateSpecOfPod } from './validate-pod.ts';

const MIRROR = 'kubernetes.io/config.mirror';

export function validateEphemeralContainersUpdate(next: Pod, old: Pod): FieldError[] {
  const path = 'spec.ephemeralContainers';
  if (old.metadata?.annotations?.[MIRROR] !== undefined) return [forbidden('', 'static pods do not support ephemeral containers')];
  const now = new Map((next.spec?.ephemeralContainers ?? []).map((container): [string, EphemeralContainer] => [container.name, container]));
  return [
    ...validateMetaUpdate(next.metadata),
    ...(next.spec === undefined ? [] : validateSpecOfPod(next.spec)),
    ...(old.spec?.ephemeralContainers ?? []).flatMap((before) => {
      const after = now.get(before.name);
      if (after === undefined) return [forbidden(path, `existing ephemeral containers ${JSON.stringify(before.name)} may not be removed\n`)];
      return sameValue(before, after) ? [] : [forbidden(path, `existing ephemeral containers ${JSON.stringify(before.name)} may not be changed\n${changedFields(before, after)}`)];
    }),
  ];
}

/** Upstream shows a difference of two Go values here; the names of the fields say as much. */
function changedFields(before: EphemeralContainer, after: EphemeralContainer): string {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])] as (keyof EphemeralContainer)[];
  return names.filter((name) => !sameValue(before[name], after[name])).sort().join(', ');
}
