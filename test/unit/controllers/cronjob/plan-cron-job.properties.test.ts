// What holds of the CronJob planner whatever happens: in a world of lagging views, cut-off reconciles, jumping clocks and
// changing minds.
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { CronJobSpec } from '../../../../src/api/generated/types.ts';
import { isFinished } from '../../../../src/api/job/conditions.ts';
import { fromTime, toTime } from '../../../../src/api/time.ts';
import { scheduledTimeOf } from '../../../../src/controllers/cronjob/scheduled-job.ts';
import { aCronJob, NOW } from '../../../support/builders.ts';
import { CronWorld } from '../../../support/cron-world.ts';

const MINUTE = 60_000;
/** Schedule -> how far its times are apart; all fall on multiples of that. */
const PERIODS: Readonly<Record<string, number>> = { '* * * * *': MINUTE, '*/5 * * * *': 5 * MINUTE, '0 * * * *': 60 * MINUTE, '0 0 * * *': 1440 * MINUTE };

type Step = (world: CronWorld) => void;

const ms = (most: number): fc.Arbitrary<number> => fc.integer({ min: 1, max: most });
const index = fc.nat({ max: 20 });
const schedule = fc.constantFrom(...Object.keys(PERIODS), '@every 90s', '@every 20s', '59 23 31 2 *');
const edit: fc.Arbitrary<Partial<CronJobSpec>> = fc.oneof(
  schedule.map((text) => ({ schedule: text })),
  fc.boolean().map((suspend) => ({ suspend })),
  fc.constantFrom('Allow', 'Forbid', 'Replace').map((concurrencyPolicy) => ({ concurrencyPolicy })),
  fc.constantFrom(undefined, 0, 10, 90, 4000).map((startingDeadlineSeconds) => ({ startingDeadlineSeconds })),
  fc.nat({ max: 3 }).map((limit) => ({ successfulJobsHistoryLimit: limit })),
  fc.nat({ max: 3 }).map((limit) => ({ failedJobsHistoryLimit: limit })),
);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: ms(4 * MINUTE).map((by): Step => (world) => world.advance(by)) },
  { weight: 2, arbitrary: ms(90 * MINUTE).map((by): Step => (world) => world.advance(by)) },
  { weight: 4, arbitrary: fc.tuple(index, fc.constantFrom('Complete' as const, 'Failed' as const)).map(([at, type]): Step => (world) => world.end(at, type)) },
  { weight: 4, arbitrary: index.map((at): Step => (world) => world.see(at)) },
  { weight: 3, arbitrary: fc.nat({ max: 6 }).map((cut): Step => (world) => void world.reconcile(cut)) },
  { weight: 2, arbitrary: fc.tuple(fc.nat({ max: 6 }), ms(300 * MINUTE)).map(([cut, down]): Step => (world) => world.crash(cut, down)) },
  { weight: 2, arbitrary: ms(5000 * MINUTE).map((by): Step => (world) => world.sleep(by)) },
  { weight: 2, arbitrary: ms(200 * MINUTE).map((by): Step => (world) => world.setBack(by)) },
  { weight: 2, arbitrary: edit.map((spec): Step => (world) => world.edit(spec)) },
  { weight: 1, arbitrary: index.map((at): Step => (world) => world.userDelete(at)) },
  { weight: 1, arbitrary: fc.constant<Step>((world) => world.runByHand()) },
);

const start = fc.record({ schedule, concurrencyPolicy: fc.constantFrom('Allow', 'Forbid', 'Replace') });
const RUNS = Number(process.env['MINIK_PROPERTY_RUNS'] ?? 400);

test('no time is started twice or out of order, policies hold at every start, and no more than one run catches up', () => {
  fc.assert(
    fc.property(start, fc.array(step, { maxLength: 60 }), (spec, steps) => {
      const world = new CronWorld(aCronJob({ spec, metadata: { creationTimestamp: toTime(NOW - 3 * MINUTE) } }), NOW);
      for (const take of [...steps, (last: CronWorld) => last.settle()]) {
        take(world);
        expect(world.violations).toEqual([]);
      }
    }),
    { numRuns: RUNS },
  );
});

test('at rest the latest time was started unless something stood against it, the record agrees with the Jobs, and history is within its limits', () => {
  fc.assert(
    fc.property(start, fc.array(step, { maxLength: 40 }), (spec, steps) => {
      const world = new CronWorld(aCronJob({ spec, metadata: { creationTimestamp: toTime(NOW - 3 * MINUTE) } }), NOW);
      for (const take of steps) take(world);
      world.settle();
      const { cronJob, jobs, now } = world;
      const { status = {} } = cronJob;
      const running = jobs.filter((job) => !isFinished(job) && scheduledTimeOf(cronJob, job) !== undefined);
      expect((status.active ?? []).map(({ uid }) => uid).sort()).toEqual(running.map(({ metadata }) => metadata?.uid).sort());
      expect(fromTime(status.lastScheduleTime)).toBe(world.starts.at(-1));
      expect(world.kept.complete).toBeLessThanOrEqual(cronJob.spec.successfulJobsHistoryLimit!);
      expect(world.kept.failed).toBeLessThanOrEqual(cronJob.spec.failedJobsHistoryLimit!);

      const period = PERIODS[cronJob.spec.schedule];
      if (period === undefined || cronJob.spec.suspend === true || cronJob.spec.startingDeadlineSeconds !== undefined) return;
      if (cronJob.spec.concurrencyPolicy === 'Forbid' && running.length > 0) return;
      const latest = Math.floor(now / period) * period;
      const since = fromTime(status.lastScheduleTime) ?? fromTime(cronJob.metadata?.creationTimestamp)!;
      // A Job of @every may hold the minute's name.
      const isTaken = jobs.some(({ metadata }) => metadata?.name === `tick-${latest / MINUTE}`);
      if (!isTaken) expect(since).toBeGreaterThanOrEqual(latest);
    }),
    { numRuns: RUNS },
  );
});

test('no missed time is told of twice, nor was it started unless its deadline was put off', () => {
  fc.assert(
    fc.property(start, fc.array(step, { maxLength: 60 }), (spec, steps) => {
      const world = new CronWorld(aCronJob({ spec, metadata: { creationTimestamp: toTime(NOW - 3 * MINUTE) } }), NOW);
      for (const take of steps) take(world);
      world.settle();
      const told = world.events.flatMap((event) => {
        const [first, last = first] = event.startsWith('MissedSchedules') ? (event.match(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g) ?? []).map((time) => Date.parse(time)) : [];
        return first === undefined ? [] : [{ first, last: last!, byDeadline: event.includes('startingDeadlineSeconds') }];
      });
      told.forEach(({ first, last, byDeadline }, row) => {
        expect(first).toBeLessThanOrEqual(last);
        if (row > 0) expect(first).toBeGreaterThan(told[row - 1]!.last);
        if (!byDeadline) expect(world.starts.filter((time) => time >= first && time <= last)).toEqual([]);
      });
    }),
    { numRuns: RUNS },
  );
});
