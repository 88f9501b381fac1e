// pure: the columns of CronJobs.
import { nextRunOf } from '../../api/cronjob/timing.ts';
import { ageText, humanDuration } from '../../api/duration-text.ts';
import type { CronJob } from '../../api/generated/types.ts';
import { formatLabelSelector } from '../../api/label-selector.ts';
import { ageColumn, count, nameColumn, text, wide, type KindTable } from './columns.ts';

const NONE = '<none>';
const containersOf = ({ spec }: CronJob) => spec.jobTemplate.spec?.template.spec?.containers ?? [];

export const cronJobTable: KindTable<CronJob> = {
  columns: [
    nameColumn,
    text('Schedule', ({ spec }) => spec.schedule, 'The schedule in Cron format.'),
    text('Timezone', ({ spec }) => spec.timeZone ?? NONE, 'The time zone of the schedule, as tzdata names it.'),
    { ...text('Suspend', ({ spec }) => (spec.suspend === undefined ? '<unset>' : spec.suspend ? 'True' : 'False'), 'Whether no further Jobs are started.'), type: 'boolean' },
    count('Active', ({ status }) => (status?.active ?? []).length, 'The number of Jobs that are running.'),
    text('Last Schedule', ({ status }, now) => (status?.lastScheduleTime === undefined ? NONE : ageText(status.lastScheduleTime, now)), 'How long ago a Job was last scheduled.'),
    ageColumn,
    wide(text('Containers', (cronJob) => containersOf(cronJob).map(({ name }) => name).join(','), 'Names of each container in the template.')),
    wide(text('Images', (cronJob) => containersOf(cronJob).map(({ image }) => image ?? '').join(','), 'Images referenced by each container in the template.')),
    wide(text('Selector', ({ spec }) => formatLabelSelector(spec.jobTemplate.spec?.selector) || NONE, 'A label query over pods that belong to the job.')),
    // Not upstream's: last, so that scripts that count columns find theirs.
    wide(text('Next', next, 'How long until a Job is scheduled next.')),
  ],
};

function next(cronJob: CronJob, now: number): string {
  const time = nextRunOf(cronJob, now);
  return time === undefined ? NONE : humanDuration(time - now);
}
