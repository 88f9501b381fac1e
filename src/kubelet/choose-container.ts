// pure: which container of a Pod a request means, or upstream's words on why that is not clear.
import type { Pod } from '../api/generated/types.ts';
import { DEFAULT_CONTAINER_ANNOTATION } from '../api/pod/default-container-name.ts';
import { badRequestError, type StatusError } from '../api/status-error.ts';

/** `container`: '' means the only one, or the default one. */
export function chooseContainer({ pod, container }: { readonly pod: Pod; readonly container: string }): { readonly name: string } | { readonly error: StatusError } {
  const { containers = [], initContainers = [], ephemeralContainers = [] } = pod.spec ?? {};
  const names = [...containers, ...initContainers, ...ephemeralContainers].map(({ name }) => name);
  const podName = pod.metadata?.name;
  if (container !== '') return names.includes(container) ? { name: container } : bad(`container ${container} is not valid for pod ${podName}`);
  const annotated = pod.metadata?.annotations?.[DEFAULT_CONTAINER_ANNOTATION];
  if (annotated !== undefined && names.includes(annotated)) return { name: annotated };
  if (containers.length === 1) return { name: containers[0]!.name };
  const inits = initContainers.length === 0 ? '' : ` or one of the init containers: [${initContainers.map(({ name }) => name).join(' ')}]`;
  return bad(`a container name must be specified for pod ${podName}, choose one of: [${containers.map(({ name }) => name).join(' ')}]${inits}`);
}

function bad(message: string): { readonly error: StatusError } {
  return { error: badRequestError(message) };
}
