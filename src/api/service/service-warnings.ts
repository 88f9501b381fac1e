// pure: what a Service says that is without effect, out of date, or beyond one machine with IPv4 only.
import type { Service, ServiceSpec } from '../generated/types.ts';
import { parseIpRange, ipv4Text } from '../ip.ts';
import { isOwnLoadBalancer } from './load-balancer-class.ts';
import { isHeadless, needsClusterIp, specOf } from './service-facts.ts';

const TOPOLOGY_HINTS = 'service.kubernetes.io/topology-aware-hints';

export function serviceWarnings(service: Service): string[] {
  const spec = specOf(service);
  return [
    ...(service.metadata?.annotations?.[TOPOLOGY_HINTS] === undefined ? [] : [`annotation ${TOPOLOGY_HINTS} is deprecated, please use service.kubernetes.io/topology-mode instead`]),
    ...ignoredFields(spec),
    ...(spec.loadBalancerSourceRanges ?? []).flatMap(wideRange),
    ...(spec.trafficDistribution === 'PreferClose' ? ['spec.trafficDistribution: "PreferClose" is deprecated; use "PreferSameZone"'] : []),
    ...beyondMinik(spec),
  ];
}

function ignoredFields(spec: ServiceSpec): string[] {
  const hasExternalIps = (spec.externalIPs ?? []).length > 0;
  const isNamed = spec.type === 'ExternalName';
  const headless = spec.type === 'ClusterIP' && isHeadless(spec);
  const rows: readonly (readonly [isIgnored: boolean, text: string])[] = [
    [headless && (spec.loadBalancerIP ?? '') !== '', 'spec.loadBalancerIP is ignored for headless services'],
    [headless && hasExternalIps, 'spec.externalIPs is ignored for headless services'],
    [headless && spec.sessionAffinity !== 'None', 'spec.SessionAffinity is ignored for headless services'],
    [isNamed && hasExternalIps, 'spec.externalIPs is ignored when spec.type is "ExternalName"'],
    [!isNamed && (spec.externalName ?? '') !== '', 'spec.externalName is ignored when spec.type is not "ExternalName"'],
  ];
  return rows.filter(([isIgnored]) => isIgnored).map(([, text]) => text);
}

/** "10.1.2.3/8" means 10.0.0.0/8, and is seldom what was meant. */
function wideRange(text: string, row: number): string[] {
  const range = parseIpRange(text.trim());
  if (range?.family !== 'IPv4') return [];
  const canonical = `${ipv4Text(range.first)}/${range.prefix}`;
  const given = text.trim();
  return canonical === given ? [] : [`spec.loadBalancerSourceRanges[${row}]: CIDR value ${JSON.stringify(given)} is ambiguous in this context (should be ${JSON.stringify(canonical)} or ${JSON.stringify(`${given.split('/')[0]}/32`)}?)`];
}

function beyondMinik(spec: ServiceSpec): string[] {
  const isDual = (spec.ipFamilyPolicy ?? 'SingleStack') !== 'SingleStack' || (spec.ipFamilies ?? []).includes('IPv6');
  return [
    ...(spec.ports ?? []).flatMap(({ protocol }, row) => (protocol === 'SCTP' ? [`spec.ports[${row}].protocol: SCTP is stored, but minik forwards TCP and UDP only`] : [])),
    ...(needsClusterIp(spec) && isDual ? ['spec.ipFamilyPolicy: stored, but Services of minik have IPv4 addresses only'] : []),
    ...(spec.type === 'LoadBalancer' && (spec.loadBalancerIP ?? '') !== '' ? ['spec.loadBalancerIP: a wish only, which minik fulfils where the address is free and of its own loopback range'] : []),
    ...(spec.type === 'LoadBalancer' && !isOwnLoadBalancer(spec) ? [`spec.loadBalancerClass: minik leaves load balancers of class ${JSON.stringify(spec.loadBalancerClass)} to whoever provides them`] : []),
  ];
}
