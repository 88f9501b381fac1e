// minik create job: a Job from an image and a command, or from the template of a CronJob.
import type { Container, Job, JobSpec, ObjectMeta } from '../../api/generated/types.ts';
import { apiVersionOf, JOBS, type Resource } from '../../api/kinds.ts';
import type { KubeObject } from '../../api/object.ts';
import { UsageError, type CliContext, type RegisterVerb } from '../context.ts';
import { resourceOfWord } from '../resource-args.ts';
import { addGenerateFlags, createGenerated, exactlyOneName, type GenerateFlags } from '../write/create-generated.ts';

interface JobFlags extends GenerateFlags {
  readonly image?: string;
  readonly from?: string;
}

export const registerCreateJob: RegisterVerb = (program, launch) => {
  const command = program
    .command('job')
    .summary('a Job that runs one container')
    .description('minik create job NAME --image=IMAGE [-- COMMAND ARGS...]')
    .argument('[name]', 'the name of the Job')
    .argument('[command...]', 'what to run, behind --')
    .option('--image <image>', 'the image to run')
    .option('--from <cronjob/name>', 'the CronJob whose template to run now');
  addGenerateFlags(command);
  command.action((name: string | undefined, words: string[], flags: JobFlags) => launch(command, (context) => createJob(context, { name, words, flags })));
};

/** What is needed of a CronJob. */
export interface JobSource extends KubeObject {
  readonly spec?: { readonly jobTemplate?: { readonly metadata?: ObjectMeta; readonly spec?: JobSpec } };
}

interface Given {
  readonly name: string | undefined;
  readonly words: readonly string[];
  readonly flags: JobFlags;
}

async function createJob(context: CliContext, { name, words, flags }: Given): Promise<void> {
  const { image = '', from = '' } = flags;
  const named = exactlyOneName(name === undefined ? [] : [name], 'create job');
  if ((image === '') === (from === '')) throw new UsageError('either --image or --from must be specified');
  if (from !== '' && words.length > 0) throw new UsageError('cannot specify --from and command');
  const job = from === '' ? generateJob(named, { image, command: words }) : await jobFromCronJob(context, named, from);
  await createGenerated(context, job, { resource: JOBS, flags, failure: 'failed to create job: ' });
}

export function generateJob(name: string, { image, command }: { readonly image: string; readonly command: readonly string[] }): Job {
  const container: Container = { name, image, resources: {}, ...(command.length === 0 ? {} : { command: [...command] }) };
  return {
    apiVersion: apiVersionOf(JOBS),
    kind: JOBS.kind,
    metadata: { name },
    spec: { template: { metadata: {}, spec: { containers: [container], restartPolicy: 'Never' } } },
    status: {},
  };
}

async function jobFromCronJob(context: CliContext, name: string, from: string): Promise<Job> {
  const [kind, cronJobName] = from.split('/');
  if (cronJobName === undefined || cronJobName === '') throw new UsageError(`from must be given as cronjob/NAME, not ${JSON.stringify(from)}`);
  const resource = resourceOfWord(kind!, await context.resources());
  if (resource.kind !== 'CronJob') throw new UsageError(`from must be an existing cronjob`);
  const client = await context.client();
  const cronJob = await client.get(resource as Resource<JobSource>, { namespace: context.namespace, name: cronJobName });
  return instantiate(cronJob, { name, apiVersion: apiVersionOf(resource) });
}

/** No blockOwnerDeletion: the CronJob may go before a Job that was started by hand. */
export function instantiate(cronJob: JobSource, { name, apiVersion }: { readonly name: string; readonly apiVersion: string }): Job {
  const template = cronJob.spec?.jobTemplate;
  return {
    apiVersion: apiVersionOf(JOBS),
    kind: JOBS.kind,
    metadata: {
      name,
      annotations: { 'cronjob.kubernetes.io/instantiate': 'manual', ...template?.metadata?.annotations },
      labels: template?.metadata?.labels,
      ownerReferences: [{ apiVersion, kind: 'CronJob', name: cronJob.metadata?.name ?? '', uid: cronJob.metadata?.uid ?? '', controller: true }],
    },
    spec: template?.spec,
    status: {},
  };
}
