// What the daemon and the proxy's thread say to each other: plain data, changes only.
import type { ForwardingRule, HealthCheck } from '../forwarding/forwarding-table.ts';
import type { NetworkState } from '../network-part.ts';
import type { PolicyPlan } from '../policy/policy-plan.ts';

/** To the thread. What is not named stays as it is. */
export interface ProxyChange {
  /** Answered with the same number once it is in force. */
  readonly id: number;
  readonly rules: readonly ForwardingRule[];
  readonly removedRules: readonly string[];
  readonly healthChecks: readonly HealthCheck[];
  readonly removedHealthChecks: readonly string[];
  readonly settings: ProxySettings;
  /** What policies allow, when that has changed. */
  readonly policies?: PolicyPlan;
}

export interface ProxySettings {
  /** Where node ports are opened: "127.0.0.1", "::1", the node's own. */
  readonly nodeAddresses: readonly string[];
  readonly listenOnClusterIps: NetworkState['listenOnClusterIps'];
}

/** From the thread. */
export type ProxyMessage =
  | { readonly type: 'done'; readonly id: number; readonly error?: string }
  /** A listener has changed. Those of one turn come together. */
  | { readonly type: 'listeners'; readonly listeners: readonly ListenerReport[] }
  | { readonly type: 'log'; readonly level: 'info' | 'warn' | 'error'; readonly message: string; readonly fields: Readonly<Record<string, unknown>> };

/** For what an address and port are opened. */
export type Purpose = 'node-port' | 'load-balancer' | 'cluster-ip' | 'external-ip' | 'health-check';

export interface ListenerReport {
  /** Of the rule, or of the health check. */
  readonly owner: string;
  readonly purpose: Purpose;
  readonly protocol: 'TCP' | 'UDP';
  readonly address: string;
  readonly port: number;
  /** resting: free for us, but closed because no backend would take a connection; gone: no longer wanted. */
  readonly state: 'open' | 'resting' | 'failed' | 'gone';
  /** Of a failure: "EADDRINUSE". */
  readonly code?: string;
}
