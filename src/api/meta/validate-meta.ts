// pure: what every object's metadata must be.
import { checkLabelValue, checkQualifiedName } from '../dns-name.ts';
import { child, index, invalid, required, tooLong, type FieldError } from '../field-errors.ts';
import type { ObjectMeta, OwnerReference } from '../generated/types.ts';

export type NameCheck = (name: string) => string[];

const MAX_ANNOTATION_BYTES = 256 * 1024;

export function validateMeta(meta: ObjectMeta | undefined, checkName: NameCheck, path = 'metadata'): FieldError[] {
  const { name = '', generateName = '', finalizers = [], ownerReferences = [] } = meta ?? {};
  return [
    // The base of a generated name may end in a dash: the suffix follows.
    ...(generateName === '' || name !== '' ? [] : checkName(`${generateName.replace(/-+$/, '')}x`).map((problem) => invalid(child(path, 'generateName'), generateName, problem))),
    ...checkName(name).map((problem) => invalid(child(path, 'name'), name, problem)),
    ...validateLabels(meta?.labels, child(path, 'labels')),
    ...validateAnnotations(meta?.annotations, child(path, 'annotations')),
    ...finalizers.flatMap((finalizer, at) => checkQualifiedName(finalizer).map((problem) => invalid(index(child(path, 'finalizers'), at), finalizer, problem))),
    ...validateOwners(ownerReferences, child(path, 'ownerReferences')),
  ];
}

export function validateLabels(labels: Readonly<Record<string, string>> | undefined, path: string): FieldError[] {
  return Object.entries(labels ?? {}).flatMap(([name, value]) => [
    ...checkQualifiedName(name).map((problem) => invalid(path, name, problem)),
    ...checkLabelValue(value).map((problem) => invalid(path, value, problem)),
  ]);
}

export function validateAnnotations(annotations: Readonly<Record<string, string>> | undefined, path: string): FieldError[] {
  const entries = Object.entries(annotations ?? {});
  const size = entries.reduce((sum, [name, value]) => sum + name.length + value.length, 0);
  return [
    ...entries.flatMap(([name]) => checkQualifiedName(name.toLowerCase()).map((problem) => invalid(path, name, problem))),
    ...(size > MAX_ANNOTATION_BYTES ? [tooLong(path, MAX_ANNOTATION_BYTES)] : []),
  ];
}

function validateOwners(owners: readonly OwnerReference[], path: string): FieldError[] {
  const controllers = owners.filter(({ controller }) => controller === true);
  const fields = ['apiVersion', 'kind', 'name', 'uid'] as const;
  return [
    ...owners.flatMap((owner, at) =>
      fields.filter((field) => (owner[field] ?? '') === '').map((field) => (field === 'apiVersion' ? invalid(child(index(path, at), field), '', 'version must not be empty') : required(child(index(path, at), field), `must not be empty`))),
    ),
    ...(controllers.length > 1
      ? [invalid(path, owners, `Only one reference can have Controller set to true. Found "true" in references for ${controllers[0]!.kind}/${controllers[0]!.name} and ${controllers[1]!.kind}/${controllers[1]!.name}`)]
      : []),
  ];
}

