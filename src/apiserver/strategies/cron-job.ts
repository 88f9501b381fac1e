// CronJobs.
import { cronJobUpdateWarnings, cronJobWarnings } from '../../api/cronjob/cron-job-warnings.ts';
import { defaultCronJob } from '../../api/cronjob/defaults.ts';
import { validateCronJob, validateCronJobUpdate } from '../../api/cronjob/validate-cron-job.ts';
import type { CronJob } from '../../api/generated/types.ts';
import { statusHalves, withStatus } from './plain.ts';
import type { Strategy } from './strategy.ts';

export const cronJobStrategy: Strategy<CronJob> = {
  ...statusHalves<CronJob>(),
  applyDefaults: defaultCronJob,
  prepareForCreate: (cronJob) => withStatus(cronJob, undefined),
  validate: validateCronJob,
  validateUpdate: validateCronJobUpdate,
  warningsOnCreate: cronJobWarnings,
  warningsOnUpdate: cronJobUpdateWarnings,
};
