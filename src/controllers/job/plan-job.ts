// pure: what a Job needs done now. Reads as a list of questions; each is answered by a rule file beside this one.
//
// Every plan is made from what can be observed alone and may be cut off after any of its actions. What a later action
// relies on is on disk by then: a finalizer goes only after its Pod's uid was written, a counter rises only after the
// finalizer went, and the terminal condition comes only after its interim one, in a write of its own.
import type { Job, JobStatus, Pod } from '../../api/generated/types.ts';
import { hasCondition, isFinished } from '../../api/job/conditions.ts';
import { sameValue } from '../../api/equality.ts';
import { toTime } from '../../api/time.ts';
import type { EventText } from '../../client/event-recorder-contract.ts';
import { claimPods } from './claim-pods.ts';
import { withCondition } from './conditions.ts';
import { countPods, type PodCount } from './count-pods.ts';
import { decideEnd, untilDeadlineMs, type JobEnd } from './finish.ts';
import { podDemand } from './how-many.ts';
import type { JobAction, JobPlan } from './job-action.ts';
import { isActive, isReady, isTerminating, isTracked } from './pod-facts.ts';
import { nextPods } from './pod-from-template.ts';
import { retryDelayMs } from './retry-delay.ts';
import { startState } from './suspend.ts';

export interface JobObserved {
  readonly job: Job;
  /** Pods that the Job controls, and Pods of its namespace that nobody controls. */
  readonly pods: readonly Pod[];
  /** Whether any Pod of the namespace, the Job's or not, has this name. */
  readonly isNameTaken: (name: string) => boolean;
}

const BUILT_IN_CONTROLLER = 'kubernetes.io/job-controller';

export function planJob({ job, pods, isNameTaken }: JobObserved, now: number): JobPlan {
  if ((job.spec?.managedBy ?? BUILT_IN_CONTROLLER) !== BUILT_IN_CONTROLLER) return { actions: [] };
  const { owned, adopt, release } = claimPods(job, pods);
  if (isFinished(job) || job.metadata?.deletionTimestamp !== undefined) return { actions: stripping(owned.filter(isTracked)) };
  if (adopt.length > 0 || release.length > 0) return { actions: claiming(adopt, release) };
  if (job.spec?.completionMode !== 'NonIndexed') return { actions: [{ type: 'record-event', event: unknownMode(job) }] };
  const start = startState(job, now);
  const started: Job = { ...job, status: { ...job.status, startTime: start.startTime, conditions: [...start.conditions] } };
  const count = countPods(started, owned);
  const end = decideEnd({ job: started, owned, count, now });
  const at: PlanContext = { job, started, owned, count, now, isNameTaken };
  return end === undefined ? planRunning(at, start.events) : planEnding(at, end);
}

interface PlanContext {
  /** As stored. */
  readonly job: Job;
  /** With start time and suspension brought up to date. */
  readonly started: Job;
  readonly owned: readonly Pod[];
  readonly count: PodCount;
  readonly now: number;
  readonly isNameTaken: (name: string) => boolean;
}

function planRunning(at: PlanContext, events: readonly EventText[]): JobPlan {
  const { started, owned, count, now, isNameTaken } = at;
  const demand = podDemand(started, owned, count);
  const delay = demand.create > 0 ? retryDelayMs(started, owned, now) : 0;
  const ended = count.allSucceeded + count.allFailed;
  const created = delay > 0 ? [] : nextPods(started, { count: demand.create, ended, isNameTaken });
  const staying = owned.filter((pod) => isActive(pod) && !demand.surplus.includes(pod));
  const status = statusOf(at, { active: staying.length + created.length, ready: staying.filter(isReady).length });
  return {
    actions: [
      ...stripping(count.strip),
      ...(demand.surplus.length > 0 ? [{ type: 'delete-pods', pods: demand.surplus, uncounted: true } as const] : []),
      ...(created.length > 0 ? [{ type: 'create-pods', pods: created } as const] : []),
      ...writing(at, status, events),
    ],
    requeueAfterMs: earliest(delay > 0 ? delay : undefined, untilDeadlineMs(started, now)),
  };
}

function planEnding(at: PlanContext, end: JobEnd): JobPlan {
  const { job, owned, count, now } = at;
  const { reason, message } = end;
  const [interim, terminal] = end.outcome === 'succeed' ? (['SuccessCriteriaMet', 'Complete'] as const) : (['FailureTarget', 'Failed'] as const);
  const active = owned.filter(isActive);
  const quiet = active.length === 0 && !owned.some(isTerminating) && count.uncounted.succeeded.length + count.uncounted.failed.length === 0;
  // The interim condition must have been written before, on its own.
  const over = quiet && hasCondition(job, interim);
  const announced = withCondition(at.started.status?.conditions ?? [], { type: interim, status: 'True', reason, message }, now);
  const conditions = over ? withCondition(announced, { type: terminal, status: 'True', reason, message }, now) : announced;
  const status: JobStatus = {
    ...statusOf(at, { active: active.length, ready: active.filter(isReady).length }),
    conditions: [...conditions],
    ...(over && end.outcome === 'succeed' ? { completionTime: toTime(now) } : {}),
  };
  return {
    actions: [
      ...stripping(count.strip),
      ...writing(at, status, over ? endEvents(at, end) : []),
      ...(active.length > 0 ? [{ type: 'delete-pods', pods: active, uncounted: false } as const] : []),
    ],
  };
}

function statusOf({ started, owned, count }: PlanContext, pods: { readonly active: number; readonly ready: number }): JobStatus {
  const { active: _active, succeeded: _succeeded, failed: _failed, conditions = [], startTime, ...rest } = started.status ?? {};
  return {
    ...rest,
    ...(startTime === undefined ? {} : { startTime }),
    ...(conditions.length === 0 ? {} : { conditions }),
    ...nonZero('active', pods.active),
    ...nonZero('succeeded', count.succeeded),
    ...nonZero('failed', count.failed),
    ready: pods.ready,
    terminating: owned.filter(isTerminating).length,
    uncountedTerminatedPods: {
      ...(count.uncounted.succeeded.length > 0 ? { succeeded: [...count.uncounted.succeeded] } : {}),
      ...(count.uncounted.failed.length > 0 ? { failed: [...count.uncounted.failed] } : {}),
    },
  };
}

function nonZero(field: 'active' | 'succeeded' | 'failed', value: number): JobStatus {
  return value === 0 ? {} : { [field]: value };
}

function writing({ job }: PlanContext, status: JobStatus, events: readonly EventText[]): JobAction[] {
  if (sameValue(status, job.status ?? {})) return [];
  return [{ type: 'write-status', status }, ...events.map((event) => ({ type: 'record-event', event }) as const)];
}

function endEvents({ job, count }: PlanContext, end: JobEnd): EventText[] {
  if (end.outcome === 'fail') return [{ type: 'Warning', reason: end.reason, message: end.message }];
  const completions = job.spec?.completions;
  const tooMany: EventText = { type: 'Warning', reason: 'TooManySucceededPods', message: 'Too many succeeded pods running after completion count reached' };
  return [...(completions !== undefined && count.allSucceeded > completions ? [tooMany] : []), { type: 'Normal', reason: 'Completed', message: 'Job completed' }];
}

function unknownMode({ spec }: Job): EventText {
  const why = spec?.completionMode === 'Indexed' ? 'Skipped Job sync because minik does not run Indexed Jobs yet' : 'Skipped Job sync because completion mode is unknown';
  return { type: 'Warning', reason: 'UnknownCompletionMode', message: why };
}

function claiming(adopt: readonly Pod[], release: readonly Pod[]): JobAction[] {
  return [...(adopt.length > 0 ? [{ type: 'adopt-pods', pods: adopt } as const] : []), ...(release.length > 0 ? [{ type: 'release-pods', pods: release } as const] : [])];
}

function stripping(pods: readonly Pod[]): JobAction[] {
  return pods.length === 0 ? [] : [{ type: 'strip-finalizers', pods }];
}

function earliest(...times: readonly (number | undefined)[]): number | undefined {
  const known = times.filter((time) => time !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}
