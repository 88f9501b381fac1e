// pure: what a Job needs done now. Reads as a list of questions; each is answered by a rule file beside this one.
//
// Every plan is made from what can be observed alone and may be cut off after any of its actions. What a later action
// relies on is on disk by then: a finalizer goes only after its Pod's uid was written, a counter rises only after the
// finalizer went, and the terminal condition comes only after its interim one, in a write of its own.
import type { Job, JobStatus, Pod } from '../../api/generated/types.ts';
import { hasCondition, isFinished } from '../../api/job/conditions.ts';
import { formatRanges } from '../../api/job/index-list.ts';
import { sameValue } from '../../api/equality.ts';
import { isPodReady } from '../../api/pod/is-pod-ready.ts';
import { toTime } from '../../api/time.ts';
import type { EventText } from '../../client/event-recorder-contract.ts';
import { claimPods } from './claim-pods.ts';
import { completionIndexOf } from './completion-index.ts';
import { withCondition } from './conditions.ts';
import { countPods, type PodCount } from './count-pods.ts';
import { decideEnd, untilDeadlineMs, type JobEnd } from './finish.ts';
import { podDemand } from './how-many.ts';
import type { JobAction, JobPlan } from './job-action.ts';
import { jobIndexes, type JobIndexes } from './job-indexes.ts';
import { countsAsFailed, isActive, isTerminating, isTracked } from './pod-facts.ts';
import { nextPods } from './pod-from-template.ts';
import { startState } from './suspend.ts';

export interface JobObserved {
  readonly job: Job;
  /** Pods that the Job controls, and Pods of its namespace that nobody controls. */
  readonly pods: readonly Pod[];
  /** Whether any Pod of the namespace, the Job's or not, has this name. */
  readonly isNameTaken: (name: string) => boolean;
}

const MODES = ['NonIndexed', 'Indexed'];
const BUILT_IN_CONTROLLER = 'kubernetes.io/job-controller';

const UNKNOWN_MODE: EventText = { type: 'Warning', reason: 'UnknownCompletionMode', message: 'Skipped Job sync because completion mode is unknown' };

export function planJob({ job, pods, isNameTaken }: JobObserved, now: number): JobPlan {
  if ((job.spec?.managedBy ?? BUILT_IN_CONTROLLER) !== BUILT_IN_CONTROLLER) return { actions: [] };
  const { owned, adopt, release } = claimPods(job, pods);
  if (isFinished(job) || job.metadata?.deletionTimestamp !== undefined) return { actions: stripping(owned.filter(isTracked)) };
  if (adopt.length > 0 || release.length > 0) return { actions: claiming(adopt, release) };
  if (!MODES.includes(job.spec?.completionMode ?? 'NonIndexed')) return { actions: [{ type: 'record-event', event: UNKNOWN_MODE }] };
  const start = startState(job, now);
  const started: Job = { ...job, status: { ...job.status, startTime: start.startTime, conditions: [...start.conditions] } };
  const indexes = jobIndexes(started, owned);
  const count = countPods(started, owned, { indexes });
  const end = decideEnd({ job: started, owned, count, indexes, now });
  const at: PlanContext = { job, started, owned, count, indexes, now, isNameTaken };
  if (end === undefined) return planRunning(at, start.events);
  return planEnding({ ...at, count: countPods(started, owned, { indexes, outcome: end.outcome }) }, end);
}

interface PlanContext {
  /** As stored. */
  readonly job: Job;
  /** With start time and suspension brought up to date. */
  readonly started: Job;
  readonly owned: readonly Pod[];
  readonly count: PodCount;
  readonly indexes: JobIndexes | undefined;
  readonly now: number;
  readonly isNameTaken: (name: string) => boolean;
}

function planRunning(at: PlanContext, events: readonly EventText[]): JobPlan {
  const { started, owned, count, indexes, now, isNameTaken } = at;
  const demand = podDemand({ job: started, owned, count, indexes, now });
  const ended = (index: number | undefined): number =>
    index === undefined ? count.allSucceeded + count.allFailed : owned.filter((pod) => completionIndexOf(started, pod) === index).length;
  const created = nextPods(started, demand.create, { ended, isNameTaken });
  const staying = owned.filter((pod) => isActive(pod) && !demand.surplus.includes(pod));
  const status = statusOf(at, { active: staying.length + created.length, ready: staying.filter(isPodReady).length });
  return {
    actions: [
      ...stripping(count.strip),
      ...(demand.surplus.length > 0 ? [{ type: 'delete-pods', pods: demand.surplus, uncounted: true } as const] : []),
      ...(created.length > 0 ? [{ type: 'create-pods', pods: created } as const] : []),
      ...writing(at, status, events),
    ],
    requeueAfterMs: earliest(demand.retryInMs, untilDeadlineMs(started, now)),
  };
}

function planEnding(at: PlanContext, end: JobEnd): JobPlan {
  const { job, started, owned, count, now } = at;
  const { reason, message } = end;
  const [interim, terminal] = end.outcome === 'succeed' ? (['SuccessCriteriaMet', 'Complete'] as const) : (['FailureTarget', 'Failed'] as const);
  const active = owned.filter(isActive);
  const quiet = active.length === 0 && !owned.some(isTerminating) && count.uncounted.succeeded.length + count.uncounted.failed.length === 0;
  // The interim condition must have been written before, on its own.
  const isAnnounced = hasCondition(job, interim);
  const over = quiet && isAnnounced;
  const announced = withCondition(started.status?.conditions ?? [], { type: interim, status: 'True', reason, message }, now);
  const conditions = over ? withCondition(announced, { type: terminal, status: 'True', reason, message }, now) : announced;
  const status: JobStatus = {
    ...statusOf(at, { active: active.length, ready: active.filter(isPodReady).length }),
    conditions: [...conditions],
    ...(over && end.outcome === 'succeed' ? { completionTime: toTime(now) } : {}),
  };
  // Pods that a success leaves behind are not failures: they are never counted.
  const lingering = end.outcome === 'succeed' && isAnnounced ? owned.filter((pod) => isTracked(pod) && isTerminating(pod) && !countsAsFailed(job, pod)) : [];
  return {
    actions: [
      ...stripping([...count.strip, ...lingering]),
      ...writing(at, status, over ? endEvents(at, end) : []),
      ...(active.length > 0 ? [{ type: 'delete-pods', pods: active, uncounted: end.outcome === 'succeed' } as const] : []),
    ],
  };
}

function statusOf({ started, owned, count, indexes }: PlanContext, pods: { readonly active: number; readonly ready: number }): JobStatus {
  const { active: _active, succeeded: _succeeded, failed: _failed, completedIndexes: _completed, failedIndexes: _failedIndexes, conditions = [], startTime, ...rest } = started.status ?? {};
  return {
    ...rest,
    ...(startTime === undefined ? {} : { startTime }),
    ...(conditions.length === 0 ? {} : { conditions }),
    ...nonZero('active', pods.active),
    ...nonZero('succeeded', count.succeeded),
    ...nonZero('failed', count.failed),
    ...(indexes === undefined ? {} : indexTexts(indexes)),
    ready: pods.ready,
    terminating: owned.filter(isTerminating).length,
    uncountedTerminatedPods: {
      ...(count.uncounted.succeeded.length > 0 ? { succeeded: [...count.uncounted.succeeded] } : {}),
      ...(count.uncounted.failed.length > 0 ? { failed: [...count.uncounted.failed] } : {}),
    },
  };
}

function indexTexts({ succeeded, failed }: JobIndexes): JobStatus {
  return {
    ...(succeeded.length === 0 ? {} : { completedIndexes: formatRanges(succeeded) }),
    ...(failed === undefined ? {} : { failedIndexes: formatRanges(failed) }),
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
