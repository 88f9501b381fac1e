// The Job planner's rules as tables: a Job, its Pods, and the actions that must follow.
import { describe, expect, test } from '@jest/globals';
import type { Job, JobCondition, JobStatus, Pod } from '../../../../src/api/generated/types.ts';
import { toTime } from '../../../../src/api/time.ts';
import type { JobAction } from '../../../../src/controllers/job/job-action.ts';
import { planJob } from '../../../../src/controllers/job/plan-job.ts';
import { aJob, aPod, NOW } from '../../../support/builders.ts';

const STARTED: JobStatus = { startTime: toTime(NOW - 30_000), ready: 0, terminating: 0, uncountedTerminatedPods: {} };
const condition = (type: string, reason = 'r', message = 'm'): JobCondition => ({ type, status: 'True', reason, message });

const plan = (job: Job, pods: Pod[] = []) => planJob({ job, pods, isNameTaken: (name) => pods.some(({ metadata }) => metadata?.name === name) }, NOW);
const typesOf = (actions: readonly JobAction[]): string[] => actions.map(({ type }) => type);
const statusIn = (actions: readonly JobAction[]): JobStatus | undefined => actions.find((action) => action.type === 'write-status')?.status;
const createdIn = (actions: readonly JobAction[]): readonly Pod[] => actions.find((action) => action.type === 'create-pods')?.pods ?? [];
const eventsIn = (actions: readonly JobAction[]): string[] => actions.flatMap((action) => (action.type === 'record-event' ? [`${action.event.reason}: ${action.event.message}`] : []));

describe('a Job that needs nothing', () => {
  test('nothing to do: the wanted pods run and the status says so', () => {
    const job = aJob({ status: { ...STARTED, active: 1 } });
    expect(plan(job, [aPod(job)])).toEqual({ actions: [], requeueAfterMs: undefined });
  });

  test.each(['Complete', 'Failed'])('a Job that is %s is never touched again', (type) => {
    const job = aJob({ spec: { parallelism: 9, completions: 9 }, status: { ...STARTED, conditions: [condition(type)] } });
    expect(plan(job).actions).toEqual([]);
  });

  test('a Job that another controller manages is left alone', () => {
    expect(plan(aJob({ spec: { managedBy: 'acme.io/foo' } })).actions).toEqual([]);
  });

  test('a Job of a completion mode that nobody knows is only told of', () => {
    const job = aJob();
    const odd: Job = { ...job, spec: { ...job.spec!, completionMode: 'Sideways' } };
    expect(eventsIn(plan(odd).actions)).toEqual(['UnknownCompletionMode: Skipped Job sync because completion mode is unknown']);
  });

  test('a finished Job does not react to suspend', () => {
    const job = aJob({ spec: { suspend: true }, status: { ...STARTED, conditions: [condition('Complete')] } });
    expect(plan(job).actions).toEqual([]);
  });
});

describe('how many pods', () => {
  test.each([
    { name: 'one pod by default', spec: {}, created: 1 },
    { name: 'as many as parallelism allows', spec: { parallelism: 3, completions: 5 }, created: 3 },
    { name: 'no more than are still to succeed', spec: { parallelism: 3, completions: 5 }, succeeded: 4, created: 1 },
    { name: 'none with parallelism 0', spec: { parallelism: 0 }, created: 0 },
    { name: 'none with completions 0', spec: { completions: 0 }, created: 0 },
    { name: 'a work queue starts with its parallelism', spec: { parallelism: 4, completions: undefined }, created: 4 },
  ])('$name', ({ spec, succeeded = 0, created }) => {
    const job = aJob({ spec, status: { ...STARTED, ...(succeeded > 0 ? { succeeded } : {}) } });
    expect(createdIn(plan(job).actions)).toHaveLength(created);
  });

  test('a work queue starts no more pods after its first success, and stops none', () => {
    const job = aJob({ spec: { parallelism: 3, completions: undefined }, status: { ...STARTED, succeeded: 1, active: 2 } });
    const { actions } = plan(job, [aPod(job, { name: 'pi-a' }), aPod(job, { name: 'pi-b' })]);
    expect(actions).toEqual([]);
  });

  test('surplus pods go, the least started first, and do not count', () => {
    const job = aJob({ spec: { parallelism: 1, completions: 5 }, status: { ...STARTED, active: 2 } });
    const running = aPod(job, { name: 'pi-running', ready: true });
    const pending = aPod(job, { name: 'pi-pending', phase: 'Pending' });
    const deletion = plan(job, [running, pending]).actions.find(({ type }) => type === 'delete-pods');
    expect(deletion).toEqual({ type: 'delete-pods', pods: [pending], uncounted: true });
  });

  test('with replacement policy Failed a terminating pod keeps its place', () => {
    const job = aJob({ spec: { podReplacementPolicy: 'Failed' }, status: STARTED });
    const { actions } = plan(job, [aPod(job, { deleting: true })]);
    expect(createdIn(actions)).toHaveLength(0);
    expect(statusIn(actions)).toMatchObject({ terminating: 1 });
    expect(statusIn(actions)?.failed).toBeUndefined();
  });

  test('pods carry the finalizer, the owner, and names that repeat for the same state', () => {
    const job = aJob({ spec: { parallelism: 2, completions: 2 } });
    const [first, second] = createdIn(plan(job).actions);
    const again = createdIn(plan(job).actions);
    expect(first?.metadata).toMatchObject({
      generateName: 'pi-',
      finalizers: ['batch.kubernetes.io/job-tracking'],
      ownerReferences: [{ apiVersion: 'batch/v1', kind: 'Job', name: 'pi', uid: 'job-uid', controller: true, blockOwnerDeletion: true }],
    });
    expect(first?.metadata?.name).toMatch(/^pi-[bcdfghjklmnpqrstvwxz2456789]{5}$/);
    expect(first?.metadata?.name).not.toBe(second?.metadata?.name);
    expect(again.map(({ metadata }) => metadata?.name)).toEqual([first?.metadata?.name, second?.metadata?.name]);
  });

  test('a name that a pod still has is passed over', () => {
    const job = aJob({ status: STARTED });
    const [first] = createdIn(plan(job).actions);
    const lingering = aPod(job, { name: first!.metadata!.name!, phase: 'Pending', deleting: true, tracked: false });
    expect(createdIn(plan(job, [lingering]).actions)[0]?.metadata?.name).not.toBe(first?.metadata?.name);
  });
});

describe('counting', () => {
  test('an ended pod is first written as uncounted; its finalizer stays', () => {
    const job = aJob({ spec: { completions: 2 }, status: { ...STARTED, active: 1 } });
    const { actions } = plan(job, [aPod(job, { phase: 'Succeeded', endedAgo: 1 })]);
    expect(statusIn(actions)).toMatchObject({ uncountedTerminatedPods: { succeeded: ['uid-pi-aaaaa'] } });
    expect(statusIn(actions)?.succeeded).toBeUndefined();
    expect(typesOf(actions)).not.toContain('strip-finalizers');
  });

  test('once its uid is on disk the finalizer goes', () => {
    const job = aJob({ spec: { completions: 2 }, status: { ...STARTED, uncountedTerminatedPods: { succeeded: ['uid-pi-aaaaa'] } } });
    const pod = aPod(job, { phase: 'Succeeded', endedAgo: 1 });
    expect(plan(job, [pod]).actions).toContainEqual({ type: 'strip-finalizers', pods: [pod] });
  });

  test.each([
    { name: 'once the finalizer is gone the counter rises and the uid is dropped', present: true },
    { name: 'a pod that is gone altogether is counted from its uid', present: false },
  ])('$name', ({ present }) => {
    const job = aJob({ spec: { completions: 2 }, status: { ...STARTED, uncountedTerminatedPods: { succeeded: ['uid-pi-aaaaa'] } } });
    const { actions } = plan(job, present ? [aPod(job, { phase: 'Succeeded', tracked: false, endedAgo: 1 })] : []);
    expect(statusIn(actions)).toMatchObject({ succeeded: 1, uncountedTerminatedPods: {} });
  });

  test('a pod without the finalizer was counted before and is not counted again', () => {
    const job = aJob({ spec: { completions: 2, parallelism: 1 }, status: { ...STARTED, succeeded: 1, active: 1 } });
    const { actions } = plan(job, [aPod(job, { name: 'pi-old', phase: 'Succeeded', tracked: false, endedAgo: 9 }), aPod(job, { name: 'pi-new' })]);
    expect(actions).toEqual([]);
  });

  test('a pod that is being deleted counts as failed at once with TerminatingOrFailed', () => {
    const job = aJob({ status: { ...STARTED, active: 1 } });
    expect(statusIn(plan(job, [aPod(job, { deleting: true })]).actions)).toMatchObject({ uncountedTerminatedPods: { failed: ['uid-pi-aaaaa'] }, terminating: 1 });
  });

  test('active and ready are read off the pods', () => {
    const job = aJob({ spec: { parallelism: 3, completions: 3 }, status: STARTED });
    const pods = [aPod(job, { name: 'pi-a', ready: true }), aPod(job, { name: 'pi-b' }), aPod(job, { name: 'pi-c', phase: 'Pending' })];
    expect(statusIn(plan(job, pods).actions)).toMatchObject({ active: 3, ready: 1 });
  });
});

describe('retries', () => {
  test.each([
    { name: 'the first failure waits 10 s', failures: [3], delayMs: 7_000 },
    { name: 'the second waits 20 s from the latest', failures: [40, 5], delayMs: 15_000 },
    { name: 'the third waits 40 s', failures: [90, 60, 10], delayMs: 30_000 },
    { name: 'the wait is over when its time has passed', failures: [10], delayMs: 0 },
    { name: 'a success in between starts the count anew', failures: [90, 60, 3], success: 50, delayMs: 7_000 },
    { name: 'the wait is at most ten minutes', failures: [9, 8, 7, 6, 5, 4, 3, 2, 1], delayMs: 599_000 },
  ])('$name', ({ failures, success, delayMs }) => {
    const job = aJob({ spec: { backoffLimit: 99, completions: 9 }, status: { ...STARTED, failed: failures.length, ...(success === undefined ? {} : { succeeded: 1 }) } });
    const failed = failures.map((endedAgo, at) => aPod(job, { name: `pi-f${at}`, phase: 'Failed', tracked: false, endedAgo }));
    const succeeded = success === undefined ? [] : [aPod(job, { name: 'pi-ok', phase: 'Succeeded', tracked: false, endedAgo: success })];
    const { actions, requeueAfterMs } = plan(job, [...failed, ...succeeded]);
    expect(createdIn(actions)).toHaveLength(delayMs > 0 ? 0 : 1);
    expect(requeueAfterMs).toBe(delayMs > 0 ? delayMs : undefined);
  });

  test('pods that the Job itself sent away are no failures', () => {
    const job = aJob({ status: STARTED });
    expect(createdIn(plan(job, [aPod(job, { phase: 'Failed', tracked: false, deleting: true, endedAgo: 1 })]).actions)).toHaveLength(1);
  });
});

describe('the end', () => {
  test('reaching the completions first writes SuccessCriteriaMet alone', () => {
    const job = aJob({ status: { ...STARTED, active: 1 } });
    const { actions } = plan(job, [aPod(job, { phase: 'Succeeded', endedAgo: 1 })]);
    expect(statusIn(actions)?.conditions).toMatchObject([{ type: 'SuccessCriteriaMet', status: 'True', reason: 'CompletionsReached', message: 'Reached expected number of succeeded pods' }]);
    expect(eventsIn(actions)).toEqual([]);
  });

  test('Complete follows when every pod is counted, with the completion time and an event', () => {
    const job = aJob({ status: { ...STARTED, conditions: [condition('SuccessCriteriaMet', 'CompletionsReached', 'Reached expected number of succeeded pods')], uncountedTerminatedPods: { succeeded: ['uid-pi-aaaaa'] } } });
    const { actions } = plan(job, [aPod(job, { phase: 'Succeeded', tracked: false, endedAgo: 1 })]);
    expect(statusIn(actions)).toMatchObject({ succeeded: 1, completionTime: toTime(NOW), conditions: [{ type: 'SuccessCriteriaMet' }, { type: 'Complete', reason: 'CompletionsReached', lastTransitionTime: toTime(NOW) }] });
    expect(eventsIn(actions)).toEqual(['Completed: Job completed']);
  });

  test('more successes than were asked for are told of', () => {
    const job = aJob({ spec: { completions: 1, parallelism: 2 }, status: { ...STARTED, succeeded: 2, conditions: [condition('SuccessCriteriaMet')] } });
    expect(eventsIn(plan(job).actions)).toEqual(['TooManySucceededPods: Too many succeeded pods running after completion count reached', 'Completed: Job completed']);
  });

  test('Complete waits for pods that are still terminating', () => {
    const job = aJob({ status: { ...STARTED, succeeded: 1, conditions: [condition('SuccessCriteriaMet')] } });
    expect(statusIn(plan(job, [aPod(job, { deleting: true, tracked: false })]).actions)?.conditions).toHaveLength(1);
  });

  test('completions 0 completes without pods', () => {
    const job = aJob({ spec: { completions: 0 } });
    expect(statusIn(plan(job).actions)?.conditions).toMatchObject([{ type: 'SuccessCriteriaMet' }]);
  });

  test.each([
    { name: 'Never: one failure more than the limit', limit: 1, failed: 2, over: true },
    { name: 'Never: as many failures as the limit go on', limit: 2, failed: 2, over: false },
    { name: 'Never: a limit of 0 ends with the first failure', limit: 0, failed: 1, over: true },
  ])('$name', ({ limit, failed, over }) => {
    const job = aJob({ spec: { backoffLimit: limit }, status: { ...STARTED, failed } });
    expect(statusIn(plan(job).actions)?.conditions?.[0]?.reason).toBe(over ? 'BackoffLimitExceeded' : undefined);
  });

  test.each([
    { name: 'OnFailure: restarts up to the limit end it', limit: 3, restarts: 3, over: true },
    { name: 'OnFailure: fewer restarts go on', limit: 3, restarts: 2, over: false },
    { name: 'OnFailure: a limit of 0 allows no restart', limit: 0, restarts: 1, over: true },
    { name: 'OnFailure: a limit of 0 is not reached without one', limit: 0, restarts: 0, over: false },
  ])('$name', ({ limit, restarts, over }) => {
    const template = { spec: { containers: [{ name: 'main', image: 'busybox' }], restartPolicy: 'OnFailure' } };
    const job = aJob({ spec: { backoffLimit: limit, template }, status: STARTED });
    expect(statusIn(plan(job, [aPod(job, { restarts })]).actions)?.conditions?.[0]?.type).toBe(over ? 'FailureTarget' : undefined);
  });

  test('a failing Job first writes FailureTarget, then deletes its running pods, which count as failed', () => {
    const job = aJob({ spec: { activeDeadlineSeconds: 30 }, status: { ...STARTED, active: 1 } });
    const pod = aPod(job);
    const { actions } = plan(job, [pod]);
    expect(typesOf(actions)).toEqual(['write-status', 'delete-pods']);
    expect(actions[1]).toEqual({ type: 'delete-pods', pods: [pod], uncounted: false });
    expect(statusIn(actions)?.conditions).toMatchObject([{ type: 'FailureTarget', reason: 'DeadlineExceeded', message: 'Job was active longer than specified deadline' }]);
  });

  test('Failed follows with the same reason, without a completion time, and with a warning', () => {
    const job = aJob({ status: { ...STARTED, failed: 7, conditions: [condition('FailureTarget', 'BackoffLimitExceeded', 'Job has reached the specified backoff limit')] } });
    const { actions } = plan(job);
    expect(statusIn(actions)?.conditions).toMatchObject([{ type: 'FailureTarget' }, { type: 'Failed', reason: 'BackoffLimitExceeded' }]);
    expect(statusIn(actions)?.completionTime).toBeUndefined();
    expect(eventsIn(actions)).toEqual(['BackoffLimitExceeded: Job has reached the specified backoff limit']);
  });

  test('the deadline is waited for exactly', () => {
    const job = aJob({ spec: { activeDeadlineSeconds: 45 }, status: { ...STARTED, active: 1 } });
    expect(plan(job, [aPod(job)]).requeueAfterMs).toBe(15_000);
  });
});

describe('suspension', () => {
  test('a Job created suspended has no pods and no start time', () => {
    const { actions } = plan(aJob({ spec: { suspend: true } }));
    expect(createdIn(actions)).toEqual([]);
    expect(statusIn(actions)).toMatchObject({ ready: 0, conditions: [{ type: 'Suspended', status: 'True', reason: 'JobSuspended' }] });
    expect(statusIn(actions)?.startTime).toBeUndefined();
    expect(eventsIn(actions)).toEqual(['Suspended: Job suspended']);
  });

  test('a Job that wants nothing is not complete before it has started', () => {
    expect(statusIn(plan(aJob({ spec: { suspend: true, completions: 0 } })).actions)?.conditions).toMatchObject([{ type: 'Suspended' }]);
  });

  test('suspending deletes the running pods without counting them', () => {
    const job = aJob({ spec: { suspend: true }, status: { ...STARTED, active: 1 } });
    const pod = aPod(job);
    expect(plan(job, [pod]).actions).toContainEqual({ type: 'delete-pods', pods: [pod], uncounted: true });
  });

  test('resuming starts the clock anew', () => {
    const job = aJob({ status: { ...STARTED, conditions: [condition('Suspended', 'JobSuspended', 'Job suspended')] } });
    const { actions } = plan(job);
    expect(statusIn(actions)).toMatchObject({ startTime: toTime(NOW), conditions: [{ type: 'Suspended', status: 'False', reason: 'JobResumed' }] });
    expect(eventsIn(actions)).toEqual(['Resumed: Job resumed']);
  });

  test('the deadline does not tick while suspended', () => {
    const job = aJob({ spec: { suspend: true, activeDeadlineSeconds: 1 }, status: { ...STARTED, conditions: [condition('Suspended')] } });
    expect(plan(job)).toEqual({ actions: [], requeueAfterMs: undefined });
  });
});

describe('whose pods', () => {
  test('a matching pod without a controller is adopted before anything else', () => {
    const job = aJob({ status: STARTED });
    const stray = aPod(job, { metadata: { ownerReferences: undefined } });
    expect(plan(job, [stray]).actions).toEqual([{ type: 'adopt-pods', pods: [stray] }]);
  });

  test('an owned pod whose labels match no more is released', () => {
    const job = aJob({ status: STARTED });
    const pod = aPod(job, { metadata: { labels: {} } });
    expect(plan(job, [pod]).actions).toEqual([{ type: 'release-pods', pods: [pod] }]);
  });

  test('a Job that is being deleted adopts, creates and deletes nothing, but frees its pods', () => {
    const job = aJob({ metadata: { deletionTimestamp: toTime(NOW) }, status: STARTED });
    const pod = aPod(job);
    expect(plan(job, [pod, aPod(job, { name: 'stray', metadata: { ownerReferences: undefined } })]).actions).toEqual([{ type: 'strip-finalizers', pods: [pod] }]);
  });
});
