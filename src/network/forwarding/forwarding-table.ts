// What every data path makes live: for each Service port the addresses it answers on and the backends behind them.
import type { Backend } from '../../api/endpointslice/service-endpoints.ts';

export type { Backend } from '../../api/endpointslice/service-endpoints.ts';

/** One port of one Service. */
export interface ForwardingRule {
  /** "namespace/name:portname/TCP": stable for as long as the port keeps its name. */
  readonly key: string;
  readonly namespace: string;
  readonly service: string;
  readonly protocol: 'TCP' | 'UDP';
  readonly clusterIp: string;
  /** On clusterIp, externalIps and loadBalancerIps. */
  readonly port: number;
  readonly nodePort?: number;
  /** spec.externalIPs. */
  readonly externalIps: readonly string[];
  /** status.loadBalancer.ingress, those that stand for the Service itself (ipMode VIP). */
  readonly loadBalancerIps: readonly string[];
  /** Who may use loadBalancerIps, CIDRs; [] is everybody. */
  readonly sourceRanges: readonly string[];
  /** sessionAffinity ClientIP: how long after its last connection a client keeps its backend. */
  readonly affinityMs?: number;
  /** Behind clusterIp; sorted. Ready ones, or those that end but still serve when none is ready. */
  readonly internal: readonly Backend[];
  /** Behind nodePort, externalIps and loadBalancerIps; sorted. */
  readonly external: readonly Backend[];
  /** What becomes of connections without a backend: refused, or dropped where a Local policy leaves out backends that are elsewhere. */
  readonly withoutInternal: 'reject' | 'drop';
  readonly withoutExternal: 'reject' | 'drop';
}

/** healthCheckNodePort: tells load balancers whether this node has endpoints of its own. */
export interface HealthCheck {
  /** "namespace/name" */
  readonly key: string;
  readonly namespace: string;
  readonly service: string;
  readonly port: number;
  /** Ready endpoints on this node. */
  readonly localEndpoints: number;
}

export interface ForwardingTable {
  readonly rules: readonly ForwardingRule[];
  readonly healthChecks: readonly HealthCheck[];
}
