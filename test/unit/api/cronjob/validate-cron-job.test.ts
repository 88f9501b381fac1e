import { describe, expect, test } from '@jest/globals';
import { validateCronJob, validateCronJobUpdate } from '../../../../src/api/cronjob/validate-cron-job.ts';
import type { CronJobSpec, JobSpec } from '../../../../src/api/generated/types.ts';
import { aCronJob } from '../../../support/builders.ts';
import { errorTexts } from '../../../support/error-texts.ts';

const NO_TZ = 'cannot use TZ or CRON_TZ in schedule, use timeZone field instead';
const NOT_LOCAL = 'timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones';
const pod: JobSpec = { template: { spec: { containers: [{ name: 'main', image: 'busybox' }], restartPolicy: 'Never' } } };
const template = (spec: Partial<JobSpec>): Partial<CronJobSpec> => ({ jobTemplate: { spec: { ...pod, ...spec } } });
const schedule = (text: string, problem: string): [string, Partial<CronJobSpec>, string[]] => [`the schedule ${JSON.stringify(text)} is refused`, { schedule: text }, [`spec.schedule: Invalid value: ${JSON.stringify(text)}: ${problem}`]];
const zone = (name: string, ...problems: string[]): [string, Partial<CronJobSpec>, string[]] => [`the zone ${JSON.stringify(name)} is refused`, { timeZone: name }, problems.map((problem) => `spec.timeZone: Invalid value: ${JSON.stringify(name)}: ${problem}`)];

describe('a new CronJob', () => {
  test.each<[title: string, spec: Partial<CronJobSpec>, errors: readonly unknown[]]>([
    ['that is plain passes', {}, []],
    ['with every field passes', { timeZone: 'Europe/Berlin', startingDeadlineSeconds: 0, concurrencyPolicy: 'Replace', suspend: true, successfulJobsHistoryLimit: 0, failedJobsHistoryLimit: 0 }, []],
    ['needs a schedule', { schedule: '' }, ['spec.schedule: Required value']],
    ['may run on a date that never comes', { schedule: '59 23 31 2 *' }, []],
    ['may run at a distance', { schedule: '@every 90m' }, []],
    ['may call Sunday 7', { schedule: '0 0 * * 7' }, []],
    schedule('* * * *', 'expected exactly 5 fields, found 4: [* * * *]'),
    schedule('61 * * * *', 'end of range (61) above maximum (59): 61'),
    schedule('@often', 'unrecognized descriptor: @often'),
    ['has no zone in its schedule', { schedule: 'TZ=UTC * * * * *' }, [`spec.schedule: Invalid value: "TZ=UTC * * * * *": ${NO_TZ}`]],
    ['has no zone in its schedule by another name', { schedule: 'CRON_TZ=UTC * * * * *' }, [`spec.schedule: Invalid value: "CRON_TZ=UTC * * * * *": ${NO_TZ}`]],
    ['has TZ nowhere in its schedule', { schedule: '@TZ' }, ['spec.schedule: Invalid value: "@TZ": unrecognized descriptor: @TZ', `spec.schedule: Invalid value: "@TZ": ${NO_TZ}`]],
    ['may be in the zone UTC', { timeZone: 'UTC' }, []],
    ['may be in an old zone', { timeZone: 'US/Eastern' }, []],
    zone('', 'timeZone must be nil or non-empty string'),
    zone('Mars/Olympus', 'unknown time zone Mars/Olympus'),
    zone('europe/berlin', 'unknown time zone europe/berlin'),
    zone('../etc/passwd', 'unknown time zone ../etc/passwd'),
    zone('Europe/.', 'unknown time zone Europe/.'),
    zone('-Europe', 'unknown time zone -Europe'),
    zone('Europe Berlin', 'unknown time zone Europe Berlin'),
    zone('AVeryLongNameOfAZone', 'unknown time zone AVeryLongNameOfAZone'),
    zone('Local', NOT_LOCAL),
    zone('local', NOT_LOCAL, 'unknown time zone local'),
    ['has no negative deadline', { startingDeadlineSeconds: -1 }, ['spec.startingDeadlineSeconds: Invalid value: -1: must be greater than or equal to 0']],
    ['has one of three policies', { concurrencyPolicy: 'Queue' }, ['spec.concurrencyPolicy: Unsupported value: "Queue": supported values: "Allow", "Forbid", "Replace"']],
    ['keeps no negative number of successes', { successfulJobsHistoryLimit: -1 }, ['spec.successfulJobsHistoryLimit: Invalid value: -1: must be greater than or equal to 0']],
    ['keeps no negative number of failures', { failedJobsHistoryLimit: -1 }, ['spec.failedJobsHistoryLimit: Invalid value: -1: must be greater than or equal to 0']],
    [
      'needs a template',
      { jobTemplate: {} },
      ['spec.jobTemplate.spec.template.spec.containers: Required value', 'spec.jobTemplate.spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"'],
    ],
    ['has Pods that end', template({ template: { spec: { containers: [{ name: 'main', image: 'busybox' }] } } }), ['spec.jobTemplate.spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"']],
    ['has containers with images', template({ template: { spec: { containers: [{ name: 'main', image: '' }], restartPolicy: 'Never' } } }), ['spec.jobTemplate.spec.template.spec.containers[0].image: Required value']],
    ['has Jobs that count up', template({ parallelism: -1 }), ['spec.jobTemplate.spec.parallelism: Invalid value: -1: must be greater than or equal to 0']],
    ['has Jobs with as many indexes as are said', template({ completionMode: 'Indexed' }), ['spec.jobTemplate.spec.completions: Required value: when completion mode is Indexed']],
    ['has Jobs of a mode that is known', template({ completionMode: 'Random' }), ['spec.jobTemplate.spec.completionMode: Unsupported value: "Random": supported values: "NonIndexed", "Indexed"']],
    ['has Jobs with limits that fit', template({ maxFailedIndexes: 1 }), ['spec.jobTemplate.spec.backoffLimitPerIndex: Required value: when maxFailedIndexes is specified', 'spec.jobTemplate.spec.maxFailedIndexes: Invalid value: 1: requires indexed completion mode']],
    ['has Jobs of a manager with a name', template({ managedBy: '' }), ['spec.jobTemplate.spec.managedBy: Required value']],
    ['has Jobs with a policy on failures that can act', template({ podFailurePolicy: { rules: [{ action: 'Ignore' }] } }), [expect.stringMatching(/^spec\.jobTemplate\.spec\.podFailurePolicy\.rules\[0\]: Invalid value: specifying one of/)]],
    ['has Jobs with a policy on success that can hold', template({ successPolicy: { rules: [] } }), [expect.stringMatching(/^spec\.jobTemplate\.spec\.successPolicy: Invalid value: .*: requires indexed completion mode$/)]],
    ['has Jobs that replace Pods in a known way', template({ podReplacementPolicy: 'Now' }), [expect.stringContaining('spec.jobTemplate.spec.podReplacementPolicy: Unsupported value: "Now"')]],
    [
      'does not select Pods',
      template({ selector: { matchLabels: { a: 'b' } } }),
      [expect.stringMatching(/^spec\.jobTemplate\.spec\.template\.metadata\.labels: /), 'spec.jobTemplate.spec.selector: Invalid value: {"matchLabels":{"a":"b"}}: `selector` will be auto-generated'],
    ],
    ['does not let its Jobs select Pods', template({ manualSelector: true }), ['spec.jobTemplate.spec.manualSelector: Unsupported value: true: supported values: "nil", "false"']],
    ['may say that its Jobs do not select Pods', template({ manualSelector: false }), []],
    ['with several faults hears of all', { schedule: '', timeZone: '' }, ['spec.schedule: Required value', 'spec.timeZone: Invalid value: "": timeZone must be nil or non-empty string']],
  ])('%s', (_title, spec, errors) => {
    expect(errorTexts(validateCronJob(aCronJob({ spec })))).toEqual(errors);
  });

  test.each([
    ['a name of 52 characters leaves room for the minute', 'a'.repeat(52), []],
    ['a name of 53 characters does not', 'a'.repeat(53), [`metadata.name: Invalid value: "${'a'.repeat(53)}": must be no more than 52 characters`]],
    ['a name may have dots', 'a.b', []],
    ['a name has small letters', 'Tick', [expect.stringContaining('metadata.name: Invalid value: "Tick": a lowercase RFC 1123 subdomain must consist of')]],
  ])('%s', (_title, name, errors) => {
    expect(errorTexts(validateCronJob(aCronJob({ metadata: { name } })))).toEqual(errors);
  });
});

describe('a CronJob that changes', () => {
  const OLD_ZONE = 'TZ=UTC * * * * *';

  test.each<[title: string, before: Partial<CronJobSpec>, after: Partial<CronJobSpec>, errors: readonly string[]]>([
    ['may change all of its spec', {}, { schedule: '@daily', timeZone: 'Asia/Tokyo', suspend: true, ...template({ parallelism: 5 }) }, []],
    ['is judged as a new one is', {}, { schedule: 'often' }, ['spec.schedule: Invalid value: "often": expected exactly 5 fields, found 1: [often]']],
    ['does not get a zone into its schedule', {}, { schedule: OLD_ZONE }, [`spec.schedule: Invalid value: "${OLD_ZONE}": ${NO_TZ}`]],
    ['keeps the zone in its schedule', { schedule: OLD_ZONE }, { schedule: OLD_ZONE, suspend: true }, []],
    ['may change the zone in its schedule', { schedule: OLD_ZONE }, { schedule: 'TZ=Asia/Tokyo * * * * *' }, []],
    ['has its zone in one place', { schedule: OLD_ZONE }, { schedule: OLD_ZONE, timeZone: 'UTC' }, [`spec.schedule: Invalid value: "${OLD_ZONE}": cannot use both timeZone field and TZ or CRON_TZ in schedule`]],
    ['keeps a zone that is no longer known', { timeZone: 'Old/Zone' }, { timeZone: 'Old/Zone', suspend: true }, []],
    ['does not get a zone that is unknown', { timeZone: 'UTC' }, { timeZone: 'Old/Zone' }, ['spec.timeZone: Invalid value: "Old/Zone": unknown time zone Old/Zone']],
  ])('%s', (_title, before, after, errors) => {
    expect(errorTexts(validateCronJobUpdate(aCronJob({ spec: after }), aCronJob({ spec: before })))).toEqual(errors);
  });

  test('keeps a name that is too long', () => {
    const metadata = { name: 'a'.repeat(60) };
    expect(validateCronJobUpdate(aCronJob({ metadata, spec: { suspend: true } }), aCronJob({ metadata }))).toEqual([]);
  });
});
