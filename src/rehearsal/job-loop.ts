// pure: the Job controller of a rehearsal: the real planner, its actions carried out on the world.
import type { Job, Pod } from '../api/generated/types.ts';
import { hasCondition, isFinished, jobCondition } from '../api/job/conditions.ts';
import { COMPLETION_INDEX, JOB_TRACKING_FINALIZER } from '../api/job/labels.ts';
import { fromTime } from '../api/time.ts';
import type { JobAction } from '../controllers/job/job-action.ts';
import { planJob } from '../controllers/job/plan-job.ts';
import { podCreated, podDeleted } from '../controllers/job/pod-events.ts';
import type { PodLife } from './pod-life.ts';
import { spanText } from './span-text.ts';
import type { World } from './world.ts';

export interface Stage {
  readonly world: World;
  readonly life: PodLife;
}

/** `timed`: nothing changed, its time had come. Returns the milliseconds until the Job must be looked at again, if ever. */
export function reconcileJob(stage: Stage, name: string, { timed }: { readonly timed: boolean }): number | undefined {
  const { world } = stage;
  const job = world.job(name);
  if (job === undefined) return undefined;
  const plan = planJob({ job, pods: world.podsOf(job), isNameTaken: (taken) => world.isPodName(taken) }, world.now);
  for (const action of plan.actions) {
    if (timed && action.type === 'create-pods') noteRetries(world, job, action.pods);
    carryOut(stage, name, action);
  }
  return plan.requeueAfterMs;
}

function carryOut({ world, life }: Stage, name: string, action: JobAction): void {
  const about = { kind: 'Job', name } as const;
  switch (action.type) {
    case 'create-pods':
      for (const manifest of action.pods) {
        const pod = world.createPod(manifest);
        world.runs.podCreated(name);
        world.tell(about, podCreated(pod.metadata?.name ?? ''));
        life.accept(pod);
      }
      return;
    case 'delete-pods':
      for (const pod of action.pods) {
        if (action.uncounted) stripFinalizer(world, pod);
        life.delete(pod);
        world.tell(about, podDeleted(pod.metadata?.name ?? ''));
      }
      return;
    case 'strip-finalizers':
      for (const pod of action.pods) stripFinalizer(world, pod);
      return;
    case 'write-status':
      return writeStatus(world, { ...world.job(name)!, status: action.status });
    case 'record-event':
      return world.tell(about, action.event);
    case 'adopt-pods':
    case 'release-pods':
      // Every Pod of a rehearsal is made by its Job, and nobody changes labels.
      throw new Error(`the rehearsal met ${action.type}, which cannot be`);
  }
}

export function stripFinalizer(world: World, pod: Pod): void {
  const current = world.pod(pod);
  if (current === undefined) return;
  const finalizers = (current.metadata?.finalizers ?? []).filter((finalizer) => finalizer !== JOB_TRACKING_FINALIZER);
  world.putPod({ ...current, metadata: { ...current.metadata, finalizers } });
}

function writeStatus(world: World, job: Job): void {
  world.putJob(job);
  const name = job.metadata?.name ?? '';
  if (!isFinished(job) || !world.runs.isOpen(name)) return;
  const failed = hasCondition(job, 'Failed');
  const reason = jobCondition(job, 'Failed')?.reason;
  world.runs.ended(name, { at: world.now, outcome: failed ? 'failed' : 'complete', ...(failed && reason !== undefined ? { reason } : {}) });
}

/** A Job makes Pods without anything having changed when a back-off is over: its own, or one of each index. */
function noteRetries(world: World, job: Job, created: readonly Pod[]): void {
  const name = job.metadata?.name ?? '';
  const failed = world.podsOf(job).filter(({ status }) => status?.phase === 'Failed');
  const indexes = job.spec?.backoffLimitPerIndex === undefined ? [undefined] : created.map(indexOf);
  for (const index of indexes) {
    const ends = failed.filter((pod) => index === undefined || indexOf(pod) === index).map(endOf);
    const latest = Math.max(...ends.filter((end) => end !== undefined));
    if (!Number.isFinite(latest)) continue;
    const waitedMs = world.now - latest;
    world.runs.waited(name, waitedMs);
    const what = index === undefined ? 'Tries again' : `Tries index ${index} again`;
    world.note({ kind: 'Job', name }, { type: 'Normal', reason: 'Retrying', message: `${what}, ${spanText(waitedMs)} after the last failure` });
  }
}

function endOf({ status }: Pod): number | undefined {
  return fromTime(status?.containerStatuses?.[0]?.state?.terminated?.finishedAt);
}

function indexOf({ metadata }: Pod): string | undefined {
  return metadata?.labels?.[COMPLETION_INDEX];
}
