// pure: the answer of the cluster's DNS, as Kubernetes' DNS specification 1.1.0 has it.
import type { DnsAnswer, DnsQuestion, DnsRecord } from './dns-records.ts';
import { addressOfReverseName } from './reverse-name.ts';
import { authority, TTL_SECONDS } from './zone-records.ts';
import type { ZoneIndex } from './zone-index.ts';
import { labelsInZone, lookUp } from './zone-names.ts';

const LONGEST_CHAIN = 8;

/** undefined: a name of somewhere else, for somebody else to answer. */
export function answer(question: DnsQuestion, index: ZoneIndex): DnsAnswer | undefined {
  return labelsInZone(question.name, index) === undefined ? reverseAnswer(question, index) : zoneAnswer(question, index);
}

/** Follows ExternalNames for as long as they stay in the zone. */
function zoneAnswer(question: DnsQuestion, index: ZoneIndex): DnsAnswer {
  const chain: DnsRecord[] = [];
  let { name } = question;
  while (chain.length < LONGEST_CHAIN) {
    const labels = labelsInZone(name, index);
    if (labels === undefined) return { code: 'NOERROR', answers: chain, authorities: [], additionals: [], goOnAt: name };
    const found = lookUp({ ...question, name }, labels, index);
    const [first] = found ?? [];
    if (first?.type !== 'CNAME' || question.type === 'CNAME') return ended(chain, found, index);
    chain.push(first);
    name = first.data;
  }
  return { code: 'NOERROR', answers: chain, authorities: [], additionals: [] };
}

function ended(chain: readonly DnsRecord[], found: readonly DnsRecord[] | undefined, index: ZoneIndex): DnsAnswer {
  const isEmpty = (found ?? []).length === 0;
  return {
    code: found === undefined ? 'NXDOMAIN' : 'NOERROR',
    answers: [...chain, ...(found ?? [])],
    authorities: isEmpty ? [authority(index)] : [],
    additionals: (found ?? []).flatMap((record) => addressesOfTarget(record, index)),
  };
}

/** Whoever asks for servers asks for their addresses next. */
function addressesOfTarget(record: DnsRecord, index: ZoneIndex): readonly DnsRecord[] {
  const target = record.type === 'SRV' ? record.data.target : record.type === 'NS' ? record.data : undefined;
  const labels = target === undefined ? undefined : labelsInZone(target, index);
  return labels === undefined ? [] : (['A', 'AAAA'] as const).flatMap((type) => lookUp({ name: target!, type }, labels, index) ?? []);
}

/** Only for addresses that the cluster knows: all others have an owner elsewhere. */
function reverseAnswer({ name, type }: DnsQuestion, index: ZoneIndex): DnsAnswer | undefined {
  const ip = addressOfReverseName(name.toLowerCase());
  const owners = ip === undefined ? [] : namesAt(ip, index);
  if (owners.length === 0) return undefined;
  const answers = type !== 'PTR' ? [] : owners.map((data): DnsRecord => ({ name, type: 'PTR', ttl: TTL_SECONDS, data }));
  return { code: 'NOERROR', answers, authorities: [], additionals: [] };
}

function namesAt(ip: string, index: ZoneIndex): readonly string[] {
  const named = (key: string): string => `${key.split('/').reverse().join('.')}.svc.${index.domain}`;
  const services = index.servicesAt(ip);
  if (services.length > 0) return services.map(named);
  return index.servicesWithEndpoint(ip).flatMap((key) =>
    index.endpoints(key).filter((endpoint) => endpoint.ip === ip).map(({ hostname }) => `${hostname}.${named(key)}`),
  );
}
