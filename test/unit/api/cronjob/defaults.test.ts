import { expect, test } from '@jest/globals';
import { defaultCronJob } from '../../../../src/api/cronjob/defaults.ts';
import type { CronJob, JobSpec } from '../../../../src/api/generated/types.ts';

const pod: JobSpec = { template: { spec: { containers: [{ name: 'main', image: 'busybox' }], restartPolicy: 'Never' } } };
const cronJob: CronJob = { spec: { schedule: '@daily', jobTemplate: { spec: pod } } };

test('what is left out gets upstream\'s values', () => {
  expect(defaultCronJob(cronJob).spec).toMatchObject({ concurrencyPolicy: 'Allow', suspend: false, successfulJobsHistoryLimit: 3, failedJobsHistoryLimit: 1 });
  expect(defaultCronJob(cronJob).spec).not.toHaveProperty('timeZone');
  expect(defaultCronJob(cronJob).spec).not.toHaveProperty('startingDeadlineSeconds');
});

test('what is given stays, zeros too', () => {
  const spec = { ...cronJob.spec, concurrencyPolicy: 'Forbid', suspend: true, successfulJobsHistoryLimit: 0, failedJobsHistoryLimit: 0 };
  expect(defaultCronJob({ spec }).spec).toMatchObject({ concurrencyPolicy: 'Forbid', suspend: true, successfulJobsHistoryLimit: 0, failedJobsHistoryLimit: 0 });
});

test('of the template the Pods are filled in, and nothing else', () => {
  const { spec } = defaultCronJob(cronJob).spec.jobTemplate;
  expect(Object.keys(spec ?? {})).toEqual(['template']);
  expect(spec?.template.spec).toMatchObject({ dnsPolicy: 'ClusterFirst', containers: [{ imagePullPolicy: 'Always' }] });
});

test('a pattern of conditions without a status means True', () => {
  const podFailurePolicy = { rules: [{ action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget' }] }] } as unknown as JobSpec['podFailurePolicy'];
  const { spec } = defaultCronJob({ spec: { ...cronJob.spec, jobTemplate: { spec: { ...pod, podFailurePolicy } } } }).spec.jobTemplate;
  expect(spec?.podFailurePolicy?.rules[0]?.onPodConditions).toEqual([{ type: 'DisruptionTarget', status: 'True' }]);
});

test('a CronJob without a spec has an empty one, for validation to say what it lacks', () => {
  expect(defaultCronJob({ metadata: { name: 'x' } } as CronJob).spec).toMatchObject({ schedule: '', jobTemplate: { spec: { template: {} } } });
});
