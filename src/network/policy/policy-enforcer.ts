// Keeps the kernel's rules as policies, Pods and namespaces want them, and guards the addresses of Pods that are about to start.
//
// What was allowed goes on: packets of known connections pass before any policy is asked, as most implementations have it.
// Where the kernel cannot be had, policies are not enforced, and every one of them says so in an event.
import type { Pod } from '../../api/generated/types.ts';
import type { NetworkCapability } from '../../api/network/network-status.ts';
import type { PodNetwork } from '../../api/pod/pod-network.ts';
import { backoffDelayMs } from '../../base/backoff.ts';
import type { Clock, Timer } from '../../base/clock.ts';
import type { Logger } from '../../base/log.ts';
import type { EventRecorder } from '../../client/event-recorder-contract.ts';
import { KernelError } from '../kernel/kernel-error.ts';
import type { KernelSession } from '../kernel/kernel-session.ts';
import { EMPTY_CONTENT, renderChange } from '../kernel/table-content.ts';
import { policyCapability, problemText, type Enforcement, type EnforcementProblem } from './enforcement.ts';
import { planPolicies } from './plan-policies.ts';
import { NO_RULES, planRuleset, type Ruleset } from './plan-ruleset.ts';
import { NOTHING_TO_ENFORCE, planAllows, type PacketFacts, type PolicyPlan } from './policy-plan.ts';
import { PolicyObserver, type PolicyInformers } from './policy-observer.ts';
import { PolicyTeller } from './tell-policies.ts';

export interface PolicyEnforcerOptions {
  readonly informers: PolicyInformers;
  /** The way to the kernel; asked for with the first policy. Rejects with words for people. */
  readonly openSession: () => Promise<KernelSession>;
  readonly dnsIp?: string;
  readonly recorder: EventRecorder;
  readonly clock: Clock;
  readonly log: Logger;
}

export interface PolicyEnforcer extends PodNetwork {
  enforcement(): Enforcement;
  /** The same for `minik status`. */
  capability(): NetworkCapability;
  /** Why a policy that is made now would not be enforced, in words for people; undefined: it would be. */
  problem(): Promise<string | undefined>;
  /** The kernel's table is gone and cannot be made again (why, in words for people), or is there again (undefined). */
  noteProblem(why: string | undefined): void;
  /** For forwarders in user space, that hide from the kernel who connects: whether policies allow it, as far as they are enforced. */
  allows(packet: PacketFacts): boolean;
  /** Calls back with what the kernel enforces, now and whenever that has changed. Returns the end of that. */
  onPlan(callback: (plan: PolicyPlan) => void): () => void;
  stop(): Promise<void>;
}

const RETRY = { baseMs: 100, capMs: 30_000 };

export function createPolicyEnforcer(options: PolicyEnforcerOptions): PolicyEnforcer {
  const enforcer = new KernelEnforcer(options);
  return {
    enforcement: () => enforcer.state,
    capability: () => policyCapability(enforcer.state),
    problem: () => enforcer.problem(),
    noteProblem: (why) => enforcer.noteProblem(why),
    needsGuard: (pod) => enforcer.needsGuard(pod),
    guard: (pod, ip) => enforcer.guard(pod, ip),
    allows: (packet) => planAllows(enforcer.enforced, packet),
    onPlan: (callback) => enforcer.onPlan(callback),
    stop: () => enforcer.stop(),
  };
}

class KernelEnforcer {
  state: Enforcement = { type: 'idle' };
  enforced: PolicyPlan = NOTHING_TO_ENFORCE;
  readonly #options: PolicyEnforcerOptions;
  readonly #observer: PolicyObserver;
  readonly #listeners = new Set<(plan: PolicyPlan) => void>();
  readonly #teller: PolicyTeller;
  #session: Promise<KernelSession> | undefined;
  #unsubscribe: (() => void) | undefined;
  #ruleset: Ruleset = NO_RULES;
  /** Rises whenever the table was made anew. */
  #tables = 0;
  #waiting: PromiseWithResolvers<void>[] = [];
  #isDirty = false;
  #isStopped = false;
  #failures = 0;
  #soon: Timer | undefined;
  #retry: Timer | undefined;
  #running: Promise<void> | undefined;

  constructor(options: PolicyEnforcerOptions) {
    this.#options = options;
    this.#teller = new PolicyTeller(options.recorder);
    const { informers, dnsIp } = options;
    this.#observer = new PolicyObserver({ informers, ...(dnsIp === undefined ? {} : { dnsIp }), onChange: () => this.#wake() });
    if (this.#observer.hasPolicies) this.#wake();
  }

  needsGuard(pod: Pod): boolean {
    return this.state.type !== 'off' && this.#observer.isConcerned(pod);
  }

  async guard(pod: Pod, ip: string): Promise<void> {
    if (ip === '') throw new Error('network policies cannot be enforced: the Pod has no address of its own');
    if (this.#isStopped) throw new Error('network policies cannot be enforced: the daemon stops');
    this.#observer.noteAddress(pod, ip);
    const done = Promise.withResolvers<void>();
    this.#waiting.push(done);
    this.#wake();
    await done.promise;
  }

  noteProblem(why: string | undefined): void {
    if (why === undefined) return this.#wake();
    if (this.state.type === 'on') this.#lose({ why, remedy: '' });
  }

  async problem(): Promise<string | undefined> {
    if (this.state.type === 'on') return undefined;
    if (this.state.type === 'failing') return problemText(this.state);
    try {
      await this.#open();
      return undefined;
    } catch (error) {
      return problemText(problemOf(error));
    }
  }

  onPlan(callback: (plan: PolicyPlan) => void): () => void {
    this.#listeners.add(callback);
    callback(this.enforced);
    return () => this.#listeners.delete(callback);
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#observer.stop();
    this.#unsubscribe?.();
    this.#soon?.cancel();
    this.#retry?.cancel();
    for (const { reject } of this.#waiting.splice(0)) reject(new Error('network policies cannot be enforced: the daemon stops'));
    await this.#running;
  }

  /** All changes of one turn are applied together. */
  #wake(): void {
    this.#isDirty = true;
    if (this.#isStopped || this.#running !== undefined) return;
    this.#soon ??= this.#options.clock.setTimer(0, () => {
      this.#soon = undefined;
      this.#retry?.cancel();
      this.#running = this.#run().finally(() => (this.#running = undefined));
    });
  }

  async #run(): Promise<void> {
    while (this.#isDirty && !this.#isStopped) {
      this.#isDirty = false;
      const asked = this.#waiting.splice(0);
      try {
        await this.#enforce();
        this.#failures = 0;
        for (const { resolve } of asked) resolve();
      } catch (error) {
        this.#failed(error, asked);
        return;
      }
    }
  }

  async #enforce(): Promise<void> {
    if (!this.#observer.hasPolicies && this.#ruleset.content === EMPTY_CONTENT) {
      this.state = { type: 'idle' };
      return;
    }
    const session = await this.#open();
    const plan = planPolicies(this.#observer.facts());
    const { dnsIp } = this.#options;
    const tables = this.#tables;
    const after = planRuleset(this.#ruleset, plan, dnsIp === undefined ? {} : { dnsIp });
    const script = renderChange(session.table, this.#ruleset.content, after.content);
    if (script !== '') await session.run(script);
    // A table that was made anew meanwhile has nothing of this, and has asked for another round.
    if (tables === this.#tables) this.#ruleset = after;
    this.state = { type: 'on' };
    this.enforced = plan;
    for (const listener of this.#listeners) listener(plan);
  }

  #open(): Promise<KernelSession> {
    const opening = async (): Promise<KernelSession> => {
      try {
        const session = await this.#options.openSession();
        this.#unsubscribe = session.whenEmpty(() => {
          this.#ruleset = NO_RULES;
          this.#tables += 1;
          this.#wake();
        });
        return session;
      } catch (error) {
        this.#session = undefined;
        throw error;
      }
    };
    return (this.#session ??= opening());
  }

  #failed(error: unknown, asked: readonly PromiseWithResolvers<void>[]): void {
    this.#isDirty = true;
    this.#failures += 1;
    const problem = problemOf(error);
    this.#lose(problem);
    for (const { resolve, reject } of asked) {
      if (this.state.type === 'off') resolve();
      else reject(new Error(`network policies cannot be enforced: ${problem.why}`));
    }
    if (!this.#isStopped) this.#retry = this.#options.clock.setTimer(backoffDelayMs(this.#failures, RETRY.baseMs, RETRY.capMs), () => this.#wake());
  }

  #lose(problem: EnforcementProblem): void {
    this.state = { type: this.#session === undefined ? 'off' : 'failing', ...problem };
    this.#options.log.warn('network policies are not enforced', { ...problem });
    this.#teller.tell(this.#observer.policies, problem);
  }
}

function problemOf(error: unknown): EnforcementProblem {
  return { why: (error as Error).message, remedy: error instanceof KernelError ? error.remedy : '' };
}
