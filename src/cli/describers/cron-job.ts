// pure: minik describe cronjob.
import type { CronJob, JobTemplateSpec } from '../../api/generated/types.ts';
import { formatLabelSelector } from '../../api/label-selector.ts';
import { boolText, metaLines, renderParts, timeText } from './describe-text.ts';
import type { Describe } from './describer.ts';
import { eventParts } from './event-lines.ts';
import { podTemplateLines } from './pod-template-lines.ts';

const UNSET = '<unset>';

export const describeCronJob: Describe<CronJob> = ({ metadata, spec, status }, { events, now }) => {
  const { inline, block } = eventParts(events, now);
  const active = (status?.active ?? []).map(({ name }) => name ?? '');
  return renderParts(
    [
      ...metaLines(metadata),
      `Schedule:\t${spec.schedule}`,
      `Concurrency Policy:\t${spec.concurrencyPolicy ?? ''}`,
      `Suspend:\t${spec.suspend === undefined ? UNSET : boolText(spec.suspend)}`,
      `Successful Job History Limit:\t${spec.successfulJobsHistoryLimit ?? UNSET}`,
      `Failed Job History Limit:\t${spec.failedJobsHistoryLimit ?? UNSET}`,
      `Starting Deadline Seconds:\t${spec.startingDeadlineSeconds === undefined ? UNSET : `${spec.startingDeadlineSeconds}s`}`,
      ...jobTemplateLines(spec.jobTemplate),
      `Last Schedule Time:\t${status?.lastScheduleTime === undefined ? UNSET : timeText(status.lastScheduleTime)}`,
      `Active Jobs:\t${active.length === 0 ? '<none>' : active.join(', ')}`,
      ...inline,
    ],
    block,
  );
};

function jobTemplateLines({ spec }: JobTemplateSpec): string[] {
  return [
    `Selector:\t${spec?.selector === undefined ? UNSET : formatLabelSelector(spec.selector)}`,
    `Parallelism:\t${spec?.parallelism ?? UNSET}`,
    `Completions:\t${spec?.completions ?? UNSET}`,
    ...(spec?.activeDeadlineSeconds === undefined ? [] : [`Active Deadline Seconds:\t${spec.activeDeadlineSeconds}s`]),
    ...podTemplateLines(spec?.template),
  ];
}
