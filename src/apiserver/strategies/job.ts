// Jobs.
import { checkLabel } from '../../api/dns-name.ts';
import type { Job, JobSpec } from '../../api/generated/types.ts';
import { defaultJob, identifyJob } from '../../api/job/defaults.ts';
import { validateJob, validateJobUpdate } from '../../api/job/validate-job.ts';
import { validateJobStatusUpdate } from '../../api/job/validate-job-status.ts';
import { podSpecWarnings } from '../../api/pod/pod-warnings.ts';
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
    const path = 'spec.template.spec';
    const template = spec?.template?.spec;
    return [...naming, ...(isHuge(spec) ? [HUGE] : []), ...(template === undefined ? [] : [...podSpecWarnings(template, path), ...unsupportedPodFields(template, path)])];
  },

  warningsOnDelete: (chosen) =>
    chosen
      ? []
      : ['child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or set propagationPolicy=Orphan to suppress this warning'],

  selectableFields: ({ status }) => ({ 'status.successful': String(status?.succeeded ?? 0) }),
};

const MANY_COMPLETIONS = 100_000;
const MANY_PODS = 10_000;
const HUGE =
  'In Indexed Jobs with a number of completions higher than 10^5 and a parallelism higher than 10^4, Kubernetes might not be able to track completedIndexes when a big number of indexes fail';

function isHuge({ completionMode, completions = 0, parallelism = 0, backoffLimitPerIndex }: Partial<JobSpec> = {}): boolean {
  return completionMode === 'Indexed' && completions > MANY_COMPLETIONS && parallelism > MANY_PODS && backoffLimitPerIndex === undefined;
}
