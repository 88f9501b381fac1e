// pure: whether a Pod puts up with a taint.
import type { Pod, Taint, Toleration } from '../generated/types.ts';

export function toleratedBy(toleration: Toleration, taint: Taint): boolean {
  const { key = '', operator = 'Equal', value = '', effect = '' } = toleration;
  return (effect === '' || effect === taint.effect) && (key === '' || key === taint.key) && (operator === 'Exists' || value === (taint.value ?? ''));
}

export function tolerates(pod: Pod, taint: Taint): boolean {
  return (pod.spec?.tolerations ?? []).some((toleration) => toleratedBy(toleration, taint));
}
