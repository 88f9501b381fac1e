// Logs of containers for the API server's pods/log.
import type { PodLogs } from '../api/pod/pod-logs.ts';
import { logTarget } from './log-target.ts';
import { findContainers, type PodContainers } from './pod-containers.ts';

/** Rejects with a StatusError when there is no such log. */
export function createPodLogs(containers: PodContainers): PodLogs {
  return async ({ pod, container, previous, ...query }) => {
    const target = logTarget({ pod, container, previous }, await findContainers(containers, pod));
    if ('error' in target) throw target.error;
    return containers.runtime.logs(target.id, query);
  };
}
