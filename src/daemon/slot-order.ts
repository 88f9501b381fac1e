// pure: in which order a home that has no addresses for its Services yet looks at the slots that there are.
//
// From the usual range upwards, so that the addresses are those of every book; what the user's usual home keeps is left to it
// even while it is stopped: a home keeps its slot, and its Pods remember the addresses.
import { parseIpRange, type IpRange } from '../api/ip.ts';
import { clusterNetwork, NETWORK_SLOTS } from '../api/service/cluster-network.ts';

export interface SlotWish {
  /** What the usual home of this user keeps, where that is another home than this. */
  readonly keptByUsualHome?: number;
  /** What the host has routes to. */
  readonly reachable: readonly IpRange[];
}

/** Ranges that hide something the host can reach now come last: better hidden than no Services. */
export function slotOrder({ keptByUsualHome, reachable }: SlotWish): readonly number[] {
  const all = Array.from({ length: NETWORK_SLOTS }, (_, slot) => slot);
  const isKept = (slot: number): boolean => slot === keptByUsualHome;
  const isHiding = (slot: number): boolean => reachable.some((range) => overlaps(range, clusterNetwork(slot).serviceCidr));
  const isFree = (slot: number): boolean => !isHiding(slot) && !isKept(slot);
  return [...all.filter(isFree), ...all.filter((slot) => isHiding(slot) && !isKept(slot)), ...all.filter(isKept)];
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
