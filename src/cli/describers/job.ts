// pure: minik describe job.
import type { Job } from '../../api/generated/types.ts';
import { humanDuration } from '../../api/duration-text.ts';
import { formatLabelSelector } from '../../api/label-selector.ts';
import { controllerOf } from '../../api/object.ts';
import { fromTime } from '../../api/time.ts';
import { annotationLines, labelLines, renderParts, timeText } from './describe-text.ts';
import type { Describe } from './describer.ts';
import { eventParts } from './event-lines.ts';
import { podTemplateLines } from './pod-template-lines.ts';

export const describeJob: Describe<Job> = (job, { events, now }) => {
  const { inline, block } = eventParts(events, now);
  const { metadata, spec, status } = job;
  const controller = controllerOf(job);
  const line = (title: string, value: unknown): string[] => (value === undefined ? [] : [`${title}:\t${String(value)}`]);
  return renderParts(
    [
      `Name:\t${metadata?.name ?? ''}`,
      `Namespace:\t${metadata?.namespace ?? ''}`,
      ...line('Selector', spec?.selector === undefined ? undefined : formatLabelSelector(spec.selector)),
      ...labelLines('Labels', metadata?.labels),
      ...annotationLines('Annotations', metadata?.annotations),
      ...(controller === undefined ? [] : [`Controlled By:\t${controller.kind}/${controller.name}`]),
      ...line('Parallelism', spec?.parallelism),
      `Completions:\t${spec?.completions ?? '<unset>'}`,
      ...line('Completion Mode', spec?.completionMode),
      ...line('Suspend', spec?.suspend),
      ...line('Backoff Limit', spec?.backoffLimit),
      ...line('TTL Seconds After Finished', spec?.ttlSecondsAfterFinished),
      ...line('Start Time', status?.startTime === undefined ? undefined : timeText(status.startTime)),
      ...line('Completed At', status?.completionTime === undefined ? undefined : timeText(status.completionTime)),
      ...line('Duration', durationOf(job)),
      ...line('Active Deadline Seconds', spec?.activeDeadlineSeconds === undefined ? undefined : `${spec.activeDeadlineSeconds}s`),
      `Pods Statuses:\t${status?.active ?? 0} Active${status?.ready === undefined ? '' : ` (${status.ready} Ready)`} / ${status?.succeeded ?? 0} Succeeded / ${status?.failed ?? 0} Failed`,
      ...(spec?.completionMode === 'Indexed' ? [`Completed Indexes:\t${status?.completedIndexes || '<none>'}`] : []),
      ...podTemplateLines(spec?.template),
      ...inline,
    ],
    block,
  );
};

function durationOf({ status }: Job): string | undefined {
  const [start, end] = [fromTime(status?.startTime), fromTime(status?.completionTime)];
  return start === undefined || end === undefined ? undefined : humanDuration(end - start);
}
