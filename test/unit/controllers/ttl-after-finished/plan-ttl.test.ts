import { expect, test } from '@jest/globals';
import type { JobStatus } from '../../../../src/api/generated/types.ts';
import { toTime } from '../../../../src/api/time.ts';
import { planTtl } from '../../../../src/controllers/ttl-after-finished/plan-ttl.ts';
import { aJob, NOW } from '../../../support/builders.ts';

const finished = (type: string, secondsAgo: number): JobStatus => ({
  // The first condition is older: it is the end that counts, not its announcement.
  conditions: [
    { type: type === 'Complete' ? 'SuccessCriteriaMet' : 'FailureTarget', status: 'True', lastTransitionTime: toTime(NOW - 900_000) },
    { type, status: 'True', lastTransitionTime: toTime(NOW - secondsAgo * 1000) },
  ],
});

test.each([
  { name: 'nothing to do: a Job that still runs', ttl: 1, status: {}, plan: { expired: false } },
  { name: 'a finished Job without a time to live stays', ttl: undefined, status: finished('Complete', 999), plan: { expired: false } },
  { name: 'a complete Job waits for the rest of its time', ttl: 100, status: finished('Complete', 40), plan: { expired: false, requeueAfterMs: 60_000 } },
  { name: 'a failed Job does so too', ttl: 100, status: finished('Failed', 99), plan: { expired: false, requeueAfterMs: 1_000 } },
  { name: 'it goes when its time is over', ttl: 100, status: finished('Complete', 100), plan: { expired: true } },
  { name: 'a time of 0 is over at once', ttl: 0, status: finished('Failed', 0), plan: { expired: true } },
  { name: 'a condition that is not True is no end', ttl: 0, status: { conditions: [{ type: 'Complete', status: 'False', lastTransitionTime: toTime(NOW) }] }, plan: { expired: false } },
])('$name', ({ ttl, status, plan }) => {
  expect(planTtl(aJob({ spec: { ttlSecondsAfterFinished: ttl }, status }), NOW)).toEqual(plan);
});

test('a Job that is being deleted needs no second deletion', () => {
  const job = aJob({ spec: { ttlSecondsAfterFinished: 0 }, status: finished('Complete', 9), metadata: { deletionTimestamp: toTime(NOW) } });
  expect(planTtl(job, NOW)).toEqual({ expired: false });
});
