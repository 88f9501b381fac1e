// Deletes Jobs that were followed: because somebody interrupted them, or because they are complete and --rm was given.
import type { Job } from '../../api/generated/types.ts';
import { JOBS, type Resource } from '../../api/kinds.ts';
import type { KubeObject } from '../../api/object.ts';
import { isNotFound } from '../../api/status-error.ts';
import type { Clock } from '../../base/clock.ts';
import type { Client } from '../../client/client.ts';
import { waitGone } from '../write/wait-gone.ts';
import type { RunDisplay } from './display.ts';
import type { JobRun } from './report.ts';

export interface Deleting {
  readonly client: Client;
  readonly display: RunDisplay;
  readonly clock: Clock;
  /** Resolves when nobody wants to wait any more: the deletion itself goes on. */
  readonly again: Promise<void>;
}

/** Waits until the Pods have stopped, each with its own grace, and the Jobs are gone. */
export async function deleteJobs(jobs: readonly Job[], { client, display, clock, again }: Deleting): Promise<void> {
  const stop = new AbortController();
  const gone = jobs.map(async ({ metadata }) => {
    const { namespace = '', name = '', uid } = metadata ?? {};
    try {
      await client.delete(JOBS, { namespace, name }, { propagationPolicy: 'Foreground', preconditions: { uid } });
      await display.say(`deleting job.batch/${name} and its pods`);
      await waitGone([{ resource: JOBS as Resource<KubeObject>, namespace, name, uid }], { client, clock, signal: stop.signal, timeoutMs: 0 });
    } catch (error) {
      if (!isNotFound(error) && !stop.signal.aborted) await display.say(`job.batch/${name} could not be deleted: ${(error as Error).message}`);
    }
  });
  await Promise.race([Promise.all(gone), again]);
  stop.abort();
}

export async function removeComplete(runs: readonly JobRun[], { client, display }: Pick<Deleting, 'client' | 'display'>): Promise<void> {
  for (const { job, name, namespace, ending } of runs) {
    if (ending.type !== 'Complete') continue;
    try {
      await client.delete(JOBS, { namespace, name }, { propagationPolicy: 'Background', preconditions: { uid: job?.metadata?.uid } });
    } catch (error) {
      if (!isNotFound(error)) await display.say(`job.batch/${name} could not be deleted: ${(error as Error).message}`);
    }
  }
}
