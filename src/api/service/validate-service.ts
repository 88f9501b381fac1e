// pure: what a Service must be when it is created, and what of it may change later.
import { check1035Label, checkIpAddress, checkSubdomain } from '../dns-name.ts';
import { forbidden, index, invalid, key, required, type FieldError } from '../field-errors.ts';
import { eachItem, named, oneOf, optionalOneOf } from '../field-rules.ts';
import type { Service, ServiceSpec } from '../generated/types.ts';
import { validateLabels, validateMeta, validateMetaUpdate } from '../meta/validate-meta.ts';
import { validateEndpointIp } from '../validate-ip.ts';
import { isExternallyAccessible, isHeadless, needsHealthCheckPort, needsNodePorts, specOf } from './service-facts.ts';
import { validateClusterIps, validateClusterIpsUpdate } from './validate-cluster-ips.ts';
import { validateClassKept, validateLoadBalancer, validateLoadBalancerStatus } from './validate-load-balancer.ts';
import { validatePortNumber, validateServicePorts } from './validate-ports.ts';

const LONGEST_AFFINITY_SECONDS = 86_400;
const TRAFFIC_POLICIES = ['Cluster', 'Local'];
const TOPOLOGY_MODE = 'service.kubernetes.io/topology-mode';
const TOPOLOGY_HINTS = 'service.kubernetes.io/topology-aware-hints';

export function validateService(service: Service): FieldError[] {
  return [...validateMeta(service.metadata, check1035Label), ...validateContent(service)];
}

export function validateServiceUpdate(next: Service, old: Service): FieldError[] {
  const [spec, before] = [specOf(next), specOf(old)];
  const keepsHealthPort = needsHealthCheckPort(spec) && needsHealthCheckPort(before) && spec.healthCheckNodePort !== before.healthCheckNodePort;
  return [
    ...validateMetaUpdate(next.metadata),
    ...validateClusterIpsUpdate(spec, before),
    ...validateClassKept(spec, before),
    ...(keepsHealthPort ? [forbidden('spec.healthCheckNodePort', 'field is immutable')] : []),
    ...validateContent(next),
  ];
}

export function validateServiceStatusUpdate(next: Service): FieldError[] {
  return [...validateMetaUpdate(next.metadata), ...validateLoadBalancerStatus(next)];
}

function validateContent(service: Service): FieldError[] {
  const spec = specOf(service);
  return [
    ...validateTopologyAnnotations(service),
    ...validateType(spec),
    ...validateServicePorts(spec),
    ...validateLabels(spec.selector, 'spec.selector'),
    ...validateAffinity(spec),
    ...validateClusterIps(spec),
    ...eachItem(spec.externalIPs, 'spec.externalIPs', (ip, at) => (checkIpAddress(ip).length > 0 ? named(ip, checkIpAddress, at) : validateEndpointIp(ip, at))),
    ...validateLoadBalancer(service),
    ...validateTrafficPolicies(spec),
    ...optionalOneOf(spec.trafficDistribution, ['PreferClose', 'PreferSameZone', 'PreferSameNode'], 'spec.trafficDistribution'),
  ];
}

function validateTopologyAnnotations({ metadata }: Service): FieldError[] {
  const { [TOPOLOGY_MODE]: mode, [TOPOLOGY_HINTS]: hints } = metadata?.annotations ?? {};
  if (mode === undefined || hints === undefined || mode === hints) return [];
  return [invalid(key('metadata.annotations', TOPOLOGY_MODE), mode, `must match annotations[${TOPOLOGY_HINTS}] when both are specified`)];
}

function validateType(spec: ServiceSpec): FieldError[] {
  return [
    ...oneOf(spec.type, ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'], 'spec.type'),
    ...(needsNodePorts(spec) && isHeadless(spec) ? [invalid(index('spec.clusterIPs', 0), 'None', `may not be set to 'None' for ${spec.type} services`)] : []),
    ...(spec.type === 'ExternalName' ? validateExternalName(spec) : []),
  ];
}

function validateExternalName({ clusterIPs = [], ipFamilies = [], ipFamilyPolicy, externalName = '' }: ServiceSpec): FieldError[] {
  const set = { clusterIPs: clusterIPs.length > 0, ipFamilies: ipFamilies.length > 0, ipFamilyPolicy: ipFamilyPolicy !== undefined };
  const name = externalName.endsWith('.') ? externalName.slice(0, -1) : externalName;
  return [
    ...Object.entries(set).filter(([, isSet]) => isSet).map(([field]) => forbidden(`spec.${field}`, 'may not be set for ExternalName services')),
    ...(name === '' ? [required('spec.externalName')] : named(name, checkSubdomain, 'spec.externalName')),
  ];
}

/** Defaulting has dropped a configuration where there is no affinity, and filled it in where there is. */
function validateAffinity({ sessionAffinity, sessionAffinityConfig }: ServiceSpec): FieldError[] {
  const seconds = sessionAffinityConfig?.clientIP?.timeoutSeconds ?? 1;
  const isInRange = seconds > 0 && seconds <= LONGEST_AFFINITY_SECONDS;
  return [
    ...oneOf(sessionAffinity, ['ClientIP', 'None'], 'spec.sessionAffinity'),
    ...(isInRange ? [] : [invalid('spec.sessionAffinityConfig.clientIP.timeoutSeconds', seconds, `must be greater than 0 and less than ${LONGEST_AFFINITY_SECONDS}`)]),
  ];
}

function validateTrafficPolicies(spec: ServiceSpec): FieldError[] {
  const { externalTrafficPolicy, healthCheckNodePort } = spec;
  const [external, health] = ['spec.externalTrafficPolicy', 'spec.healthCheckNodePort'] as const;
  return [
    ...(isExternallyAccessible(spec) || !externalTrafficPolicy ? [] : [invalid(external, externalTrafficPolicy, 'may only be set for externally-accessible services')]),
    ...(isExternallyAccessible(spec) ? optionalOneOf(externalTrafficPolicy, TRAFFIC_POLICIES, external) : []),
    ...(healthCheckNodePort && !needsHealthCheckPort(spec)
      ? [invalid(health, healthCheckNodePort, "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'")]
      : []),
    ...(healthCheckNodePort && needsHealthCheckPort(spec) ? validatePortNumber(healthCheckNodePort, health) : []),
    ...optionalOneOf(spec.internalTrafficPolicy, TRAFFIC_POLICIES, 'spec.internalTrafficPolicy'),
  ];
}
