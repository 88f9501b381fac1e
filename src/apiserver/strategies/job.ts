// Jobs.
import { checkLabel } from '../../api/dns-name.ts';
import type { Job } from '../../api/generated/types.ts';
import { defaultJob, identifyJob } from '../../api/job/defaults.ts';
import { validateJob, validateJobUpdate } from '../../api/job/validate-job.ts';
import { validateJobStatusUpdate } from '../../api/job/validate-job-status.ts';
import { unsupportedPodFields } from '../../api/pod/unsupported-fields.ts';
import { formatStringList } from '../../api/string-list.ts';
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

  warningsOnCreate({ metadata, spec }) {
    const problems = checkLabel(metadata?.name ?? '');
    const naming =
      problems.length === 0
        ? []
        : [`metadata.name: this is used in Pod names and hostnames, which can result in surprising behavior; a DNS label is recommended: ${formatStringList(problems)}`];
    return [...naming, ...(spec?.template.spec === undefined ? [] : unsupportedPodFields(spec.template.spec, 'spec.template.spec'))];
  },

  warningsOnDelete: (chosen) =>
    chosen
      ? []
      : ['child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or set propagationPolicy=Orphan to suppress this warning'],

  selectableFields: ({ status }) => ({ 'status.successful': String(status?.succeeded ?? 0) }),
};
