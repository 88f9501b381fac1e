// pure: whether a Pod says of itself that it can take traffic.
import type { Pod } from '../generated/types.ts';

export function isPodReady({ status }: Pod): boolean {
  return status?.conditions?.some((condition) => condition.type === 'Ready' && condition.status === 'True') === true;
}
