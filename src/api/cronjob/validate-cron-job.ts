// pure: what a CronJob must be when it is created, and when it changes: all of its spec may.
import { parseSchedule } from '../cron/schedule.ts';
import { checkSubdomain } from '../dns-name.ts';
import { invalid, notSupported, required, type FieldError } from '../field-errors.ts';
import { notNegative, oneOf } from '../field-rules.ts';
import type { CronJob, CronJobSpec, JobTemplateSpec } from '../generated/types.ts';
import { validateJobSpec } from '../job/validate-job-spec.ts';
import { validateMeta, validateMetaUpdate } from '../meta/validate-meta.ts';
import { validateTimeZone } from './validate-time-zone.ts';

/** A Job's name of at most 63 characters, less the dash and the minute that is put behind a CronJob's. */
const LONGEST_NAME = 52;
const POLICIES = ['Allow', 'Forbid', 'Replace'];
const COUNTERS = ['successfulJobsHistoryLimit', 'failedJobsHistoryLimit'] as const;

export function validateCronJob(cronJob: CronJob): FieldError[] {
  const name = cronJob.metadata?.name ?? '';
  return [
    ...validateMeta(cronJob.metadata, checkSubdomain),
    ...validateSpec(cronJob.spec, undefined),
    ...(name.length > LONGEST_NAME ? [invalid('metadata.name', name, `must be no more than ${LONGEST_NAME} characters`)] : []),
  ];
}

/** A name that is too long is not held against what is there already. */
export function validateCronJobUpdate(next: CronJob, old: CronJob): FieldError[] {
  return [...validateMetaUpdate(next.metadata), ...validateSpec(next.spec, old.spec)];
}

function validateSpec(spec: CronJobSpec, old: CronJobSpec | undefined): FieldError[] {
  return [
    ...validateSchedule(spec, old),
    ...notNegative(spec.startingDeadlineSeconds, 'spec.startingDeadlineSeconds'),
    ...(old === undefined || old.timeZone !== spec.timeZone ? validateTimeZone(spec.timeZone, 'spec.timeZone') : []),
    ...oneOf(spec.concurrencyPolicy, POLICIES, 'spec.concurrencyPolicy'),
    ...validateTemplate(spec.jobTemplate, 'spec.jobTemplate.spec'),
    ...COUNTERS.flatMap((field) => notNegative(spec[field], `spec.${field}`)),
  ];
}

/** kube: a zone in the schedule stays where an older version let it in. */
function validateSchedule({ schedule, timeZone }: CronJobSpec, old: CronJobSpec | undefined): FieldError[] {
  const field = 'spec.schedule';
  if ((schedule ?? '') === '') return [required(field)];
  const parsed = parseSchedule(schedule);
  const problems = parsed.ok ? [] : [invalid(field, schedule, parsed.problem)];
  if (!schedule.includes('TZ')) return problems;
  if (old?.schedule.includes('TZ') !== true) return [...problems, invalid(field, schedule, 'cannot use TZ or CRON_TZ in schedule, use timeZone field instead')];
  return timeZone === undefined ? problems : [...problems, invalid(field, schedule, 'cannot use both timeZone field and TZ or CRON_TZ in schedule')];
}

function validateTemplate({ spec }: JobTemplateSpec, path: string): FieldError[] {
  if (spec === undefined) return [required(path)];
  return [
    ...validateJobSpec(spec, path),
    ...(spec.selector === undefined ? [] : [invalid(`${path}.selector`, spec.selector, '`selector` will be auto-generated')]),
    ...(spec.manualSelector === true ? [notSupported(`${path}.manualSelector`, true, ['nil', 'false'])] : []),
  ];
}
