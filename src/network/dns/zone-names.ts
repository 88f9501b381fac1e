// pure: the tree of names below the cluster's domain, read from the right: svc, pod and the zone's own. What is there only
// for the sake of something below it has nothing to say, but it is there.
import { checkIpAddress } from '../../api/dns-name.ts';
import type { DnsQuestion } from './dns-records.ts';
import { serviceRecords } from './service-records.ts';
import { addressRecords, authority, TTL_SECONDS, type Found } from './zone-records.ts';
import type { ZoneIndex } from './zone-index.ts';

/** Version of Kubernetes' DNS specification. */
const SCHEMA_VERSION = '1.1.0';

/** Right to left, without those of the zone; undefined: a name of elsewhere. */
export function labelsInZone(name: string, { domain }: ZoneIndex): readonly string[] | undefined {
  const lower = name.toLowerCase();
  if (lower === domain) return [];
  return lower.endsWith(`.${domain}`) ? lower.slice(0, -domain.length - 1).split('.').reverse() : undefined;
}

export function lookUp(question: DnsQuestion, [kind, ...below]: readonly string[], index: ZoneIndex): Found {
  switch (kind) {
    case undefined:
      return apexRecords(question, index);
    case 'svc':
      return inNamespace(below, index, (namespace, [name, ...rest]) =>
        serviceRecords({ question, key: `${namespace}/${name}`, serviceName: `${name}.${namespace}.svc.${index.domain}`, index }, rest),
      );
    case 'pod':
      return inNamespace(below, index, (_namespace, labels) => podRecords(question, labels));
    case 'dns-version':
      return below.length > 0 ? undefined : versionRecords(question);
    case 'dns':
      return serverRecords(question, below, index);
    default:
      return undefined;
  }
}

function apexRecords({ name, type }: DnsQuestion, index: ZoneIndex): Found {
  if (type === 'SOA') return [{ ...authority(index), name }];
  return type === 'NS' ? [{ name, type: 'NS', ttl: TTL_SECONDS, data: `ns.dns.${index.domain}` }] : [];
}

function inNamespace([namespace, ...rest]: readonly string[], index: ZoneIndex, find: (namespace: string, rest: readonly string[]) => Found): Found {
  if (namespace === undefined) return [];
  if (!index.hasNamespace(namespace)) return undefined;
  return rest.length === 0 ? [] : find(namespace, rest);
}

/** a-b-c-d. kube: whether a Pod has the address is not asked. */
function podRecords(question: DnsQuestion, [dashed = '', ...deeper]: readonly string[]): Found {
  const ip = [dashed.replaceAll('-', '.'), dashed.replaceAll('-', ':')].find((text) => checkIpAddress(text).length === 0);
  return deeper.length > 0 || ip === undefined ? undefined : addressRecords(question, [ip]);
}

function versionRecords({ name, type }: DnsQuestion): Found {
  return type === 'TXT' ? [{ name, type, ttl: TTL_SECONDS, data: SCHEMA_VERSION }] : [];
}

/** ns.dns: where the zone's NS record points. */
function serverRecords(question: DnsQuestion, below: readonly string[], index: ZoneIndex): Found {
  if (below.length === 0) return [];
  return below.join('.') === 'ns' ? addressRecords(question, [index.serverIp]) : undefined;
}
