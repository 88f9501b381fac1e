// pure: what the fields of load balancers must be, in the spec and in the status.
import { checkIpAddress, checkQualifiedName, checkSubdomain } from '../dns-name.ts';
import { child, forbidden, invalid, key, required, type FieldError } from '../field-errors.ts';
import { eachItem, named, optionalName, optionalOneOf } from '../field-rules.ts';
import type { LoadBalancerIngress, Service, ServiceSpec } from '../generated/types.ts';
import { parseIp } from '../ip.ts';
import { checkIpRange } from '../validate-ip.ts';
import { specOf } from './service-facts.ts';

const ONLY = "may only be used when `type` is 'LoadBalancer'";
const SOURCE_RANGES = 'service.beta.kubernetes.io/load-balancer-source-ranges';
/** Some clouds would open it to the world. */
const KUBELET_PORT = 10_250;

export function validateLoadBalancer(service: Service): FieldError[] {
  const spec = specOf(service);
  const isBalancer = spec.type === 'LoadBalancer';
  return [
    ...(isBalancer ? eachItem(spec.ports, 'spec.ports', ({ port }, at) => (port === KUBELET_PORT ? [invalid(at, port, `may not expose port ${port} externally since it is used by kubelet`)] : [])) : []),
    ...validateSourceRanges(service),
    ...(isBalancer || spec.allocateLoadBalancerNodePorts === undefined ? [] : [forbidden('spec.allocateLoadBalancerNodePorts', ONLY)]),
    ...validateClass(spec),
  ];
}

/** The field, or the annotation of old. */
function validateSourceRanges(service: Service): FieldError[] {
  const { type, loadBalancerSourceRanges = [] } = specOf(service);
  const annotated = service.metadata?.annotations?.[SOURCE_RANGES];
  if (loadBalancerSourceRanges.length === 0 && annotated === undefined) return [];
  const field = loadBalancerSourceRanges.length > 0 ? 'spec.LoadBalancerSourceRanges' : key('metadata.annotations', SOURCE_RANGES);
  const texts = (annotated ?? '').trim() === '' ? [] : annotated!.split(',');
  return [
    ...(type === 'LoadBalancer' ? [] : [forbidden(field, ONLY)]),
    ...(loadBalancerSourceRanges.length > 0
      ? eachItem(loadBalancerSourceRanges, field, (range, at) => named(range.trim(), checkIpRange, at))
      : texts.flatMap((range) => named(range.trim(), checkIpRange, field))),
  ];
}

function validateClass({ type, loadBalancerClass }: ServiceSpec): FieldError[] {
  if (loadBalancerClass === undefined) return [];
  return type === 'LoadBalancer' ? named(loadBalancerClass, checkQualifiedName, 'spec.loadBalancerClass') : [forbidden('spec.loadBalancerClass', ONLY)];
}

export function validateClassKept(next: ServiceSpec, old: ServiceSpec): FieldError[] {
  const isBalancer = next.type === 'LoadBalancer' && old.type === 'LoadBalancer';
  return isBalancer && next.loadBalancerClass !== old.loadBalancerClass ? [invalid('spec.loadBalancerClass', next.loadBalancerClass, 'may not change once set')] : [];
}

export function validateLoadBalancerStatus({ status, spec }: Service): FieldError[] {
  const path = 'status.loadBalancer.ingress';
  const ingress = status?.loadBalancer?.ingress ?? [];
  if (ingress.length > 0 && spec?.type !== 'LoadBalancer') return [forbidden(path, "may only be used when `spec.type` is 'LoadBalancer'")];
  return eachItem(ingress, path, validateIngress);
}

function validateIngress({ ip = '', ipMode, hostname = '' }: LoadBalancerIngress, path: string): FieldError[] {
  const mode = child(path, 'ipMode');
  return [
    ...optionalName(ip, checkIpAddress, child(path, 'ip')),
    ...(ip !== '' && ipMode === undefined ? [required(mode, 'must be specified when `ip` is set')] : []),
    ...(ip === '' && ipMode !== undefined ? [forbidden(mode, 'may not be specified when `ip` is not set')] : []),
    ...(ip === '' ? [] : optionalOneOf(ipMode, ['Proxy', 'VIP'], mode)),
    ...optionalName(hostname, checkSubdomain, child(path, 'hostname')),
    ...(hostname !== '' && parseIp(hostname) !== undefined ? [invalid(child(path, 'hostname'), hostname, 'must be a DNS name, not an IP address')] : []),
  ];
}
