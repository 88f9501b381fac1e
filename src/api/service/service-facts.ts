// pure: what a Service's type and policies mean for the fields that depend on them.
import type { Service, ServiceSpec } from '../generated/types.ts';

export const NO_CLUSTER_IP = 'None';

/** A Service without a spec is an empty one. */
export function specOf({ spec }: Service): ServiceSpec {
  return spec ?? {};
}

export function isHeadless({ clusterIP }: ServiceSpec): boolean {
  return clusterIP === NO_CLUSTER_IP;
}

/** "None" counts as an address, too. */
export function needsClusterIp({ type }: ServiceSpec): boolean {
  return type !== 'ExternalName';
}

export function needsNodePorts({ type }: ServiceSpec): boolean {
  return type === 'NodePort' || type === 'LoadBalancer';
}

/** Ports that nobody named are handed out, too. */
export function wantsNodePorts({ type, allocateLoadBalancerNodePorts }: ServiceSpec): boolean {
  return type === 'NodePort' || (type === 'LoadBalancer' && allocateLoadBalancerNodePorts !== false);
}

export function needsHealthCheckPort({ type, externalTrafficPolicy }: ServiceSpec): boolean {
  return type === 'LoadBalancer' && externalTrafficPolicy === 'Local';
}

export function isExternallyAccessible(spec: ServiceSpec): boolean {
  return needsNodePorts(spec) || (spec.type === 'ClusterIP' && (spec.externalIPs ?? []).length > 0);
}

export function hasSelector({ selector }: ServiceSpec): boolean {
  return Object.keys(selector ?? {}).length > 0;
}
