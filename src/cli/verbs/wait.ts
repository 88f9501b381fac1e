// minik wait: until objects come to a condition, a value, their end.
import type { KubeObject } from '../../api/object.ts';
import { isNotFound } from '../../api/status-error.ts';
import { UsageError, type CliContext, type RegisterVerb } from '../context.ts';
import { throwAll } from '../error-text.ts';
import { parseDuration } from '../go-duration.ts';
import { parseGoal, type Goal } from '../wait/goal.ts';
import { Progress } from '../wait/progress.ts';
import { waitFor, type Awaited } from '../wait/wait-for.ts';
import { typeText } from '../write/deletion-text.ts';
import { startManifestRun } from '../write/manifest-run.ts';
import { findTargets, type TargetFlags } from '../write/targets.ts';
import { addFileFlags, filesOf, type FileFlags } from '../write/write-flags.ts';

interface Flags extends FileFlags, TargetFlags {
  readonly for?: string;
  readonly timeout: string;
}

const DAY_MS = 24 * 3_600_000;

export const registerWait: RegisterVerb = (program, launch) => {
  const command = program
    .command('wait')
    .summary('wait for a condition')
    .description('Waits until objects come to a condition. --for=finished ends when a Job is complete or failed (exit code 0 or 1).')
    .argument('[type/name...]', 'job/a | pods -l app=x | jobs --all');
  addFileFlags(command, 'what to wait for');
  command
    .requiredOption('--for <condition>', "finished, delete, create, condition=NAME[=VALUE], jsonpath='{.path}'[=VALUE]")
    .option('--timeout <duration>', 'how long: 30s, 5m; 0 looks once, negative waits a week', '30s')
    .option('-l, --selector <selector>', 'labels to select by')
    .option('--field-selector <selector>', 'fields to select by')
    .option('--all', 'all objects of these types in the namespace')
    .option('-A, --all-namespaces', 'in all namespaces')
    .action((words: string[], flags: Flags) => launch(command, (context) => wait(context, words, flags)));
};

async function wait(context: CliContext, words: readonly string[], flags: Flags): Promise<number> {
  const goal = parseGoal(flags.for ?? '');
  const timeoutMs = timeoutOf(flags.timeout);
  const targets = await targetsOf(context, words, flags);
  if (targets.length === 0) {
    if (goal.type === 'delete') return 0;
    throw new UsageError('no matching resources found');
  }
  const timeout = new AbortController();
  const signal = AbortSignal.any([context.signal, timeout.signal]);
  const timer = setTimeout(() => timeout.abort(), timeoutMs);
  const progress = new Progress(context.err);
  try {
    const results = await Promise.allSettled(targets.map((target) => waitOne(context, target, { goal, signal, progress })));
    await progress.clear();
    throwAll(results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : [])));
    return results.some((result) => result.status === 'fulfilled' && result.value === 'failed') ? 1 : 0;
  } finally {
    clearTimeout(timer);
  }
}

interface WaitingFor {
  readonly goal: Goal;
  readonly signal: AbortSignal;
  readonly progress: Progress;
}

async function waitOne(context: CliContext, target: Awaited, { goal, signal, progress }: WaitingFor): Promise<'met' | 'failed'> {
  const client = await context.client();
  const shown = `${typeText(target.resource)}/${target.name}`;
  await requireExistence(context, target, goal);
  const verdict = await waitFor(target, { client, goal, signal, onState: (object) => progress.show(shown, object) });
  progress.forget(shown);
  await progress.clear();
  switch (verdict.type) {
    case 'met':
      await context.out.write(`${shown} condition met\n`);
      return 'met';
    case 'failed':
      await context.out.write(`${shown} failed: ${verdict.why}\n`);
      return 'failed';
    case 'waiting':
      context.signal.throwIfAborted();
      throw new Error(`timed out waiting for the condition on ${target.resource.plural}/${target.name}`);
  }
}

/** kubectl refuses to wait for what is not there, unless its creation or its end is what is waited for. */
async function requireExistence(context: CliContext, { resource, namespace, name }: Awaited, goal: Goal): Promise<void> {
  if (goal.type === 'create') return;
  try {
    await (await context.client()).get(resource, { namespace, name });
  } catch (error) {
    if (goal.type !== 'delete' || !isNotFound(error)) throw error;
  }
}

async function targetsOf(context: CliContext, words: readonly string[], flags: Flags): Promise<Awaited[]> {
  if (filesOf(flags).length === 0) {
    return (await findTargets(context, words, flags)).map(({ listed, ...target }) => ({ ...target, uid: (listed as KubeObject | undefined)?.metadata?.uid }));
  }
  const { manifests, failures } = await startManifestRun(context, { ...flags, validate: 'ignore' });
  if ((await failures.finish()) !== 0) throw new UsageError('not all files could be read');
  return manifests.map(({ resource, namespace, name }) => ({ resource, namespace, name }));
}

function timeoutOf(text: string): number {
  const ms = parseDuration(text);
  if (ms === undefined) throw new UsageError(`invalid argument "${text}" for "--timeout" flag: time: invalid duration "${text}"`);
  return ms < 0 ? 7 * DAY_MS : Math.min(ms, 7 * DAY_MS);
}
