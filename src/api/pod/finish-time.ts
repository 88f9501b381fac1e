// pure: when a Pod ended, as upstream's Job controller reckons it.
import type { ContainerStatus, Pod } from '../generated/types.ts';
import { fromTime } from '../time.ts';

/**
 * When the Pod ended, in milliseconds. Upstream's four fallbacks: the last container's end (all ended), the moment it
 * stopped being ready, the deletion less its grace, its creation.
 */
export function finishTimeOf(pod: Pod): number {
  return lastContainerEnd(pod) ?? notReadySince(pod) ?? deletionStart(pod) ?? fromTime(pod.metadata?.creationTimestamp) ?? 0;
}

function lastContainerEnd({ status }: Pod): number | undefined {
  const containers: readonly ContainerStatus[] = status?.containerStatuses ?? [];
  const ends = containers.map(({ state }) => fromTime(state?.terminated?.finishedAt));
  if (ends.length === 0 || ends.includes(undefined)) return undefined;
  return Math.max(...(ends as number[]));
}

function notReadySince({ status }: Pod): number | undefined {
  const ready = status?.conditions?.find(({ type }) => type === 'Ready');
  return ready?.status === 'False' ? fromTime(ready.lastTransitionTime) : undefined;
}

function deletionStart({ metadata }: Pod): number | undefined {
  const deadline = fromTime(metadata?.deletionTimestamp);
  return deadline === undefined ? undefined : deadline - (metadata?.deletionGracePeriodSeconds ?? 0) * 1000;
}
