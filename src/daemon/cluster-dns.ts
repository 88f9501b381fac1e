// The DNS of the cluster: what it follows, where it listens, and whom it asks for names of outside.
import { ENDPOINT_SLICES, NAMESPACES, SERVICES, type Resource } from '../api/kinds.ts';
import type { KubeObject } from '../api/object.ts';
import { CLUSTER_DOMAIN, type ClusterNetwork } from '../api/service/cluster-network.ts';
import type { Clock } from '../base/clock.ts';
import type { Logger } from '../base/log.ts';
import type { Informer } from '../client/informer-contract.ts';
import { createDnsPart, type DnsPart } from '../network/dns/dns-part.ts';
import { redirectScript } from '../network/dns/redirect-script.ts';
import type { KernelAccess } from '../network/kernel/kernel-access.ts';

export interface ClusterDnsOptions {
  readonly of: <T extends KubeObject>(resource: Resource<T>) => Informer<T>;
  readonly network: ClusterNetwork;
  readonly kernel: Pick<KernelAccess, 'routed' | 'session'>;
  readonly clock: Clock;
  readonly log: Logger;
}

const RESOLV_CONF = '/etc/resolv.conf';
const PORT = 53;
/** Of the server's own address, so nobody else wants it. Packets for it must not be taken for those of no Service. */
export const UNPRIVILEGED_DNS_PORT = 10_053;

export function createClusterDns({ of, network, kernel, clock, log }: ClusterDnsOptions): DnsPart {
  const lead = async (): Promise<void> => {
    const session = await kernel.session();
    const render = (): void => {
      const script = redirectScript(session.table, { ip: network.dnsIp, from: PORT, to: UNPRIVILEGED_DNS_PORT });
      session.run(script).catch((error: unknown) => log.error('questions to the DNS server cannot be led to it', { error }));
    };
    session.whenEmpty(render);
  };
  return createDnsPart({
    namespaces: of(NAMESPACES),
    services: of(SERVICES),
    slices: of(ENDPOINT_SLICES),
    domain: CLUSTER_DOMAIN,
    ip: network.dnsIp,
    port: PORT,
    otherPort: { port: UNPRIVILEGED_DNS_PORT, lead },
    resolvConf: RESOLV_CONF,
    ready: async () => void (await kernel.routed()),
    clock,
    log: log.with({ component: 'dns' }),
  });
}
