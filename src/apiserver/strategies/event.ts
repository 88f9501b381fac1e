// Events of both groups.
import { checkSubdomain } from '../../api/dns-name.ts';
import { validateCoreEvent, validateEvent } from '../../api/event/validate-event.ts';
import type { CoreEvent, EventsEvent, ObjectReference } from '../../api/generated/types.ts';
import { validateMetaUpdate } from '../../api/meta/validate-meta.ts';
import { plainStrategy } from './plain.ts';

export const eventStrategy = plainStrategy<CoreEvent>(checkSubdomain, {
  validate: validateCoreEvent,
  selectableFields: (event) => ({
    ...referenceFields(event.involvedObject, 'involvedObject'),
    reason: event.reason ?? '',
    reportingComponent: event.reportingComponent ?? '',
    source: event.source?.component ?? event.reportingComponent ?? '',
    type: event.type ?? '',
  }),
});

export const eventsV1Strategy = plainStrategy<EventsEvent>(checkSubdomain, {
  validate: validateEvent,
  // What was made as a core Event need not have all that is asked of a new one.
  validateUpdate: (event) => validateMetaUpdate(event.metadata),
  selectableFields: (event) => ({
    ...referenceFields(event.regarding, 'regarding'),
    reason: event.reason ?? '',
    reportingController: event.reportingController ?? '',
    type: event.type ?? '',
  }),
});

function referenceFields(about: ObjectReference | undefined, name: string): Record<string, string> {
  const fields = ['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath'] as const;
  return Object.fromEntries(fields.map((field) => [`${name}.${field}`, about?.[field] ?? '']));
}
