// pure: upstream's defaults of CronJobs. Of the template only its Pods are filled in: the rest is left to each Job that is made of it.
import type { CronJob, CronJobSpec, JobSpec, JobTemplateSpec } from '../generated/types.ts';
import { defaultFailurePolicy } from '../job/defaults.ts';
import { defaultPodTemplate } from '../pod/defaults.ts';

/** A missing spec or template is an empty one: validation says what it lacks. */
export function defaultCronJob(cronJob: CronJob): CronJob {
  const spec: CronJobSpec = cronJob.spec ?? { schedule: '', jobTemplate: {} };
  return {
    ...cronJob,
    spec: {
      ...spec,
      concurrencyPolicy: spec.concurrencyPolicy || 'Allow',
      suspend: spec.suspend ?? false,
      successfulJobsHistoryLimit: spec.successfulJobsHistoryLimit ?? 3,
      failedJobsHistoryLimit: spec.failedJobsHistoryLimit ?? 1,
      jobTemplate: defaultJobTemplate(spec.jobTemplate ?? {}),
    },
  };
}

function defaultJobTemplate(template: JobTemplateSpec): JobTemplateSpec {
  const spec: JobSpec = template.spec ?? { template: {} };
  return {
    ...template,
    spec: {
      ...spec,
      template: defaultPodTemplate(spec.template ?? {}),
      ...(spec.podFailurePolicy === undefined ? {} : { podFailurePolicy: defaultFailurePolicy(spec.podFailurePolicy) }),
    },
  };
}
