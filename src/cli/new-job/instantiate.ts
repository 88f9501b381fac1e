// pure: the Job that a CronJob would start, started by hand.
import type { CronJob, Job } from '../../api/generated/types.ts';
import { apiVersionOf, CRON_JOBS, JOBS } from '../../api/kinds.ts';

export const INSTANTIATE = 'cronjob.kubernetes.io/instantiate';

/** No blockOwnerDeletion: the CronJob may go before a Job that was started by hand. */
export function instantiate(cronJob: CronJob, name: string): Job {
  const template = cronJob.spec?.jobTemplate;
  return {
    apiVersion: apiVersionOf(JOBS),
    kind: JOBS.kind,
    metadata: {
      name,
      annotations: { [INSTANTIATE]: 'manual', ...template?.metadata?.annotations },
      labels: template?.metadata?.labels,
      ownerReferences: [{ apiVersion: apiVersionOf(CRON_JOBS), kind: CRON_JOBS.kind, name: cronJob.metadata?.name ?? '', uid: cronJob.metadata?.uid ?? '', controller: true }],
    },
    spec: template?.spec,
    status: {},
  };
}

const LONGEST_NAME = 63;

/** "<cronjob>-manual-<suffix>", cut so that it, and the names of the Pods of an Indexed Job, stay DNS labels. */
export function manualName(cronJob: CronJob, suffix: string): string {
  const { completionMode, completions = 1 } = cronJob.spec?.jobTemplate?.spec ?? {};
  const end = `-manual-${suffix}`;
  const room = completionMode === 'Indexed' ? `-${Math.max(completions - 1, 0)}`.length : 0;
  const start = (cronJob.metadata?.name ?? '').slice(0, LONGEST_NAME - room - end.length);
  return start.replace(/[-.]+$/, '') + end;
}
