// pure: the events at the end of a description.
import type { CoreEvent } from '../../api/generated/types.ts';
import { ageText } from '../../api/duration-text.ts';
import { fromTime } from '../../api/time.ts';
import type { Lines } from './describe-text.ts';

export interface EventParts {
  /** Belongs to the block before it: "Events:\t<none>". */
  readonly inline: Lines;
  readonly block: Lines;
}

/** `events`: undefined when they were not asked for. */
export function eventParts(events: readonly CoreEvent[] | undefined, now: number): EventParts {
  if (events === undefined) return { inline: [], block: [] };
  if (events.length === 0) return { inline: ['Events:\t<none>'], block: [] };
  const sorted = [...events].sort((a, b) => (fromTime(a.lastTimestamp) ?? 0) - (fromTime(b.lastTimestamp) ?? 0));
  const rows = sorted.map((event) => `  ${event.type ?? ''}\t${event.reason ?? ''}\t${ageOf(event, now)}\t${event.source?.component || event.reportingComponent || ''}\t${messageOf(event)}`);
  return { inline: [], block: ['Events:', '  Type\tReason\tAge\tFrom\tMessage', '  ----\t------\t----\t----\t-------', ...rows] };
}

function messageOf({ involvedObject, message = '' }: CoreEvent): string {
  const text = message.trim();
  return (involvedObject.fieldPath ?? '') === '' ? text : `${involvedObject.fieldPath}: ${text}`;
}

function ageOf(event: CoreEvent, now: number): string {
  const first = ageText(event.eventTime ?? event.firstTimestamp, now);
  if (event.series !== undefined) return `${ageText(event.series.lastObservedTime, now)} (x${event.series.count} over ${first})`;
  return (event.count ?? 0) > 1 ? `${ageText(event.lastTimestamp, now)} (x${event.count} over ${first})` : first;
}
