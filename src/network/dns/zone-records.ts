// pure: what every name of the zone answers with: addresses of the family asked for, and the zone's own SOA.
import type { DnsQuestion, DnsRecord } from './dns-records.ts';
import type { ZoneIndex } from './zone-index.ts';

/** Records of a name: none where it has nothing of the type, undefined where there is no such name. */
export type Found = readonly DnsRecord[] | undefined;

export const TTL_SECONDS = 30;
/** How long others may remember that a name is not there: short, because mostly it is about to come. */
const NEGATIVE_TTL_SECONDS = 5;

export function addressRecords({ name, type }: DnsQuestion, ips: readonly string[]): readonly DnsRecord[] {
  if (type !== 'A' && type !== 'AAAA') return [];
  const family = [...new Set(ips)].filter((ip) => ip.includes(':') === (type === 'AAAA'));
  return family.map((ip) => ({ name, type, ttl: TTL_SECONDS, data: ip }));
}

export function authority({ domain, serial }: ZoneIndex): DnsRecord {
  const data = { mname: `ns.dns.${domain}`, rname: `hostmaster.${domain}`, serial, refresh: 7_200, retry: 1_800, expire: 86_400, minimum: NEGATIVE_TTL_SECONDS };
  return { name: domain, type: 'SOA', ttl: NEGATIVE_TTL_SECONDS, data };
}
