// The object of a rehearsal as it is when the rehearsal begins, with its zone and its time.
import type { CronJob } from '../../api/generated/types.ts';
import { CRON_JOBS } from '../../api/kinds.ts';
import { StatusError } from '../../api/status-error.ts';
import { fromTime } from '../../api/time.ts';
import type { Admitted } from '../../rehearsal/admit.ts';
import { admitCronJob, admitJob, scheduledTimesOf, spanText, zoneOf } from '../../rehearsal/rehearsal.ts';
import type { RehearsedObject } from '../../rehearsal/rehearse.ts';
import { UsageError } from '../context.ts';
import type { Subject } from './find-subject.ts';
import { momentOf, spanOf, type SimulationFlags } from './simulation-flags.ts';

export interface Staged {
  readonly subject: RehearsedObject;
  readonly zone: ReturnType<typeof zoneOf>;
  /** Milliseconds since the epoch. */
  readonly from: number;
  readonly until: number;
  /** What the API server would warn of; nothing for what it has already. */
  readonly warnings: readonly string[];
}

const CRON_JOB_SPAN = '7d';
/** A Job that has not ended by then is taken not to end. */
const JOB_SPAN = '365d';
/** Some minutes of work. */
const MOST_RUNS = 250_000;
const SUBJECT_UID = '00000000-0000-4000-8000-000000000000';

/** Throws the StatusError of an API server that refuses the object. */
export function stageSubject(found: Subject, flags: SimulationFlags, now: number): Staged {
  const isCronJob = found.resource.kind === CRON_JOBS.kind;
  const lengthMs = spanOf(flags.for ?? (isCronJob ? CRON_JOB_SPAN : JOB_SPAN), '--for');
  const zone = zoneOf(isCronJob ? (found.object as CronJob) : {});
  const from = flags.from === undefined ? Math.floor(now / 1000) * 1000 : momentOf(flags.from, zone);
  const until = from + lengthMs;
  const isNew = found.manifest !== undefined;
  // What stands in the daemon was named for its uid.
  const identity = { uid: (isNew ? undefined : found.object.metadata?.uid) ?? SUBJECT_UID, createdAt: from };
  if (!isCronJob) {
    const { object: job, warnings } = accepted(admitJob(found.object, identity));
    return { subject: { kind: 'Job', job }, zone, from, until, warnings: isNew ? warnings : [] };
  }
  const { object, warnings } = accepted(admitCronJob(found.object, identity));
  const cronJob = isNew || flags.from !== undefined ? object : withPast(object, found.object as CronJob);
  refuseTooMany(cronJob, until, lengthMs);
  return { subject: { kind: 'CronJob', cronJob }, zone, from, until, warnings: isNew ? warnings : [] };
}

function accepted<T>(admitted: Admitted<T>): Admitted<T> & { readonly ok: true } {
  if (!admitted.ok) throw new StatusError(admitted.status);
  return admitted;
}

/** From now on, the schedule is counted on from the last run; Jobs that run at the moment are not part of the rehearsal. */
function withPast(cronJob: CronJob, { metadata, status }: CronJob): CronJob {
  const last = status?.lastScheduleTime;
  return {
    ...cronJob,
    metadata: { ...cronJob.metadata, ...(metadata?.creationTimestamp === undefined ? {} : { creationTimestamp: metadata.creationTimestamp }) },
    ...(fromTime(last) === undefined ? {} : { status: { lastScheduleTime: last } }),
  };
}

function refuseTooMany(cronJob: CronJob, until: number, lengthMs: number): void {
  const times = scheduledTimesOf(cronJob, until) ?? 0;
  if (times <= MOST_RUNS || cronJob.spec.suspend === true) return;
  throw new UsageError(`${cronJob.spec.schedule} for ${spanText(lengthMs)} is ${times} runs: expected at most ${MOST_RUNS}, so a shorter --for`);
}
