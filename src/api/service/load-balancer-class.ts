// pure: whose load balancers are whose: those of another class are left to whoever provides them.
import type { ServiceSpec } from '../generated/types.ts';

/** Addresses of this host's loopback range; those without a class get one, too. */
export const LOAD_BALANCER_CLASS = 'minik.dev/loopback';

export function isOwnLoadBalancer({ type, loadBalancerClass }: ServiceSpec): boolean {
  return type === 'LoadBalancer' && (loadBalancerClass ?? LOAD_BALANCER_CLASS) === LOAD_BALANCER_CLASS;
}
