// pure: which containers of which Pods a logs command means.
import type { Pod } from '../../api/generated/types.ts';
import { containersOfPod } from '../../api/pod/pod-containers.ts';
import { DEFAULT_CONTAINER_ANNOTATION } from '../../api/pod/default-container-name.ts';
import { UsageError } from '../context.ts';
import type { LogSource } from './log-lines.ts';

export interface ContainerChoice {
  readonly container?: string;
  readonly allContainers: boolean;
}

export function containersOf(pod: Pod, choice: ContainerChoice): LogSource[] {
  const names = containersOfPod(pod).map(({ name }) => name);
  if (choice.allContainers) return names.map((container) => ({ pod, container }));
  if (choice.container !== undefined) {
    if (!names.includes(choice.container)) throw new UsageError(`container ${choice.container} is not valid for pod ${pod.metadata?.name}`);
    return [{ pod, container: choice.container }];
  }
  const preferred = pod.metadata?.annotations?.[DEFAULT_CONTAINER_ANNOTATION];
  return [{ pod, container: preferred ?? pod.spec?.containers[0]?.name ?? '' }];
}

/** What kubectl says when it had to choose. */
export function defaultedText(pod: Pod, { container, allContainers }: ContainerChoice): string | undefined {
  const names = (pod.spec?.containers ?? []).map(({ name }) => name);
  if (container !== undefined || allContainers || names.length < 2) return undefined;
  const inits = (pod.spec?.initContainers ?? []).map(({ name }) => `${name} (init)`);
  return `Defaulted container "${containersOf(pod, { container, allContainers })[0]!.container}" out of: ${[...names, ...inits].join(', ')}`;
}

/** "[pod/web-1/nginx] " */
export function prefixOf({ pod, container }: LogSource): string {
  return `[pod/${pod.metadata?.name}/${container}] `;
}

/** Whether the container has begun to write, or has written, a log. */
export function hasLog({ pod, container }: LogSource): boolean {
  const statuses = [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? []), ...(pod.status?.ephemeralContainerStatuses ?? [])];
  const status = statuses.find(({ name }) => name === container);
  return (status?.containerID ?? '') !== '' || (status?.restartCount ?? 0) > 0;
}
