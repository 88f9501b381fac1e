// pure: reading a Job's conditions.
import type { Job, JobCondition } from '../generated/types.ts';

export type JobConditionType = 'Complete' | 'Failed' | 'Suspended' | 'SuccessCriteriaMet' | 'FailureTarget';

export function jobCondition(job: Job, type: JobConditionType): JobCondition | undefined {
  return job.status?.conditions?.find((condition) => condition.type === type);
}

export function hasCondition(job: Job, type: JobConditionType): boolean {
  return jobCondition(job, type)?.status === 'True';
}

/** Complete or Failed: a Job that is never touched again. */
export function isFinished(job: Job): boolean {
  return hasCondition(job, 'Complete') || hasCondition(job, 'Failed');
}
