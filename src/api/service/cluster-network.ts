// pure: the addresses that a cluster of this host hands out for its Services. Clusters side by side have one slot each, so
// that no address of one means anything to another.

export interface ClusterNetwork {
  /** "10.96.0.0/16" */
  readonly serviceCidr: string;
  /** Of default/kubernetes: the first of the range. */
  readonly apiIp: string;
  /** Of kube-system/kube-dns: the tenth, as everybody has it. */
  readonly dnsIp: string;
  /** Loopback addresses for Services of type LoadBalancer: "127.96.0.0/16". */
  readonly loadBalancerCidr: string;
}

export const NODE_PORTS = { first: 30_000, last: 32_767 } as const;
export const CLUSTER_DOMAIN = 'cluster.local';

/** How many clusters of one host may run at a time. */
export const NETWORK_SLOTS = 32;

/** `slot`: 0 to NETWORK_SLOTS - 1. */
export function clusterNetwork(slot: number): ClusterNetwork {
  const octet = 96 + slot;
  return {
    serviceCidr: `10.${octet}.0.0/16`,
    apiIp: `10.${octet}.0.1`,
    dnsIp: `10.${octet}.0.10`,
    loadBalancerCidr: `127.${octet}.0.0/16`,
  };
}
