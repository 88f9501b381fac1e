// The Job planner under random outcomes, lagging views and crashes between any two actions.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { hasCondition, isFinished } from '../../../../src/api/job/conditions.ts';
import type { JobSpec } from '../../../../src/api/generated/types.ts';
import { storedRanges } from '../../../../src/api/job/index-list.ts';
import { countIndexes } from '../../../../src/api/job/index-ranges.ts';
import { aJob, NOW } from '../../../support/builders.ts';
import { IGNORED_EXIT, JobWorld } from '../../../support/job-world.ts';

type Step =
  | { readonly do: 'reconcile'; readonly cutAfter: number }
  | { readonly do: 'end'; readonly pod: number; readonly outcome: 'Succeeded' | 'Failed'; readonly exitCode: number }
  | { readonly do: 'scale'; readonly size: number }
  | { readonly do: 'see'; readonly pod: number }
  | { readonly do: 'userDelete'; readonly pod: number }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'suspend'; readonly on: boolean };

const pod = fc.nat(7);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('reconcile' as const), cutAfter: fc.oneof(fc.nat(6), fc.constant(99)) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('end' as const), pod, outcome: fc.constantFrom('Succeeded' as const, 'Failed' as const), exitCode: fc.constantFrom(1, 3, IGNORED_EXIT) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('see' as const), pod }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('userDelete' as const), pod }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 1_000, max: 700_000 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('suspend' as const), on: fc.boolean() }) },
);

/** Codes: 1 counts, 3 is what the rules that end something match, IGNORED_EXIT is ignored. */
const policy = fc.constantFrom<JobSpec['podFailurePolicy']>(
  undefined,
  { rules: [{ action: 'Ignore', onExitCodes: { operator: 'In', values: [IGNORED_EXIT] } }] },
  { rules: [{ action: 'Ignore', onExitCodes: { operator: 'In', values: [IGNORED_EXIT] } }, { action: 'FailJob', onExitCodes: { operator: 'In', values: [3] } }] },
  { rules: [{ action: 'FailIndex', onExitCodes: { operator: 'In', values: [3] } }, { action: 'Ignore', onExitCodes: { operator: 'In', values: [IGNORED_EXIT] } }] },
);

const indexedSpec: fc.Arbitrary<Partial<JobSpec>> = fc
  .record({
    parallelism: fc.integer({ min: 1, max: 5 }),
    completions: fc.integer({ min: 0, max: 6 }),
    backoffLimit: fc.option(fc.integer({ min: 0, max: 4 }), { nil: undefined }),
    backoffLimitPerIndex: fc.option(fc.integer({ min: 0, max: 2 }), { nil: undefined }),
    maxFailedIndexes: fc.option(fc.nat(3), { nil: undefined }),
    podFailurePolicy: policy,
    successPolicy: fc.option(
      fc.record({ rules: fc.array(fc.oneof(fc.record({ succeededCount: fc.integer({ min: 1, max: 4 }) }), fc.record({ succeededIndexes: fc.constantFrom('0', '0,1', '1-3') })), { minLength: 1, maxLength: 2 }) }),
      { nil: undefined },
    ),
    podReplacementPolicy: fc.constantFrom('Failed', 'TerminatingOrFailed'),
  })
  .map((fields) => ({
    ...fields,
    completionMode: 'Indexed',
    ...(fields.podFailurePolicy === undefined ? {} : { podReplacementPolicy: 'Failed' }),
    ...(fields.backoffLimitPerIndex === undefined ? { maxFailedIndexes: undefined, ...withoutFailIndex(fields.podFailurePolicy) } : {}),
  }));

function withoutFailIndex(of: JobSpec['podFailurePolicy']): Partial<JobSpec> {
  return { podFailurePolicy: of === undefined ? undefined : { rules: of.rules.filter(({ action }) => action !== 'FailIndex') } };
}

const spec = fc.record({
  parallelism: fc.integer({ min: 1, max: 5 }),
  completions: fc.option(fc.integer({ min: 0, max: 6 }), { nil: undefined }),
  backoffLimit: fc.integer({ min: 0, max: 4 }),
  podReplacementPolicy: fc.constantFrom('Failed', 'TerminatingOrFailed'),
  activeDeadlineSeconds: fc.option(fc.integer({ min: 1, max: 2_000 }), { nil: undefined }),
});

function act(world: JobWorld, one: Step): void {
  switch (one.do) {
    case 'reconcile':
      return void world.reconcile(one.cutAfter);
    case 'end':
      return world.end(one.pod, one.outcome, one.exitCode);
    case 'scale':
      return world.scale(one.size);
    case 'see':
      return world.see(one.pod);
    case 'userDelete':
      return world.userDelete(one.pod);
    case 'wait':
      world.now += one.ms;
      return;
    case 'suspend':
      return world.suspend(one.on);
  }
}

/** Everything that runs succeeds from now on, and every view catches up. */
function settle(world: JobWorld): void {
  world.suspend(false);
  for (let round = 0; round < 400 && !isFinished(world.job); round += 1) {
    world.seeAll();
    const { did, requeueAfterMs } = world.reconcile();
    world.seeAll();
    if (did) continue;
    if (requeueAfterMs !== undefined) world.now += requeueAfterMs;
    world.end(0, 'Succeeded');
  }
}

describe('any interleaving', () => {
  test('keeps the limits, accounts for every pod exactly once, and comes to an end', () => {
    fc.assert(
      fc.property(spec, fc.array(step, { maxLength: 60 }), (fields, steps) => {
        const world = new JobWorld(aJob({ spec: fields }), NOW);
        for (const one of steps) act(world, one);
        settle(world);
        expect(world.violations).toEqual([]);
        expect(isFinished(world.job)).toBe(true);
        const { succeeded = 0, failed = 0, active, terminating } = world.job.status ?? {};
        expect(succeeded + failed).toBe(world.created - world.sentAway.size - world.uncounted.size);
        expect({ active, terminating }).toEqual({ active: undefined, terminating: 0 });
        if (hasCondition(world.job, 'Complete') && fields.completions !== undefined) expect(succeeded).toBe(fields.completions);
      }),
      { numRuns: 500 },
    );
  });

  test('of an Indexed Job, under every policy, does so too, and runs no index twice at once', () => {
    fc.assert(
      fc.property(indexedSpec, fc.array(step, { maxLength: 60 }), (fields, steps) => {
        const world = new JobWorld(aJob({ spec: fields }), NOW);
        for (const one of steps) act(world, one);
        settle(world);
        expect(world.violations).toEqual([]);
        expect(isFinished(world.job)).toBe(true);
        const { succeeded = 0, failed = 0, completedIndexes, failedIndexes, active, terminating } = world.job.status ?? {};
        expect(succeeded + failed).toBe(world.created - world.sentAway.size - world.uncounted.size);
        expect(succeeded).toBe(countIndexes(storedRanges(completedIndexes, fields.completions ?? 0)));
        expect({ active, terminating }).toEqual({ active: undefined, terminating: 0 });
        expect(failedIndexes === undefined).toBe(fields.backoffLimitPerIndex === undefined);
        if (hasCondition(world.job, 'Complete') && fields.successPolicy === undefined) expect(succeeded).toBe(fields.completions);
      }),
      { numRuns: 1_000 },
    );
  });

  test('of an Indexed Job that grows and shrinks comes to an end with every index done', () => {
    const resizing = fc.oneof({ weight: 5, arbitrary: step }, { weight: 1, arbitrary: fc.record({ do: fc.constant('scale' as const), size: fc.integer({ min: 1, max: 6 }) }) });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), fc.array(resizing, { maxLength: 60 }), (size, steps) => {
        const world = new JobWorld(aJob({ spec: { completionMode: 'Indexed', completions: size, parallelism: size, backoffLimit: 1_000 } }), NOW);
        // A Job that has met its end stays so, however it is scaled.
        for (const one of steps) if (one.do !== 'scale' || !hasCondition(world.job, 'SuccessCriteriaMet')) act(world, one);
        settle(world);
        expect(world.violations).toEqual([]);
        expect(hasCondition(world.job, 'Complete')).toBe(true);
        expect(world.job.status?.succeeded).toBe(world.job.spec?.completions);
      }),
      { numRuns: 500 },
    );
  });

  test('a Job whose pods all succeed runs exactly its completions', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 12 }), fc.array(fc.nat(5), { maxLength: 80 }), (parallelism, completions, cuts) => {
        const world = new JobWorld(aJob({ spec: { parallelism, completions } }), NOW);
        for (const cut of cuts) {
          world.reconcile(cut);
          world.end(cut, 'Succeeded');
          world.seeAll();
        }
        settle(world);
        expect(world.violations).toEqual([]);
        expect(world.job.status).toMatchObject({ succeeded: completions });
        expect(world.created).toBe(completions);
        expect(world.mostActive).toBeLessThanOrEqual(parallelism);
      }),
      { numRuns: 300 },
    );
  });
});
