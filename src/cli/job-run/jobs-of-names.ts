// Finds the Jobs that are named on the command line: a Job is followed as it is, a CronJob is run now.
import type { CronJob, Job } from '../../api/generated/types.ts';
import { CRON_JOBS, JOBS } from '../../api/kinds.ts';
import { isAlreadyExists } from '../../api/status-error.ts';
import type { Ids } from '../../base/ids.ts';
import type { Client } from '../../client/client.ts';
import { UsageError } from '../context.ts';
import { instantiate, manualName } from '../new-job/instantiate.ts';
import { parseResourceArgs } from '../resource-args.ts';
import type { Finding } from './run-jobs.ts';

export async function findJobsByName(finding: Finding, words: readonly string[], ids: Ids): Promise<void> {
  const { context, client, display } = finding;
  const selection = parseResourceArgs(words, await context.resources());
  if (selection.type === 'lists') throw new UsageError('resource(s) were provided, but no name was specified');
  const wrong = selection.items.find(({ resource }) => resource.group !== 'batch' || !['Job', 'CronJob'].includes(resource.kind));
  if (wrong !== undefined) throw new UsageError(`${wrong.resource.singular}/${wrong.name} cannot be run: only jobs and cronjobs can`);
  for (const { resource, name } of selection.items) {
    const target = { namespace: context.namespace, name };
    if (resource.kind === 'Job') {
      finding.found({ job: await client.get(JOBS, target), isOwn: false });
    } else {
      const job = await createManualRun(client, { cronJob: await client.get(CRON_JOBS, target), ids });
      await display.say(`job.batch/${job.metadata?.name} created`);
      finding.found({ job, isOwn: true });
    }
  }
}

export interface ManualRun {
  readonly cronJob: CronJob;
  readonly ids: Ids;
  /** Absent: one is made up. */
  readonly name?: string;
  readonly change?: (job: Job) => Job;
  readonly dryRun?: boolean;
}

const SUFFIX_LENGTH = 5;
const NAME_TRIES = 5;

export async function createManualRun(client: Client, { cronJob, ids, name, change = (job) => job, dryRun }: ManualRun): Promise<Job> {
  for (let tries = 1; ; tries++) {
    const job = change(instantiate(cronJob, name ?? manualName(cronJob, ids.suffix(SUFFIX_LENGTH))));
    try {
      return await client.create(JOBS, { ...job, metadata: { ...job.metadata, namespace: cronJob.metadata?.namespace } }, { dryRun });
    } catch (error) {
      if (name !== undefined || tries === NAME_TRIES || !isAlreadyExists(error)) throw error;
    }
  }
}
