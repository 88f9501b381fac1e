// Label and field selectors of a request as one test on objects.
import { matchesFields, parseFieldSelector, type FieldRequirement } from '../api/field-selector.ts';
import { matchesLabels, parseLabelSelector } from '../api/label-selector.ts';
import type { KubeObject } from '../api/object.ts';
import { badRequestError } from '../api/status-error.ts';
import type { Call } from './call.ts';
import { storageKey, storagePrefix } from './stored-object.ts';

export interface Selection {
  /** True when every object is selected. */
  readonly everything: boolean;
  readonly matches: (object: KubeObject) => boolean;
  /** Where in the store the objects can be: one key when the name is given. */
  readonly prefix: string;
}

export function selectionOf(call: Call): Selection {
  const labels = parseLabelSelector(call.request.query.get('labelSelector') ?? '');
  const fields = parseFieldSelector(call.request.query.get('fieldSelector') ?? '');
  requireSupportedFields(call, fields);
  if (labels.length === 0 && fields.length === 0) {
    return { everything: true, matches: () => true, prefix: storagePrefix(call.resource, call.namespace) };
  }
  return {
    everything: false,
    matches: (object) =>
      matchesLabels(labels, object.metadata?.labels ?? {}) && (fields.length === 0 || matchesFields(fields, fieldsOf(call, object))),
    prefix: prefixOf(call, fields),
  };
}

function fieldsOf(call: Call, object: KubeObject): Record<string, string> {
  return {
    'metadata.name': object.metadata?.name ?? '',
    ...(call.resource.namespaced ? { 'metadata.namespace': object.metadata?.namespace ?? '' } : {}),
    ...call.strategy.selectableFields?.(object),
  };
}

function requireSupportedFields(call: Call, fields: readonly FieldRequirement[]): void {
  const supported = Object.keys(fieldsOf(call, { metadata: {} }));
  const unknown = fields.find(({ field }) => !supported.includes(field));
  if (unknown !== undefined) throw badRequestError(`field label not supported: ${unknown.field}`);
}

/** Reading one object by `metadata.name=x` must not walk the collection. */
function prefixOf(call: Call, fields: readonly FieldRequirement[]): string {
  const name = fields.find(({ field, operator }) => field === 'metadata.name' && operator === '=')?.value;
  const namespaced = call.resource.namespaced;
  const namespace = call.namespace !== '' ? call.namespace : fields.find(({ field, operator }) => field === 'metadata.namespace' && operator === '=')?.value;
  if (name === undefined || name === '' || (namespaced && (namespace ?? '') === '')) return storagePrefix(call.resource, namespaced ? (namespace ?? '') : '');
  return storageKey(call.resource, namespaced ? (namespace ?? '') : '', name);
}

