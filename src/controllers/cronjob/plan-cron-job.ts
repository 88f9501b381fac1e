// pure: what a CronJob needs done now.
//
// A start takes two plans. The first makes the Job, whose name follows from its time. The second sees the Job and puts it on
// record: lastScheduleTime, status.active, the events. Cut off between the two, the next plan finds the Job and goes on; cut
// off before the first, the time is still due. A Job that is on record may be deleted, so deletions come after the record.
import type { CronJob, CronJobStatus, Job } from '../../api/generated/types.ts';
import { countedFrom, runTimes, timingOf, type Timing } from '../../api/cronjob/timing.ts';
import { sameValue } from '../../api/equality.ts';
import { goQuote } from '../../api/go-quote.ts';
import { toTime } from '../../api/time.ts';
import type { EventText } from '../../client/event-recorder-contract.ts';
import type { CronJobAction, CronJobPlan } from './cron-job-action.ts';
import { decideStart, closedUntil } from './decide-start.ts';
import { surplusJobs } from './history.ts';
import { MISSED_UNTIL, missedEvents, toldUntil, tooLateEvent, tooManyEvents } from './missed-times.ts';
import { scheduledJob } from './scheduled-job.ts';
import { takeStock, type Stock } from './take-stock.ts';

export interface CronJobObserved {
  readonly cronJob: CronJob;
  /** Those that it controls. */
  readonly jobs: readonly Job[];
  /** Since when the machine is awake and minik runs, ms; absent once what was missed before is settled. */
  readonly awakeSince?: number;
}

/** kube: comes back a little after the time, lest it find itself a little before. */
const NEXT_DELAY_MS = 100;

export function planCronJob(observed: CronJobObserved, now: number): CronJobPlan {
  const { cronJob, jobs } = observed;
  const timing = timingOf(cronJob.spec);
  const stock = takeStock(cronJob, jobs);
  const current: CronJob = { ...cronJob, status: stock.status };
  const upkeep: CronJobAction[] = [
    ...recording(cronJob.status, stock.status),
    ...events([...stock.events, ...missedBefore(observed, timing, stock)]),
    ...surplusJobs(cronJob, jobs).flatMap(deleting),
  ];
  const rest = (more: readonly EventText[] = []): CronJobPlan => ({ actions: [...upkeep, ...events(more)], isCaughtUp: true });
  if (cronJob.metadata?.deletionTimestamp !== undefined) return rest();
  if (!timing.ok && timing.reason === 'UnknownTimeZone') return rest([warning(timing)]);
  if (cronJob.spec.suspend === true) return rest();
  if (!timing.ok) return rest([warning(timing)]);

  const times = runTimes(timing, { from: countedFrom(current), now });
  const unsupported = zoneInSchedule(cronJob);
  if (times.latest === undefined && times.next === undefined) return rest([...unsupported, neverRuns(cronJob)]);
  const start = planStart({ ...observed, current, timing, time: times.latest, now });
  return {
    actions: [...upkeep, ...events(unsupported), ...start.actions],
    isCaughtUp: start.isCaughtUp,
    ...(times.next === undefined ? {} : { requeueAfterMs: times.next - now + NEXT_DELAY_MS }),
  };
}

interface StartContext extends CronJobObserved {
  /** With its status up to date. */
  readonly current: CronJob;
  readonly timing: Timing & { readonly ok: true };
  /** The latest that is due. */
  readonly time: number | undefined;
  readonly now: number;
}

function planStart(at: StartContext): Pick<CronJobPlan, 'actions' | 'isCaughtUp'> {
  const { current, jobs, timing, now } = at;
  const start = decideStart(current, jobs, at);
  switch (start.type) {
    case 'nothing':
      return { actions: [], isCaughtUp: true };
    case 'too-late':
      return { actions: missing(at, start.time), isCaughtUp: true };
    case 'blocked':
      return { actions: events([{ type: 'Normal', reason: 'JobAlreadyActive', message: 'Not starting job because prior execution is running and concurrency policy is Forbid' }]), isCaughtUp: false };
    case 'start': {
      const uids = new Set(start.replaced.map(({ metadata }) => metadata?.uid));
      const { active = [], ...others } = current.status ?? {};
      const left = active.filter(({ uid }) => !uids.has(uid));
      const window = { after: Math.max(countedFrom(current), closedUntil(current, now)), until: now };
      return {
        actions: [
          ...events(tooManyEvents(timing, window)),
          ...start.replaced.flatMap(deleting),
          ...recording(current.status, { ...others, ...(left.length === 0 ? {} : { active: left }) }),
          { type: 'create-job', job: scheduledJob(current, start.time) },
        ],
        isCaughtUp: false,
      };
    }
  }
}

/** Told once: the annotation says up to which time. */
function missing({ current, timing, awakeSince = -Infinity }: StartContext, time: number): CronJobAction[] {
  const told = toldUntil(current);
  if (told >= time) return [];
  const window = { after: Math.max(countedFrom(current), told), until: Math.min(awakeSince, time) };
  return [
    { type: 'write-status', status: current.status ?? {}, annotations: { [MISSED_UNTIL]: toTime(time) } },
    ...events([tooLateEvent(time), ...missedEvents(timing, window, `none was started, because startingDeadlineSeconds is ${current.spec.startingDeadlineSeconds}`)]),
  ];
}

/** What lay between the run before and the run that goes on record now. */
function missedBefore({ cronJob, awakeSince }: CronJobObserved, timing: Timing, { started: [first] }: Stock): EventText[] {
  if (first === undefined || awakeSince === undefined || !timing.ok) return [];
  const window = { after: Math.max(countedFrom(cronJob), toldUntil(cronJob)), until: Math.min(awakeSince, first - 1) };
  return missedEvents(timing, window, 'only the latest was started');
}

function recording(before: CronJobStatus | undefined, status: CronJobStatus): CronJobAction[] {
  return sameValue(status, before ?? {}) ? [] : [{ type: 'write-status', status }];
}

function deleting(job: Job): CronJobAction[] {
  return [{ type: 'delete-job', job }, ...events([{ type: 'Normal', reason: 'SuccessfulDelete', message: `Deleted job ${job.metadata?.name}` }])];
}

function events(texts: readonly EventText[]): CronJobAction[] {
  return texts.map((event) => ({ type: 'record-event', event }));
}

function warning({ reason, message }: { readonly reason: string; readonly message: string }): EventText {
  return { type: 'Warning', reason, message };
}

function zoneInSchedule({ spec: { schedule } }: CronJob): EventText[] {
  if (!schedule.includes('TZ')) return [];
  const message = `CRON_TZ or TZ used in schedule ${goQuote(schedule)} is not officially supported, see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ for more details`;
  return [warning({ reason: 'UnsupportedSchedule', message })];
}

function neverRuns({ spec: { schedule } }: CronJob): EventText {
  // kube: so upstream words a date that does not come.
  return warning({ reason: 'InvalidSchedule', message: `invalid schedule: ${schedule} : time difference between two schedules is less than 1 second` });
}
