// The last lines of a run's log: from the list of attempts where the server keeps one, else from the Pod.
import { PODS, resourcePath } from '../../api/kinds.ts';
import { StatusError } from '../../api/status-error.ts';
import { createAttemptReader, NoAttemptsError } from '../../client/attempts.ts';
import type { Client } from '../../client/client.ts';
import { readText } from '../../client/response-body.ts';
import type { ContainerRun } from './container-run.ts';
import { plainText } from './plain-text.ts';

export interface TailOptions {
  readonly namespace: string;
  readonly lines: number;
  /** The newest run of its container; a Pod only shows that one and the one before. */
  readonly isNewest: boolean;
}

/** Undefined when nobody has the log any more. */
export async function logTail(client: Client, run: ContainerRun, options: TailOptions): Promise<readonly string[] | undefined> {
  try {
    return linesOf(await tailText(client, run, options), options.lines);
  } catch (error) {
    if (error instanceof StatusError) return undefined;
    throw error;
  }
}

async function tailText(client: Client, run: ContainerRun, { namespace, lines, isNewest }: TailOptions): Promise<string> {
  try {
    return await createAttemptReader(client).log(run, { tailLines: lines });
  } catch (error) {
    if (!(error instanceof NoAttemptsError || error instanceof StatusError)) throw error;
    const path = resourcePath(PODS, { namespace, name: run.pod, subresource: 'log' });
    const { body } = await client.request({ path, query: { container: run.container, tailLines: String(lines), previous: isNewest ? undefined : 'true' } });
    return readText(body);
  }
}

function linesOf(text: string, atMost: number): readonly string[] {
  const lines = plainText(text).replace(/\n$/, '').split('\n');
  return lines.length === 1 && lines[0] === '' ? [] : lines.slice(-atMost);
}
