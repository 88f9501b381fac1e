// Follows the log of one container of a Pod over its restarts: as long as another run may come, or the reader goes.
import type { Pod } from '../../api/generated/types.ts';
import { PODS } from '../../api/kinds.ts';
import { StatusError } from '../../api/status-error.ts';
import { silentLogger } from '../../base/log.ts';
import { createAttemptReader } from '../../client/attempts.ts';
import type { Client } from '../../client/client.ts';
import { createInformer } from '../../client/informer.ts';
import type { CliContext } from '../context.ts';
import { showLog, writeLog, type LogParameters, type LogSource } from './log-lines.ts';
import { nextRun, restartsOf, type NextRun } from './next-run.ts';
import { pulse } from './pulse.ts';

export interface FollowRunsOptions {
  readonly context: CliContext;
  readonly client: Client;
  readonly parameters: LogParameters;
  readonly prefix: string;
}

/** The first run as kubectl shows it; of those that come after it everything, each announced on stderr. */
export async function followRuns({ pod, container }: LogSource, options: FollowRunsOptions): Promise<void> {
  const { context, client, parameters, prefix } = options;
  await showLog({ pod, container }, { client, out: context.out, parameters, signal: context.signal, prefix });
  // Whoever wants so many bytes has had them.
  if (parameters.limitBytes !== undefined || parameters.previous) return;
  const stop = new AbortController();
  const signal = AbortSignal.any([context.signal, stop.signal]);
  const { name = '', namespace, uid = '' } = pod.metadata ?? {};
  const informer = createInformer<Pod>({ client, clock: context.clock, log: silentLogger, signal, resource: PODS, query: { namespace, fieldSelector: `metadata.name=${name}` } });
  const changed = pulse();
  const unsubscribe = informer.onChange(changed.beat);
  context.signal.addEventListener('abort', changed.beat, { once: true });
  try {
    await informer.synced;
    for (let restart = restartsOf(pod, container); ; ) {
      const waiting = changed.next();
      const next = context.signal.aborted ? ({ type: 'none' } as const) : nextRun(informer.list().find(({ metadata }) => metadata?.uid === uid), container, restart);
      if (next.type === 'none') return;
      if (next.type === 'wait') await waiting;
      else {
        restart = next.restart;
        await context.err.write(`${announcement(name, container, next)}\n`);
        await showRun({ pod, container }, restart, options);
      }
    }
  } finally {
    unsubscribe();
    stop.abort();
    await informer.done;
  }
}

function announcement(pod: string, container: string, { restart, exitCode }: Extract<NextRun, { readonly type: 'begun' }>): string {
  const end = exitCode === undefined ? 'has ended' : `has ended with exit code ${exitCode}`;
  return `--- container ${container} of pod ${pod} ${end}; its run ${restart + 1} follows ---`;
}

/** By its number, so that a run which was over before anybody looked is shown too. Servers that number none show their newest. */
async function showRun({ pod, container }: LogSource, restart: number, { client, context, parameters, prefix }: FollowRunsOptions): Promise<void> {
  const { timestamps } = parameters;
  const { signal, out } = context;
  const podUid = pod.metadata?.uid ?? '';
  try {
    await writeLog(createAttemptReader(client).chunks({ podUid, container, restart }, { follow: true, timestamps, signal }), { out, prefix });
  } catch (error) {
    if (signal.aborted) return;
    if (!(error instanceof StatusError) || error.code !== 404) throw error;
    await showLog({ pod, container }, { client, out, parameters: { follow: true, previous: false, timestamps }, signal, prefix });
  }
}
