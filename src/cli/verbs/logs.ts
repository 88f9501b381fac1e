// minik logs: what containers wrote. For a Job: all of its Pods, each line with its Pod before it.
import type { Job, Pod } from '../../api/generated/types.ts';
import { JOBS, PODS, type Resource } from '../../api/kinds.ts';
import type { KubeObject } from '../../api/object.ts';
import { isNotFound, StatusError } from '../../api/status-error.ts';
import { formatLabelSelector } from '../../api/label-selector.ts';
import type { Client } from '../../client/client.ts';
import { UsageError, type CliContext, type RegisterVerb } from '../context.ts';
import { parseDuration } from '../go-duration.ts';
import { attemptWish, type AttemptFlags } from '../logs/attempt-flags.ts';
import { followPods } from '../logs/follow-pods.ts';
import { followRuns } from '../logs/follow-runs.ts';
import { showLog, type LogParameters, type LogSource } from '../logs/log-lines.ts';
import { containersOf, defaultedText, prefixOf, type ContainerChoice } from '../logs/log-sources.ts';
import { absenceError, pastLogs, previousLogs, type Past } from '../logs/past-logs.ts';
import { parseResourceArgs } from '../resource-args.ts';

interface Flags extends AttemptFlags {
  readonly follow?: boolean;
  readonly timestamps?: boolean;
  readonly tail?: string;
  readonly since?: string;
  readonly sinceTime?: string;
  readonly limitBytes?: string;
  readonly container?: string;
  readonly allContainers?: boolean;
  readonly allPods?: boolean;
  readonly prefix?: boolean;
  readonly ignoreErrors?: boolean;
}

export const registerLogs: RegisterVerb = (program, launch) => {
  const command = program
    .command('logs')
    .summary('print the logs of containers')
    .description('Prints the logs of a Pod, or of all Pods of a Job, each line with its Pod before it.\nWhat containers wrote is kept when they are gone: --attempts lists their runs, --attempt shows one, --archived what a Job or\nPod left that is no more.')
    .argument('[pod | type/name] [container]', 'web-1 | pod/web-1 | job/pi')
    .argument('[container]')
    .option('-f, --follow', 'go on as they grow, over restarts too')
    .option('-p, --previous', 'of the run before the last restart; of a Job, the run before its newest')
    .option('--attempt <number>', 'of this run of the container, counted from 1; in an Indexed Job of each index')
    .option('--attempts', 'list the runs of its containers, also of those that are gone')
    .option('--archived', 'of a Job or Pod that is gone')
    .option('--uid <uid>', 'of the Job or Pod with this uid, where several had the name')
    .option('--timestamps', 'put the time before each line')
    .option('--tail <lines>', 'only the last lines; -1 for all (10 with a selector)')
    .option('--since <duration>', 'only what is newer: 5s, 2m, 3h')
    .option('--since-time <time>', 'only what is newer than this RFC 3339 time')
    .option('--limit-bytes <bytes>', 'no more than this many bytes')
    .option('-c, --container <name>', 'of this container')
    .option('--all-containers', 'of all containers of a Pod')
    .option('--all-pods', 'of all Pods of a workload: what minik does anyway')
    .option('-l, --selector <selector>', 'of the Pods with these labels')
    .option('--prefix', 'put pod and container before each line')
    .option('--no-prefix', 'do not, not even for a Job')
    .option('--ignore-errors', 'go on with the other Pods when one has no log')
    .option('--max-log-requests <count>', 'accepted for kubectl; minik needs no limit')
    .option('--pod-running-timeout <duration>', 'accepted for kubectl');
  command.action((target: string | undefined, container: string | undefined, flags: Flags) => launch(command, (context) => logs(context, { target, container }, flags)));
};

async function logs(context: CliContext, words: { readonly target?: string; readonly container?: string }, flags: Flags): Promise<void> {
  const choice: ContainerChoice = { container: flags.container ?? words.container, allContainers: flags.allContainers === true };
  if (flags.container !== undefined && words.container !== undefined) throw new UsageError('only one of -c or an inline [CONTAINER] arg is allowed');
  if (words.target === undefined && flags.selector === undefined) {
    throw new UsageError("expected 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]'.\nPOD or TYPE/NAME is a required argument for the logs command");
  }
  if (words.target !== undefined && flags.selector !== undefined) throw new UsageError('only a selector (-l) or a POD name is allowed');
  const wish = attemptWish(flags);
  const client = await context.client();
  const parameters = parametersOf(flags);
  const common = { context, client, choice, parameters, flags };
  if (flags.selector !== undefined) return logsOfMany(common, { labelSelector: flags.selector, namespace: context.namespace });
  const { resource, name } = await targetOf(context, words.target!);
  const isPod = resource === (PODS as Resource);
  if (!isPod && resource !== (JOBS as Resource)) throw new UsageError(`cannot get the logs from ${resource.plural}: not implemented`);
  const live = await liveObject(common, resource, name);
  const past: Past = { kind: isPod ? 'pod' : 'job', name, liveUid: live?.metadata?.uid };
  const at = { ...common, past };
  if (wish !== undefined) return pastLogs(at, wish);
  // A Job has a run before its newest, whichever Pods they were in.
  if (flags.previous === true && (live === undefined || (!isPod && flags.follow !== true)) && (await previousLogs(at))) return;
  if (live === undefined) throw await absenceError(at, resource);
  if (isPod) return logsOfPod(at, live as Pod);
  const job = live as Job;
  return logsOfMany(at, { labelSelector: formatLabelSelector(job.spec?.selector), namespace: context.namespace, job });
}

function liveObject({ client, context }: Pick<At, 'client' | 'context'>, resource: Resource, name: string): Promise<KubeObject | undefined> {
  return client.get(resource as Resource<KubeObject>, { namespace: context.namespace, name }).catch((error: unknown) => (isNotFound(error) ? undefined : Promise.reject(error)));
}

interface At {
  readonly context: CliContext;
  readonly client: Client;
  readonly choice: ContainerChoice;
  readonly parameters: LogParameters;
  readonly flags: Flags;
}

async function logsOfPod(at: At & { readonly past: Past }, pod: Pod): Promise<void> {
  const { context, client, choice, parameters, flags } = at;
  const told = defaultedText(pod, choice);
  if (told !== undefined) await context.err.write(`${told}\n`);
  const sources = containersOf(pod, choice);
  const withPrefix = flags.prefix === true;
  const show = async (source: LogSource): Promise<void> => {
    const shown = showLog(source, { client, out: context.out, parameters, signal: context.signal, prefix: withPrefix ? prefixOf(source) : '' });
    await (parameters.previous ? shown.catch((error: unknown) => previousFromArchive(at, source.container, error)) : shown);
  };
  if (parameters.follow) return void (await Promise.all(sources.map((source) => followRuns(source, { context, client, parameters, prefix: withPrefix ? prefixOf(source) : '' }))));
  for (const source of sources) await show(source);
}

/** The run before may have been archived, where the engine has it no more. */
async function previousFromArchive(at: At & { readonly past: Past }, container: string, error: unknown): Promise<void> {
  const isGone = error instanceof StatusError && error.code === 400 && error.message.startsWith('previous terminated container');
  if (!isGone || !(await previousLogs({ ...at, choice: { container, allContainers: false } }))) throw error;
}

interface Many {
  readonly labelSelector: string;
  readonly namespace: string;
  readonly job?: Job;
}

async function logsOfMany(at: At, { labelSelector, namespace, job }: Many): Promise<void> {
  const { context, client, choice, flags } = at;
  // kube: with a selector only the last lines are shown, unless more are asked for.
  const parameters: LogParameters = { ...at.parameters, tailLines: at.parameters.tailLines ?? (flags.selector !== undefined && flags.tail === undefined ? 10 : undefined) };
  const withPrefix = flags.prefix ?? job !== undefined;
  if (parameters.follow) {
    const until = job === undefined ? {} : { until: { resource: JOBS, name: job.metadata?.name ?? '' } };
    return followPods({ context, client, namespace, labelSelector, choice, parameters, withPrefix, ...until });
  }
  const { items } = await client.list(PODS, { namespace, labelSelector });
  if (items.length === 0) {
    if (job !== undefined) throw new UsageError(`job/${job.metadata?.name} has no pods${job.spec?.suspend === true ? ': it is suspended' : ''}`);
    return void (await context.err.write(`No resources found in ${namespace} namespace.\n`));
  }
  const pods = [...items].sort((a, b) => String(a.metadata?.creationTimestamp).localeCompare(String(b.metadata?.creationTimestamp)));
  for (const source of pods.flatMap((pod) => containersOf(pod, choice))) {
    const shown = showLog(source, { client, out: context.out, parameters, signal: context.signal, prefix: withPrefix ? prefixOf(source) : '' });
    // A Pod of a Job that has no log yet says nothing of the others.
    await (flags.ignoreErrors === true || job !== undefined ? shown.catch((error: unknown) => context.err.write(`${(error as Error).message}\n`)) : shown);
  }
}

async function targetOf(context: CliContext, word: string): Promise<{ readonly resource: Resource; readonly name: string }> {
  if (!word.includes('/')) return { resource: PODS as Resource, name: word };
  const selection = parseResourceArgs([word], await context.resources());
  if (selection.type !== 'names') throw new UsageError('arguments in resource/name form must have a single resource and name');
  return selection.items[0]!;
}

function parametersOf(flags: Flags): LogParameters {
  const tail = whole(flags.tail, '--tail');
  if (flags.since !== undefined && flags.sinceTime !== undefined) throw new UsageError('at most one of `sinceTime` or `sinceSeconds` may be specified');
  const since = flags.since === undefined ? undefined : parseDuration(flags.since);
  if (flags.since !== undefined && (since === undefined || since < 0)) throw new UsageError(`--since must be a duration such as 5s, 2m or 3h, not "${flags.since}"`);
  if (flags.sinceTime !== undefined && Number.isNaN(Date.parse(flags.sinceTime))) throw new UsageError(`--since-time must be an RFC 3339 time, not "${flags.sinceTime}"`);
  return {
    follow: flags.follow === true,
    previous: flags.previous === true,
    timestamps: flags.timestamps === true,
    ...(tail === undefined || tail < 0 ? {} : { tailLines: tail }),
    ...(since === undefined ? {} : { sinceSeconds: Math.ceil(since / 1000) }),
    ...(flags.sinceTime === undefined ? {} : { sinceTime: flags.sinceTime }),
    ...(flags.limitBytes === undefined ? {} : { limitBytes: whole(flags.limitBytes, '--limit-bytes') }),
  };
}

function whole(text: string | undefined, flag: string): number | undefined {
  if (text === undefined) return undefined;
  if (!/^-?\d+$/.test(text)) throw new UsageError(`${flag} must be a whole number, not "${text}"`);
  return Number(text);
}
