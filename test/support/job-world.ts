// A tiny cluster around the Job planner, for property tests: Pods end at random, views lag behind, reconciles are cut off
// between any two actions. It enforces what the API server enforces, and records every Pod's true fate.
import type { Job, JobStatus, Pod } from '../../src/api/generated/types.ts';
import { hasCondition, isFinished } from '../../src/api/job/conditions.ts';
import { storedRanges } from '../../src/api/job/index-list.ts';
import { hasIndex } from '../../src/api/job/index-ranges.ts';
import { COMPLETION_INDEX, JOB_TRACKING_FINALIZER } from '../../src/api/job/labels.ts';
import { validateJobStatusUpdate } from '../../src/api/job/validate-job-status.ts';
import { toTime } from '../../src/api/time.ts';
import type { JobAction } from '../../src/controllers/job/job-action.ts';
import { planJob } from '../../src/controllers/job/plan-job.ts';
import { isActive } from '../../src/controllers/job/pod-facts.ts';

type Outcome = 'Succeeded' | 'Failed';

/** A Pod that fails with this code is ignored by the policies of the tests. */
export const IGNORED_EXIT = 42;

interface WorldPod {
  /** As it is. */
  real: Pod;
  /** As the controller last saw it; own writes are seen at once. */
  seen: Pod;
}

export class JobWorld {
  job: Job;
  now: number;
  readonly pods = new Map<string, WorldPod>();
  /** uid -> how it ended while it still counted. */
  readonly fates = new Map<string, Outcome>();
  readonly sentAway = new Set<string>();
  /** Ended or let go without being counted, as a policy wants it. */
  readonly uncounted = new Set<string>();
  created = 0;
  scaled = false;
  mostActive = 0;
  readonly violations: string[] = [];

  constructor(job: Job, now: number) {
    this.job = job;
    this.now = now;
  }

  /** Runs one reconcile and stops after `cutAfter` effects, as a crash would. Returns whether it had anything to do. */
  reconcile(cutAfter = Number.POSITIVE_INFINITY): { readonly did: boolean; readonly requeueAfterMs: number | undefined } {
    const plan = planJob({ job: this.job, pods: this.#seen(), isNameTaken: (name) => this.#seen().some(({ metadata }) => metadata?.name === name) }, this.now);
    let left = cutAfter;
    for (const effect of plan.actions.flatMap((action) => this.#effects(action))) {
      if (left <= 0) break;
      effect();
      left -= 1;
      this.#check();
    }
    return { did: plan.actions.length > 0, requeueAfterMs: plan.requeueAfterMs };
  }

  /** The kubelet's side: a live Pod ends. */
  end(index: number, outcome: Outcome, exitCode = 1): void {
    const pod = this.#live()[index % Math.max(this.#live().length, 1)];
    if (pod === undefined) return;
    const finishedAt = toTime(this.now);
    const ending = pod.real.metadata?.deletionTimestamp !== undefined ? 'Failed' : outcome;
    pod.real = {
      ...pod.real,
      status: { ...pod.real.status, phase: ending, containerStatuses: [{ name: 'main', image: '', imageID: '', ready: false, restartCount: 0, state: { terminated: { exitCode: ending === 'Succeeded' ? 0 : exitCode, finishedAt } } }] },
    };
    this.#remove(pod);
  }

  userDelete(index: number): void {
    const pod = [...this.pods.values()][index % Math.max(this.pods.size, 1)];
    if (pod === undefined) return;
    pod.real = { ...pod.real, metadata: { ...pod.real.metadata, deletionTimestamp: toTime(this.now), deletionGracePeriodSeconds: 0 } };
    this.#remove(pod);
  }

  /** The controller's copy of one Pod catches up. */
  see(index: number): void {
    const pod = [...this.pods.values()][index % Math.max(this.pods.size, 1)];
    if (pod !== undefined) pod.seen = pod.real;
  }

  seeAll(): void {
    for (const pod of this.pods.values()) pod.seen = pod.real;
  }

  /** An Indexed Job may grow and shrink. */
  scale(size: number): void {
    this.scaled = true;
    this.job = { ...this.job, spec: { ...this.job.spec!, completions: size, parallelism: size } };
  }

  suspend(suspend: boolean): void {
    this.job = { ...this.job, spec: { ...this.job.spec!, suspend } };
  }

  #seen(): Pod[] {
    return [...this.pods.values()].map(({ seen }) => seen);
  }

  #live(): WorldPod[] {
    return [...this.pods.values()].filter(({ real }) => real.status?.phase !== 'Succeeded' && real.status?.phase !== 'Failed');
  }

  #effects(action: JobAction): (() => void)[] {
    switch (action.type) {
      case 'create-pods':
        return action.pods.map((pod) => () => this.#create(pod));
      case 'strip-finalizers':
        return action.pods.map((pod) => () => this.#strip(pod));
      case 'delete-pods':
        return action.pods.flatMap((pod) => [
          ...(action.uncounted ? [() => this.#sendAway(pod)] : []),
          () => this.#delete(pod),
        ]);
      case 'write-status':
        return [() => this.#writeStatus(action.status)];
      case 'record-event':
        return [];
      case 'adopt-pods':
      case 'release-pods':
        return [() => this.violations.push(`unexpected ${action.type}`)];
    }
  }

  #create(pod: Pod): void {
    const name = pod.metadata?.name ?? '';
    if ([...this.pods.values()].some(({ real }) => real.metadata?.name === name)) return void this.violations.push(`pod ${name} was created twice`);
    this.created += 1;
    const uid = `pod-${this.created}`;
    const real: Pod = { ...pod, metadata: { ...pod.metadata, uid, creationTimestamp: toTime(this.now) }, status: { phase: 'Pending' } };
    this.pods.set(uid, { real, seen: real });
  }

  #strip({ metadata }: Pod): void {
    const pod = this.pods.get(metadata?.uid ?? '');
    if (pod === undefined) return;
    this.#judgeStrip(pod.real);
    const finalizers = (pod.real.metadata?.finalizers ?? []).filter((finalizer) => finalizer !== JOB_TRACKING_FINALIZER);
    pod.real = { ...pod.real, metadata: { ...pod.real.metadata, finalizers } };
    pod.seen = pod.real;
    this.#remove(pod);
  }

  /** A finalizer may go before its Pod is on record only where a policy lets the Pod go. */
  #judgeStrip(pod: Pod): void {
    const uid = pod.metadata?.uid ?? '';
    const { succeeded = [], failed = [] } = this.job.status?.uncountedTerminatedPods ?? {};
    if (this.sentAway.has(uid) || isFinished(this.job) || succeeded.includes(uid) || failed.includes(uid) || this.#isRecorded(pod)) return;
    this.uncounted.add(uid);
    const exitCode = pod.status?.containerStatuses?.[0]?.state?.terminated?.exitCode;
    const isUnwanted = this.#isIndexed() && indexOf(pod) >= (this.job.spec?.completions ?? 0);
    if (exitCode !== IGNORED_EXIT && !isUnwanted && !hasCondition(this.job, 'SuccessCriteriaMet')) this.violations.push(`${uid} lost its finalizer before it was counted`);
  }

  #isIndexed(): boolean {
    return this.job.spec?.completionMode === 'Indexed';
  }

  #isRecorded(pod: Pod): boolean {
    return this.#isIndexed() && pod.status?.phase === 'Succeeded' && hasIndex(storedRanges(this.job.status?.completedIndexes, this.job.spec?.completions ?? 0), indexOf(pod));
  }

  #sendAway(pod: Pod): void {
    const uid = pod.metadata?.uid ?? '';
    // It may have ended unseen: then it was sent away all the same, and upstream does not count it either.
    this.sentAway.add(uid);
    this.#strip(pod);
  }

  #delete({ metadata }: Pod): void {
    const pod = this.pods.get(metadata?.uid ?? '');
    if (pod === undefined) return;
    pod.real = { ...pod.real, metadata: { ...pod.real.metadata, deletionTimestamp: toTime(this.now), deletionGracePeriodSeconds: 0 } };
    pod.seen = pod.real;
    this.#remove(pod);
  }

  /** Gone once it is deleted, ended or never run, and free of finalizers. */
  #remove(pod: WorldPod): void {
    const { metadata, status } = pod.real;
    const ended = status?.phase === 'Succeeded' || status?.phase === 'Failed';
    if (metadata?.deletionTimestamp !== undefined && ended && (metadata.finalizers ?? []).length === 0) this.pods.delete(metadata.uid ?? '');
  }

  #writeStatus(status: JobStatus): void {
    const next: Job = { ...this.job, status };
    for (const error of validateJobStatusUpdate(next, this.job)) this.violations.push(`${error.field}: ${error.body}`);
    if (isFinished(this.job)) this.violations.push('a finished Job was written to');
    if (isFinished(next) && !hasCondition(this.job, 'SuccessCriteriaMet') && !hasCondition(this.job, 'FailureTarget')) this.violations.push('the end came without its announcement');
    this.job = next;
  }

  #check(): void {
    const active = [...this.pods.values()].filter(({ real }) => isActive(real)).length;
    this.mostActive = Math.max(this.mostActive, active);
    const { completions, parallelism = 1 } = this.job.spec!;
    const { succeeded = 0, failed = 0, uncountedTerminatedPods = {} } = this.job.status ?? {};
    // A Job that shrank has too many of both until its next reconcile.
    if (!this.scaled && active > parallelism) this.violations.push(`${active} pods are active, more than ${parallelism}`);
    if (!this.scaled && completions !== undefined && succeeded > completions) this.violations.push(`${succeeded} succeeded, more than ${completions}`);
    const indexes = [...this.pods.values()].filter(({ real }) => isActive(real)).map(({ real }) => indexOf(real));
    if (this.#isIndexed() && new Set(indexes).size !== indexes.length) this.violations.push(`an index runs twice: ${indexes.join(',')}`);
    const waiting = [...(uncountedTerminatedPods.succeeded ?? []), ...(uncountedTerminatedPods.failed ?? [])];
    if (new Set(waiting).size !== waiting.length) this.violations.push('a uid waits twice to be counted');
    const tracked = [...this.pods.values()].filter(({ real }) => (real.metadata?.finalizers ?? []).length > 0 && !waiting.includes(real.metadata?.uid ?? '') && !this.#isRecorded(real)).length;
    const accounted = succeeded + failed + waiting.length + tracked + this.sentAway.size + this.uncounted.size;
    // Shrinking forgets successes, as upstream's does.
    if (!this.scaled && accounted !== this.created) this.violations.push(`${this.created} pods were created, ${accounted} are accounted for`);
  }
}

function indexOf(pod: Pod): number {
  return Number(pod.metadata?.annotations?.[COMPLETION_INDEX] ?? -1);
}
