// pure: how important a Pod is: what its PriorityClass says, or the default one. Nobody says it by number.
import type { PodSpec, PriorityClass } from '../generated/types.ts';

export type Admission = { readonly type: 'admitted'; readonly spec: PodSpec } | { readonly type: 'refused'; readonly why: string };

const PREEMPT = 'PreemptLowerPriority';

export function admitPriority(spec: PodSpec, classes: readonly PriorityClass[]): Admission {
  const name = spec.priorityClassName ?? '';
  const chosen = name === '' ? defaultClass(classes) : classes.find(({ metadata }) => metadata?.name === name);
  if (name !== '' && chosen === undefined) return refused(`no PriorityClass with name ${name} was found`);
  const priority = chosen?.value ?? 0;
  const preemptionPolicy = chosen?.preemptionPolicy ?? PREEMPT;
  if (spec.priority !== undefined && spec.priority !== priority) {
    return refused(`the integer value of priority (${spec.priority}) must not be provided in pod spec; priority admission controller computed ${priority} from the given PriorityClass name`);
  }
  if ((spec.preemptionPolicy ?? preemptionPolicy) !== preemptionPolicy) {
    return refused(`the string value of PreemptionPolicy (${spec.preemptionPolicy}) must not be provided in pod spec; priority admission controller computed ${preemptionPolicy} from the given PriorityClass name`);
  }
  return { type: 'admitted', spec: { ...spec, ...(chosen === undefined ? {} : { priorityClassName: chosen.metadata?.name ?? '' }), priority, preemptionPolicy } };
}

/** Of several, which a race may make, the least. */
export function defaultClass(classes: readonly PriorityClass[]): PriorityClass | undefined {
  return classes.filter(({ globalDefault }) => globalDefault === true).sort((a, b) => (a.value ?? 0) - (b.value ?? 0))[0];
}

function refused(why: string): Admission {
  return { type: 'refused', why };
}
