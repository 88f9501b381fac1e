// pure: which address of the range a load balancer gets. The same Service finds the same address again where it is free, so
// that what was noted or typed stays good when it is deleted and made anew.
import { inIpRange, ipv4Text, parseIp, parseIpRange, type IpRange } from '../../api/ip.ts';

export interface AddressWish {
  /** "namespace/name" */
  readonly key: string;
  /** "127.96.0.0/16" */
  readonly range: string;
  /** What it has now. */
  readonly current: string | undefined;
  /** spec.loadBalancerIP */
  readonly asked: string | undefined;
  /** The key of another Service that has the address. */
  readonly holderOf: (ip: string) => string | undefined;
}

export interface PickedAddress {
  /** Undefined: none is left. */
  readonly ip: string | undefined;
  /** Why it is not the address that was asked for. */
  readonly refused?: string;
}

export function pickAddress({ key, range: text, current, asked, holderOf }: AddressWish): PickedAddress {
  const range = parseIpRange(text);
  if (range === undefined) return { ip: undefined };
  const isFree = (ip: string): boolean => isUsable(ip, range) && holderOf(ip) === undefined;
  if (asked !== undefined && isFree(asked)) return { ip: asked };
  const refused = asked === undefined ? {} : { refused: isUsable(asked, range) ? `it is the address of ${holderOf(asked)}` : `it is not one of ${text}` };
  if (current !== undefined && isFree(current)) return { ip: current, ...refused };
  return { ip: firstFree(key, range, isFree), ...refused };
}

/** The range's own address and its last are no host's. */
function isUsable(text: string, range: IpRange): boolean {
  const ip = parseIp(text);
  return ip !== undefined && inIpRange(range, ip) && ip.value !== range.first && ip.value !== range.last;
}

/** From where the Service's name leads, on and around. */
function firstFree(key: string, range: IpRange, isFree: (ip: string) => boolean): string | undefined {
  const size = Number(range.last - range.first) - 1;
  const start = fnv1a(key) % size;
  for (let step = 0; step < size; step += 1) {
    const ip = ipv4Text(range.first + 1n + BigInt((start + step) % size));
    if (isFree(ip)) return ip;
  }
  return undefined;
}

function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (const char of text) hash = Math.imul(hash ^ char.codePointAt(0)!, 0x01000193) >>> 0;
  return hash;
}
