// One Job and its Pods as they change, through daemons that go away and come back: what is seen here is the truth at the
// server, late perhaps, but never a state that was not there.
import type { Job, Pod } from '../../api/generated/types.ts';
import { isFinished } from '../../api/job/conditions.ts';
import { JOBS, PODS } from '../../api/kinds.ts';
import { formatLabelSelector } from '../../api/label-selector.ts';
import { isNotFound } from '../../api/status-error.ts';
import { sleep, type Clock } from '../../base/clock.ts';
import { silentLogger } from '../../base/log.ts';
import { createAttemptReader } from '../../client/attempts.ts';
import type { Client } from '../../client/client.ts';
import { createInformer } from '../../client/informer.ts';
import { addArchived } from './archived-run.ts';
import { observePod, type PodRun } from './pod-run.ts';

const PROBE_MS = 500;
/** How long nobody may answer before the run is given up. */
const PATIENCE_MS = 60_000;

export interface JobWatchOptions {
  readonly client: Client;
  readonly clock: Clock;
  readonly job: Job;
  readonly signal: AbortSignal;
  /** After each change of what is known. */
  readonly onChange: () => void;
  /** A line on the connection. */
  readonly say: (line: string) => void;
}

export class JobWatch {
  readonly #options: JobWatchOptions;
  readonly #runs = new Map<string, PodRun>();
  #pods: readonly Pod[] = [];
  /** The newest state; a finished one is kept when the Job is gone after. */
  job: Job;
  isGone = false;
  /** Set when nobody has answered for too long. */
  lost: string | undefined;

  constructor(options: JobWatchOptions) {
    this.#options = options;
    this.job = options.job;
  }

  /** Every Pod that was ever seen. */
  get runs(): readonly PodRun[] {
    return [...this.#runs.values()];
  }

  /** The Pods that are there now. */
  get pods(): readonly Pod[] {
    return this.#pods;
  }

  /** Follows until the signal is aborted, or the server is lost. */
  async run(): Promise<void> {
    const { signal, job } = this.#options;
    // A Job that has run for a while may have lost Pods already.
    if (job.status?.startTime !== undefined) await this.#readArchive();
    while (!signal.aborted) {
      const problem = await this.#session();
      if (signal.aborted || problem === undefined) return;
      this.#options.say(`the server does not answer, trying again: ${problem.message}`);
      if (!(await this.#waitForServer())) {
        if (signal.aborted) return;
        this.lost = `the server did not answer for ${PATIENCE_MS / 1000} s: ${problem.message}`;
        return this.#options.onChange();
      }
      this.#options.say('the server answers again');
    }
  }

  /** Reads what is there once more: watches of Job and Pods run apart, so the one may be ahead of the other. */
  async readAgain(): Promise<void> {
    const { client } = this.#options;
    for (const pod of (await client.list(PODS, this.#podQuery())).items) this.#observe(pod);
    await client.get(JOBS, this.#target()).then(
      (job) => this.#see(job),
      (error: unknown) => {
        if (!isNotFound(error)) throw error;
        this.#see(undefined);
      },
    );
    await this.#readArchive();
  }

  /** Pods may be gone before anybody has seen how they ended. Other clusters keep nothing of them. */
  async #readArchive(): Promise<void> {
    const { client, job } = this.#options;
    const { namespace, name } = this.#target();
    const kept = await createAttemptReader(client).list({ namespace, job: name }).catch(() => []);
    for (const attempt of kept) {
      if (attempt.job?.uid === job.metadata?.uid) this.#runs.set(attempt.podUid, addArchived(this.#runs.get(attempt.podUid), attempt));
    }
  }

  /** Why it ended; undefined when the signal ended it. */
  async #session(): Promise<Error | undefined> {
    const { client, clock, signal } = this.#options;
    const stop = new AbortController();
    const broken = Promise.withResolvers<Error | undefined>();
    const log = { ...silentLogger, warn: (_message: string, fields?: Readonly<Record<string, unknown>>) => broken.resolve(asError(fields?.['error'])) };
    const both = AbortSignal.any([signal, stop.signal]);
    both.addEventListener('abort', () => broken.resolve(undefined), { once: true });
    if (both.aborted) broken.resolve(undefined);
    const common = { client, clock, log, signal: both };
    const jobs = createInformer<Job>({ ...common, resource: JOBS, query: { namespace: this.#target().namespace, fieldSelector: `metadata.name=${this.#target().name}` } });
    const pods = createInformer<Pod>({ ...common, resource: PODS, query: this.#podQuery() });
    jobs.onChange(({ before, after }) => {
      if (before !== undefined) this.#see(before);
      this.#see(after);
      this.#options.onChange();
    });
    pods.onChange(({ before, after }) => {
      for (const pod of [before, after]) if (pod !== undefined) this.#observe(pod);
      this.#pods = pods.list();
      this.#options.onChange();
    });
    void Promise.all([jobs.synced, pods.synced]).then(() => {
      this.#see(jobs.list()[0]);
      this.#pods = pods.list();
      this.#options.onChange();
    });
    try {
      return await broken.promise;
    } finally {
      stop.abort();
      await Promise.all([jobs.done, pods.done]);
    }
  }

  #see(job: Job | undefined): void {
    const isOurs = job !== undefined && job.metadata?.uid === this.#options.job.metadata?.uid;
    if (!isOurs) this.isGone = true;
    else if (!isFinished(this.job) || isFinished(job)) this.job = job;
  }

  #observe(pod: Pod): void {
    const uid = pod.metadata?.uid ?? '';
    this.#runs.set(uid, observePod(this.#runs.get(uid), pod));
  }

  async #waitForServer(): Promise<boolean> {
    const { client, clock, signal } = this.#options;
    for (const until = clock.now() + PATIENCE_MS; clock.now() < until; ) {
      await sleep(clock, PROBE_MS, signal).catch(() => {});
      if (signal.aborted) return false;
      const answered = await client.list(JOBS, { namespace: this.#target().namespace, limit: 1 }).then(
        () => true,
        () => false,
      );
      if (answered) return true;
    }
    return false;
  }

  #target(): { readonly namespace: string; readonly name: string } {
    const { namespace = '', name = '' } = this.#options.job.metadata ?? {};
    return { namespace, name };
  }

  #podQuery(): { readonly namespace: string; readonly labelSelector: string } {
    return { namespace: this.#target().namespace, labelSelector: formatLabelSelector(this.#options.job.spec?.selector) };
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
