// Small objects for planners' tests: a base, and the changes that a case is about.
import type { CronJob, CronJobSpec, CronJobStatus, Job, JobSpec, JobStatus, Pod, PodStatus } from '../../src/api/generated/types.ts';
import { defaultCronJob } from '../../src/api/cronjob/defaults.ts';
import { defaultJob, identifyJob } from '../../src/api/job/defaults.ts';
import { JOB_TRACKING_FINALIZER } from '../../src/api/job/labels.ts';
import { toTime } from '../../src/api/time.ts';
import { scheduledJob } from '../../src/controllers/cronjob/scheduled-job.ts';

export const NOW = Date.parse('2026-03-01T12:00:00Z');

export function aJob(changes: { readonly spec?: Partial<JobSpec>; readonly status?: JobStatus; readonly metadata?: Job['metadata'] } = {}): Job {
  const job: Job = {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'pi', namespace: 'default', uid: 'job-uid', resourceVersion: '1', ...changes.metadata },
    spec: {
      template: { spec: { containers: [{ name: 'main', image: 'busybox' }], restartPolicy: 'Never' } },
      ...changes.spec,
    },
  };
  return { ...identifyJob(defaultJob(job)), ...(changes.status === undefined ? {} : { status: changes.status }) };
}

export interface PodChanges {
  readonly name?: string;
  readonly phase?: 'Pending' | 'Running' | 'Succeeded' | 'Failed';
  readonly tracked?: boolean;
  readonly deleting?: boolean;
  readonly ready?: boolean;
  readonly restarts?: number;
  /** Seconds before NOW. */
  readonly endedAgo?: number;
  readonly metadata?: Pod['metadata'];
  readonly status?: PodStatus;
}

export function aPod(job: Job, changes: PodChanges = {}): Pod {
  const { name = 'pi-aaaaa', phase = 'Running', tracked = true, deleting = false, ready = false, restarts = 0, endedAgo } = changes;
  const finishedAt = endedAgo === undefined ? undefined : toTime(NOW - endedAgo * 1000);
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: job.metadata?.namespace,
      uid: `uid-${name}`,
      creationTimestamp: toTime(NOW - 60_000),
      labels: job.spec?.template.metadata?.labels,
      ...(tracked ? { finalizers: [JOB_TRACKING_FINALIZER] } : {}),
      ownerReferences: [{ apiVersion: 'batch/v1', kind: 'Job', name: job.metadata?.name ?? '', uid: job.metadata?.uid ?? '', controller: true }],
      ...(deleting ? { deletionTimestamp: toTime(NOW), deletionGracePeriodSeconds: 0 } : {}),
      ...changes.metadata,
    },
    spec: { nodeName: 'node', containers: [{ name: 'main', image: 'busybox' }] },
    status: {
      phase,
      ...(ready ? { conditions: [{ type: 'Ready', status: 'True' }] } : {}),
      containerStatuses: [
        {
          name: 'main',
          image: 'busybox',
          imageID: '',
          ready,
          restartCount: restarts,
          ...(finishedAt === undefined ? {} : { state: { terminated: { exitCode: phase === 'Succeeded' ? 0 : 1, finishedAt } } }),
        },
      ],
      ...changes.status,
    },
  };
}

/** Every minute, made an hour before NOW. */
export function aCronJob(changes: { readonly spec?: Partial<CronJobSpec>; readonly status?: CronJobStatus; readonly metadata?: CronJob['metadata'] } = {}): CronJob {
  const cronJob: CronJob = {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name: 'tick', namespace: 'default', uid: 'cron-uid', resourceVersion: '1', creationTimestamp: toTime(NOW - 3_600_000), ...changes.metadata },
    spec: {
      schedule: '* * * * *',
      jobTemplate: { spec: { template: { spec: { containers: [{ name: 'main', image: 'busybox' }], restartPolicy: 'Never' } } } },
      ...changes.spec,
    },
  };
  return { ...defaultCronJob(cronJob), ...(changes.status === undefined ? {} : { status: changes.status }) };
}

export interface RunChanges {
  readonly ended?: 'Complete' | 'Failed';
  /** Seconds before NOW. */
  readonly startedAgo?: number;
  readonly endedAgo?: number;
  readonly metadata?: Job['metadata'];
}

/** The Job of one time of a CronJob, as the planner asks for it and the server gives it back. */
export function aRun(cronJob: CronJob, time: number, { ended, startedAgo, endedAgo, metadata }: RunChanges = {}): Job {
  const job = scheduledJob(cronJob, time);
  const name = metadata?.name ?? job.metadata?.name;
  return {
    ...job,
    metadata: { ...job.metadata, uid: `uid-${name}`, resourceVersion: '1', ...metadata },
    status: {
      ...(startedAgo === undefined ? {} : { startTime: toTime(NOW - startedAgo * 1000) }),
      ...(endedAgo === undefined ? {} : { completionTime: toTime(NOW - endedAgo * 1000) }),
      ...(ended === undefined ? {} : { conditions: [{ type: ended, status: 'True' }] }),
    },
  };
}
