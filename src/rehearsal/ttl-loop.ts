// pure: finished Jobs of a rehearsal go when their time to live is over, as the real planner says.
import { planTtl } from '../controllers/ttl-after-finished/plan-ttl.ts';
import { deleteJob } from './garbage.ts';
import type { Stage } from './job-loop.ts';

/** Milliseconds until the Job must be looked at again, if ever. */
export function reconcileTtl(stage: Stage, name: string): number | undefined {
  const { world } = stage;
  const job = world.job(name);
  if (job === undefined) return undefined;
  const { expired, requeueAfterMs } = planTtl(job, world.now);
  if (!expired) return requeueAfterMs;
  world.note({ kind: 'Job', name }, { type: 'Normal', reason: 'TTLExpired', message: `Removed, with its pods: it finished ${job.spec?.ttlSecondsAfterFinished}s ago` });
  deleteJob(stage, job);
  return undefined;
}
