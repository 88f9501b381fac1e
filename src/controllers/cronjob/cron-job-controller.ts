// The CronJob controller: gathers a CronJob and its Jobs, plans, and carries the plan out.
import type { CronJob, Job } from '../../api/generated/types.ts';
import { isFinished } from '../../api/job/conditions.ts';
import { CRON_JOBS } from '../../api/kinds.ts';
import { controllerOf, keyOf } from '../../api/object.ts';
import type { Clock } from '../../base/clock.ts';
import type { Client } from '../../client/client.ts';
import type { EventRecorder } from '../../client/event-recorder-contract.ts';
import type { Indexes, Informer, InformerChange } from '../../client/informer-contract.ts';
import type { Controller } from '../runtime/controller.ts';
import { execute } from '../runtime/executor.ts';
import { cronJobExecutors } from './cron-job-executors.ts';
import { planCronJob } from './plan-cron-job.ts';

export interface CronJobControllerOptions {
  readonly client: Client;
  readonly cronJobs: Informer<CronJob>;
  /** With the index below. */
  readonly jobs: Informer<Job>;
  readonly recorder: EventRecorder;
  readonly clock: Clock;
  /** Since when the machine is awake and minik runs, ms. */
  readonly awakeSince: () => number;
}

const BY_CONTROLLER = 'controller-uid';

export const cronJobJobIndexes: Indexes<Job> = {
  [BY_CONTROLLER]: (job) => [controllerOf(job)?.uid ?? ''].filter((uid) => uid !== ''),
};

export function createCronJobController({ client, cronJobs, jobs, recorder, clock, awakeSince }: CronJobControllerOptions): Controller {
  /** Uids of CronJobs -> the awakening up to which all that was missed is settled. */
  const settled = new Map<string, number>();
  /** Uids of Jobs that are deleted and that the informer may still show. */
  const gone = new Set<string>();
  return {
    name: 'cronjob',
    connect(enqueue) {
      const stopCronJobs = cronJobs.onChange(({ key, before, after }) => {
        if (after?.metadata?.uid !== before?.metadata?.uid) settled.delete(before?.metadata?.uid ?? '');
        enqueue(key);
      });
      const stopJobs = jobs.onChange((change) => {
        if (change.after?.metadata?.uid !== change.before?.metadata?.uid) gone.delete(change.before?.metadata?.uid ?? '');
        for (const key of concernedBy(change)) enqueue(key);
      });
      for (const cronJob of cronJobs.list()) enqueue(keyOf(cronJob));
      return () => {
        stopCronJobs();
        stopJobs();
      };
    },
    async reconcile(key) {
      const cronJob = cronJobs.get(key);
      if (cronJob === undefined) return {};
      const uid = cronJob.metadata?.uid ?? '';
      const awake = awakeSince();
      const own = jobs.byIndex(BY_CONTROLLER, uid).filter(({ metadata }) => !gone.has(metadata?.uid ?? ''));
      const plan = planCronJob({ cronJob, jobs: own, ...(settled.get(uid) === awake ? {} : { awakeSince: awake }) }, clock.now());
      await execute(plan.actions, cronJobExecutors, { cronJob, client, cronJobs, jobs, recorder, gone });
      if (plan.isCaughtUp) settled.set(uid, awake);
      return { requeueAfterMs: plan.requeueAfterMs };
    },
  };
}

/** CronJobs to which it matters that the Job came, went, ended or changed hands; how its Pods get on does not. */
function concernedBy({ before, after }: InformerChange<Job>): string[] {
  const [left, right] = [before, after].map((job) => (job === undefined ? undefined : ownerKey(job)));
  const sameState = before !== undefined && after !== undefined && before.metadata?.uid === after.metadata?.uid && isFinished(before) === isFinished(after);
  return left === right && sameState ? [] : [...new Set([left, right].filter((key) => key !== undefined))];
}

function ownerKey(job: Job): string | undefined {
  const owner = controllerOf(job);
  return owner?.kind === CRON_JOBS.kind ? `${job.metadata?.namespace}/${owner.name}` : undefined;
}
