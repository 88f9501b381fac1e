// pure: all that the command line runs of the rehearsal. It is bundled as a file of its own, so that no other verb reads it: only
// plain data crosses here, no class that somebody might ask after.
import { timingOf } from '../api/cronjob/timing.ts';
import { UTC, type Zone } from '../api/cron/zone.ts';
import type { CronJob } from '../api/generated/types.ts';

export { admitCronJob, admitJob } from './admit.ts';
export { rehearse, scheduledTimesOf } from './rehearse.ts';
export { cronJobReport } from './report/cron-job-report.ts';
export { jobReport } from './report/job-report.ts';
export { jsonReport } from './report/json-report.ts';
export { spanText } from './span-text.ts';

/** Of a manifest that nobody has looked at yet; UTC for a zone that is none, which validation will say. Jobs live in UTC. */
export function zoneOf({ spec }: Partial<CronJob>): Zone {
  if (typeof spec?.schedule !== 'string' || (spec.timeZone !== undefined && typeof spec.timeZone !== 'string')) return UTC;
  const timing = timingOf(spec);
  return timing.ok ? timing.zone : UTC;
}
