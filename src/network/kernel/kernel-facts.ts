// What the rules of a home depend on besides its Services.
import type { IpRange } from '../../api/ip.ts';

export interface KernelFacts {
  /** The engine's default bridge, to which Pods are attached. */
  readonly bridge: {
    /** "docker0" */
    readonly name: string;
    /** Of this host, on the bridge. */
    readonly gateway: string;
    /** 172.17.0.0/16 */
    readonly range: IpRange;
  };
  /** Where cluster addresses lie. */
  readonly serviceCidr: string;
  /** Sockets of this host on cluster addresses: the cluster's DNS. */
  readonly listeners: readonly { readonly ip: string; readonly port: number; readonly protocol: 'TCP' | 'UDP' }[];
  /** Whether packets from 127.0.0.1 may be sent to the bridge. */
  readonly loopback: boolean;
  /** Whether UDP is forwarded by the kernel, too: only where its flows can be steered anew. */
  readonly udp: boolean;
  /** Settings that the last home puts back. */
  readonly lent: readonly string[];
  /** Whether what goes from Pod to Pod over the bridge passes the packet filter, so that answers find their way back by themselves. */
  readonly bridgeFiltered: boolean;
}
