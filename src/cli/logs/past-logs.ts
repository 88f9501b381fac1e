// Logs of what is over: of earlier runs, and of Jobs and Pods that are gone.
import type { Resource } from '../../api/kinds.ts';
import { resourceText } from '../../api/status-error.ts';
import { NoAttemptsError } from '../../client/attempts.ts';
import type { Client } from '../../client/client.ts';
import { UsageError, type CliContext } from '../context.ts';
import type { AttemptFlags } from './attempt-flags.ts';
import { archivedHint, attemptLogs } from './attempt-logs.ts';
import type { AttemptChoice, AttemptWish } from './choose-attempts.ts';
import type { LogParameters } from './log-lines.ts';
import type { ContainerChoice } from './log-sources.ts';

/** The Job or Pod that was named. */
export type Past = Pick<AttemptChoice, 'kind' | 'name' | 'liveUid'>;

export interface PastLogsOptions {
  readonly context: CliContext;
  readonly client: Client;
  readonly choice: ContainerChoice;
  readonly parameters: LogParameters;
  readonly flags: AttemptFlags & { readonly prefix?: boolean };
  readonly past: Past;
}

export function pastLogs({ context, client, parameters, choice, flags, past }: PastLogsOptions, wish: AttemptWish): Promise<void> {
  return attemptLogs({ context, client, parameters, choice: { ...choice, ...past, wish, archived: flags.archived === true, uid: flags.uid }, prefix: flags.prefix });
}

/** False when there is nothing to show, or the server keeps no attempts: then the Pod log API has the last word. */
export async function previousLogs(options: PastLogsOptions): Promise<boolean> {
  try {
    await pastLogs(options, { type: 'previous' });
    return true;
  } catch (error) {
    const isJob = options.past.kind === 'job' && options.past.liveUid !== undefined;
    if (error instanceof NoAttemptsError || (error instanceof UsageError && !isJob)) return false;
    throw error;
  }
}

/** kube: what is not there is told in other words here than elsewhere. */
export async function absenceError({ context, client, past }: PastLogsOptions, resource: Resource): Promise<UsageError> {
  const hint = await archivedHint({ context, client }, past);
  return new UsageError(`error from server (NotFound): ${resourceText(resource)} "${past.name}" not found in namespace "${context.namespace}"${hint}`);
}
