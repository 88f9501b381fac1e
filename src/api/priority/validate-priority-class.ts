// pure: PriorityClasses: defaults, limits, and the names that are the system's.
import { checkSubdomain } from '../dns-name.ts';
import { forbidden, immutable, notSupported, type FieldError } from '../field-errors.ts';
import type { PriorityClass } from '../generated/types.ts';
import { validateMeta, validateMetaUpdate } from '../meta/validate-meta.ts';
import { SYSTEM_CLASSES, SYSTEM_PREFIX } from './system-classes.ts';

const HIGHEST = 1_000_000_000;
const POLICIES = ['PreemptLowerPriority', 'Never'];

export function defaultPriorityClass(one: PriorityClass): PriorityClass {
  return { ...one, value: one.value ?? 0, preemptionPolicy: one.preemptionPolicy || 'PreemptLowerPriority' };
}

export function validatePriorityClass(one: PriorityClass): FieldError[] {
  const { metadata, value = 0, preemptionPolicy = '' } = one;
  const name = metadata?.name ?? '';
  const unknown = name.startsWith(SYSTEM_PREFIX) ? notTheSystems(one) : undefined;
  return [
    ...validateMeta(metadata, checkSubdomain),
    ...(unknown === undefined ? [] : [forbidden('metadata.name', `priority class names with '${SYSTEM_PREFIX}' prefix are reserved for system use only. error: ${unknown}`)]),
    ...(!name.startsWith(SYSTEM_PREFIX) && value > HIGHEST ? [forbidden('value', `maximum allowed value of a user defined priority is ${HIGHEST}`)] : []),
    ...(POLICIES.includes(preemptionPolicy) ? [] : [notSupported('preemptionPolicy', preemptionPolicy, POLICIES)]),
  ];
}

export function validatePriorityClassUpdate(next: PriorityClass, old: PriorityClass): FieldError[] {
  return [
    ...validateMetaUpdate(next.metadata),
    ...(next.value === old.value ? [] : [forbidden('value', 'may not be changed in an update.')]),
    ...(next.preemptionPolicy === old.preemptionPolicy ? [] : [immutable('preemptionPolicy', next.preemptionPolicy)]),
  ];
}

function notTheSystems({ metadata, value, globalDefault = false }: PriorityClass): string | undefined {
  const name = metadata?.name ?? '';
  const known = SYSTEM_CLASSES.find((one) => one.metadata?.name === name);
  if (known === undefined) return `${name} is not a known system priority class`;
  if (known.value !== value) return `value of ${name} PriorityClass must be ${known.value}`;
  return globalDefault ? `globalDefault of ${name} PriorityClass must be false` : undefined;
}
