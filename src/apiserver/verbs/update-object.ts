// What PUT and PATCH share: an object of a client's replaces the current one, prepared and validated by its strategy.
// It is one synchronous read-modify-write: no other write can come between.
import { forbidden, type FieldError } from '../../api/field-errors.ts';
import type { ObjectMeta } from '../../api/generated/types.ts';
import { apiVersionOf } from '../../api/kinds.ts';
import { sameValue } from '../../api/equality.ts';
import type { KubeObject } from '../../api/object.ts';
import { badRequestError, conflictError, invalidError, staleError } from '../../api/status-error.ts';
import { requireOneDefault } from '../admission/priority-class.ts';
import { withServiceAddresses } from '../admission/service-addresses.ts';
import { requireGrowable } from '../admission/volume-growth.ts';
import type { Call } from '../call.ts';
import type { PartStrategy } from '../strategies/strategy.ts';
import { rewriteObject } from './rewrite-object.ts';

export interface UpdateOptions {
  readonly dryRun: boolean;
  /** What of the object is written: 'main', 'status', or a part that its strategy knows. */
  readonly part: string;
}

/** Returns the object as stored afterwards. `change` gets the current object and must not alter it. */
export function updateObject(call: Call, change: (current: KubeObject) => KubeObject, { dryRun, part }: UpdateOptions): Promise<KubeObject> {
  const update = (current: KubeObject): KubeObject => {
    const asked = change(current);
    requireSameObject(call, current, asked);
    const next = prepare(call, asked, { current, part });
    const errors = [...metadataErrors(next, current), ...validationErrors(call, next, { current, part })];
    if (errors.length > 0) throw invalidError(call.resource, call.name, errors);
    if (part === 'main') requireGrowable(call, next, current);
    if (part === 'main') requireOneDefault(call, next);
    call.warnings.push(...(call.strategy.warningsOnUpdate?.(next, current) ?? []));
    return part === 'main' ? withServiceAddresses(call, call.strategy.canonicalize?.(next) ?? next, { current, dryRun }) : next;
  };
  return rewriteObject(call, update, { dryRun });
}

function requireSameObject(call: Call, current: KubeObject, asked: KubeObject): void {
  const { resource, name, namespace } = call;
  const { metadata = {} } = asked;
  if (metadata.name !== undefined && metadata.name !== name) {
    throw badRequestError(`the name of the object (${metadata.name}) does not match the name on the URL (${name})`);
  }
  if (metadata.namespace !== undefined && metadata.namespace !== namespace) {
    throw badRequestError(`the namespace of the object (${metadata.namespace}) does not match the namespace on the URL (${namespace})`);
  }
  if (metadata.uid !== undefined && metadata.uid !== '' && metadata.uid !== current.metadata?.uid) {
    throw conflictError(resource, name, `Precondition failed: UID in precondition: ${metadata.uid}, UID in object meta: ${current.metadata?.uid}`);
  }
  const version = metadata.resourceVersion ?? '';
  if (version !== '' && version !== current.metadata?.resourceVersion) throw staleError(resource, name);
}

function prepare(call: Call, asked: KubeObject, { current, part }: { readonly current: KubeObject; readonly part: UpdateOptions['part'] }): KubeObject {
  const { resource, strategy } = call;
  const kept: KubeObject = { ...asked, apiVersion: apiVersionOf(resource), kind: resource.kind, metadata: keepServerMeta(asked.metadata, current.metadata) };
  const defaulted = strategy.applyDefaults(kept);
  return withGeneration(call, preparePart(strategy, defaulted, { current, part }), current);
}

function preparePart(strategy: Call['strategy'], next: KubeObject, { current, part }: { readonly current: KubeObject; readonly part: string }): KubeObject {
  switch (part) {
    case 'main':
      return strategy.prepareForUpdate(next, current);
    case 'status':
      return strategy.prepareForStatusUpdate?.(next, current) ?? next;
    default:
      return partOf(strategy, part).prepare(next, current);
  }
}

function partOf({ parts }: Call['strategy'], part: string): PartStrategy<KubeObject> {
  const found = parts?.[part];
  if (found === undefined) throw new Error(`no strategy is registered for the part ${part}`);
  return found;
}

function keepServerMeta(asked: ObjectMeta = {}, current: ObjectMeta = {}): ObjectMeta {
  const { managedFields: _managed, selfLink: _link, ...rest } = asked;
  return present({
    ...rest,
    name: current.name,
    generateName: current.generateName,
    namespace: current.namespace,
    uid: current.uid,
    resourceVersion: current.resourceVersion,
    creationTimestamp: current.creationTimestamp,
    generation: current.generation,
    deletionTimestamp: current.deletionTimestamp,
    deletionGracePeriodSeconds: current.deletionGracePeriodSeconds,
  });
}

function withGeneration({ resource, strategy }: Call, next: KubeObject, current: KubeObject): KubeObject {
  if (!resource.hasGeneration) return next;
  const part = (object: KubeObject): unknown => (strategy.generationPart === undefined ? (object as { spec?: unknown }).spec : strategy.generationPart(object));
  const before = current.metadata?.generation ?? 1;
  const generation = sameValue(part(next), part(current)) ? before : before + 1;
  return { ...next, metadata: { ...next.metadata, generation } };
}

function metadataErrors(next: KubeObject, current: KubeObject): FieldError[] {
  if (current.metadata?.deletionTimestamp === undefined) return [];
  const before = new Set(current.metadata.finalizers ?? []);
  const added = (next.metadata?.finalizers ?? []).filter((finalizer) => !before.has(finalizer));
  if (added.length === 0) return [];
  const shown = `[]string{${added.map((finalizer) => JSON.stringify(finalizer)).join(', ')}}`;
  return [forbidden('metadata.finalizers', `no new finalizers can be added if the object is being deleted, found new finalizers ${shown}`)];
}

function validationErrors(call: Call, next: KubeObject, { current, part }: { readonly current: KubeObject; readonly part: UpdateOptions['part'] }): FieldError[] {
  const { strategy } = call;
  switch (part) {
    case 'main':
      return strategy.validateUpdate(next, current);
    case 'status':
      return strategy.validateStatusUpdate?.(next, current) ?? [];
    default:
      return partOf(strategy, part).validate(next, current);
  }
}

function present(metadata: ObjectMeta): ObjectMeta {
  return Object.fromEntries(Object.entries(metadata).filter(([, value]) => value !== undefined));
}

