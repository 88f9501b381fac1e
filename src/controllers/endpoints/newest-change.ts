// pure: when that happened which made the endpoints of a Service what they are: it was made, or a Pod of it became ready,
// unready, or began to go. Readers measure by it how late they learn of a change.
import type { Pod, Service } from '../../api/generated/types.ts';
import { fromTime, toTime } from '../../api/time.ts';

export function newestChange(service: Service, pods: readonly Pod[]): string {
  const times = [service.metadata?.creationTimestamp, ...pods.flatMap(podTimes)].map((time) => fromTime(time) ?? 0);
  return toTime(times.reduce((newest, time) => Math.max(newest, time), 0));
}

/** The end of the grace period is what deletionTimestamp says, not its beginning. */
function podTimes({ metadata, status }: Pod): (string | undefined)[] {
  const ready = status?.conditions?.find(({ type }) => type === 'Ready');
  const graceMs = (metadata?.deletionGracePeriodSeconds ?? 0) * 1000;
  const deleted = fromTime(metadata?.deletionTimestamp);
  return [ready?.lastTransitionTime, ...(deleted === undefined ? [] : [toTime(deleted - graceMs)])];
}
