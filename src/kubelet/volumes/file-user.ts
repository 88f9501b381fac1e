// pure: the one user that all containers of a Pod run as: files that are only for the Pod are given to it.
import type { Pod } from '../../api/generated/types.ts';

/** Undefined when containers differ, or leave it to their images. */
export function fileUserOf({ spec }: Pod): number | undefined {
  const containers = [...(spec?.initContainers ?? []), ...(spec?.containers ?? []), ...(spec?.ephemeralContainers ?? [])];
  const users = new Set(containers.map(({ securityContext }) => securityContext?.runAsUser ?? spec?.securityContext?.runAsUser));
  return users.size === 1 ? [...users][0] : undefined;
}
