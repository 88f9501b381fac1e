// The proxy itself: keeps one listener for each address and port that the rules ask for, and steers what arrives there.
import { sameValue } from '../../../api/equality.ts';
import type { Clock } from '../../../base/clock.ts';
import type { ForwardingRule, HealthCheck } from '../../forwarding/forwarding-table.ts';
import type { ListenerReport, ProxyChange, ProxySettings } from '../protocol.ts';
import { Balancer } from './balancer.ts';
import { BufferPool } from './buffer-pool.ts';
import { openHealthCheck } from './health-listener.ts';
import { ListenSlot } from './listen-slot.ts';
import { backendsOf, listenKey, planListeners, type ListenPoint } from './plan-listeners.ts';
import { PolicyGate } from './policy-gate.ts';
import { openTcp } from './tcp-listener.ts';
import { openUdp } from './udp-listener.ts';

interface ActiveRule {
  rule: ForwardingRule;
  readonly balancer: Balancer;
  readonly slots: Map<string, { readonly point: ListenPoint; readonly slot: ListenSlot }>;
}

interface ActiveCheck {
  check: HealthCheck;
  readonly slots: Map<string, ListenSlot>;
}

export interface ForwarderOptions {
  readonly clock: Clock;
  readonly report: (listener: ListenerReport) => void;
  readonly log: (message: string, fields: Readonly<Record<string, unknown>>) => void;
}

/** Who is refused asks again and again: the log says so this often for each rule. */
const SAY_AGAIN_MS = 60_000;

export class Forwarder {
  readonly #options: ForwarderOptions;
  readonly #pool = new BufferPool();
  readonly #gate = new PolicyGate();
  readonly #rules = new Map<string, ActiveRule>();
  readonly #checks = new Map<string, ActiveCheck>();
  #settings: ProxySettings = { nodeAddresses: [], listenOnClusterIps: 'none' };

  constructor(options: ForwarderOptions) {
    this.#options = options;
  }

  /** Resolves when every listener is as it is to be, or has failed and will be tried again. */
  async apply(change: Omit<ProxyChange, 'id'>): Promise<void> {
    const isEverything = !sameValue(change.settings, this.#settings);
    this.#settings = change.settings;
    if (change.policies !== undefined) this.#gate.use(change.policies);
    for (const key of change.removedRules) this.#removeRule(key);
    for (const key of change.removedHealthChecks) this.#removeCheck(key);
    for (const rule of change.rules) this.#setRule(rule);
    for (const check of change.healthChecks) this.#setCheck(check);
    const rules = isEverything ? [...this.#rules.values()] : change.rules.map(({ key }) => this.#rules.get(key)!);
    const checks = isEverything ? [...this.#checks.values()] : change.healthChecks.map(({ key }) => this.#checks.get(key)!);
    // A port may move from one rule to another: all that is left is left before anything is opened.
    for (const active of rules) this.#leave(active);
    await Promise.all([...rules.flatMap((active) => this.#open(active)), ...checks.flatMap((active) => this.#openCheck(active))]);
  }

  close(): void {
    for (const key of [...this.#rules.keys()]) this.#removeRule(key);
    for (const key of [...this.#checks.keys()]) this.#removeCheck(key);
  }

  #setRule(rule: ForwardingRule): void {
    const active = this.#rules.get(rule.key);
    if (active === undefined) this.#rules.set(rule.key, { rule, balancer: new Balancer(rule), slots: new Map() });
    else {
      active.rule = rule;
      active.balancer.update(rule);
    }
  }

  #removeRule(key: string): void {
    for (const { slot } of this.#rules.get(key)?.slots.values() ?? []) slot.close();
    this.#rules.delete(key);
  }

  #leave({ rule, slots }: ActiveRule): void {
    const wanted = new Map(planListeners(rule, this.#settings).map((point) => [point.key, point]));
    for (const [key, { point, slot }] of slots) {
      if (sameValue(wanted.get(key), point)) continue;
      slot.close();
      slots.delete(key);
    }
  }

  #open(active: ActiveRule): Promise<void>[] {
    const { rule, slots } = active;
    return planListeners(rule, this.#settings).map((point) => {
      const slot = slots.get(point.key)?.slot ?? this.#newSlot(active, point);
      slots.set(point.key, { point, slot });
      return slot.want(backendsOf(rule, point.side).length > 0 ? 'open' : 'resting');
    });
  }

  #newSlot({ rule: { key }, balancer }: ActiveRule, point: ListenPoint): ListenSlot {
    const { clock, log, report } = this.#options;
    const { protocol, address, port, purpose } = point;
    let saidAt = -Infinity;
    const onRefused = (why: string): void => {
      if (clock.now() - saidAt < SAY_AGAIN_MS) return;
      saidAt = clock.now();
      log('connections are turned away: no endpoint of the Service takes them', { port: key, address, why });
    };
    const context = { point, balancer, pool: this.#pool, gate: this.#gate, clock, now: () => clock.now(), onRefused };
    return new ListenSlot({
      clock,
      open: () => (protocol === 'UDP' ? openUdp(context) : openTcp(context)),
      report: (state, code) => report({ owner: key, purpose, protocol, address, port, state, ...(code === undefined ? {} : { code }) }),
    });
  }

  #setCheck(check: HealthCheck): void {
    const active = this.#checks.get(check.key);
    if (active?.check.port === check.port) active.check = check;
    else {
      this.#removeCheck(check.key);
      this.#checks.set(check.key, { check, slots: new Map() });
    }
  }

  #removeCheck(key: string): void {
    for (const slot of this.#checks.get(key)?.slots.values() ?? []) slot.close();
    this.#checks.delete(key);
  }

  #openCheck(active: ActiveCheck): Promise<void>[] {
    const { clock, report } = this.#options;
    const { key, port } = active.check;
    const { nodeAddresses } = this.#settings;
    for (const [at, slot] of active.slots) {
      if (nodeAddresses.some((address) => listenKey('TCP', address, port) === at)) continue;
      slot.close();
      active.slots.delete(at);
    }
    return nodeAddresses.map((address) => {
      const at = listenKey('TCP', address, port);
      const slot =
        active.slots.get(at) ??
        new ListenSlot({
          clock,
          open: () => openHealthCheck(address, () => active.check),
          report: (state, code) => report({ owner: key, purpose: 'health-check', protocol: 'TCP', address, port, state, ...(code === undefined ? {} : { code }) }),
        });
      active.slots.set(at, slot);
      return slot.want('open');
    });
  }
}
