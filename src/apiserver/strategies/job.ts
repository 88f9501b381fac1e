// Jobs.
import type { Job } from '../../api/generated/types.ts';
import { defaultJob, identifyJob } from '../../api/job/defaults.ts';
import { jobNameWarnings, jobSpecWarnings } from '../../api/job/job-warnings.ts';
import { validateJob, validateJobUpdate } from '../../api/job/validate-job.ts';
import { validateJobStatusUpdate } from '../../api/job/validate-job-status.ts';
import { statusHalves, withStatus } from './plain.ts';
import type { Strategy } from './strategy.ts';

export const jobStrategy: Strategy<Job> = {
  ...statusHalves<Job>(),
  applyDefaults: defaultJob,
  prepareForCreate: (job) => withStatus(job, undefined),
  afterIdentity: identifyJob,
  validate: validateJob,
  validateUpdate: validateJobUpdate,
  validateStatusUpdate: validateJobStatusUpdate,

  warningsOnCreate: ({ metadata, spec }) => [...jobNameWarnings(metadata?.name), ...jobSpecWarnings(spec, 'spec')],

  warningsOnDelete: (chosen) =>
    chosen
      ? []
      : ['child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or set propagationPolicy=Orphan to suppress this warning'],

  selectableFields: ({ status }) => ({ 'status.successful': String(status?.succeeded ?? 0) }),
};
