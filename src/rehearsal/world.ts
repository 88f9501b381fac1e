// pure: the objects of a rehearsal and its virtual time. It does what the API server does on a write, as far as Jobs and
// their Pods can tell, and remembers whose controller must look again.
import type { CronJob, Job, Pod } from '../api/generated/types.ts';
import { isFinished } from '../api/job/conditions.ts';
import { controllerOf } from '../api/object.ts';
import { toTime } from '../api/time.ts';
import type { EventText } from '../client/event-recorder-contract.ts';
import { Agenda } from './agenda.ts';
import { RunLog } from './run-log.ts';
import type { Occurrence } from './story.ts';

/** Whose turn it is: a Job's by its name, or the one CronJob's. */
export type Key = { readonly kind: 'Job'; readonly name: string } | { readonly kind: 'CronJob' };

export class World {
  now: number;
  readonly agenda = new Agenda();
  readonly runs = new RunLog();
  readonly occurrences: Occurrence[] = [];
  cronJob: CronJob | undefined;
  readonly #jobs = new Map<string, Job>();
  /** By the uid of their Job, then by their names. */
  readonly #pods = new Map<string, Map<string, Pod>>();
  readonly #podNames = new Set<string>();
  readonly #dirtyJobs = new Set<string>();
  #isCronJobDirty = false;
  #uids = 0;

  constructor(now: number) {
    this.now = now;
  }

  newUid(): string {
    this.#uids += 1;
    return `00000000-0000-4000-8000-${this.#uids.toString(16).padStart(12, '0')}`;
  }

  tell(about: Pick<Occurrence, 'kind' | 'name'>, { type, reason, message }: EventText): void {
    this.occurrences.push({ at: this.now, ...about, type, reason, message, isNote: false });
  }

  note(about: Pick<Occurrence, 'kind' | 'name'>, { type, reason, message }: EventText): void {
    this.occurrences.push({ at: this.now, ...about, type, reason, message, isNote: true });
  }

  touchCronJob(): void {
    this.#isCronJobDirty = this.cronJob !== undefined;
  }

  touchJob(name: string): void {
    this.#dirtyJobs.add(name);
  }

  /** Jobs come first: their CronJob looks at what came of them once, not at each step. */
  takeDirty(): Key | undefined {
    for (const name of this.#dirtyJobs) {
      this.#dirtyJobs.delete(name);
      return { kind: 'Job', name };
    }
    if (!this.#isCronJobDirty) return undefined;
    this.#isCronJobDirty = false;
    return { kind: 'CronJob' };
  }

  job(name: string): Job | undefined {
    return this.#jobs.get(name);
  }

  jobs(): readonly Job[] {
    return [...this.#jobs.values()];
  }

  /** To its CronJob it matters that a Job comes, goes or ends; how its Pods get on does not. */
  putJob(job: Job): void {
    const name = job.metadata?.name ?? '';
    const before = this.#jobs.get(name);
    this.#jobs.set(name, job);
    this.touchJob(name);
    if (before === undefined || isFinished(before) !== isFinished(job)) this.touchCronJob();
  }

  removeJob(job: Job): void {
    const name = job.metadata?.name ?? '';
    this.#jobs.delete(name);
    this.#dirtyJobs.delete(name);
    this.touchCronJob();
  }

  podsOf(job: Job): readonly Pod[] {
    return [...(this.#pods.get(job.metadata?.uid ?? '')?.values() ?? [])];
  }

  pod(pod: Pod): Pod | undefined {
    return this.#pods.get(controllerOf(pod)?.uid ?? '')?.get(pod.metadata?.name ?? '');
  }

  isPodName(name: string): boolean {
    return this.#podNames.has(name);
  }

  /** The Pod as it was stored. */
  createPod(manifest: Pod): Pod {
    const pod: Pod = { ...manifest, metadata: { ...manifest.metadata, uid: this.newUid(), creationTimestamp: toTime(this.now) }, status: { phase: 'Pending' } };
    const owner = controllerOf(pod)?.uid ?? '';
    if (!this.#pods.has(owner)) this.#pods.set(owner, new Map());
    this.#podNames.add(pod.metadata?.name ?? '');
    this.putPod(pod);
    return pod;
  }

  /** A Pod that is being deleted, has ended and is held by no finalizer is gone with the write. */
  putPod(pod: Pod): void {
    const owner = controllerOf(pod);
    const { name = '', deletionTimestamp, finalizers = [] } = pod.metadata ?? {};
    const siblings = this.#pods.get(owner?.uid ?? '');
    if (deletionTimestamp !== undefined && finalizers.length === 0 && hasEnded(pod)) {
      siblings?.delete(name);
      this.#podNames.delete(name);
      if (siblings?.size === 0) this.#pods.delete(owner?.uid ?? '');
    } else siblings?.set(name, pod);
    if (this.#jobs.get(owner?.name ?? '')?.metadata?.uid === owner?.uid) this.touchJob(owner?.name ?? '');
  }
}

export function hasEnded({ status }: Pod): boolean {
  return status?.phase === 'Succeeded' || status?.phase === 'Failed';
}
