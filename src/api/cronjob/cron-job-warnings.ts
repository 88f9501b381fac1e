// pure: what in a CronJob is allowed but hardly meant.
import { parseSchedule } from '../cron/schedule.ts';
import type { CronJob } from '../generated/types.ts';
import { jobNameWarnings, jobSpecWarnings } from '../job/job-warnings.ts';

const TEMPLATE = 'spec.jobTemplate.spec';
const SEVEN = 'spec.schedule: minik reads 7 as Sunday; upstream clusters reject it, write 0 or sun to run there too';
// kube: the path is upstream's slip.
const ZONE = 'cannot use TZ or CRON_TZ in spec.spec.schedule, use timeZone instead, see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ for more details';

export function cronJobWarnings({ metadata, spec }: CronJob): string[] {
  return [...jobNameWarnings(metadata?.name), ...jobSpecWarnings(spec?.jobTemplate?.spec, TEMPLATE), ...scheduleWarnings(spec?.schedule)];
}

export function cronJobUpdateWarnings({ metadata, spec }: CronJob, old: CronJob): string[] {
  const changed = metadata?.generation !== old.metadata?.generation;
  return changed ? [...jobSpecWarnings(spec?.jobTemplate?.spec, TEMPLATE), ...scheduleWarnings(spec?.schedule)] : scheduleWarnings(spec?.schedule).filter((text) => text === ZONE);
}

function scheduleWarnings(schedule = ''): string[] {
  const parsed = parseSchedule(schedule);
  return [...(parsed.ok && parsed.usesSeven ? [SEVEN] : []), ...(schedule.includes('TZ') ? [ZONE] : [])];
}
