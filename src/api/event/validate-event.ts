// pure: what Events of both groups must be. Those of the core group are judged leniently, for the sake of old writers.
import { checkQualifiedName, checkSubdomain } from '../dns-name.ts';
import { invalid, required, type FieldError } from '../field-errors.ts';
import { requiredName } from '../field-rules.ts';
import type { CoreEvent, EventsEvent, ObjectReference } from '../generated/types.ts';
import { utf8Length, validateMeta } from '../meta/validate-meta.ts';

export function validateCoreEvent(event: CoreEvent): FieldError[] {
  return [...validateMeta(event.metadata, checkSubdomain), ...validateNamespace(event.metadata.namespace, event.involvedObject, 'involvedObject.namespace')];
}

const LONGEST_TEXT = 128;
const LONGEST_NOTE = 1024;

export function validateEvent(event: EventsEvent): FieldError[] {
  const { eventTime, reportingController, reportingInstance = '', action = '', reason = '', note = '', series, type = '' } = event;
  return [
    ...validateMeta(event.metadata, checkSubdomain),
    ...validateNamespace(event.metadata?.namespace, event.regarding, 'regarding.namespace'),
    ...((eventTime ?? '') === '' ? [required('eventTime')] : []),
    ...requiredName(reportingController, checkQualifiedName, 'reportingController'),
    ...text('reportingInstance', reportingInstance),
    ...text('action', action),
    ...text('reason', reason),
    ...(utf8Length(note) > LONGEST_NOTE ? [invalid('note', '', `can have at most ${LONGEST_NOTE} characters`)] : []),
    ...(type === 'Normal' || type === 'Warning' ? [] : [invalid('type', '', `has invalid value: ${type}`)]),
    ...(series !== undefined && (series.count ?? 0) < 2 ? [invalid('series.count', '', 'should be at least 2')] : []),
    ...(series !== undefined && (series.lastObservedTime ?? '') === '' ? [required('series.lastObservedTime')] : []),
  ];
}

function text(field: string, value: string): FieldError[] {
  if (value === '') return [required(field)];
  return utf8Length(value) > LONGEST_TEXT ? [invalid(field, '', `can have at most ${LONGEST_TEXT} characters`)] : [];
}

/** Events about cluster-scoped objects live in "default". */
function validateNamespace(namespace: string | undefined, about: ObjectReference | undefined, field: string): FieldError[] {
  const expected = about?.namespace ?? '';
  const isHome = expected === '' && (namespace === 'default' || namespace === 'kube-system');
  return expected === namespace || isHome ? [] : [invalid(field, expected, 'does not match event.namespace')];
}
