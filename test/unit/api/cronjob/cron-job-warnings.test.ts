import { expect, test } from '@jest/globals';
import { cronJobUpdateWarnings, cronJobWarnings } from '../../../../src/api/cronjob/cron-job-warnings.ts';
import type { CronJob } from '../../../../src/api/generated/types.ts';
import { aCronJob } from '../../../support/builders.ts';

const SEVEN = 'spec.schedule: minik reads 7 as Sunday; upstream clusters reject it, write 0 or sun to run there too';
const ZONE = 'cannot use TZ or CRON_TZ in spec.spec.schedule, use timeZone instead, see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ for more details';
const windows = { jobTemplate: { spec: { template: { spec: { containers: [{ name: 'a', image: 'b', securityContext: { windowsOptions: {} } }], restartPolicy: 'Never' } } } } };
const STORED_ONLY = 'spec.jobTemplate.spec.template.spec.containers[0].securityContext.windowsOptions: stored, but minik does not act on it yet';

test.each<[title: string, cronJob: CronJob, warnings: readonly string[]]>([
  ['a plain CronJob gives no warning', aCronJob(), []],
  ['a name with dots does', aCronJob({ metadata: { name: 'a.b' } }), ['metadata.name: this is used in Pod names and hostnames, which can result in surprising behavior; a DNS label is recommended: [must not contain dots]']],
  ['7 as Sunday does', aCronJob({ spec: { schedule: '0 0 * * 7' } }), [SEVEN]],
  ['7 in a range of days does', aCronJob({ spec: { schedule: '0 0 * * 5-7' } }), [SEVEN]],
  ['7 elsewhere does not', aCronJob({ spec: { schedule: '7 7 7 7 *' } }), []],
  ['what the Pods ask for and nobody does gives one', aCronJob({ spec: windows }), [STORED_ONLY]],
])('%s', (_title, cronJob, warnings) => {
  expect(cronJobWarnings(cronJob)).toEqual(warnings);
});

test.each<[title: string, next: CronJob, warnings: readonly string[]]>([
  ['a change warns anew', aCronJob({ metadata: { name: 'tick', generation: 2 }, spec: { ...windows, schedule: '0 0 * * 7' } }), [STORED_ONLY, SEVEN]],
  ['a change of labels says nothing of the spec', aCronJob({ metadata: { name: 'tick', generation: 1 }, spec: { ...windows, schedule: '0 0 * * 7' } }), []],
  ['a zone in the schedule is mentioned every time', aCronJob({ metadata: { name: 'tick', generation: 1 }, spec: { schedule: 'TZ=UTC * * * * *' } }), [ZONE]],
])('%s', (_title, next, warnings) => {
  expect(cronJobUpdateWarnings(next, aCronJob({ metadata: { name: 'tick', generation: 1 } }))).toEqual(warnings);
});
