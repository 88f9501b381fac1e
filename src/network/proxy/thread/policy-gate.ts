// Whether NetworkPolicies let a client have a backend. The kernel sees these connections come from the node, which may reach
// every Pod; only here is it known who is behind them.
import { networkInterfaces } from 'node:os';
import type { Backend } from '../../forwarding/forwarding-table.ts';
import { NOTHING_TO_ENFORCE, planAllows, type PolicyPlan } from '../../policy/policy-plan.ts';

export interface Arrival {
  /** Where it comes from. */
  readonly client: string;
  /** Where it arrived. */
  readonly address: string;
  readonly protocol: 'TCP' | 'UDP';
}

export class PolicyGate {
  #plan: PolicyPlan = NOTHING_TO_ENFORCE;
  #own: ReadonlySet<string> = new Set();

  use(plan: PolicyPlan): void {
    this.#plan = plan;
    this.#own = new Set(Object.values(networkInterfaces()).flatMap((found = []) => found.map(({ address }) => address)));
  }

  /** Backends in their order, up to the first that the client may not have: it is refused then, as it would be without us. */
  allowed(arrival: Arrival, backends: readonly Backend[]): readonly Backend[] {
    if (this.#plan.ingress.size === 0 && this.#plan.egress.size === 0) return backends;
    const { client, address, protocol } = arrival;
    if (client === address || this.#own.has(client)) return backends;
    const denied = backends.findIndex(({ ip, port }) => !planAllows(this.#plan, { from: client, to: ip, protocol, port }));
    return denied === -1 ? backends : backends.slice(0, denied);
  }
}
