// Reads what the rules need to know of a CronJob: itself, its Jobs, and how those fare that matter.
import type { Job } from '../../api/generated/types.ts';
import { CRON_JOBS, JOBS } from '../../api/kinds.ts';
import { controllerOf } from '../../api/object.ts';
import { fromTime } from '../../api/time.ts';
import type { Client } from '../../client/client.ts';
import { isActive, isEnded, type CronJobFacts } from './cronjob/cron-job-facts.ts';
import { eventsAbout, gatherJob, type Asked } from './gather.ts';
import { diagnoseJob } from './job/job-rules.ts';

/** Each costs several requests. */
const MAX_ACTIVE_JUDGED = 3;

/** Rejects with NotFound when there is no such CronJob. */
export async function gatherCronJob({ client, namespace, name, now }: Asked): Promise<CronJobFacts> {
  const cronJob = await client.get(CRON_JOBS, { namespace, name });
  const [jobs, events] = await Promise.all([jobsOfCronJob(client, { namespace, uid: cronJob.metadata?.uid ?? '' }), eventsAbout(client, cronJob)]);
  const judged = [...jobs.filter(isActive).slice(0, MAX_ACTIVE_JUDGED), ...jobs.filter(isEnded).slice(-1)];
  const diagnoses = await Promise.all(
    judged.map(async ({ metadata }) => {
      const job = metadata?.name ?? '';
      return [job, diagnoseJob(await gatherJob({ client, namespace, name: job, now }))] as const;
    }),
  );
  return { now, name, cronJob, events, jobs, diagnoses: new Map(diagnoses) };
}

/** Oldest first. */
export async function jobsOfCronJob(client: Client, { namespace, uid }: { readonly namespace: string; readonly uid: string }): Promise<readonly Job[]> {
  const { items } = await client.list(JOBS, { namespace });
  const created = ({ metadata }: Job): number => fromTime(metadata?.creationTimestamp) ?? 0;
  return items.filter((job) => controllerOf(job)?.uid === uid).sort((a, b) => created(a) - created(b));
}
