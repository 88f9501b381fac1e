// Tells whether a container ended for its memory. The engine says so of the container only when it heard of the killer
// before it heard of the exit; on a busy machine it hears of it later, and then tells it in an event alone.
import { containersOfPod } from '../api/pod/pod-containers.ts';
import type { Pod } from '../api/generated/types.ts';
import type { Clock } from '../base/clock.ts';
import { containerResources } from './container-resources.ts';
import type { ContainerState } from './runtime/container-runtime.ts';

const KILLED = 137;
/** So long after an exit the event is waited for, where the exit looks like the killer's; half a second was measured. */
const NOTICE_MS = 2_000;

export class MemoryKills {
  readonly #clock: Clock;
  readonly #noticed = new Set<string>();
  readonly #waiting = new Map<string, () => void>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** One of the container's processes was killed for its memory. */
  notice(id: string): void {
    this.#noticed.add(id);
    this.#waiting.get(id)?.();
  }

  /** The container with what the events told of it. `isStopped`: its end was asked for, or is known already. */
  async judge(pod: Pod, container: ContainerState, isStopped: boolean): Promise<ContainerState> {
    if (!isStopped && this.#isSuspect(pod, container)) await this.#waitFor(container);
    return this.#noticed.has(container.id) ? { ...container, oomKilled: true } : container;
  }

  #isSuspect(pod: Pod, { id, identity, phase, exitCode, oomKilled }: ContainerState): boolean {
    if (phase !== 'exited' || exitCode !== KILLED || oomKilled || this.#noticed.has(id)) return false;
    const container = containersOfPod(pod).find(({ name }) => name === identity.container);
    return container !== undefined && containerResources(container).memoryLimitBytes !== undefined;
  }

  async #waitFor({ id, finishedAt }: ContainerState): Promise<void> {
    const waitMs = finishedAt + NOTICE_MS - this.#clock.now();
    if (waitMs <= 0) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.set(id, resolve);
    const timer = this.#clock.setTimer(Math.min(waitMs, NOTICE_MS), resolve);
    await promise;
    timer.cancel();
    this.#waiting.delete(id);
  }
}
