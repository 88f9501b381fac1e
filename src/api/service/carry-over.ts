// pure: what an update keeps of the Service that it replaces. Who leaves out what was handed out to them wants to keep it; who
// moves to a type that has no use for a field, and has not touched it, does not mean it any more.
import { sameValue } from '../equality.ts';
import type { Service, ServicePort, ServiceSpec } from '../generated/types.ts';
import { needsClusterIp, needsHealthCheckPort, needsNodePorts, specOf } from './service-facts.ts';

export function carryOver(next: Service, old: Service): Service {
  const before = specOf(old);
  const steps = [alignClusterIps, keepAllocated, dropUseless] as const;
  const spec = steps.reduce((after, step) => step(after, before), specOf(next));
  const status = spec.type === 'LoadBalancer' ? old.status : { ...old.status, loadBalancer: {} };
  return { ...next, spec: withoutUndefined(spec), status };
}

/** clusterIP says the same as the first of clusterIPs; clients that know only the one change only the one. */
function alignClusterIps(after: ServiceSpec, before: ServiceSpec): ServiceSpec {
  const [ip = '', old = ''] = [after.clusterIP, before.clusterIP];
  const ips = after.clusterIPs ?? [];
  if (ip === old) return ips.length === 0 && (before.clusterIPs ?? []).length > 0 ? { ...after, clusterIPs: before.clusterIPs } : after;
  if (!sameValue(ips, before.clusterIPs ?? [])) return after;
  return { ...after, clusterIPs: ip === '' ? undefined : [ip] };
}

function keepAllocated(after: ServiceSpec, before: ServiceSpec): ServiceSpec {
  const keepsIp = needsClusterIp(before) && needsClusterIp(after);
  const keepsHealthPort = needsHealthCheckPort(before) && needsHealthCheckPort(after);
  return {
    ...after,
    ...(keepsIp ? { clusterIP: after.clusterIP || before.clusterIP, clusterIPs: (after.clusterIPs ?? []).length > 0 ? after.clusterIPs : before.clusterIPs } : {}),
    ...(needsNodePorts(before) && needsNodePorts(after) && after.ports !== undefined ? { ports: withOldNodePorts(after.ports, before.ports ?? []) } : {}),
    ...(keepsHealthPort ? { healthCheckNodePort: after.healthCheckNodePort || before.healthCheckNodePort } : {}),
  };
}

/** By the name of the port: everything else of it may have changed. */
function withOldNodePorts(ports: readonly ServicePort[], old: readonly ServicePort[]): ServicePort[] {
  const given = new Set(ports.map(({ nodePort }) => nodePort));
  const byName = new Map(old.map(({ name = '', nodePort }) => [name, nodePort]));
  return ports.map((port) => {
    const earlier = byName.get(port.name ?? '');
    return port.nodePort || !earlier || given.has(earlier) ? port : { ...port, nodePort: earlier };
  });
}

function dropUseless(after: ServiceSpec, before: ServiceSpec): ServiceSpec {
  const unchanged = (field: keyof ServiceSpec): boolean => sameValue(after[field], before[field]);
  const dropped = new Set<keyof ServiceSpec>();
  const dropIf = (isUseless: boolean, ...fields: readonly (keyof ServiceSpec)[]): void => {
    if (isUseless && fields.every(unchanged)) for (const field of fields) dropped.add(field);
  };
  const losesIp = needsClusterIp(before) && !needsClusterIp(after);
  const losesBalancer = before.type === 'LoadBalancer' && after.type !== 'LoadBalancer';
  const losesNodePorts = needsNodePorts(before) && !needsNodePorts(after);
  dropIf(losesIp, 'clusterIP', 'clusterIPs');
  dropIf(losesIp, 'ipFamilies');
  dropIf(losesIp, 'ipFamilyPolicy');
  dropIf(losesIp, 'internalTrafficPolicy');
  dropIf(needsHealthCheckPort(before) && !needsHealthCheckPort(after), 'healthCheckNodePort');
  dropIf(losesBalancer, 'allocateLoadBalancerNodePorts');
  dropIf(losesBalancer, 'loadBalancerClass');
  dropIf(losesNodePorts && (after.externalIPs ?? []).length === 0, 'externalTrafficPolicy');
  const kept = Object.fromEntries(Object.entries(after).filter(([field]) => !dropped.has(field as keyof ServiceSpec))) as ServiceSpec;
  return losesNodePorts && addsNoNodePort(after, before) ? { ...kept, ports: kept.ports?.map(({ nodePort: _nodePort, ...port }) => port) } : kept;
}

function addsNoNodePort(after: ServiceSpec, before: ServiceSpec): boolean {
  const old = new Set((before.ports ?? []).map(({ nodePort }) => nodePort));
  return (after.ports ?? []).every(({ nodePort }) => !nodePort || old.has(nodePort));
}

function withoutUndefined(spec: ServiceSpec): ServiceSpec {
  return Object.fromEntries(Object.entries(spec).filter(([, value]) => value !== undefined));
}
