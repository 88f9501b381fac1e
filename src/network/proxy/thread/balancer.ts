// pure: which backend takes the next connection: each in turn, or the one that a client had before.
import type { Backend, ForwardingRule } from '../../forwarding/forwarding-table.ts';
import { backendsOf, type Side } from './plan-listeners.ts';

interface Stuck {
  readonly backend: Backend;
  readonly until: number;
}

/** Clients that are remembered for one rule; beyond it the longest idle is forgotten. */
const MOST_CLIENTS = 16_384;

export class Balancer {
  #rule: ForwardingRule;
  readonly #next: Record<Side, number> = { internal: 0, external: 0 };
  /** Least recently used first. */
  readonly #clients = new Map<string, Stuck>();

  constructor(rule: ForwardingRule) {
    this.#rule = rule;
  }

  update(rule: ForwardingRule): void {
    this.#rule = rule;
    if (rule.affinityMs === undefined) this.#clients.clear();
  }

  /** All backends in the order in which to try them. */
  order(side: Side, client: string, now: number): readonly Backend[] {
    const backends = backendsOf(this.#rule, side);
    if (backends.length === 0) return backends;
    const first = this.#remembered(backends, client, now) ?? this.#nextTurn(side, backends.length);
    return first === 0 ? backends : [...backends.slice(first), ...backends.slice(0, first)];
  }

  /** The client has this backend now, and keeps it for as long as the rule says. */
  keep(client: string, backend: Backend, now: number): void {
    const { affinityMs } = this.#rule;
    if (affinityMs === undefined) return;
    this.#clients.delete(client);
    this.#clients.set(client, { backend, until: now + affinityMs });
    if (this.#clients.size > MOST_CLIENTS) this.#clients.delete(this.#clients.keys().next().value!);
  }

  /** A connection of the client has ended: the time that it keeps its backend begins anew. */
  touch(client: string, now: number): void {
    const stuck = this.#clients.get(client);
    if (stuck !== undefined) this.keep(client, stuck.backend, now);
  }

  has(side: Side, { ip, port }: Backend): boolean {
    return backendsOf(this.#rule, side).some((backend) => backend.ip === ip && backend.port === port);
  }

  #remembered(backends: readonly Backend[], client: string, now: number): number | undefined {
    const stuck = this.#clients.get(client);
    if (stuck === undefined) return undefined;
    if (stuck.until <= now) {
      this.#clients.delete(client);
      return undefined;
    }
    const found = backends.findIndex(({ ip, port }) => ip === stuck.backend.ip && port === stuck.backend.port);
    return found < 0 ? undefined : found;
  }

  #nextTurn(side: Side, count: number): number {
    const turn = this.#next[side] % count;
    this.#next[side] = turn + 1;
    return turn;
  }
}
