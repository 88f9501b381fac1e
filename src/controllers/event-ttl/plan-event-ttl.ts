// pure: which Events are older than an hour, upstream's default for --event-ttl.
import type { CoreEvent } from '../../api/generated/types.ts';
import { fromTime } from '../../api/time.ts';

export const EVENT_TTL_MS = 3_600_000;

/** Events whose last occurrence is past its time. An event without any time is kept. */
export function expiredEvents(events: readonly CoreEvent[], now: number): CoreEvent[] {
  return events.filter((event) => {
    const last = lastSeen(event);
    return last !== undefined && now - last >= EVENT_TTL_MS;
  });
}

function lastSeen(event: CoreEvent): number | undefined {
  const times = [event.series?.lastObservedTime, event.lastTimestamp, event.eventTime, event.firstTimestamp, event.metadata.creationTimestamp];
  const known = times.map(fromTime).filter((time) => time !== undefined);
  return known.length === 0 ? undefined : Math.max(...known);
}
