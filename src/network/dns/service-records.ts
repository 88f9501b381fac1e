// pure: the records of one Service: of its own name, of its ports below that, and of its endpoints.
import type { DnsQuestion, DnsRecord } from './dns-records.ts';
import { addressRecords, TTL_SECONDS, type Found } from './zone-records.ts';
import type { ServicePortFacts } from './zone-facts.ts';
import type { ZoneIndex } from './zone-index.ts';

interface Asked {
  readonly question: DnsQuestion;
  /** "namespace/name" */
  readonly key: string;
  /** "web.default.svc.cluster.local" */
  readonly serviceName: string;
  readonly index: ZoneIndex;
}

/** `below`: labels under the Service's name, right to left. */
export function serviceRecords(asked: Asked, [first, second, ...deeper]: readonly string[]): Found {
  const { question, key, index } = asked;
  const service = index.service(key);
  if (service === undefined || deeper.length > 0) return undefined;
  if (service.externalName !== undefined) return first === undefined ? aliasRecords(question, service.externalName) : undefined;
  if (first === undefined) return ownRecords(asked, service.ips);
  if (first.startsWith('_')) return portRecords(asked, { protocol: first.slice(1), name: second });
  return second === undefined ? endpointRecords(asked, first) : undefined;
}

function aliasRecords({ name }: DnsQuestion, externalName: string): Found {
  return externalName === '' ? [] : [{ name, type: 'CNAME', ttl: TTL_SECONDS, data: externalName }];
}

function ownRecords(asked: Asked, clusterIps: readonly string[]): Found {
  const { question, key, index } = asked;
  const endpoints = clusterIps.length > 0 ? [] : index.endpoints(key);
  // kube: a headless Service that nobody stands behind has no name.
  if (clusterIps.length === 0 && endpoints.length === 0) return undefined;
  if (question.type === 'SRV') return serverRecords(question, servers(asked));
  return addressRecords(question, clusterIps.length > 0 ? clusterIps : endpoints.map(({ ip }) => ip));
}

/** _port._proto has the servers; _proto alone is there for the sake of what is below it. */
function portRecords(asked: Asked, wanted: { readonly protocol: string; readonly name: string | undefined }): Found {
  const found = servers(asked).filter(({ port }) => port.protocol === wanted.protocol && port.name !== '' && (wanted.name === undefined || `_${port.name}` === wanted.name));
  if (found.length === 0) return undefined;
  return wanted.name !== undefined && asked.question.type === 'SRV' ? serverRecords(asked.question, found) : [];
}

function endpointRecords({ question, key, index }: Asked, hostname: string): Found {
  const named = index.endpointsNamed(key, hostname);
  return named.length === 0 ? undefined : addressRecords(question, named.map(({ ip }) => ip));
}

interface Server {
  readonly port: ServicePortFacts;
  readonly target: string;
}

/** A Service's address serves its ports; without one each endpoint does, on the ports that it really listens on. */
function servers({ key, serviceName, index }: Asked): readonly Server[] {
  const { ips = [], ports = [] } = index.service(key) ?? {};
  if (ips.length > 0) return ports.map((port) => ({ port, target: serviceName }));
  return index.endpoints(key).flatMap((endpoint) => endpoint.ports.map((port) => ({ port, target: `${endpoint.hostname}.${serviceName}` })));
}

/** Endpoints with one name and port are one server of several addresses. */
function serverRecords({ name }: DnsQuestion, all: readonly Server[]): readonly DnsRecord[] {
  const distinct = [...new Map(all.map((server) => [`${server.target}:${server.port.port}`, server])).values()];
  const weight = Math.max(1, Math.floor(100 / distinct.length));
  return distinct.map(({ port: { port }, target }) => ({ name, type: 'SRV', ttl: TTL_SECONDS, data: { priority: 0, weight, port, target } }));
}
