// pure: what a Namespace must be, and which phase goes with its deletion.
import { checkLabel } from '../dns-name.ts';
import { invalid, type FieldError } from '../field-errors.ts';
import type { Namespace } from '../generated/types.ts';
import { validateFinalizers, validateMeta, validateMetaUpdate } from '../meta/validate-meta.ts';

export function validateNamespace(namespace: Namespace): FieldError[] {
  return [...validateMeta(namespace.metadata, checkLabel), ...validateFinalizers(namespace.spec?.finalizers ?? [], 'spec.finalizers')];
}

export function validateNamespaceStatusUpdate(next: Namespace): FieldError[] {
  const phase = next.status?.phase ?? '';
  const isDeleted = next.metadata?.deletionTimestamp !== undefined;
  const [expected, detail] = isDeleted
    ? ['Terminating', "may only be 'Terminating' if `deletionTimestamp` is not empty"]
    : ['Active', "may only be 'Active' if `deletionTimestamp` is empty"];
  return [...validateMetaUpdate(next.metadata), ...(phase === expected ? [] : [invalid('status.Phase', phase, detail)])];
}
