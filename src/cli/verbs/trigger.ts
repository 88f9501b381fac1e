// minik trigger: runs a CronJob now, with other variables or arguments where wanted.
import type { Job } from '../../api/generated/types.ts';
import { CRON_JOBS } from '../../api/kinds.ts';
import { randomIds } from '../../base/ids.ts';
import { UsageError, type CliContext, type RegisterVerb } from '../context.ts';
import { addWaitFlags, exitCodesText, waitOptionsOf, type WaitFlags } from '../job-run/follow-flags.ts';
import { createManualRun } from '../job-run/jobs-of-names.ts';
import { runJobs } from '../job-run/run-jobs.ts';
import { instantiate, manualName } from '../new-job/instantiate.ts';
import { overrideJob } from '../new-job/override-job.ts';
import { resourceOfWord } from '../resource-args.ts';
import { createResultPrinter } from '../write/result-printer.ts';
import { addWriteFlags, append, dryRunOf, type WriteFlags } from '../write/write-flags.ts';

interface Flags extends WaitFlags, WriteFlags {
  readonly name?: string;
  readonly env?: readonly string[];
  readonly container?: string;
}

export const registerTrigger: RegisterVerb = (program, launch) => {
  const command = program
    .command('trigger')
    .summary('run a cronjob now')
    .description(
      'Starts the Job of a CronJob now, as kubectl create job --from does: minik trigger cronjob/x --env DAY=2026-01-31 --logs -- --verbose\n' +
        'It belongs to the CronJob and counts in its history; its concurrency policy does not see it.',
    )
    .argument('[cronjob/name]', 'cronjob/x')
    .argument('[arguments...]', 'behind --: what the container gets instead of its args')
    .option('--name <name>', 'the name of the Job; default: NAME-manual-xxxxx')
    .option('--env <name=value>', 'a variable for every container, or for that of -c', append)
    .option('-c, --container <name>', 'the container that --env and the arguments are for');
  addWriteFlags(command, { manager: 'kubectl-create' });
  addWaitFlags(command).addHelpText('after', exitCodesText());
  command.action((target: string | undefined, args: string[], flags: Flags) => launch(command, (context) => trigger(context, { target, args }, flags)));
};

async function trigger(context: CliContext, { target, args }: { readonly target: string | undefined; readonly args: readonly string[] }, flags: Flags): Promise<number> {
  const name = await cronJobName(context, target);
  const waiting = waitOptionsOf(flags);
  const dryRun = dryRunOf(flags);
  if (waiting !== undefined && (dryRun !== 'none' || flags.output !== undefined)) throw new UsageError('--wait and --logs cannot be combined with --dry-run or -o');
  const change = (job: Job): Job => overrideJob(job, { env: flags.env ?? [], args, ...(flags.container === undefined ? {} : { container: flags.container }) });
  const readCronJob = async () => (await context.client()).get(CRON_JOBS, { namespace: context.namespace, name });
  if (waiting !== undefined) {
    return runJobs(context, waiting, async ({ client, display, found }) => {
      const job = await createManualRun(client, { cronJob: await readCronJob(), ids: randomIds, name: flags.name, change });
      await display.say(`job.batch/${job.metadata?.name} created`);
      found({ job, isOwn: true });
    });
  }
  const printer = await createResultPrinter(context, flags);
  const cronJob = await readCronJob();
  const job =
    dryRun === 'client'
      ? change(instantiate(cronJob, flags.name ?? manualName(cronJob, randomIds.suffix(5))))
      : await createManualRun(await context.client(), { cronJob, ids: randomIds, name: flags.name, change, dryRun: dryRun === 'server' });
  await printer.print(job, 'created');
  return 0;
}

async function cronJobName(context: CliContext, target: string | undefined): Promise<string> {
  const [kind = '', name = '', ...more] = (target ?? '').split('/');
  if (kind === '' || name === '' || more.length > 0) throw new UsageError('which CronJob to run must be given as cronjob/NAME');
  const resource = resourceOfWord(kind, await context.resources());
  if (resource.kind !== 'CronJob') throw new UsageError(`${target} cannot be triggered: only cronjobs can${resource.kind === 'Job' ? `; minik rerun ${target} runs a Job again` : ''}`);
  return name;
}
