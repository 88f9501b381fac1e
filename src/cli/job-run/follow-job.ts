// Follows one Job to its end: logs, progress, and the ending, which is never missed: it is read from what the server has,
// not from single events.
import type { Job } from '../../api/generated/types.ts';
import { isFinished } from '../../api/job/conditions.ts';
import { JOBS } from '../../api/kinds.ts';
import { isNotFound } from '../../api/status-error.ts';
import { fromTime } from '../../api/time.ts';
import type { Clock, Timer } from '../../base/clock.ts';
import type { Client } from '../../client/client.ts';
import { DEADLINE_BEFORE_TIMEOUT } from '../new-job/copy-job.ts';
import { AttemptLogs } from './attempt-logs.ts';
import type { RunDisplay } from './display.ts';
import { endingOfJob, type Ending } from './ending.ts';
import { JobWatch } from './job-watch.ts';
import type { JobRun } from './report.ts';
import { overdueTrouble, trackTroubles, type StartTrouble, type Troubles } from './start-trouble.ts';
import { pendingText, stateText, suspendedText } from './state-text.ts';

/** How long logs may go on after the Job has ended. */
const DRAIN_MS = 15_000;
/** How long the Pods of a Job that has timed out may take to stop, beyond their own grace. */
const STOP_MS = 30_000;

export interface FollowOptions {
  readonly client: Client;
  readonly clock: Clock;
  readonly display: RunDisplay;
  /** Show logs; the report has their last lines all the same. */
  readonly logs: boolean;
  readonly prefix: boolean;
  /** Milliseconds; 0: no limit. */
  readonly timeoutMs: number;
  readonly startTimeoutMs: number;
  /** Aborted: leave at once, and leave the Job as it is. */
  readonly signal: AbortSignal;
  /** What a deletion means now: an interrupt deletes the Job itself. */
  readonly interruption: () => string | undefined;
  /** The end is known; its logs may still be on their way. */
  readonly onEnd: () => void;
}

export async function followJob(job: Job, options: FollowOptions): Promise<JobRun> {
  return new JobFollower(job, options).run();
}

class JobFollower {
  readonly #options: FollowOptions;
  readonly #name: string;
  readonly #began: number;
  readonly #stop = new AbortController();
  readonly #ended = Promise.withResolvers<Ending>();
  readonly #logs: AttemptLogs;
  readonly #watch: JobWatch;
  readonly #told = new Set<string>();
  #troubles: Troubles = new Map();
  #timer: Timer | undefined;
  #isOver = false;
  /** Since when the Job is being stopped because its time is over. */
  #timedOutAt: number | undefined;

  constructor(job: Job, options: FollowOptions) {
    const { client, clock, display, signal, prefix, logs } = options;
    this.#options = options;
    this.#name = `job.batch/${job.metadata?.name}`;
    this.#began = clock.now();
    const both = AbortSignal.any([signal, this.#stop.signal]);
    this.#logs = new AttemptLogs({ client, clock, display, namespace: job.metadata?.namespace ?? '', withPrefix: prefix, shows: logs }, both);
    this.#watch = new JobWatch({ client, clock, job, signal: both, onChange: () => this.#look(), say: (line) => void display.say(line) });
    signal.addEventListener('abort', () => this.#end(this.#abandoned()), { once: true });
    if (signal.aborted) this.#end(this.#abandoned());
  }

  async run(): Promise<JobRun> {
    const watching = this.#watch.run();
    this.#look();
    let ending = await this.#ended.promise;
    this.#options.onEnd();
    try {
      if (!this.#options.signal.aborted) ending = await this.#settle(ending);
    } finally {
      this.#timer?.cancel();
      this.#stop.abort();
      await watching;
    }
    const { display, clock } = this.#options;
    display.forget(this.#name);
    const { namespace = '', name = '' } = this.#watch.job.metadata ?? {};
    return { namespace, name, job: this.#watch.job, pods: this.#watch.runs, ending, began: this.#began, ended: clock.now(), lastLines: this.#logs.lastLines() };
  }

  /** Lets the logs come to their end, and reads once more what the exit code is judged by. */
  async #settle(ending: Ending): Promise<Ending> {
    if (ending.type === 'Refused') return ending;
    await this.#watch.readAgain().catch(() => {});
    for (const run of this.#watch.runs) this.#logs.follow(run);
    // Containers that cannot start, and those of a Job that runs on, would be waited for in vain.
    if (ending.type === 'NotStarted' || ending.type === 'TimedOut') await this.#logs.drain(0);
    else if (!(await this.#logs.drain(DRAIN_MS))) await this.#options.display.say(`${this.#name}: its logs did not end within ${DRAIN_MS / 1000} s`);
    return ending.type === 'Failed' ? (endingOfJob(this.#watch.job, this.#watch.runs) ?? ending) : ending;
  }

  #look(): void {
    if (this.#isOver) return;
    const { clock, display, startTimeoutMs, timeoutMs } = this.#options;
    const watch = this.#watch;
    const now = clock.now();
    for (const run of watch.runs) this.#logs.follow(run);
    const ending = this.#endingNow();
    if (ending !== undefined) return this.#end(ending);
    display.state(this.#name, `${stateText(watch.job)}${display.isLive ? pendingText(watch.pods) : ''}`);
    this.#tell(suspendedText(watch.job));
    this.#troubles = trackTroubles(this.#troubles, watch.pods, now);
    for (const { first } of this.#troubles.values()) this.#tell(troubleLine(first));
    const { trouble, inMs } = overdueTrouble(this.#troubles, startTimeoutMs, now);
    if (trouble !== undefined) return this.#end({ type: 'NotStarted', trouble });
    const leftMs = this.#timeLeft(timeoutMs, now);
    if (leftMs !== undefined && leftMs <= 0) return void this.#timeOut(now);
    const waits = [inMs, leftMs].filter((ms) => ms !== undefined);
    this.#timer?.cancel();
    if (waits.length > 0) this.#timer = clock.setTimer(Math.min(...waits), () => this.#look());
  }

  #endingNow(): Ending | undefined {
    const { job, runs, isGone, lost } = this.#watch;
    const ended = endingOfJob(job, runs);
    if (ended?.type === 'Failed' && this.#timedOutAt !== undefined && ended.reason === 'DeadlineExceeded') return this.#timedOut();
    if (ended !== undefined) return ended;
    const interrupted = this.#options.interruption();
    if (isGone) return interrupted === undefined ? { type: 'Gone' } : { type: 'Interrupted', message: interrupted };
    return lost === undefined ? undefined : { type: 'Refused', message: lost };
  }

  /** Until --timeout, or until its Pods must have stopped after it. */
  #timeLeft(timeoutMs: number, now: number): number | undefined {
    if (timeoutMs === 0) return undefined;
    if (this.#timedOutAt === undefined) return this.#began + timeoutMs - now;
    const graceMs = (this.#watch.job.spec?.template.spec?.terminationGracePeriodSeconds ?? 30) * 1000;
    return this.#timedOutAt + graceMs + STOP_MS - now;
  }

  /** The Job fails by its own deadline: its Pods stop as they would on any cluster, and all that is known of it stays. */
  async #timeOut(now: number): Promise<void> {
    if (this.#timedOutAt !== undefined) return this.#end(this.#timedOut());
    this.#timedOutAt = now;
    const { job } = this.#watch;
    const started = fromTime(job.status?.startTime);
    if (started === undefined || isFinished(job)) return this.#end(this.#timedOut());
    const { namespace, name = '' } = job.metadata ?? {};
    const activeDeadlineSeconds = Math.max(1, Math.floor((now - started) / 1000));
    const annotations = { [DEADLINE_BEFORE_TIMEOUT]: String(job.spec?.activeDeadlineSeconds ?? '') };
    await this.#options.display.say(`${this.#name}: ${this.#timedOut().message}: stopping it`);
    try {
      await this.#options.client.patch(JOBS, { namespace, name }, { type: 'merge', body: { metadata: { annotations }, spec: { activeDeadlineSeconds } } });
    } catch (error) {
      if (!isNotFound(error)) await this.#options.display.say(`${this.#name}: could not be stopped: ${(error as Error).message}`);
    }
    this.#look();
  }

  #end(ending: Ending): void {
    this.#isOver = true;
    this.#timer?.cancel();
    this.#ended.resolve(ending);
  }

  #timedOut(): Extract<Ending, { type: 'TimedOut' }> {
    return { type: 'TimedOut', message: `not finished within ${this.#options.timeoutMs / 1000}s (--timeout)` };
  }

  #abandoned(): Ending {
    return { type: 'Interrupted', message: this.#options.interruption() ?? 'it runs on' };
  }

  #tell(line: string | undefined): void {
    if (line === undefined || this.#told.has(line)) return;
    this.#told.add(line);
    void this.#options.display.say(`${this.#name}: ${line}`);
  }
}

function troubleLine({ pod, container, reason, message }: StartTrouble): string {
  return `waiting for ${container === '' ? '' : `container ${container} of `}pod ${pod}: ${reason}${message === '' ? '' : `: ${message}`}`;
}
