// pure: whether the run of a container whose log has ended is followed by another.
import type { ContainerStatus, Pod } from '../../api/generated/types.ts';
import { restartsAfter, type RestartRole } from '../../api/pod/restart-policy.ts';

export type NextRun =
  /** `exitCode` of the run before, where it is told. */
  | { readonly type: 'begun'; readonly restart: number; readonly exitCode: number | undefined }
  | { readonly type: 'wait' }
  | { readonly type: 'none' };

/** After the run number `restart` (0 for the first). */
export function nextRun(pod: Pod | undefined, container: string, restart: number): NextRun {
  const status = statusOf(pod, container);
  if (pod === undefined || status === undefined) return { type: 'none' };
  const { state, lastState, restartCount } = status;
  const hasBegun = restartCount > restart && (state?.running !== undefined || state?.terminated !== undefined || restartCount > restart + 1 || lastState?.terminated === undefined);
  if (hasBegun) return { type: 'begun', restart: restart + 1, exitCode: restartCount === restart + 1 ? lastState?.terminated?.exitCode : undefined };
  const isOver = pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed' || pod.metadata?.deletionTimestamp !== undefined;
  if (isOver) return { type: 'none' };
  const ended = state?.terminated;
  return ended === undefined || mayRestart(pod, container, ended.exitCode) ? { type: 'wait' } : { type: 'none' };
}

/** How often the container has been started anew by now. */
export function restartsOf(pod: Pod, container: string): number {
  return statusOf(pod, container)?.restartCount ?? 0;
}

function statusOf(pod: Pod | undefined, container: string): ContainerStatus | undefined {
  const { initContainerStatuses = [], containerStatuses = [], ephemeralContainerStatuses = [] } = pod?.status ?? {};
  return [...initContainerStatuses, ...containerStatuses, ...ephemeralContainerStatuses].find(({ name }) => name === container);
}

function mayRestart({ spec }: Pod, name: string, exitCode: number): boolean {
  const podPolicy = spec?.restartPolicy ?? 'Always';
  const init = spec?.initContainers?.find((each) => each.name === name);
  const own = init ?? spec?.containers.find((each) => each.name === name);
  if (own === undefined) return false;
  const role: RestartRole = init === undefined ? 'app' : init.restartPolicy === 'Always' ? 'sidecar' : 'init';
  return restartsAfter(exitCode, { spec: own, role, podPolicy });
}
