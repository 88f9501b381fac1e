// Logs of single attempts, of Jobs and Pods that are there and of those that are gone.
import type { Attempt } from '../../api/attempt/attempt.ts';
import { createAttemptReader } from '../../client/attempts.ts';
import type { Client } from '../../client/client.ts';
import { UsageError, type CliContext } from '../context.ts';
import { attemptTable } from './attempt-table.ts';
import { chooseAttempts, type AttemptChoice } from './choose-attempts.ts';
import { writeLog, type LogParameters } from './log-lines.ts';

export interface AttemptLogsOptions {
  readonly context: CliContext;
  readonly client: Client;
  readonly parameters: LogParameters;
  readonly choice: AttemptChoice;
  readonly prefix: boolean | undefined;
}

/** Rejects with NoAttemptsError on a cluster that keeps none. */
export async function attemptLogs(options: AttemptLogsOptions): Promise<void> {
  const { context, client, choice, parameters } = options;
  const { kind, name, wish } = choice;
  const found = await createAttemptReader(client).list({ namespace: context.namespace, [kind]: name });
  const chosen = chooseAttempts(found, choice);
  if (chosen.type === 'none') {
    throw new UsageError(chosen.known.length === 0 ? chosen.problem : `${chosen.problem}:\n${attemptTable(chosen.known, context.clock.now()).trimEnd()}`);
  }
  const { attempts, older } = chosen;
  if (older.length > 0 && choice.uid === undefined && (wish.type === 'table' || choice.archived)) {
    await context.err.write(`Older ${kind}s of this name have left attempts too: --uid=${older.join(', --uid=')}\n`);
  }
  if (wish.type === 'table') return context.out.write(attemptTable(attempts, context.clock.now()));
  const withPrefix = options.prefix ?? (kind === 'job' && (wish.type === 'newest' || attempts.some(({ attempt }) => attempt.job?.index !== undefined)));
  if (parameters.follow) return void (await Promise.all(attempts.map(({ attempt }) => show(options, attempt, withPrefix))));
  for (const { attempt } of attempts) await show(options, attempt, withPrefix);
}

async function show({ context, client, parameters }: AttemptLogsOptions, attempt: Attempt, withPrefix: boolean): Promise<void> {
  const { pod, container, restart, logProblem, isTruncated } = attempt;
  const what = `container ${container} (restart ${restart}) of pod ${pod}`;
  if (logProblem !== undefined) await context.err.write(`The log of ${what} was not kept: ${logProblem}\n`);
  if (isTruncated) await context.err.write(`Only the end of the log of ${what} was kept\n`);
  const { previous: _, ...query } = parameters;
  const chunks = createAttemptReader(client).chunks(attempt, { ...query, signal: context.signal });
  await writeLog(chunks, { out: context.out, prefix: withPrefix ? `[pod/${pod}/${container}] ` : '' });
}

/** What to add to "not found" where the past is still known; '' where it is not. */
export async function archivedHint({ context, client }: { readonly context: CliContext; readonly client: Client }, { kind, name }: Pick<AttemptChoice, 'kind' | 'name'>): Promise<string> {
  const found = await createAttemptReader(client)
    .list({ namespace: context.namespace, [kind]: name })
    .catch(() => [] as const);
  return found.length === 0 ? '' : `; what it wrote is archived: add --archived (${found.length} attempt${found.length === 1 ? '' : 's'}, listed by --attempts)`;
}
