// A tiny cluster around the CronJob planner, for property tests: Jobs end at random, views lag behind, reconciles are cut off
// between any two actions, the clock jumps, the machine sleeps, the user edits. It enforces what the API server enforces, and
// keeps the true account of what was started.
import type { CronJob, CronJobSpec, Job } from '../../src/api/generated/types.ts';
import { hasCondition, isFinished } from '../../src/api/job/conditions.ts';
import { fromTime, toTime } from '../../src/api/time.ts';
import type { CronJobAction } from '../../src/controllers/cronjob/cron-job-action.ts';
import { planCronJob } from '../../src/controllers/cronjob/plan-cron-job.ts';
import { scheduledTimeOf } from '../../src/controllers/cronjob/scheduled-job.ts';

interface WorldJob {
  real: Job | undefined;
  /** As the controller last saw it; own writes are seen at once. */
  seen: Job | undefined;
}

const MOST_ROUNDS = 50;

export class CronWorld {
  /** As stored. */
  cronJob: CronJob;
  /** As the controller last saw it. */
  #seen: CronJob;
  now: number;
  #awakeSince: number;
  #isCaughtUp = false;
  /** When the queue comes back by itself. */
  #due: number | undefined;
  #uids = 0;
  readonly #jobs: WorldJob[] = [];
  /** Scheduled times in the order of their starts. */
  readonly starts: number[] = [];
  readonly events: string[] = [];
  readonly violations: string[] = [];

  constructor(cronJob: CronJob, now: number) {
    this.cronJob = cronJob;
    this.#seen = cronJob;
    this.now = now;
    this.#awakeSince = now;
  }

  get jobs(): readonly Job[] {
    return this.#jobs.flatMap(({ real }) => (real === undefined ? [] : [real]));
  }

  /** Awake: whatever falls due on the way is seen to at its time. */
  advance(ms: number): void {
    const until = this.now + ms;
    while (this.#due !== undefined && this.#due <= until) {
      this.now = Math.max(this.now, this.#due);
      this.#due = undefined;
      this.rest();
    }
    this.now = until;
  }

  /** Time passes, and nobody looks. Jobs may have ended meanwhile. */
  sleep(ms: number): void {
    this.now += ms;
    this.#awakeSince = this.now;
    this.#wakeUp();
  }

  setBack(ms: number): void {
    this.now -= ms;
    this.#awakeSince = Math.min(this.#awakeSince, this.now);
    this.rest();
  }

  /** The daemon is killed in the middle of a reconcile, and comes back later with fresh views. */
  crash(cutAfter: number, downMs: number): void {
    this.reconcile(cutAfter);
    this.now += downMs;
    this.#awakeSince = this.now;
    for (const job of this.#jobs) job.seen = job.real;
    this.#wakeUp();
  }

  edit(spec: Partial<CronJobSpec>): void {
    this.cronJob = this.#written({ ...this.cronJob, spec: { ...this.cronJob.spec, ...spec } });
  }

  /** The view catches up with one Job, or with the CronJob. */
  see(index: number): void {
    const job = this.#jobs[index % (this.#jobs.length + 1)];
    if (job === undefined) this.#seen = this.cronJob;
    else job.seen = job.real;
  }

  end(index: number, type: 'Complete' | 'Failed'): void {
    const running = this.#jobs.filter(({ real }) => real !== undefined && !isFinished(real));
    const job = running[index % Math.max(running.length, 1)];
    if (job?.real === undefined) return;
    const completionTime = toTime(this.now);
    job.real = { ...job.real, status: { startTime: completionTime, ...(type === 'Complete' ? { completionTime } : {}), conditions: [{ type, status: 'True' }] } };
  }

  /** Of Jobs that are on record: between a create and its record no user gets a word in. */
  userDelete(index: number): void {
    const last = fromTime(this.cronJob.status?.lastScheduleTime) ?? -Infinity;
    const known = this.#jobs.filter(({ real }) => real !== undefined && (scheduledTimeOf(this.cronJob, real) ?? -Infinity) <= last);
    const job = known[index % Math.max(known.length, 1)];
    if (job !== undefined) job.real = undefined;
  }

  runByHand(): void {
    const uid = `uid-${(this.#uids += 1)}`;
    const owner = { apiVersion: 'batch/v1', kind: 'CronJob', name: this.cronJob.metadata?.name ?? '', uid: this.cronJob.metadata?.uid ?? '', controller: true };
    const real: Job = { apiVersion: 'batch/v1', kind: 'Job', metadata: { name: `by-hand-${uid}`, namespace: 'default', uid, annotations: { 'cronjob.kubernetes.io/instantiate': 'manual' }, ownerReferences: [owner] }, spec: { template: {} } };
    this.#jobs.push({ real, seen: undefined });
  }

  /** Everything is seen and done that can be. */
  settle(): void {
    this.#seen = this.cronJob;
    for (const job of this.#jobs) job.seen = job.real;
    this.rest();
  }

  /** Reconciles until there is nothing to change. */
  rest(): void {
    for (let round = 0; round < MOST_ROUNDS; round += 1) if (!this.reconcile()) return;
    this.violations.push(`there was still something to do after ${MOST_ROUNDS} rounds`);
  }

  /** Runs one reconcile and stops after `cutAfter` effects. Returns whether it changed anything. */
  reconcile(cutAfter = Number.POSITIVE_INFINITY): boolean {
    const seenJobs = this.#jobs.flatMap(({ seen }) => (seen === undefined ? [] : [seen]));
    const plan = planCronJob({ cronJob: this.#seen, jobs: seenJobs, ...(this.#isCaughtUp ? {} : { awakeSince: this.#awakeSince }) }, this.now);
    let left = cutAfter;
    let changed = false;
    for (const action of plan.actions) {
      if (left <= 0) return changed;
      // A conflict: somebody wrote meanwhile. The view catches up before the next try.
      if (!this.#apply(action)) {
        this.#seen = this.cronJob;
        return true;
      }
      changed ||= action.type !== 'record-event';
      left -= 1;
    }
    this.#isCaughtUp ||= plan.isCaughtUp;
    if (plan.requeueAfterMs !== undefined) this.#due = Math.min(this.#due ?? Infinity, this.now + Math.max(plan.requeueAfterMs, 1));
    return changed;
  }

  /** With the newest spec: an edit that is seen only after the first start is followed by a start of its own. */
  #wakeUp(): void {
    this.#isCaughtUp = false;
    this.#seen = this.cronJob;
    const before = this.starts.length;
    this.rest();
    if (this.starts.length > before + 1) this.violations.push(`${this.starts.length - before} runs were started to catch up`);
  }

  #apply(action: CronJobAction): boolean {
    switch (action.type) {
      case 'create-job':
        this.#create(action.job);
        return true;
      case 'delete-job': {
        const job = this.#jobs.find(({ seen }) => seen?.metadata?.uid === action.job.metadata?.uid)!;
        job.real = undefined;
        job.seen = undefined;
        return true;
      }
      case 'write-status': {
        if (this.#seen.metadata?.resourceVersion !== this.cronJob.metadata?.resourceVersion) return false;
        const [before, after] = [this.cronJob.status?.lastScheduleTime, action.status.lastScheduleTime].map((time) => fromTime(time) ?? -Infinity) as [number, number];
        if (after < before) this.violations.push(`lastScheduleTime went from ${before} back to ${after}`);
        const annotations = { ...this.cronJob.metadata?.annotations, ...action.annotations };
        this.cronJob = this.#written({ ...this.cronJob, metadata: { ...this.cronJob.metadata, annotations }, status: action.status });
        this.#seen = this.cronJob;
        return true;
      }
      case 'record-event':
        this.#hear(`${action.event.reason}: ${action.event.message}`);
        return true;
    }
  }

  #create(job: Job): void {
    const there = this.#jobs.find(({ real }) => real?.metadata?.name === job.metadata?.name);
    if (there !== undefined) {
      there.seen = there.real;
      return;
    }
    const time = scheduledTimeOf(this.cronJob, job)!;
    const latest = Math.max(...this.starts, -Infinity);
    if (this.starts.includes(time)) this.violations.push(`${toTime(time)} was started twice`);
    else if (time < latest) this.violations.push(`${toTime(time)} was started after ${toTime(latest)}`);
    if (time > this.now) this.violations.push(`${toTime(time)} was started before its time`);
    const running = this.jobs.filter((one) => !isFinished(one) && scheduledTimeOf(this.cronJob, one) !== undefined);
    if (this.#seen.spec.concurrencyPolicy === 'Forbid' && running.length > 0) this.violations.push(`${job.metadata?.name} was started beside ${running[0]?.metadata?.name}`);
    if (this.#seen.spec.concurrencyPolicy === 'Replace' && running.length > 0) this.violations.push(`${job.metadata?.name} was started without replacing ${running[0]?.metadata?.name}`);
    if (this.#seen.spec.suspend === true) this.violations.push(`${job.metadata?.name} was started while suspended`);
    const { startingDeadlineSeconds } = this.#seen.spec;
    if (startingDeadlineSeconds !== undefined && time + startingDeadlineSeconds * 1000 < this.now) this.violations.push(`${job.metadata?.name} was started after its deadline`);
    this.starts.push(time);
    const real: Job = { ...job, metadata: { ...job.metadata, uid: `uid-${(this.#uids += 1)}`, resourceVersion: '1' } };
    this.#jobs.push({ real, seen: real });
  }

  #hear(event: string): void {
    this.events.push(event);
    if (event.startsWith('UnexpectedJob') && !event.includes('by-hand')) this.violations.push(event);
  }

  #written(cronJob: CronJob): CronJob {
    return { ...cronJob, metadata: { ...cronJob.metadata, resourceVersion: String(Number(cronJob.metadata?.resourceVersion ?? '0') + 1) } };
  }

  /** Of the finished Jobs: those that succeeded, those that failed. */
  get kept(): { readonly complete: number; readonly failed: number } {
    const finished = this.jobs.filter(isFinished);
    const complete = finished.filter((job) => hasCondition(job, 'Complete')).length;
    return { complete, failed: finished.length - complete };
  }
}
