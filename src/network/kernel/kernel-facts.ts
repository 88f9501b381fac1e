// pure: what the rules of a home depend on besides its Services, from what its keeper has found.
import { parseIpRange, type IpRange } from '../../api/ip.ts';
import type { Found } from './keeper.ts';

export interface HostFacts {
  /** The engine's default bridge, to which Pods are attached. */
  readonly bridge: {
    /** "docker0" */
    readonly name: string;
    /** Of this host, on the bridge. */
    readonly gateway: string;
    /** 172.17.0.0/16 */
    readonly range: IpRange;
  };
  /** Whether packets from 127.0.0.1 may be sent to the bridge. */
  readonly loopback: boolean;
  /** Whether what goes from Pod to Pod over the bridge passes the packet filter, so that answers find their way back by themselves. */
  readonly bridgeFiltered: boolean;
  /** Whether UDP is forwarded by the kernel, too: only where its flows can be steered anew. */
  readonly udp: boolean;
  /** Settings that the last home puts back. */
  readonly lent: readonly string[];
}

export interface KernelFacts extends HostFacts {
  /** Where cluster addresses lie. */
  readonly serviceCidr: string;
  /** Sockets of this host on cluster addresses: the cluster's DNS. */
  readonly listeners: readonly { readonly ip: string; readonly port: number; readonly protocol: 'TCP' | 'UDP' }[];
}

/** Throws when the bridge has no address that rules could name. */
export function hostFacts({ bridge, settings, programs }: Found): HostFacts {
  const range = parseIpRange(bridge.address);
  if (range?.family !== 'IPv4') throw new Error(`the bridge ${bridge.name} has no IPv4 address, but "${bridge.address}"`);
  const works = (setting: string): boolean => ['on', 'everywhere', 'lent'].includes(settings.get(setting) ?? '');
  return {
    bridge: { name: bridge.name, gateway: bridge.address.split('/')[0] ?? '', range },
    loopback: works('loopback'),
    bridgeFiltered: works('bridge'),
    udp: programs.has('conntrack'),
    lent: [...settings].filter(([, value]) => value === 'lent').map(([setting]) => setting),
  };
}
