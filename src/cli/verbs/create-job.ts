// minik create job: a Job from an image and a command, or from the template of a CronJob.
import type { Container, Job } from '../../api/generated/types.ts';
import { apiVersionOf, CRON_JOBS, JOBS } from '../../api/kinds.ts';
import { UsageError, type CliContext, type RegisterVerb } from '../context.ts';
import { instantiate } from '../new-job/instantiate.ts';
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
  return instantiate(await client.get(CRON_JOBS, { namespace: context.namespace, name: cronJobName }), name);
}
