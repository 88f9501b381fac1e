// Logs of containers for the API server's pods/log.
import type { PodLogs } from '../api/pod/pod-logs.ts';
import { unavailableError } from '../api/status-error.ts';
import { logTarget } from './log-target.ts';
import { RuntimeError, type ContainerRuntime, type ContainerState } from './runtime/container-runtime.ts';

export interface PodLogSources {
  readonly runtime: ContainerRuntime;
  /** What the kubelet knows of a Pod's containers; undefined when it does not know the Pod. */
  readonly containersOf: (podUid: string) => readonly ContainerState[] | undefined;
}

/** Rejects with a StatusError when there is no such log. */
export function createPodLogs({ runtime, containersOf }: PodLogSources): PodLogs {
  return async ({ pod, container, previous, ...query }) => {
    const uid = pod.metadata?.uid ?? '';
    const target = logTarget({ pod, container, previous }, containersOf(uid) ?? (await containersFromEngine(runtime, uid)));
    if ('error' in target) throw target.error;
    return runtime.logs(target.id, query);
  };
}

async function containersFromEngine(runtime: ContainerRuntime, podUid: string): Promise<readonly ContainerState[]> {
  try {
    return await runtime.list({ podUid });
  } catch (error) {
    if (!(error instanceof RuntimeError)) throw error;
    throw unavailableError(`the container engine does not answer: ${error.message}`);
  }
}
