// pure: which container's log a request means, or upstream's words on why there is none.
import type { ContainerStatus, Pod } from '../api/generated/types.ts';
import { badRequestError, type StatusError } from '../api/status-error.ts';
import { chooseContainer } from './choose-container.ts';
import { SANDBOX, type ContainerState } from './runtime/container-runtime.ts';

export interface LogRequest {
  readonly pod: Pod;
  /** '' means the only one, or the default one. */
  readonly container: string;
  readonly previous: boolean;
}

export type LogTarget = { readonly id: string } | { readonly error: StatusError };

/** `containers` are those of the Pod that the runtime has. */
export function logTarget(request: LogRequest, containers: readonly ContainerState[]): LogTarget {
  const named = chooseContainer(request);
  if ('error' in named) return named;
  const { pod, previous } = request;
  const runs = containers
    .filter(({ identity }) => identity.container === named.name && identity.container !== SANDBOX)
    .sort((a, b) => a.identity.attempt - b.identity.attempt);
  const begun = runs.filter(({ phase, error }) => phase !== 'created' || error !== '');
  const newestBegun = begun.at(-1);
  if (previous) {
    const isWaiting = newestBegun?.phase === 'exited' && statusOf(pod, named.name)?.state?.waiting !== undefined;
    const before = isWaiting ? newestBegun : begun.at(-2);
    if (before !== undefined) return { id: before.id };
    return bad(`previous terminated container "${named.name}" in pod "${pod.metadata?.name}" not found`);
  }
  return newestBegun === undefined ? notStarted(pod, named.name) : { id: newestBegun.id };
}

function notStarted(pod: Pod, name: string): LogTarget {
  const start = `container "${name}" in pod "${pod.metadata?.name}"`;
  const state = statusOf(pod, name)?.state;
  if (state?.terminated !== undefined) return bad(`${start} is terminated`);
  const reason = state?.waiting?.reason ?? 'ContainerCreating';
  if (reason === 'ErrImagePull') return bad(`${start} is waiting to start: image can't be pulled`);
  if (reason === 'ImagePullBackOff') return bad(`${start} is waiting to start: trying and failing to pull image`);
  return bad(`${start} is waiting to start: ${reason}`);
}

function statusOf(pod: Pod, name: string): ContainerStatus | undefined {
  const { containerStatuses = [], initContainerStatuses = [], ephemeralContainerStatuses = [] } = pod.status ?? {};
  return [...containerStatuses, ...initContainerStatuses, ...ephemeralContainerStatuses].find((status) => status.name === name);
}

function bad(message: string): { readonly error: StatusError } {
  return { error: badRequestError(message) };
}
