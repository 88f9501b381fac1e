// minik why: one verdict on a Job, a Pod or a CronJob, what it rests on, and what to try.
import { CRON_JOBS, JOBS, PODS, type Resource } from '../../api/kinds.ts';
import { notFoundError } from '../../api/status-error.ts';
import { UsageError, type CliContext, type RegisterVerb } from '../context.ts';
import { createReportPrinter } from '../printers/report-printer.ts';
import { parseResourceArgs, type ResourceName } from '../resource-args.ts';
import { oneLine } from '../runs/plain-text.ts';
import type { Diagnosis } from '../why/diagnosis.ts';
import { diagnosisObject } from '../why/diagnosis-json.ts';
import { gatherJob, gatherPod, type Asked } from '../why/gather.ts';
import { diagnoseCronJob } from '../why/cronjob/cron-job-rules.ts';
import { gatherCronJob } from '../why/gather-cron-job.ts';
import { diagnoseJob } from '../why/job/job-rules.ts';
import { diagnoseGonePod } from '../why/pod-gone.ts';
import { diagnosePod } from '../why/pod/pod-rules.ts';

interface Flags {
  readonly output?: string;
  readonly exitCode?: boolean;
}

export const registerWhy: RegisterVerb = (program, launch) => {
  const command = program
    .command('why')
    .summary('say why an object is as it is')
    .description('Says in one line how a Job, Pod or CronJob fares and why, then what that rests on, then what to try.\nThe exit code is 0 when there is an answer; with --exit-code it is 1 when the answer is trouble.')
    .argument('<type/name...>', 'job/pi | pod/web-1 | cronjob/backup | job pi')
    .option('-o, --output <format>', 'json, yaml, jsonpath=...')
    .option('--exit-code', 'end with 1 when anything asked about is in trouble');
  command.action((words: string[], flags: Flags) => launch(command, (context) => why(context, words, flags)));
};

async function why(context: CliContext, words: readonly string[], flags: Flags): Promise<number> {
  const targets = await targetsOf(context, words);
  const print = await createReportPrinter(flags.output);
  const { diagnosisText } = await import('../why/print-diagnosis.ts');
  const { out } = context;
  const answers: Diagnosis[] = [];
  for (const target of targets) {
    const found = await diagnose(context, target);
    const diagnosis: Diagnosis = { ...found, verdict: oneLine(found.verdict) };
    answers.push(diagnosis);
    const gap = answers.length > 1 ? '\n' : '';
    await out.write(print === undefined ? `${gap}${diagnosisText(diagnosis, out)}` : print(diagnosisObject({ kind: target.resource.kind, namespace: context.namespace, name: target.name }, diagnosis)));
  }
  return flags.exitCode === true && answers.some(({ health }) => health === 'trouble') ? 1 : 0;
}

async function targetsOf(context: CliContext, words: readonly string[]): Promise<readonly ResourceName[]> {
  const selection = parseResourceArgs(words, await context.resources());
  if (selection.type === 'lists') throw new UsageError('expected TYPE/NAME or TYPE NAME: minik why job/pi');
  return selection.items;
}

async function diagnose(context: CliContext, { resource, name }: ResourceName): Promise<Diagnosis> {
  const asked: Asked = { client: await context.client(), namespace: context.namespace, name, now: context.clock.now() };
  if (resource === (PODS as Resource)) {
    const facts = await gatherPod(asked);
    if (facts.pod !== undefined) return diagnosePod(facts);
    if (facts.runs.length === 0) throw notFoundError(resource, name);
    return diagnoseGonePod(name, facts);
  }
  if (resource === (JOBS as Resource)) {
    const facts = await gatherJob(asked);
    if (facts.job === undefined && facts.runs.length === 0) throw notFoundError(resource, name);
    return diagnoseJob(facts);
  }
  if (resource === (CRON_JOBS as Resource)) return diagnoseCronJob(await gatherCronJob(asked));
  throw new UsageError(`minik why knows jobs, pods and cronjobs, not ${resource.plural}`);
}
