// The containers of a Pod for those who ask from outside: as the kubelet knows them, or else as the engine does.
import type { Pod } from '../api/generated/types.ts';
import { unavailableError } from '../api/status-error.ts';
import { RuntimeError, type ContainerRuntime, type ContainerState } from './runtime/container-runtime.ts';

export interface PodContainers {
  readonly runtime: ContainerRuntime;
  /** What the kubelet knows of a Pod's containers; undefined when it does not know the Pod. */
  readonly containersOf: (podUid: string) => readonly ContainerState[] | undefined;
}

/** Rejects with a StatusError when the engine must be asked and does not answer. */
export async function findContainers({ runtime, containersOf }: PodContainers, pod: Pod): Promise<readonly ContainerState[]> {
  const uid = pod.metadata?.uid ?? '';
  try {
    return containersOf(uid) ?? (await runtime.list({ podUid: uid }));
  } catch (error) {
    if (!(error instanceof RuntimeError)) throw error;
    throw unavailableError(`the container engine does not answer: ${error.message}`);
  }
}
