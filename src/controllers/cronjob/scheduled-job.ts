// pure: the Job of one scheduled time. Its name follows from the time, so that no time has two, and it carries the time, so
// that a Job whose start is not on record yet (the daemon was killed before) is known for what it is.
import type { CronJob, Job, ObjectReference } from '../../api/generated/types.ts';
import { apiVersionOf, CRON_JOBS, JOBS } from '../../api/kinds.ts';
import { openZone, UTC, type Zone } from '../../api/cron/zone.ts';
import { fromTime } from '../../api/time.ts';

export const SCHEDULED_TIMESTAMP = 'batch.kubernetes.io/cronjob-scheduled-timestamp';
const MINUTE = 60_000;

/** kube: the suffix is in minutes, so that times of one minute (@every 20s) share a Job. */
export function scheduledJobName(cronJob: CronJob, time: number): string {
  return `${cronJob.metadata?.name}-${Math.floor(time / MINUTE)}`;
}

export function scheduledJob(cronJob: CronJob, time: number): Job {
  const { metadata, spec } = cronJob.spec.jobTemplate;
  const zone = cronJob.spec.timeZone === undefined ? UTC : (openZone(cronJob.spec.timeZone) ?? UTC);
  return {
    apiVersion: apiVersionOf(JOBS),
    kind: JOBS.kind,
    metadata: {
      name: scheduledJobName(cronJob, time),
      namespace: cronJob.metadata?.namespace,
      ...(metadata?.labels === undefined ? {} : { labels: metadata.labels }),
      annotations: { ...metadata?.annotations, [SCHEDULED_TIMESTAMP]: zonedTime(time, zone) },
      ownerReferences: [
        { apiVersion: apiVersionOf(CRON_JOBS), kind: CRON_JOBS.kind, name: cronJob.metadata?.name ?? '', uid: cronJob.metadata?.uid ?? '', controller: true, blockOwnerDeletion: true },
      ],
    },
    spec,
  };
}

/** The time that the Job was made for; undefined for one that was made by hand. */
export function scheduledTimeOf(cronJob: CronJob, job: Job): number | undefined {
  const time = fromTime(job.metadata?.annotations?.[SCHEDULED_TIMESTAMP]);
  return time !== undefined && job.metadata?.name === scheduledJobName(cronJob, time) ? time : undefined;
}

export function referenceTo({ metadata }: Job): ObjectReference {
  return { apiVersion: apiVersionOf(JOBS), kind: JOBS.kind, namespace: metadata?.namespace, name: metadata?.name, uid: metadata?.uid, resourceVersion: metadata?.resourceVersion };
}

/** RFC 3339 with the zone's offset, or Z. */
function zonedTime(time: number, zone: Zone): string {
  const { offset } = zone.spanAt(time);
  const wall = new Date(time + offset).toISOString().slice(0, 19);
  if (offset === 0) return `${wall}Z`;
  const minutes = Math.floor(Math.abs(offset) / MINUTE);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${wall}${offset < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
