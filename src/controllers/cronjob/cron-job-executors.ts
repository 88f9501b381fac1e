// Carries out what the planner asked for, through the client; answers are shown to the informers at once, so that the next
// plan is made on them.
import type { CronJob, Job } from '../../api/generated/types.ts';
import { CRON_JOBS, JOBS } from '../../api/kinds.ts';
import { controllerOf, keyOf } from '../../api/object.ts';
import { isAlreadyExists, isNotFound, StatusError } from '../../api/status-error.ts';
import type { Client } from '../../client/client.ts';
import type { EventRecorder } from '../../client/event-recorder-contract.ts';
import type { Informer } from '../../client/informer-contract.ts';
import type { Executors } from '../runtime/executor.ts';
import type { CronJobAction } from './cron-job-action.ts';

export interface CronJobContext {
  /** As last written: a plan may write more than once. */
  cronJob: CronJob;
  readonly client: Client;
  readonly cronJobs: Informer<CronJob>;
  readonly jobs: Informer<Job>;
  readonly recorder: EventRecorder;
  /** Uids of Jobs that the server no longer has, whatever the informer still shows. */
  readonly gone: Set<string>;
}

export const cronJobExecutors: Executors<CronJobAction, CronJobContext> = {
  'create-job': ({ job }, context) => createJob(job, context),
  'delete-job': ({ job }, context) => deleteJob(job, context),
  'write-status': async ({ status, annotations }, context) => {
    const { client, cronJob, cronJobs } = context;
    const metadata = annotations === undefined ? cronJob.metadata : { ...cronJob.metadata, annotations: { ...cronJob.metadata?.annotations, ...annotations } };
    context.cronJob = await client.updateStatus(CRON_JOBS, { ...cronJob, metadata, status });
    cronJobs.observe(context.cronJob);
  },
  'record-event': async ({ event }, { recorder, cronJob }) => recorder.event(cronJob, event),
};

/** What was created is put on record by the next plan, which sees it. */
async function createJob(job: Job, context: CronJobContext): Promise<void> {
  const { client, jobs } = context;
  try {
    jobs.observe(await client.create(JOBS, job));
  } catch (error) {
    // Nothing can be made in a namespace that goes, and the CronJob goes with it.
    if (isNamespaceTerminating(error)) return;
    if (isAlreadyExists(error)) return meetJob(job, context);
    warn(context, 'FailedCreate', `Error creating job: ${(error as Error).message}`);
    throw error;
  }
}

/** A create that was repeated met the Job of its first try; or the name is taken by a Job of somebody else's, and the time passes. */
async function meetJob(job: Job, context: CronJobContext): Promise<void> {
  const { client, cronJob, jobs } = context;
  const there = await client.get(JOBS, { namespace: job.metadata?.namespace, name: job.metadata?.name ?? '' }).catch((error: unknown) => {
    warn(context, 'FailedGet', `Get job: ${(error as Error).message}`);
    throw error;
  });
  if (controllerOf(there)?.uid === cronJob.metadata?.uid) jobs.observe(there);
  else warn(context, 'FailedCreate', `Error creating job: another job has the name ${job.metadata?.name}`);
}

async function deleteJob(job: Job, context: CronJobContext): Promise<void> {
  const { client, jobs, gone } = context;
  const { namespace, name = '', uid = '' } = job.metadata ?? {};
  const isGone = (): void => {
    if (jobs.get(keyOf(job))?.metadata?.uid === uid) gone.add(uid);
  };
  try {
    const answer = await client.delete(JOBS, { namespace, name }, { preconditions: { uid }, propagationPolicy: 'Background' });
    if (answer.kind === JOBS.kind) jobs.observe(answer as Job);
    else isGone();
  } catch (error) {
    if (isNotFound(error)) return isGone();
    warn(context, 'FailedDelete', `Deleted job: ${(error as Error).message}`);
    throw error;
  }
}

function warn({ recorder, cronJob }: CronJobContext, reason: string, message: string): void {
  recorder.event(cronJob, { type: 'Warning', reason, message });
}

function isNamespaceTerminating(error: unknown): boolean {
  return error instanceof StatusError && (error.status.details?.causes ?? []).some(({ reason }) => reason === 'NamespaceTerminating');
}
