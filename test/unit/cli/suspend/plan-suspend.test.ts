// What can be suspended, and what is said to those whom it does not touch any more.
import { describe, expect, test } from '@jest/globals';
import { RESOURCES } from '../../../../src/api/kinds.ts';
import type { KubeObject } from '../../../../src/api/object.ts';
import { canBeSuspended, idleWarning, isSuspended } from '../../../../src/cli/suspend/plan-suspend.ts';
import { aJob } from '../../../support/builders.ts';

describe('what can be suspended', () => {
  test('Jobs and CronJobs of the batch group, nothing else that is served', () => {
    expect(RESOURCES.filter(canBeSuspended).map(({ kind }) => kind)).toEqual(expect.arrayContaining(['Job']));
    expect(RESOURCES.filter((one) => canBeSuspended(one) && !['Job', 'CronJob'].includes(one.kind))).toEqual([]);
  });
});

describe('an object', () => {
  test.each([
    ['without a spec', {}, false],
    ['that says nothing', { spec: {} }, false],
    ['that says no', { spec: { suspend: false } }, false],
    ['that says yes', { spec: { suspend: true } }, true],
  ])('%s', (_name, object, expected) => {
    expect(isSuspended(object as KubeObject)).toBe(expected);
  });
});

describe('a warning', () => {
  const complete = aJob({ status: { conditions: [{ type: 'Complete', status: 'True' }] } });
  test.each([
    ['nothing to a Job that runs', aJob(), true, undefined],
    ['nothing to a CronJob', { kind: 'CronJob', metadata: { name: 'c' } }, true, undefined],
    ['that a finished Job cannot be stopped', complete, true, 'job.batch/pi is finished: suspending it changes nothing; minik rerun job/pi runs it again'],
    ['that a finished Job cannot go on', complete, false, 'job.batch/pi is finished: resuming it changes nothing; minik rerun job/pi runs it again'],
  ])('says %s', (_name, object, suspend, expected) => {
    expect(idleWarning(object, suspend)).toBe(expected);
  });
});
