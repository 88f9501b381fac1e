// pure: events.k8s.io/v1 Events as views of core/v1 Events.
import type { CoreEvent, EventsEvent } from '../../api/generated/types.ts';
import type { KubeObject } from '../../api/object.ts';

export const eventConversion = {
  fromStored(object: KubeObject): KubeObject {
    const event = object as CoreEvent;
    const view: EventsEvent = {
      apiVersion: 'events.k8s.io/v1',
      kind: 'Event',
      metadata: event.metadata,
      eventTime: event.eventTime as string,
      series: event.series as EventsEvent['series'],
      reportingController: event.reportingComponent,
      reportingInstance: event.reportingInstance,
      action: event.action,
      reason: event.reason,
      regarding: event.involvedObject,
      related: event.related,
      note: event.message,
      type: event.type,
      deprecatedSource: event.source,
      deprecatedFirstTimestamp: event.firstTimestamp,
      deprecatedLastTimestamp: event.lastTimestamp,
      deprecatedCount: event.count,
    };
    return present({ ...view, eventTime: event.eventTime ?? null } as object) as KubeObject;
  },

  toStored(object: KubeObject): KubeObject {
    const event = object as EventsEvent;
    const stored: CoreEvent = {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: event.metadata ?? {},
      involvedObject: event.regarding ?? {},
      reason: event.reason,
      message: event.note,
      source: event.deprecatedSource,
      firstTimestamp: event.deprecatedFirstTimestamp,
      lastTimestamp: event.deprecatedLastTimestamp,
      count: event.deprecatedCount,
      type: event.type,
      eventTime: event.eventTime,
      series: event.series as CoreEvent['series'],
      action: event.action,
      related: event.related,
      reportingComponent: event.reportingController,
      reportingInstance: event.reportingInstance,
    };
    return present(stored) as KubeObject;
  },
};

function present(object: object): object {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}
