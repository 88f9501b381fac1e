// The DNS of the cluster: what it follows, where it listens, and whom it asks for names of outside.
import { ENDPOINT_SLICES, NAMESPACES, SERVICES, type Resource } from '../api/kinds.ts';
import type { KubeObject } from '../api/object.ts';
import { CLUSTER_DOMAIN, type ClusterNetwork } from '../api/service/cluster-network.ts';
import type { Clock } from '../base/clock.ts';
import type { Logger } from '../base/log.ts';
import type { Informer } from '../client/informer-contract.ts';
import { createDnsPart, type DnsPart } from '../network/dns/dns-part.ts';
import type { KernelAccess } from '../network/kernel/kernel-access.ts';

export interface ClusterDnsOptions {
  readonly of: <T extends KubeObject>(resource: Resource<T>) => Informer<T>;
  readonly network: ClusterNetwork;
  readonly kernel: Pick<KernelAccess, 'routed'>;
  readonly clock: Clock;
  readonly log: Logger;
}

const RESOLV_CONF = '/etc/resolv.conf';
const PORT = 53;

export function createClusterDns({ of, network, kernel, clock, log }: ClusterDnsOptions): DnsPart {
  return createDnsPart({
    namespaces: of(NAMESPACES),
    services: of(SERVICES),
    slices: of(ENDPOINT_SLICES),
    domain: CLUSTER_DOMAIN,
    ip: network.dnsIp,
    port: PORT,
    resolvConf: RESOLV_CONF,
    ready: async () => void (await kernel.routed()),
    clock,
    log: log.with({ component: 'dns' }),
  });
}
