// pure: who asked for a container's end, as far as events, Pod and Job tell.
import type { CoreEvent, Job, Pod } from '../../api/generated/types.ts';
import { jobCondition } from '../../api/job/conditions.ts';
import { fromTime } from '../../api/time.ts';
import type { ContainerRun } from '../runs/container-run.ts';

export interface EndContext {
  /** Absent when the Pod is gone. */
  readonly pod?: Pod;
  readonly job?: Job;
  /** About the Pod. */
  readonly events: readonly CoreEvent[];
}

export interface Killer {
  readonly by: 'liveness' | 'startup' | 'pod-deadline' | 'job-deadline' | 'job-end' | 'suspension' | 'deletion' | 'changed' | 'lost';
  /** Goes after "was killed": "by the Job's activeDeadlineSeconds of 30". */
  readonly text: string;
}

/** An event may be stamped a second before or after what it tells of. */
const SLACK_MS = 3_000;

/** Undefined: nobody that is visible here. */
export function killerOf(run: ContainerRun, { pod, job, events }: EndContext): Killer | undefined {
  if (run.reason === 'ContainerStatusUnknown') return { by: 'lost', text: 'or removed behind the back of minik: its container was gone when it was looked for' };
  const killing = events.filter((event) => event.reason === 'Killing' && isAbout(event, run) && isDuring(event, run, pod));
  const words = killing.map(({ message = '' }) => message).join('\n');
  if (/liveness probe/i.test(words)) return { by: 'liveness', text: 'because its liveness probe failed' };
  if (/startup probe/i.test(words)) return { by: 'startup', text: 'because its startup probe failed' };
  if (/definition changed/i.test(words)) return { by: 'changed', text: "because the Pod's definition was changed" };
  if (pod?.status?.reason === 'DeadlineExceeded') return { by: 'pod-deadline', text: `by the Pod's activeDeadlineSeconds of ${pod.spec?.activeDeadlineSeconds}` };
  const isDeleted = pod === undefined || pod.metadata?.deletionTimestamp !== undefined;
  const byJob = isDeleted && job !== undefined ? killedByJob(job, run) : undefined;
  if (byJob !== undefined || !isDeleted || (pod === undefined && killing.length === 0)) return byJob;
  return { by: 'deletion', text: 'because its Pod was deleted' };
}

function killedByJob(job: Job, run: ContainerRun): Killer | undefined {
  if (job.spec?.suspend === true) return { by: 'suspension', text: 'because its Job was suspended' };
  const end = jobCondition(job, 'FailureTarget') ?? jobCondition(job, 'Failed') ?? jobCondition(job, 'SuccessCriteriaMet');
  const decidedAt = fromTime(end?.lastTransitionTime);
  if (end?.status !== 'True' || (decidedAt !== undefined && run.finishedAt !== undefined && run.finishedAt < decidedAt - SLACK_MS)) return undefined;
  if (end.reason === 'DeadlineExceeded') return { by: 'job-deadline', text: `by the Job's activeDeadlineSeconds of ${job.spec?.activeDeadlineSeconds}` };
  return { by: 'job-end', text: `because its Job had come to its end (${end.reason})` };
}

/** Seconds; undefined when nobody is left to ask. */
export function graceOf({ pod, job }: Pick<EndContext, 'pod' | 'job'>): number | undefined {
  const spec = pod?.spec ?? job?.spec?.template.spec;
  return spec === undefined ? undefined : (spec.terminationGracePeriodSeconds ?? 30);
}

function isAbout({ involvedObject }: CoreEvent, { container }: ContainerRun): boolean {
  const path = involvedObject.fieldPath ?? '';
  return path === '' || path.endsWith(`{${container}}`);
}

function isDuring(event: CoreEvent, { startedAt, finishedAt }: ContainerRun, pod: Pod | undefined): boolean {
  const at = fromTime(event.lastTimestamp ?? event.eventTime ?? event.firstTimestamp);
  if (at === undefined || finishedAt === undefined) return true;
  const graceMs = (graceOf({ pod }) ?? 30) * 1_000;
  return at >= Math.max(startedAt ?? 0, finishedAt - graceMs) - SLACK_MS && at <= finishedAt + SLACK_MS;
}
