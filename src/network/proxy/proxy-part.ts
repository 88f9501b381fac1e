// The userspace proxy as a part of the network: keeps a thread alive and up to date, and says which ports it holds.
//
// It opens node ports and load balancer addresses always: where the kernel forwards, that reserves them, and connections from
// this host that the kernel's rules do not see are served all the same.
import { backoffDelayMs } from '../../base/backoff.ts';
import type { Clock, Timer } from '../../base/clock.ts';
import type { Logger } from '../../base/log.ts';
import type { ForwardingRule, HealthCheck } from '../forwarding/forwarding-table.ts';
import type { NetworkPart, NetworkState } from '../network-part.ts';
import { NOTHING_TO_ENFORCE, type PolicyPlan } from '../policy/policy-plan.ts';
import { isMissingAddress, ListenerBook, type ListenerNews } from './listener-book.ts';
import type { ListenerReport, ProxyChange, ProxySettings } from './protocol.ts';
import { ProxyThread } from './proxy-thread.ts';

export interface ProxyPartOptions {
  /** The file that the thread runs: its own unless said. */
  readonly entry?: URL;
  /** Where node ports are opened now; asked with every change. */
  readonly nodeAddresses: () => readonly string[];
  readonly onReserved: (keys: ReadonlySet<string>) => void;
  readonly onNews: (news: readonly ListenerNews[]) => void;
  /** Ports of load balancers that cannot be opened now; called with all of them when there may be others than before. */
  readonly onUnopened: (listeners: readonly ListenerReport[]) => void;
  /** The thread ended by itself; a new one follows. */
  readonly onDeath: (why: string) => void;
  readonly clock: Clock;
  readonly log: Logger;
}

interface Sent {
  readonly thread: ProxyThread;
  readonly rules: Map<string, ForwardingRule>;
  readonly healthChecks: Map<string, HealthCheck>;
  policies: PolicyPlan;
}

const RESTART = { baseMs: 50, capMs: 5_000 };
/** A thread that has lived so long did not die of what it was started with. */
const SETTLED_MS = 30_000;

export class ProxyPart implements NetworkPart {
  readonly name = 'proxy';
  readonly #options: ProxyPartOptions;
  readonly #book = new ListenerBook();
  readonly #missing = new Set<string>();
  #state: NetworkState | undefined;
  #policies: PolicyPlan = NOTHING_TO_ENFORCE;
  #sent: Sent | undefined;
  #deaths = 0;
  #bornAt = 0;
  #restart: Timer | undefined;
  #isStopped = false;

  constructor(options: ProxyPartOptions) {
    this.#options = options;
  }

  /** A load balancer's address is the Service's alone: where the kernel forwards it needs no listener. */
  isServedByKernel({ purpose, protocol }: Pick<ListenerReport, 'purpose' | 'protocol'>): boolean {
    const { kernelForwards = 'none' } = this.#state ?? {};
    return (purpose === 'load-balancer' || purpose === 'external-ip') && (kernelForwards === 'all' || kernelForwards === protocol);
  }

  async apply(state: NetworkState): Promise<void> {
    const isOtherPath = this.#state !== undefined && this.#state.kernelForwards !== state.kernelForwards;
    this.#state = state;
    if (isOtherPath) this.#tellUnopened();
    // After a death the thread's restart waits its time, and brings the newest state.
    if (this.#restart === undefined && !this.#isStopped) await this.#catchUp(state);
  }

  /** What policies allow from now on. */
  usePolicies(plan: PolicyPlan): void {
    this.#policies = plan;
    if (this.#state === undefined || this.#sent === undefined) return;
    this.apply(this.#state).catch((error: unknown) => this.#options.log.error('the proxy was not told of policies', { error }));
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#restart?.cancel();
    await this.#sent?.thread.stop();
  }

  async #catchUp(state: NetworkState): Promise<void> {
    // Who only runs Jobs pays for no thread.
    if (this.#sent === undefined && !hasListeners(state)) return;
    const sent = (this.#sent ??= this.#startThread());
    const settings: ProxySettings = { nodeAddresses: this.#options.nodeAddresses(), listenOnClusterIps: state.listenOnClusterIps };
    const rules = takeChanges(sent.rules, state.rules);
    const healthChecks = takeChanges(sent.healthChecks, state.healthChecks);
    const policies = this.#policies;
    const news = policies === sent.policies ? {} : { policies };
    sent.policies = policies;
    const change: Omit<ProxyChange, 'id'> = { rules: rules.changed, removedRules: rules.removed, healthChecks: healthChecks.changed, removedHealthChecks: healthChecks.removed, settings, ...news };
    await sent.thread.apply(change).catch((error: unknown) => {
      // What it has taken of this change is unknown: the next try has a new thread, and tells it everything.
      if (this.#sent === sent) this.#sent = undefined;
      void sent.thread.stop();
      throw error;
    });
  }

  #tellUnopened(): void {
    this.#options.onUnopened(this.#book.failed('load-balancer').filter((listener) => !this.isServedByKernel(listener)));
  }

  #startThread(): Sent {
    const { entry, log, clock, onNews, onReserved } = this.#options;
    this.#bornAt = clock.now();
    const thread = new ProxyThread({
      ...(entry === undefined ? {} : { entry }),
      clock,
      log,
      onListeners: (listeners) => {
        for (const { address } of listeners.filter(isMissingAddress)) this.#sayMissing(address);
        const news = this.#book.note(listeners);
        if (news.length > 0) onNews(news);
        onReserved(this.#book.reserved());
        if (listeners.some(({ purpose }) => purpose === 'load-balancer')) this.#tellUnopened();
      },
      onDeath: (why) => this.#buried(why),
    });
    return { thread, rules: new Map(), healthChecks: new Map(), policies: NOTHING_TO_ENFORCE };
  }

  /** No Service is to blame for an address that this host lacks; one of the daemon's settings may be. */
  #sayMissing(address: string): void {
    if (this.#missing.has(address)) return;
    this.#missing.add(address);
    this.#options.log.warn('node ports are not opened on an address that is none of this host', { address });
  }

  #buried(why: string): void {
    const { clock, log, onDeath, onReserved } = this.#options;
    this.#sent = undefined;
    this.#book.forgetOpen();
    onReserved(this.#book.reserved());
    if (this.#isStopped) return;
    this.#deaths = clock.now() - this.#bornAt > SETTLED_MS ? 1 : this.#deaths + 1;
    log.error("the proxy's thread has ended and is started again", { why, deaths: this.#deaths });
    onDeath(why);
    this.#restart = clock.setTimer(backoffDelayMs(this.#deaths, RESTART.baseMs, RESTART.capMs), () => {
      this.#restart = undefined;
      if (this.#state === undefined) return;
      this.#catchUp(this.#state).catch((error: unknown) => log.error("the proxy's new thread could not be set up", { error }));
    });
  }
}

function hasListeners({ rules, healthChecks, listenOnClusterIps }: NetworkState): boolean {
  if (healthChecks.size > 0 || (listenOnClusterIps && rules.size > 0)) return true;
  return [...rules.values()].some(({ nodePort, loadBalancerIps }) => nodePort !== undefined || loadBalancerIps.length > 0);
}

/** Brings `sent` up to `now`; objects that are the same are known to the thread. */
function takeChanges<T>(sent: Map<string, T>, now: ReadonlyMap<string, T>): { readonly changed: T[]; readonly removed: string[] } {
  const removed = [...sent.keys()].filter((key) => !now.has(key));
  for (const key of removed) sent.delete(key);
  const changed: T[] = [];
  for (const [key, item] of now) {
    if (sent.get(key) === item) continue;
    sent.set(key, item);
    changed.push(item);
  }
  return { changed, removed };
}
