// pure: in which order a home that has no addresses for its Services yet looks at the slots that there are.
//
// From the usual range upwards, so that the addresses are those of every book. What other homes keep is left to them even
// while they are stopped: their Services have those addresses, and their Pods remember them.
import { parseIpRange, type IpRange } from '../api/ip.ts';
import { clusterNetwork, NETWORK_SLOTS } from '../api/service/cluster-network.ts';

export interface SlotWish {
  /** What other homes keep. */
  readonly kept: ReadonlySet<number>;
  /** What the host has routes to. */
  readonly reachable: readonly IpRange[];
}

/** Ranges that hide something the host can reach now come last: better hidden than no Services. */
export function slotOrder({ kept, reachable }: SlotWish): readonly number[] {
  const all = Array.from({ length: NETWORK_SLOTS }, (_, slot) => slot);
  const isHiding = (slot: number): boolean => reachable.some((range) => overlaps(range, clusterNetwork(slot).serviceCidr));
  const isFree = (slot: number): boolean => !isHiding(slot) && !kept.has(slot);
  return [...all.filter(isFree), ...all.filter((slot) => isHiding(slot) && !kept.has(slot)), ...all.filter((slot) => kept.has(slot))];
}

/** A route that leads to more than all slots together says nothing about one of them. */
function overlaps(range: IpRange, cidr: string): boolean {
  const slot = parseIpRange(cidr);
  return slot !== undefined && range.family === slot.family && range.prefix > 8 && range.first <= slot.last && slot.first <= range.last;
}

/** Destinations of /proc/net/route: hex, in the byte order of the machine. */
export function routedRanges(table: string): IpRange[] {
  return table.split('\n').slice(1).flatMap((line) => {
    const columns = line.trim().split(/\s+/);
    const [destination, mask] = [hexAddress(columns[1]), hexAddress(columns[7])];
    if (destination === undefined || mask === undefined) return [];
    const bits = mask.split('.').map((octet) => Number(octet).toString(2).replaceAll('0', '').length);
    return parseIpRange(`${destination}/${bits.reduce((sum, count) => sum + count, 0)}`) ?? [];
  });
}

function hexAddress(text: string | undefined): string | undefined {
  if (text === undefined || !/^[0-9A-Fa-f]{8}$/.test(text)) return undefined;
  return [6, 4, 2, 0].map((at) => Number.parseInt(text.slice(at, at + 2), 16)).join('.');
}
