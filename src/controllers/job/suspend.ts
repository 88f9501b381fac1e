// pure: start, suspension and resumption: the start time, the Suspended condition, and what is told of them.
import type { Job, JobCondition } from '../../api/generated/types.ts';
import { hasCondition } from '../../api/job/conditions.ts';
import { toTime } from '../../api/time.ts';
import type { EventText } from '../../client/event-recorder-contract.ts';
import { withCondition } from './conditions.ts';

export interface StartState {
  readonly startTime: string | undefined;
  readonly conditions: readonly JobCondition[];
  readonly events: readonly EventText[];
}

/** The clock of a Job starts with its first reconcile that is not suspended, and anew with every resumption. */
export function startState(job: Job, now: number): StartState {
  const conditions = job.status?.conditions ?? [];
  const startTime = job.status?.startTime;
  const wasSuspended = hasCondition(job, 'Suspended');
  if (job.spec?.suspend === true) {
    const suspended = withCondition(conditions, { type: 'Suspended', status: 'True', reason: 'JobSuspended', message: 'Job suspended' }, now);
    return { startTime, conditions: suspended, events: wasSuspended ? [] : [{ type: 'Normal', reason: 'Suspended', message: 'Job suspended' }] };
  }
  if (!wasSuspended) return { startTime: startTime ?? toTime(now), conditions, events: [] };
  return {
    startTime: toTime(now),
    conditions: withCondition(conditions, { type: 'Suspended', status: 'False', reason: 'JobResumed', message: 'Job resumed' }, now),
    events: [{ type: 'Normal', reason: 'Resumed', message: 'Job resumed' }],
  };
}
