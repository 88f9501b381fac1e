// The contract between the service network and what makes it live: the userspace proxy, the kernel's rules, DNS, policies.
import type { ForwardingRule, HealthCheck } from './forwarding/forwarding-table.ts';

export interface NetworkState {
  /** By key. A rule that did not change is the same object as in the state before. */
  readonly rules: ReadonlyMap<string, ForwardingRule>;
  /** By key; the same. */
  readonly healthChecks: ReadonlyMap<string, HealthCheck>;
  /** Keys of rules whose node port this home holds: only for these may packets be steered away from the port. */
  readonly reserved: ReadonlySet<string>;
  /** Which cluster addresses need listeners of ours: they lead to this host, and the kernel does not forward their packets. */
  readonly listenOnClusterIps: 'none' | 'UDP' | 'all';
  /** What the kernel's rules forward, whether or not there are listeners. */
  readonly kernelForwards: 'none' | 'TCP' | 'all';
}

/** How packets for cluster addresses get here: not at all, to sockets of this host, or by the kernel's own rules. */
export type ClusterIpPath = 'none' | 'sockets' | 'kernel' | 'kernel-but-udp';

export interface NetworkPart {
  readonly name: string;
  /** Called before the first apply, once there is something to do: an idle daemon pays for no part. Rejecting means: again, later. */
  start?(): Promise<void>;
  /** Makes the state live. Never called twice at once; what changes meanwhile comes as one newer state. Rejecting means: again, later. */
  apply?(state: NetworkState): Promise<void>;
  /** Takes everything back; called also for a part that never started. */
  stop(): Promise<void>;
}
