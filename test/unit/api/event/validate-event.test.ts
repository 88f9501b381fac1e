import { expect, test } from '@jest/globals';
import { validateCoreEvent, validateEvent } from '../../../../src/api/event/validate-event.ts';
import type { EventsEvent } from '../../../../src/api/generated/types.ts';
import { errorTexts } from '../../../support/error-texts.ts';

test.each<[title: string, namespace: string, about: string | undefined, errors: readonly string[]]>([
  ['an Event lives with what it is about', 'prod', 'prod', []],
  ['an Event does not live elsewhere', 'prod', 'test', ['involvedObject.namespace: Invalid value: "test": does not match event.namespace']],
  ['an Event about the cluster lives in default', 'default', undefined, []],
  ['an Event about the cluster does not live just anywhere', 'prod', undefined, ['involvedObject.namespace: Invalid value: "": does not match event.namespace']],
])('%s', (_title, namespace, about, errors) => {
  expect(errorTexts(validateCoreEvent({ metadata: { name: 'e', namespace }, involvedObject: { kind: 'Pod', ...(about === undefined ? {} : { namespace: about }) } }))).toEqual(errors);
});

const good: EventsEvent = {
  metadata: { name: 'e', namespace: 'default' },
  eventTime: '2026-03-01T12:00:00.000000Z',
  reportingController: 'example.com/me',
  reportingInstance: 'me-1',
  action: 'Binding',
  reason: 'Scheduled',
  regarding: { kind: 'Pod', namespace: 'default' },
  type: 'Normal',
};

test.each<[title: string, own: Partial<EventsEvent>, errors: readonly string[]]>([
  ['a whole one passes', {}, []],
  ['it says when', { eventTime: undefined as unknown as string }, ['eventTime: Required value']],
  ['it says who', { reportingController: '', reportingInstance: '' }, ['reportingController: Required value', 'reportingInstance: Required value']],
  ['it says what and why', { action: '', reason: '' }, ['action: Required value', 'reason: Required value']],
  ['it says why in few words', { reason: 'x'.repeat(129) }, ['reason: Invalid value: "": can have at most 128 characters']],
  ['it does not tell stories', { note: 'x'.repeat(1025) }, ['note: Invalid value: "": can have at most 1024 characters']],
  ['it is normal or a warning', { type: 'Bad' }, ['type: Invalid value: "": has invalid value: Bad']],
  ['a series has two', { series: { count: 1, lastObservedTime: '2026-03-01T12:00:00.000000Z' } }, ['series.count: Invalid value: "": should be at least 2']],
  ['it lives with what it is about', { regarding: { kind: 'Pod', namespace: 'prod' } }, ['regarding.namespace: Invalid value: "prod": does not match event.namespace']],
])('%s', (_title, own, errors) => {
  expect(errorTexts(validateEvent({ ...good, ...own }))).toEqual(errors);
});
