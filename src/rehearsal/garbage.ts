// pure: what goes when a Job is deleted: the Job at once, its Pods when they have stopped.
import type { Job } from '../api/generated/types.ts';
import { isFinished } from '../api/job/conditions.ts';
import { stripFinalizer, type Stage } from './job-loop.ts';

export function deleteJob({ world, life }: Stage, job: Job): void {
  const name = job.metadata?.name ?? '';
  const current = world.job(name);
  if (current === undefined || current.metadata?.uid !== job.metadata?.uid) return;
  if (isFinished(current)) world.runs.removed();
  else world.runs.ended(name, { at: world.now, outcome: 'replaced' });
  const pods = world.podsOf(current);
  world.removeJob(current);
  for (const pod of pods) {
    life.delete(pod);
    stripFinalizer(world, pod);
  }
}
