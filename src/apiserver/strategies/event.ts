// Events of both groups; what is checked is what would make one unreadable.
import { checkSubdomain } from '../../api/dns-name.ts';
import { invalid, type FieldError } from '../../api/field-errors.ts';
import type { CoreEvent, EventsEvent, ObjectReference } from '../../api/generated/types.ts';
import { validateMeta } from '../../api/meta/validate-meta.ts';
import { plainStrategy } from './plain.ts';

export const eventStrategy = plainStrategy<CoreEvent>(checkSubdomain, {
  validate: (event) => [...validateMeta(event.metadata, checkSubdomain), ...sameNamespace(event.metadata.namespace, event.involvedObject, 'involvedObject.namespace')],
  selectableFields: (event) => ({
    ...referenceFields(event.involvedObject, 'involvedObject'),
    reason: event.reason ?? '',
    reportingComponent: event.reportingComponent ?? '',
    source: event.source?.component ?? event.reportingComponent ?? '',
    type: event.type ?? '',
  }),
});

export const eventsV1Strategy = plainStrategy<EventsEvent>(checkSubdomain, {
  validate: (event) => [...validateMeta(event.metadata, checkSubdomain), ...sameNamespace(event.metadata?.namespace, event.regarding, 'regarding.namespace')],
  selectableFields: (event) => ({
    ...referenceFields(event.regarding, 'regarding'),
    reason: event.reason ?? '',
    reportingController: event.reportingController ?? '',
    type: event.type ?? '',
  }),
});

/** Events about cluster-scoped objects live in "default". */
function sameNamespace(namespace: string | undefined, about: ObjectReference | undefined, field: string): FieldError[] {
  const expected = about?.namespace ?? '';
  if (expected === namespace || (expected === '' && (namespace === 'default' || namespace === 'kube-system'))) return [];
  return [invalid(field, expected, 'does not match event.namespace')];
}

function referenceFields(about: ObjectReference | undefined, name: string): Record<string, string> {
  const fields = ['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath'] as const;
  return Object.fromEntries(fields.map((field) => [`${name}.${field}`, about?.[field] ?? '']));
}
