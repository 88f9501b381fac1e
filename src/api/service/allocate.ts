// pure but for its pool: the addresses and ports that a Service is given when it is written. What it had, it keeps; what it
// no longer needs is free as soon as it is no longer stored with it.
import { child, index, invalid, type FieldError } from '../field-errors.ts';
import type { Service, ServicePort, ServiceSpec } from '../generated/types.ts';
import { withIpFamilies } from './ip-families.ts';
import { isHeadless, needsClusterIp, needsHealthCheckPort, needsNodePorts, specOf, wantsNodePorts } from './service-facts.ts';

/** Addresses and ports that no other Service has. What is taken from it is nobody else's. */
export interface AddressPool {
  /** Why the address cannot be had; undefined: it is taken. */
  takeIp(ip: string): string | undefined;
  takePort(port: number): string | undefined;
  /** Any free one; undefined: none is left. */
  anyIp(): string | undefined;
  anyPort(): number | undefined;
}

/** What was asked for cannot be had (`errors`), or nothing is left (no errors, the message says of what). */
export class AllocationError extends Error {
  readonly code = 'NotAllocated';
  readonly errors: readonly FieldError[];

  constructor(message: string, errors: readonly FieldError[] = []) {
    super(message);
    this.name = 'AllocationError';
    this.errors = errors;
  }
}

/** Throws AllocationError. */
export function allocateAddresses(next: Service, old: Service | undefined, pool: AddressPool): Service {
  const before = old === undefined ? undefined : specOf(old);
  const { spec, errors } = withIpFamilies(specOf(next), before);
  if (errors.length > 0) refuse(errors);
  return { ...next, spec: withHealthCheckPort(withNodePorts(withClusterIp(spec, before, pool), before, pool), before, pool) };
}

/** "" and None need none; an address that is there already was given when the Service was written before. */
function withClusterIp(spec: ServiceSpec, before: ServiceSpec | undefined, pool: AddressPool): ServiceSpec {
  if (!needsClusterIp(spec) || isHeadless(spec)) return spec;
  const asked = spec.clusterIPs?.[0] ?? '';
  if (asked !== '' && asked === before?.clusterIPs?.[0]) return spec;
  const trouble = asked === '' ? undefined : pool.takeIp(asked);
  if (trouble !== undefined) refuse([invalid('spec.clusterIPs', spec.clusterIPs, `failed to allocate IP ${asked}: ${trouble}`)]);
  const ip = asked === '' ? (pool.anyIp() ?? exhausted('failed to allocate a serviceIP: range is full')) : asked;
  return { ...spec, clusterIP: ip, clusterIPs: [ip, ...(spec.clusterIPs ?? []).slice(1)] };
}

/** First what was asked for, so that no port picked at random is in its way. */
function withNodePorts(spec: ServiceSpec, before: ServiceSpec | undefined, pool: AddressPool): ServiceSpec {
  if (!needsNodePorts(spec) || spec.ports === undefined) return spec;
  const own = new Set((before?.ports ?? []).map(({ nodePort }) => nodePort));
  spec.ports.forEach(({ nodePort }, at) => {
    if (!nodePort || own.has(nodePort)) return;
    const trouble = pool.takePort(nodePort);
    if (trouble !== undefined) refuse([invalid(child(index('spec.ports', at), 'nodePort'), nodePort, trouble)]);
    own.add(nodePort);
  });
  return wantsNodePorts(spec) ? { ...spec, ports: fillNodePorts(spec.ports, pool, { share: before === undefined }) } : spec;
}

/** kube: in a new Service, ports of one number (TCP and UDP) share one node port. */
function fillNodePorts(ports: readonly ServicePort[], pool: AddressPool, { share }: { readonly share: boolean }): ServicePort[] {
  const byNumber = new Map(share ? ports.flatMap(({ port, nodePort }) => (nodePort ? [[port, nodePort] as const] : [])) : []);
  return ports.map((port) => {
    if (port.nodePort) return port;
    const nodePort = byNumber.get(port.port) ?? pool.anyPort() ?? exhausted('failed to allocate a nodePort: range is full');
    if (share) byNumber.set(port.port, nodePort);
    return { ...port, nodePort };
  });
}

function withHealthCheckPort(spec: ServiceSpec, before: ServiceSpec | undefined, pool: AddressPool): ServiceSpec {
  const { healthCheckNodePort: asked } = spec;
  const had = before !== undefined && needsHealthCheckPort(before) && before.healthCheckNodePort === asked;
  if (!needsHealthCheckPort(spec) || (asked && had)) return spec;
  const trouble = asked ? pool.takePort(asked) : undefined;
  if (trouble !== undefined) exhausted(`failed to allocate requested HealthCheck NodePort ${asked}: ${trouble}`);
  return { ...spec, healthCheckNodePort: asked || (pool.anyPort() ?? exhausted('failed to allocate a HealthCheck NodePort 0: range is full')) };
}

function refuse(errors: readonly FieldError[]): never {
  throw new AllocationError('what was asked for is not to be had', errors);
}

function exhausted(message: string): never {
  throw new AllocationError(message);
}
