// The service network of this host: its parts, and what they need of the rest of the daemon.
import { ENDPOINT_SLICES, PODS, SERVICES, type Resource } from '../api/kinds.ts';
import type { KubeObject } from '../api/object.ts';
import type { Clock } from '../base/clock.ts';
import type { Logger } from '../base/log.ts';
import type { Informer } from '../client/informer-contract.ts';
import type { NetworkPart } from '../network/network-part.ts';
import { createNetwork, type Network } from '../network/network.ts';

export interface DaemonNetworkOptions {
  readonly of: <T extends KubeObject>(resource: Resource<T>) => Informer<T>;
  readonly nodeName: string;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Returns at once; nothing is opened before there is a Pod or a Service to open it for. */
export function startNetwork({ of, nodeName, clock, log }: DaemonNetworkOptions): Network {
  // In the order of their start; they are stopped the other way round.
  const parts: readonly NetworkPart[] = [];
  return createNetwork({
    services: of(SERVICES),
    slices: of(ENDPOINT_SLICES),
    pods: of(PODS),
    nodeName,
    parts,
    clock,
    log: log.with({ component: 'network' }),
  });
}
