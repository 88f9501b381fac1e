// Writes one Pod's status in the background: the newest wins, one write at a time, nothing ever waits for it.
import type { Pod, PodStatus } from '../api/generated/types.ts';
import { sameValue } from '../api/equality.ts';
import { PODS } from '../api/kinds.ts';
import { isConflict, isNotFound } from '../api/status-error.ts';
import { backoffDelayMs } from '../base/backoff.ts';
import type { Clock, Timer } from '../base/clock.ts';
import type { Logger } from '../base/log.ts';
import type { Client } from '../client/client.ts';
import { PASSING } from './pod-conditions.ts';

const RETRY_BASE_MS = 200;
const RETRY_CAP_MS = 10_000;

export interface StatusWriterOptions {
  readonly client: Client;
  readonly clock: Clock;
  readonly log: Logger;
  /** The API's answer to a write; it is newer than what any informer has. */
  readonly onWritten: (pod: Pod) => void;
}

export class StatusWriter {
  readonly #options: StatusWriterOptions;
  #pod: Pod;
  #wanted: PodStatus | undefined;
  #isWriting = false;
  #failures = 0;
  #retry: Timer | undefined;
  #isStopped = false;

  constructor(pod: Pod, options: StatusWriterOptions) {
    this.#options = options;
    this.#pod = pod;
  }

  /** The object to write onto, whenever a newer one is seen. */
  follow(pod: Pod): void {
    if (!isNewer(this.#pod, pod)) this.#pod = pod;
  }

  want(status: PodStatus): void {
    this.#wanted = status;
    if (!this.#isWriting && this.#retry === undefined) void this.#run();
  }

  stop(): void {
    this.#isStopped = true;
    this.#retry?.cancel();
  }

  async #run(): Promise<void> {
    this.#isWriting = true;
    this.#retry = undefined;
    try {
      while (this.#wanted !== undefined && !this.#isStopped) {
        const status = this.#wanted;
        if (!sameValue(status, this.#pod.status ?? {})) await this.#write(status);
        if (this.#wanted === status) this.#wanted = undefined;
      }
      this.#failures = 0;
    } catch (error) {
      this.#failed(error);
    } finally {
      this.#isWriting = false;
    }
  }

  async #write(status: PodStatus): Promise<void> {
    const { client } = this.#options;
    try {
      this.#written(await client.updateStatus(PODS, { ...this.#pod, status }));
    } catch (error) {
      if (!isConflict(error)) throw error;
      await this.#writeOnto(status);
    }
  }

  /** Somebody else wrote in between: on top of the newest, keeping the conditions that are not the kubelet's. */
  async #writeOnto(status: PodStatus): Promise<void> {
    const { client } = this.#options;
    const { name = '', namespace = '', uid } = this.#pod.metadata ?? {};
    const newest = await client.get(PODS, { namespace, name });
    if (newest.metadata?.uid !== uid) return;
    const own = new Set([...(status.conditions ?? []).map(({ type }) => type), ...PASSING]);
    const foreign = (newest.status?.conditions ?? []).filter(({ type }) => !own.has(type));
    this.#written(await client.updateStatus(PODS, { ...newest, status: { ...status, conditions: [...(status.conditions ?? []), ...foreign] } }));
  }

  #written(pod: Pod): void {
    this.follow(pod);
    this.#options.onWritten(pod);
  }

  #failed(error: unknown): void {
    if (isNotFound(error) || this.#isStopped) return;
    const { clock, log } = this.#options;
    this.#failures += 1;
    log.warn('the status of a pod was not written', { pod: this.#pod.metadata?.name, error });
    this.#retry = clock.setTimer(backoffDelayMs(this.#failures, RETRY_BASE_MS, RETRY_CAP_MS), () => void this.#run());
  }
}

/** Whether `a` was stored after `b`. */
export function isNewer(a: Pod, b: Pod): boolean {
  return Number(a.metadata?.resourceVersion ?? 0) > Number(b.metadata?.resourceVersion ?? 0);
}
