// What a kind adds to the generic verbs: a strategy. Pure functions of objects; the verbs do the reading and writing.
//
// Order on create: decode -> default -> prepareForCreate -> (uid, name, timestamps, generation) -> afterIdentity
// -> validate -> canonicalize -> store. On update: decode -> default -> prepareForUpdate -> generation -> validateUpdate
// -> canonicalize -> store.
import type { FieldError } from '../../api/field-errors.ts';
import type { KubeObject } from '../../api/object.ts';

/** A write to a subresource that holds a part of the spec. */
export interface PartStrategy<T extends KubeObject> {
  /** Keeps everything of the old object but the part. Returns a new object. */
  prepare(next: T, old: T): T;
  validate(next: T, old: T): FieldError[];
}

export interface Strategy<T extends KubeObject> {
  /** Fills absent fields with upstream's defaults; also applied to what was stored by an older minik. Returns a new object. */
  applyDefaults(object: T): T;
  /** Drops what clients may not set (status), fills what admission would. Returns a new object. */
  prepareForCreate(object: T): T;
  /** Fills what depends on uid and name (a Job's selector and labels). Returns a new object. */
  afterIdentity?(object: T): T;
  /** A main-resource write: keeps the old status and whatever else clients may not change. Returns a new object. */
  prepareForUpdate(next: T, old: T): T;
  /** A write to /status: keeps the old spec. Returns a new object. Absent where the kind has no status. */
  prepareForStatusUpdate?(next: T, old: T): T;

  /** By subresource: further parts of the object that are written by themselves. */
  readonly parts?: Readonly<Record<string, PartStrategy<T>>>;

  validate(object: T): FieldError[];
  validateUpdate(next: T, old: T): FieldError[];
  validateStatusUpdate?(next: T, old: T): FieldError[];

  /** The form in which what was found good is stored. Returns a new object. */
  canonicalize?(object: T): T;
  /** What raises metadata.generation when it changes: the spec unless said. */
  generationPart?(object: T): unknown;

  /** Texts for Warning headers. */
  warningsOnCreate?(object: T): string[];
  warningsOnUpdate?(next: T, old: T): string[];
  warningsOnDelete?(propagationChosen: boolean): string[];

  /** Values of the field selectors beyond metadata.name and metadata.namespace. Every supported one, '' when unset. */
  selectableFields?(object: T): Record<string, string>;
  /** Why the object may not be deleted at all; undefined when it may. */
  forbidsDeletion?(object: T): string | undefined;
  /** What a deletion changes beside the timestamps (a Namespace's phase). Returns a new object. */
  markDeleted?(object: T): T;
  /** True while more than metadata.finalizers holds a deleted object back (a Namespace's spec.finalizers). */
  holdsDeletion?(object: T): boolean;
  /** Seconds that a deletion waits for the object's owner (a Pod's kubelet); undefined: no graceful deletion. */
  gracePeriodSeconds?(object: T, asked: number | undefined): number | undefined;
}
