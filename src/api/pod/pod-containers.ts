// pure: every container that a Pod's spec names: init containers and sidecars, app containers, ephemeral ones.
import type { Container, Pod } from '../generated/types.ts';

export function containersOfPod({ spec }: Pick<Pod, 'spec'>): readonly Container[] {
  return [...(spec?.initContainers ?? []), ...(spec?.containers ?? []), ...(spec?.ephemeralContainers ?? [])];
}
