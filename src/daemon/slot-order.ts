// pure: in which order a home that has no addresses for its Services yet looks at the slots that there are.
//
// The usual home of a user begins with the usual range, any other home with one of its own, so that two homes rarely want
// the same one even if they never run at once: a home keeps its slot, and its Pods remember the addresses.
import { parseIpRange, type IpRange } from '../api/ip.ts';
import { clusterNetwork, NETWORK_SLOTS } from '../api/service/cluster-network.ts';

export interface SlotWish {
  /** 12 hex digits. */
  readonly clusterId: string;
  /** ~/.minik */
  readonly isUsualHome: boolean;
  /** What the host has routes to. */
  readonly reachable: readonly IpRange[];
}

/** Ranges that hide something the host can reach now come last: better hidden than no Services. */
export function slotOrder({ clusterId, isUsualHome, reachable }: SlotWish): readonly number[] {
  const others = NETWORK_SLOTS - 1;
  const first = Number.parseInt(clusterId, 16) % others;
  const own = Array.from({ length: others }, (_, at) => 1 + ((first + at) % others));
  const all = isUsualHome ? [0, ...own] : [...own, 0];
  const isHiding = (slot: number): boolean => reachable.some((range) => overlaps(range, clusterNetwork(slot).serviceCidr));
  return [...all.filter((slot) => !isHiding(slot)), ...all.filter(isHiding)];
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
