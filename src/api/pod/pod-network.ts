// pure: what the kubelet asks of the network before it lets a Pod's containers start.
import type { Pod } from '../generated/types.ts';

export interface PodNetwork {
  /** Whether the Pod's address must be known and guarded before any of its containers starts: policies select it, or let it in elsewhere. */
  needsGuard(pod: Pod): boolean;
  /** Resolves when packets from and to this address are filtered as policies say; rejects with words for people when they cannot be. */
  guard(pod: Pod, ip: string): Promise<void>;
}

/** Where nothing is filtered. */
export const OPEN_NETWORK: PodNetwork = { needsGuard: () => false, guard: () => Promise.resolve() };
