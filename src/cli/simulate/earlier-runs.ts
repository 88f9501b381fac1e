// How long earlier attempts of a Job, or of the Jobs of a CronJob, really took: from Pods that are still there and from the archive.
import { CRON_JOBS, JOBS, PODS } from '../../api/kinds.ts';
import type { Attempt } from '../../api/attempt/attempt.ts';
import type { Pod } from '../../api/generated/types.ts';
import { controllerOf } from '../../api/object.ts';
import { createAttemptReader, NoAttemptsError } from '../../client/attempts.ts';
import type { RunLength } from '../../rehearsal/run-length.ts';
import { UsageError, type CliContext } from '../context.ts';
import type { Subject } from './find-subject.ts';

/** Jobs of a CronJob are named after it, also when they are gone. */
const MINUTES = /^\d+$/;

export async function earlierRunLengths(context: CliContext, { resource, object, namespace }: Subject): Promise<RunLength & { readonly type: 'like' }> {
  const client = await context.client();
  const name = object.metadata?.name ?? '';
  const isCronJob = resource.kind === CRON_JOBS.kind;
  const [{ items: jobs }, { items: pods }, attempts] = await Promise.all([
    client.list(JOBS, { namespace }),
    client.list(PODS, { namespace }),
    createAttemptReader(client)
      .list({ namespace })
      .catch((error: unknown) => (error instanceof NoAttemptsError ? [] : Promise.reject(error))),
  ]);
  const owned = new Set(jobs.filter((job) => isCronJob && controllerOf(job)?.kind === CRON_JOBS.kind && controllerOf(job)?.name === name).map(({ metadata }) => metadata?.name));
  const isOurs = (job: string): boolean => (isCronJob ? owned.has(job) || (job.startsWith(`${name}-`) && MINUTES.test(job.slice(name.length + 1))) : job === name);
  const runs = new Map([...pods.flatMap((pod) => runsOfPod(pod, isOurs)), ...attempts.flatMap((attempt) => runOfAttempt(attempt, isOurs))]);
  const good = [...runs.values()].filter(({ exitCode }) => exitCode === 0);
  const samples = (good.length > 0 ? good : [...runs.values()]).map(({ ms }) => ms);
  if (samples.length > 0) return { type: 'like', samples };
  throw new UsageError(`--duration-from-history: no attempt of ${resource.singular}/${name} in namespace ${namespace} has ended yet: expected at least one, or give --duration`);
}

type Ended = readonly [key: string, run: { readonly ms: number; readonly exitCode: number }];

function runsOfPod(pod: Pod, isOurs: (job: string) => boolean): Ended[] {
  const owner = controllerOf(pod);
  if (owner?.kind !== JOBS.kind || !isOurs(owner.name)) return [];
  return (pod.status?.containerStatuses ?? []).flatMap(({ name, restartCount, state }) => {
    const { startedAt, finishedAt, exitCode = 0 } = state?.terminated ?? {};
    return ended(`${pod.metadata?.uid}/${name}/${restartCount}`, { startedAt, finishedAt, exitCode });
  });
}

function runOfAttempt({ podUid, container, restart, isInit, job, startedAt, finishedAt, exitCode = 0 }: Attempt, isOurs: (job: string) => boolean): Ended[] {
  return job === undefined || isInit || !isOurs(job.name) ? [] : ended(`${podUid}/${container}/${restart}`, { startedAt, finishedAt, exitCode });
}

function ended(key: string, { startedAt, finishedAt, exitCode }: { readonly startedAt?: string; readonly finishedAt?: string; readonly exitCode: number }): Ended[] {
  return startedAt === undefined || finishedAt === undefined ? [] : [[key, { ms: Math.max(Date.parse(finishedAt) - Date.parse(startedAt), 0), exitCode }]];
}
