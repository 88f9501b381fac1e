// pure: the CronJob controller of a rehearsal: the real planner, its actions carried out on the world.
import { countedFrom, timingOf } from '../api/cronjob/timing.ts';
import { countTimes, latestTime } from '../api/cron/next-time.ts';
import type { CronJob, Job } from '../api/generated/types.ts';
import { defaultJob, identifyJob } from '../api/job/defaults.ts';
import { toTime } from '../api/time.ts';
import type { CronJobAction } from '../controllers/cronjob/cron-job-action.ts';
import { planCronJob } from '../controllers/cronjob/plan-cron-job.ts';
import { scheduledTimeOf } from '../controllers/cronjob/scheduled-job.ts';
import { deleteJob } from './garbage.ts';
import type { Stage } from './job-loop.ts';
import type { World } from './world.ts';

/** Scheduled times that wait for one Job are counted no further. */
const MOST_WAITING = 1_000_000;

/** Milliseconds until the CronJob must be looked at again, if ever. */
export function reconcileCronJob(stage: Stage): number | undefined {
  const { world } = stage;
  const { cronJob } = world;
  if (cronJob === undefined) return undefined;
  const plan = planCronJob({ cronJob, jobs: world.jobs() }, world.now);
  for (const action of plan.actions) carryOut(stage, action);
  return plan.requeueAfterMs;
}

function carryOut(stage: Stage, action: CronJobAction): void {
  const { world } = stage;
  switch (action.type) {
    case 'create-job':
      return createJob(world, action.job);
    case 'delete-job':
      return deleteJob(stage, action.job);
    case 'write-status':
      return writeStatus(world, action);
    case 'record-event': {
      const about = { kind: 'CronJob', name: world.cronJob?.metadata?.name ?? '' } as const;
      world.tell(about, action.event);
      if (action.event.reason === 'JobAlreadyActive') noteWaiting(world);
      return;
    }
  }
}

/** As the API server creates it. */
function createJob(world: World, manifest: Job): void {
  const name = manifest.metadata?.name ?? '';
  if (world.job(name) !== undefined) return;
  const metadata = { ...manifest.metadata, uid: world.newUid(), creationTimestamp: toTime(world.now), generation: 1 };
  const job = identifyJob(defaultJob({ ...manifest, metadata }));
  const scheduledAt = scheduledTimeOf(world.cronJob!, job);
  world.runs.created(name, { at: world.now, ...(scheduledAt === undefined ? {} : { scheduledAt }) });
  world.putJob(job);
}

function writeStatus(world: World, { status, annotations }: Extract<CronJobAction, { readonly type: 'write-status' }>): void {
  const cronJob = world.cronJob!;
  const metadata = annotations === undefined ? cronJob.metadata : { ...cronJob.metadata, annotations: { ...cronJob.metadata?.annotations, ...annotations } };
  world.cronJob = { ...cronJob, metadata, status };
  world.touchCronJob();
}

/** Each scheduled time that finds a Job in its way is noted once, however often the planner looks. */
function noteWaiting(world: World): void {
  const cronJob = world.cronJob!;
  const timing = timingOf(cronJob.spec);
  if (!timing.ok) return;
  const window = { after: countedFrom(cronJob), until: world.now };
  const time = latestTime(timing.schedule, timing.zone, window);
  if (time === undefined || !world.runs.waits(time)) return;
  const waiting = countTimes(timing.schedule, timing.zone, { ...window, atMost: MOST_WAITING });
  world.runs.queued({ at: world.now, waiting });
  const others = waiting === 1 ? '' : `; ${waiting} scheduled times have passed meanwhile, of which only the last will be run`;
  world.note({ kind: 'CronJob', name: cronJob.metadata?.name ?? '' }, { type: 'Normal', reason: 'MustWait', message: `Must wait for ${activeNames(cronJob)}${others}` });
}

function activeNames({ status }: CronJob): string {
  return (status?.active ?? []).map(({ name }) => name).join(', ');
}
