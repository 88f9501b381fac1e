// pure: RuntimeClasses: a handler that never changes, overhead in quantities, and where its nodes are.
import { checkLabel, checkSubdomain } from '../dns-name.ts';
import { child, duplicate, immutable, index, invalid, key, type FieldError } from '../field-errors.ts';
import { sameValue } from '../equality.ts';
import type { RuntimeClass, Scheduling } from '../generated/types.ts';
import { validateLabels, validateMeta, validateMetaUpdate } from '../meta/validate-meta.ts';
import { validateTolerations } from '../pod/validate-scheduling.ts';
import { compareQuantities, parseQuantity, QUANTITY_PATTERN_TEXT } from '../quantity.ts';

export function validateRuntimeClass({ metadata, handler = '', overhead, scheduling }: RuntimeClass): FieldError[] {
  return [
    ...validateMeta(metadata, checkSubdomain),
    ...checkLabel(handler).map((problem) => invalid('handler', handler, problem)),
    ...Object.entries(overhead?.podFixed ?? {}).flatMap(([name, amount]) => validateAmount(amount, key('overhead.podFixed', name))),
    ...(scheduling === undefined ? [] : validateScheduling(scheduling)),
  ];
}

export function validateRuntimeClassUpdate(next: RuntimeClass, old: RuntimeClass): FieldError[] {
  return [...validateMetaUpdate(next.metadata), ...(next.handler === old.handler ? [] : [immutable('handler', next.handler)])];
}

function validateAmount(amount: string, field: string): FieldError[] {
  if (parseQuantity(amount) === undefined) return [invalid(field, amount, QUANTITY_PATTERN_TEXT)];
  return compareQuantities(amount, '0') < 0 ? [invalid(field, amount, 'must be greater than or equal to 0')] : [];
}

function validateScheduling({ nodeSelector, tolerations = [] }: Scheduling): FieldError[] {
  const path = child('scheduling', 'tolerations');
  const again = tolerations.flatMap((one, at) => (tolerations.slice(0, at).some((other) => sameValue(one, other)) ? [duplicate(index(path, at), one)] : []));
  return [...validateLabels(nodeSelector, child('scheduling', 'nodeSelector')), ...validateTolerations(tolerations, path), ...again];
}
