// pure: follows each Job of a rehearsal from its creation to its end.
import type { Queue, Run, RunOutcome } from './story.ts';

type OpenRun = { -readonly [Field in keyof Run]: Run[Field] };

export class RunLog {
  readonly #runs: OpenRun[] = [];
  readonly #open = new Map<string, OpenRun>();
  #lastWaiting = -Infinity;
  #removed = 0;
  #longestQueue: Queue = { waiting: 0 };

  created(job: string, { at, scheduledAt }: { readonly at: number; readonly scheduledAt?: number }): void {
    const run: OpenRun = {
      job,
      ...(scheduledAt === undefined ? {} : { scheduledAt }),
      createdAt: at,
      outcome: 'unfinished',
      pods: 0,
      failedPods: 0,
      restarts: 0,
      longestWaitMs: 0,
    };
    this.#runs.push(run);
    this.#open.set(job, run);
  }

  ended(job: string, end: { readonly at: number; readonly outcome: RunOutcome; readonly reason?: string }): void {
    const run = this.#open.get(job);
    if (run === undefined) return;
    run.endedAt = end.at;
    run.outcome = end.outcome;
    if (end.reason !== undefined) run.reason = end.reason;
    this.#open.delete(job);
  }

  isOpen(job: string): boolean {
    return this.#open.has(job);
  }

  podCreated(job: string): void {
    const run = this.#open.get(job);
    if (run !== undefined) run.pods += 1;
  }

  podFailed(job: string): void {
    const run = this.#open.get(job);
    if (run !== undefined) run.failedPods += 1;
  }

  restarted(job: string): void {
    const run = this.#open.get(job);
    if (run !== undefined) run.restarts += 1;
  }

  waited(job: string, ms: number): void {
    const run = this.#open.get(job);
    if (run !== undefined) run.longestWaitMs = Math.max(run.longestWaitMs, ms);
  }

  /** A finished Job was deleted. */
  removed(): void {
    this.#removed += 1;
  }

  /** Whether this scheduled time is heard of for the first time. Times are asked about in their order. */
  waits(scheduledAt: number): boolean {
    if (scheduledAt <= this.#lastWaiting) return false;
    this.#lastWaiting = scheduledAt;
    return true;
  }

  queued({ at, waiting }: { readonly at: number; readonly waiting: number }): void {
    if (waiting > this.#longestQueue.waiting) this.#longestQueue = { at, waiting };
  }

  get longestQueue(): Queue {
    return this.#longestQueue;
  }

  get removedJobs(): number {
    return this.#removed;
  }

  runs(): readonly Run[] {
    return this.#runs;
  }
}
