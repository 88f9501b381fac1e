// The object of a rehearsal as it is when the rehearsal begins, with its zone and its time.
import { countedFrom, timingOf } from '../../api/cronjob/timing.ts';
import { UTC, type Zone } from '../../api/cron/zone.ts';
import type { CronJob } from '../../api/generated/types.ts';
import { cronJobWarnings } from '../../api/cronjob/cron-job-warnings.ts';
import { jobNameWarnings, jobSpecWarnings } from '../../api/job/job-warnings.ts';
import { CRON_JOBS } from '../../api/kinds.ts';
import { fromTime } from '../../api/time.ts';
import { admitCronJob, admitJob } from '../../rehearsal/admit.ts';
import { scheduledTimesOf, type RehearsedObject } from '../../rehearsal/rehearse.ts';
import { spanText } from '../../rehearsal/span-text.ts';
import { UsageError } from '../context.ts';
import type { Subject } from './find-subject.ts';
import { momentOf, spanOf, type SimulationFlags } from './simulation-flags.ts';

export interface Staged {
  readonly subject: RehearsedObject;
  readonly zone: Zone;
  /** Milliseconds since the epoch. */
  readonly from: number;
  readonly until: number;
  /** What the API server would warn of. */
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
  const zone = isCronJob ? zoneOf(found.object as CronJob) : UTC;
  const from = flags.from === undefined ? Math.floor(now / 1000) * 1000 : momentOf(flags.from, zone);
  const until = from + lengthMs;
  // What stands in the daemon was named for its uid.
  const identity = { uid: (found.manifest === undefined ? found.object.metadata?.uid : undefined) ?? SUBJECT_UID, createdAt: from };
  if (!isCronJob) {
    const job = admitJob(found.object, identity);
    const { manifest } = found;
    return { subject: { kind: 'Job', job }, zone, from, until, warnings: manifest === undefined ? [] : [...jobNameWarnings(job.metadata?.name), ...jobSpecWarnings(job.spec, 'spec')] };
  }
  const admitted = admitCronJob(found.object, identity);
  const cronJob = found.manifest === undefined && flags.from === undefined ? withPast(admitted, found.object as CronJob) : admitted;
  refuseTooMany(cronJob, until, lengthMs);
  return { subject: { kind: 'CronJob', cronJob }, zone, from, until, warnings: found.manifest === undefined ? [] : cronJobWarnings(cronJob) };
}

/** UTC for a zone that is none: validation will say so. */
function zoneOf({ spec }: CronJob): Zone {
  if (typeof spec?.schedule !== 'string' || (spec.timeZone !== undefined && typeof spec.timeZone !== 'string')) return UTC;
  const timing = timingOf(spec);
  return timing.ok ? timing.zone : UTC;
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
  const years = until - countedFrom(cronJob) > lengthMs ? ' since its last run' : '';
  throw new UsageError(`${cronJob.spec.schedule} for ${spanText(lengthMs)} is ${times} runs${years}: expected at most ${MOST_RUNS}, so a shorter --for`);
}
