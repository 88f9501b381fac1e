// pure: what a StorageClass must be; all but its labels and whether volumes may grow stays as it was.
import { checkQualifiedName, checkSubdomain } from '../dns-name.ts';
import { sameValue } from '../equality.ts';
import { forbidden, immutable, invalid, notSupported, required, tooLong, type FieldError } from '../field-errors.ts';
import { oneOf } from '../field-rules.ts';
import type { StorageClass } from '../generated/types.ts';
import { utf8Length, validateMeta, validateMetaUpdate } from '../meta/validate-meta.ts';

const MAX_PARAMETER_BYTES = 256 * 1024;
const RECLAIM_POLICIES = ['Delete', 'Retain'];

export function validateClass(one: StorageClass): FieldError[] {
  return [...validateMeta(one.metadata, checkSubdomain), ...validateFields(one)];
}

export function validateClassUpdate(next: StorageClass, old: StorageClass): FieldError[] {
  const fixed = (['parameters', 'provisioner', 'reclaimPolicy'] as const).filter((field) => !sameValue(next[field], old[field]));
  return [
    ...validateMetaUpdate(next.metadata),
    ...fixed.map((field) => forbidden(field, `updates to ${field} are forbidden.`)),
    ...(next.volumeBindingMode === old.volumeBindingMode ? [] : [immutable('volumeBindingMode', next.volumeBindingMode)]),
  ];
}

/** One text a field, for Warning headers. */
export function classWarnings({ mountOptions, allowedTopologies }: StorageClass): string[] {
  return Object.entries({ mountOptions, allowedTopologies })
    .filter(([, list]) => (list ?? []).length > 0)
    .map(([field]) => `${field}: stored, but minik does not act on it yet`);
}

function validateFields({ provisioner, parameters, reclaimPolicy, volumeBindingMode }: StorageClass): FieldError[] {
  const size = Object.entries(parameters ?? {}).reduce((sum, [name, value]) => sum + utf8Length(name) + utf8Length(value), 0);
  return [
    ...((provisioner ?? '') === '' ? [required('provisioner')] : checkQualifiedName(provisioner.toLowerCase()).map((problem) => invalid('provisioner', provisioner, problem))),
    ...(Object.hasOwn(parameters ?? {}, '') ? [invalid('parameters', '', 'field can not be empty.')] : []),
    ...(size > MAX_PARAMETER_BYTES ? [tooLong('parameters', MAX_PARAMETER_BYTES)] : []),
    ...(reclaimPolicy === undefined || RECLAIM_POLICIES.includes(reclaimPolicy) ? [] : [notSupported('reclaimPolicy', reclaimPolicy, RECLAIM_POLICIES)]),
    ...oneOf(volumeBindingMode, ['Immediate', 'WaitForFirstConsumer'], 'volumeBindingMode'),
  ];
}
