// minik rerun: runs a Job once more as it is: deletes it, waits until it is gone, and makes the same again.
import type { Job } from '../../api/generated/types.ts';
import { isFinished } from '../../api/job/conditions.ts';
import { JOBS, type Resource } from '../../api/kinds.ts';
import type { KubeObject } from '../../api/object.ts';
import type { Client } from '../../client/client.ts';
import { UsageError, type CliContext, type RegisterVerb } from '../context.ts';
import { addWaitFlags, exitCodesText, waitOptionsOf, type WaitFlags } from '../job-run/follow-flags.ts';
import { runJobs } from '../job-run/run-jobs.ts';
import { copyJob } from '../new-job/copy-job.ts';
import { yamlText } from '../printers/yaml.ts';
import { parseResourceArgs } from '../resource-args.ts';
import { deletionText } from '../write/deletion-text.ts';
import { waitGone } from '../write/wait-gone.ts';

interface Flags extends WaitFlags {
  readonly as?: string;
  readonly force?: boolean;
}

export const registerRerun: RegisterVerb = (program, launch) => {
  const command = program
    .command('rerun')
    .summary('run a job once more')
    .description('Runs a Job once more as it is: deletes it with its Pods, waits until it is gone, and makes the same again.\nA run of a CronJob stays one of it, as a manual run.')
    .argument('[type/name...]', 'job/a job/b')
    .option('--as <name>', 'leave the Job alone and run a copy of this name')
    .option('--force', 'also when it still runs');
  addWaitFlags(command).addHelpText('after', exitCodesText());
  command.action((words: string[], flags: Flags) => launch(command, (context) => rerun(context, words, flags)));
};

type Say = (line: string) => Promise<void>;

async function rerun(context: CliContext, words: readonly string[], flags: Flags): Promise<number> {
  const names = await jobNames(context, words);
  if (flags.as !== undefined && names.length > 1) throw new UsageError('--as names one copy: only one Job can be given with it');
  const waiting = waitOptionsOf(flags);
  const client = await context.client();
  const jobs = await Promise.all(names.map((name) => client.get(JOBS, { namespace: context.namespace, name })));
  for (const job of jobs) requireCopyable(job, flags);
  const again = (job: Job, say: Say, signal: AbortSignal): Promise<Job> =>
    flags.as === undefined ? replace(job, { client, context, say, signal }) : client.create(JOBS, copyJob(job, { name: flags.as }));
  if (waiting !== undefined) {
    return runJobs(context, waiting, async ({ display, found, signal }) => {
      for (const job of jobs) {
        const made = await again(job, (line) => display.say(line), signal);
        await display.say(`job.batch/${made.metadata?.name} created`);
        found({ job: made, isOwn: true });
      }
    });
  }
  const say: Say = (line) => context.out.write(`${line}\n`);
  for (const job of jobs) await say(`job.batch/${(await again(job, say, context.signal)).metadata?.name} created`);
  return 0;
}

async function jobNames(context: CliContext, words: readonly string[]): Promise<string[]> {
  if (words.length === 0) throw new UsageError('which Job to run again must be given as job/NAME');
  const selection = parseResourceArgs(words, await context.resources());
  if (selection.type === 'lists') throw new UsageError('resource(s) were provided, but no name was specified');
  for (const { resource, name } of selection.items) {
    if (resource.kind === 'CronJob') throw new UsageError(`cronjob/${name} cannot be run again: minik trigger cronjob/${name} runs it now`);
    if (resource.kind !== 'Job') throw new UsageError(`${resource.singular}/${name} cannot be run again: only jobs can`);
  }
  return [...new Set(selection.items.map(({ name }) => name))];
}

function requireCopyable(job: Job, { as, force }: Flags): void {
  const name = `job.batch/${job.metadata?.name}`;
  if (as !== undefined) {
    if (as === job.metadata?.name) throw new UsageError(`--as ${as} is the name of the Job itself: leave --as out to run it again`);
    if (job.spec?.manualSelector === true) throw new UsageError(`${name} has a manualSelector: a copy of it would take its Pods; leave --as out, or write a selector of its own`);
    return;
  }
  if (isFinished(job) || force === true) return;
  const { active = 0 } = job.status ?? {};
  throw new UsageError(`${name} has not finished (${active} active): --force stops it and runs it again, --as NAME runs a copy beside it`);
}

interface Replacing {
  readonly client: Client;
  readonly context: CliContext;
  readonly say: Say;
  readonly signal: AbortSignal;
}

async function replace(job: Job, { client, context, say, signal }: Replacing): Promise<Job> {
  const { namespace = '', name = '', uid } = job.metadata ?? {};
  const copy = copyJob(job, { name });
  await client.delete(JOBS, { namespace, name }, { propagationPolicy: 'Foreground', preconditions: { uid } });
  await say(deletionText({ resource: JOBS as Resource, namespace, name }, { forced: false }));
  try {
    await waitGone([{ resource: JOBS as Resource<KubeObject>, namespace, name, uid }], { client, clock: context.clock, signal, timeoutMs: 0 });
    return await client.create(JOBS, copy);
  } catch (error) {
    // It is on its way out and nobody else has it.
    await context.err.write(`job.batch/${name} was deleted and is not made again; this was it:\n---\n${yamlText(copy)}`);
    throw error;
  }
}
