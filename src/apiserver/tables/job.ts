// pure: the columns of Jobs.
import { humanDuration } from '../../api/duration-text.ts';
import type { Job } from '../../api/generated/types.ts';
import { hasCondition } from '../../api/job/conditions.ts';
import { formatLabelSelector } from '../../api/label-selector.ts';
import { fromTime } from '../../api/time.ts';
import { ageColumn, nameColumn, text, wide, type KindTable } from './columns.ts';

export const jobTable: KindTable<Job> = {
  columns: [
    nameColumn,
    text('Status', jobStatus, 'Status of the job.'),
    text('Completions', completions, 'The number of pods that have succeeded, of those that must.'),
    text('Duration', duration, 'Time required to complete the job.'),
    ageColumn,
    wide(text('Containers', ({ spec }) => joined(spec?.template.spec?.containers.map(({ name }) => name)), 'Names of each container in the template.')),
    wide(text('Images', ({ spec }) => joined(spec?.template.spec?.containers.map(({ image }) => image ?? '')), 'Images referenced by each container in the template.')),
    wide(text('Selector', ({ spec }) => formatLabelSelector(spec?.selector) || '<none>', 'A label query over pods that belong to the job.')),
  ],
};

function jobStatus(job: Job): string {
  if (hasCondition(job, 'Complete')) return 'Complete';
  if (hasCondition(job, 'Failed')) return 'Failed';
  if (job.metadata?.deletionTimestamp !== undefined) return 'Terminating';
  if (hasCondition(job, 'Suspended')) return 'Suspended';
  return hasCondition(job, 'FailureTarget') ? 'FailureTarget' : 'Running';
}

function completions({ spec, status }: Job): string {
  const succeeded = status?.succeeded ?? 0;
  if (spec?.completions !== undefined) return `${succeeded}/${spec.completions}`;
  const parallelism = spec?.parallelism ?? 0;
  return parallelism > 1 ? `${succeeded}/1 of ${parallelism}` : `${succeeded}/1`;
}

/** A failed Job has no completion time: its duration goes on growing, as upstream's does. */
function duration({ status }: Job, now: number): string {
  const start = fromTime(status?.startTime);
  return start === undefined ? '' : humanDuration((fromTime(status?.completionTime) ?? now) - start);
}

function joined(values: readonly string[] | undefined): string {
  return (values ?? []).join(',');
}
