// pure: the columns of Events.
import { ageText } from '../../api/duration-text.ts';
import type { CoreEvent } from '../../api/generated/types.ts';
import { count, nameColumn, text, wide, type KindTable } from './columns.ts';

export const eventTable: KindTable<CoreEvent> = {
  columns: [
    text('Last Seen', lastSeen, 'The time at which the most recent occurrence of this event was recorded.'),
    text('Type', ({ type }) => type ?? '', 'Type of this event (Normal, Warning), new types could be added in the future.'),
    text('Reason', ({ reason }) => reason ?? '', 'A short, machine understandable reason for the change.'),
    text('Object', ({ involvedObject }) => about(involvedObject), 'The object that this event is about.'),
    wide(text('Subobject', ({ involvedObject }) => involvedObject.fieldPath ?? '', 'The part of the object that this event is about.')),
    wide(text('Source', source, 'The component reporting this event.')),
    text('Message', ({ message }) => (message ?? '').trim(), 'A human-readable description of the status of this operation.'),
    wide(text('First Seen', (event, now) => ageText(event.firstTimestamp ?? event.eventTime, now), 'The time at which the event was first recorded.')),
    wide(count('Count', times, 'The number of times this event has occurred.')),
    wide(nameColumn),
  ],
};

function lastSeen(event: CoreEvent, now: number): string {
  return ageText(event.series?.lastObservedTime ?? event.lastTimestamp ?? event.firstTimestamp ?? event.eventTime, now);
}

function about({ kind = '', name = '' }: CoreEvent['involvedObject']): string {
  return `${kind.toLowerCase()}/${name}`;
}

function source({ source: from, reportingComponent = '', reportingInstance = '' }: CoreEvent): string {
  const component = from?.component || reportingComponent;
  const host = from?.host || reportingInstance;
  return host === '' ? component : `${component}, ${host}`;
}

function times({ series, count: counted = 0 }: CoreEvent): number {
  if (series !== undefined) return (series.count ?? 0) + 1;
  return counted === 0 ? 1 : counted;
}
