// pure: what every object's metadata must be.
import { checkLabelValue, checkQualifiedName } from '../dns-name.ts';
import { child, index, invalid, tooLong, type FieldError } from '../field-errors.ts';
import type { ObjectMeta, OwnerReference } from '../generated/types.ts';

export type NameCheck = (name: string) => string[];
type StringMap = Readonly<Record<string, string>>;

const MAX_ANNOTATION_BYTES = 256 * 1024;

/** On creation. That there is a name at all is the verb's to say: only it knows of generateName. */
export function validateMeta(meta: ObjectMeta | undefined, checkName: NameCheck, path = 'metadata'): FieldError[] {
  const { name = '', generateName = '' } = meta ?? {};
  return [
    ...(generateName === '' ? [] : checkName(maskTrailingDash(generateName)).map((problem) => invalid(child(path, 'generateName'), generateName, problem))),
    ...checkName(name).map((problem) => invalid(child(path, 'name'), name, problem)),
    ...validateMetaUpdate(meta, path),
  ];
}

/** What may change after creation; the rest is the server's to keep. */
export function validateMetaUpdate(meta: ObjectMeta | undefined, path = 'metadata'): FieldError[] {
  return [
    ...validateLabels(meta?.labels, child(path, 'labels')),
    ...validateAnnotations(meta?.annotations, child(path, 'annotations')),
    ...validateOwners(meta?.ownerReferences ?? [], child(path, 'ownerReferences')),
    ...validateFinalizers(meta?.finalizers ?? [], child(path, 'finalizers')),
  ];
}

/** A generated name goes on after its base, which may therefore end with a dash. */
function maskTrailingDash(base: string): string {
  return base.length > 1 && base.endsWith('-') ? `${base.slice(0, -2)}a` : base;
}

export function validateLabelName(name: string, field: string): FieldError[] {
  return checkQualifiedName(name).map((problem) => invalid(field, name, problem));
}

export function validateLabels(labels: StringMap | undefined, field: string): FieldError[] {
  return Object.entries(labels ?? {}).flatMap(([name, value]) => [...validateLabelName(name, field), ...checkLabelValue(value).map((problem) => invalid(field, value, problem))]);
}

export function validateAnnotations(annotations: StringMap | undefined, field: string): FieldError[] {
  const entries = Object.entries(annotations ?? {});
  const size = entries.reduce((sum, [name, value]) => sum + utf8Length(name) + utf8Length(value), 0);
  return [
    ...entries.flatMap(([name]) => checkQualifiedName(name.toLowerCase()).map((problem) => invalid(field, name, problem))),
    ...(size > MAX_ANNOTATION_BYTES ? [tooLong(field, MAX_ANNOTATION_BYTES)] : []),
  ];
}

export function utf8Length(text: string): number {
  return new TextEncoder().encode(text).length;
}

/** Upstream names the list, not the item. */
function validateOwners(owners: readonly OwnerReference[], field: string): FieldError[] {
  const [first, ...others] = owners.filter(({ controller }) => controller === true).map(({ kind, name }) => `${kind}/${name}`);
  return [
    ...owners.flatMap((owner) => validateOwner(owner, field)),
    ...others.map((other) => invalid(field, owners, `Only one reference can have Controller set to true. Found "true" in references for ${first} and ${other}`)),
  ];
}

function validateOwner(owner: OwnerReference, field: string): FieldError[] {
  const { apiVersion = '', kind = '' } = owner;
  return [
    ...(apiVersion === '' || apiVersion.endsWith('/') ? [invalid(child(field, 'apiVersion'), apiVersion, 'version must not be empty')] : []),
    ...(['kind', 'name', 'uid'] as const).filter((name) => (owner[name] ?? '') === '').map((name) => invalid(child(field, name), '', 'must not be empty')),
    ...(apiVersion === 'v1' && kind === 'Event' ? [invalid(field, owner, '/v1, Kind=Event is disallowed from being an owner')] : []),
  ];
}

const STANDARD_FINALIZERS = new Set(['kubernetes', 'orphan', 'foregroundDeletion']);

export function validateFinalizers(finalizers: readonly string[], field: string): FieldError[] {
  return [
    ...finalizers.flatMap((finalizer) => checkQualifiedName(finalizer).map((problem) => invalid(field, finalizer, problem))),
    ...(finalizers.includes('orphan') && finalizers.includes('foregroundDeletion') ? [invalid(field, finalizers, 'finalizer orphan and foregroundDeletion cannot be both set')] : []),
    ...finalizers.flatMap((finalizer, at) =>
      finalizer.includes('/') || STANDARD_FINALIZERS.has(finalizer) ? [] : [invalid(index(field, at), finalizer, 'name is neither a standard finalizer name nor is it fully qualified')],
    ),
  ];
}
