// Who may connect: the source ranges of a load balancer, as a test of addresses.
import { BlockList, isIPv6 } from 'node:net';

/** Ranges that are no CIDRs let nobody in. */
export function sourceFilter(ranges: readonly string[]): ((address: string) => boolean) | undefined {
  if (ranges.length === 0) return undefined;
  const list = new BlockList();
  for (const range of ranges) {
    const [net = '', bits = ''] = range.split('/');
    try {
      list.addSubnet(net, Number(bits), isIPv6(net) ? 'ipv6' : 'ipv4');
    } catch {
      // The API takes no such range.
    }
  }
  return (address) => list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}
