// Indexed Jobs as tables: which indexes get Pods, what those Pods carry, and how their ends are counted.
import { describe, expect, test } from '@jest/globals';
import type { Job, JobSpec, JobStatus, Pod } from '../../../../src/api/generated/types.ts';
import { COMPLETION_INDEX, INDEX_FAILURES, INDEX_IGNORED_FAILURES } from '../../../../src/api/job/labels.ts';
import { toTime } from '../../../../src/api/time.ts';
import type { JobAction } from '../../../../src/controllers/job/job-action.ts';
import { planJob } from '../../../../src/controllers/job/plan-job.ts';
import { aJob, aPod, NOW, type PodChanges } from '../../../support/builders.ts';

const STARTED: JobStatus = { startTime: toTime(NOW - 30_000), ready: 0, terminating: 0, uncountedTerminatedPods: {} };

const indexed = (spec: Partial<JobSpec> = {}, status: JobStatus = {}): Job =>
  aJob({ spec: { completionMode: 'Indexed', completions: 4, parallelism: 4, ...spec }, status: { ...STARTED, ...status } });
const podOf = (job: Job, index: number, changes: PodChanges & { readonly failures?: number; readonly ignored?: number; readonly exitCode?: number } = {}): Pod => {
  const { failures, ignored, exitCode, ...rest } = changes;
  const name = rest.name ?? `pi-${index}-aaaaa`;
  const pod = aPod(job, {
    ...rest,
    name,
    metadata: {
      annotations: {
        [COMPLETION_INDEX]: String(index),
        ...(failures === undefined ? {} : { [INDEX_FAILURES]: String(failures) }),
        ...(ignored === undefined ? {} : { [INDEX_IGNORED_FAILURES]: String(ignored) }),
      },
      ...rest.metadata,
    },
  });
  const terminated = pod.status?.containerStatuses?.[0]?.state?.terminated;
  if (exitCode !== undefined && terminated !== undefined) terminated.exitCode = exitCode;
  return pod;
};
const plan = (job: Job, pods: readonly Pod[] = []) => planJob({ job, pods, isNameTaken: (name) => pods.some(({ metadata }) => metadata?.name === name) }, NOW);
const statusIn = (actions: readonly JobAction[]): JobStatus | undefined => actions.find((action) => action.type === 'write-status')?.status;
const createdIn = (actions: readonly JobAction[]): readonly Pod[] => actions.find((action) => action.type === 'create-pods')?.pods ?? [];
const indexesIn = (actions: readonly JobAction[]): string[] => createdIn(actions).map(({ metadata }) => metadata?.annotations?.[COMPLETION_INDEX] ?? '');
const deletedIn = (actions: readonly JobAction[]): (string | undefined)[] => actions.flatMap((action) => (action.type === 'delete-pods' ? action.pods.map(({ metadata }) => metadata?.name) : []));
const strippedIn = (actions: readonly JobAction[]): (string | undefined)[] => actions.flatMap((action) => (action.type === 'strip-finalizers' ? action.pods.map(({ metadata }) => metadata?.name) : []));
const conditionIn = (actions: readonly JobAction[]): string | undefined => {
  const first = statusIn(actions)?.conditions?.[0];
  return first === undefined ? undefined : `${first.type} ${first.reason}: ${first.message}`;
};

describe('which indexes get pods', () => {
  test('the lowest first, as many as parallelism allows', () => {
    expect(indexesIn(plan(indexed({ parallelism: 2 })).actions)).toEqual(['0', '1']);
  });

  test.each([
    { name: 'those that succeeded are passed over', status: { completedIndexes: '0,2', succeeded: 2 }, running: [], created: ['1', '3'] },
    { name: 'those that run are passed over', status: {}, running: [1, 2], created: ['0', '3'] },
    { name: 'both together', status: { completedIndexes: '0', succeeded: 1 }, running: [3], created: ['1', '2'] },
  ])('$name', ({ status, running, created }) => {
    const job = indexed({}, status);
    expect(indexesIn(plan(job, running.map((index) => podOf(job, index))).actions)).toEqual(created);
  });

  test('with replacement policy Failed the index of a terminating pod waits', () => {
    const job = indexed({ podReplacementPolicy: 'Failed' });
    expect(indexesIn(plan(job, [podOf(job, 0, { deleting: true })]).actions)).toEqual(['1', '2', '3']);
  });

  test('of two pods with one index the less advanced goes, and nothing is created beside', () => {
    const job = indexed();
    const { actions } = plan(job, [podOf(job, 1, { name: 'pi-1-a', ready: true }), podOf(job, 1, { name: 'pi-1-b', phase: 'Pending' })]);
    expect(deletedIn(actions)).toEqual(['pi-1-b']);
    expect(createdIn(actions)).toEqual([]);
  });

  test.each<{ readonly name: string; readonly annotations: Record<string, string> }>([
    { name: 'a pod whose index is out of range goes', annotations: { [COMPLETION_INDEX]: '7' } },
    { name: 'a pod without an index goes', annotations: {} },
    { name: 'a pod whose index is no number goes', annotations: { [COMPLETION_INDEX]: 'x' } },
  ])('$name', ({ annotations }) => {
    const job = indexed();
    expect(deletedIn(plan(job, [podOf(job, 0, { metadata: { annotations } })]).actions)).toEqual(['pi-0-aaaaa']);
  });

  test('shrinking deletes what is out of range and forgets its success; growing fills the new indexes', () => {
    const shrunk = indexed({ completions: 2, parallelism: 2 }, { completedIndexes: '0,3', succeeded: 2 });
    const { actions } = plan(shrunk, [podOf(shrunk, 2), podOf(shrunk, 1)]);
    expect(deletedIn(actions)).toEqual(['pi-2-aaaaa']);
    expect(statusIn(actions)).toMatchObject({ completedIndexes: '0', succeeded: 1 });
    const grown = indexed({ completions: 6, parallelism: 6 }, { completedIndexes: '0-3', succeeded: 4 });
    expect(indexesIn(plan(grown).actions)).toEqual(['4', '5']);
  });

  test('a hundred thousand indexes are handled at once', () => {
    const job = indexed({ completions: 100_000, parallelism: 10 }, { completedIndexes: '0-49999,50001-99998', succeeded: 99_998 });
    expect(indexesIn(plan(job).actions)).toEqual(['50000', '99999']);
  });
});

describe('what such a pod carries', () => {
  test('its index as label, annotation and host name, and in its name', () => {
    const [pod] = createdIn(plan(indexed({ completions: 1, parallelism: 1 })).actions);
    expect(pod?.metadata).toMatchObject({ generateName: 'pi-0-', labels: { [COMPLETION_INDEX]: '0' }, annotations: { [COMPLETION_INDEX]: '0' } });
    expect(pod?.metadata?.name).toMatch(/^pi-0-[a-z0-9]{5}$/);
    expect(pod?.spec?.hostname).toBe('pi-0');
    expect(pod?.metadata?.annotations).not.toHaveProperty(INDEX_FAILURES);
  });

  test('JOB_COMPLETION_INDEX in every container and init container, unless the template has it', () => {
    const template = {
      spec: {
        restartPolicy: 'Never',
        initContainers: [{ name: 'first', image: 'busybox' }],
        containers: [{ name: 'main', image: 'busybox', env: [{ name: 'A', value: '1' }] }, { name: 'own', image: 'busybox', env: [{ name: 'JOB_COMPLETION_INDEX', value: 'mine' }] }],
      },
    };
    const [pod] = createdIn(plan(indexed({ completions: 1, template })).actions);
    const variable = { name: 'JOB_COMPLETION_INDEX', valueFrom: { fieldRef: { fieldPath: `metadata.labels['${COMPLETION_INDEX}']` } } };
    expect(pod?.spec?.initContainers?.[0]?.env).toEqual([variable]);
    expect(pod?.spec?.containers.map(({ env }) => env)).toEqual([[{ name: 'A', value: '1' }, variable], [{ name: 'JOB_COMPLETION_INDEX', value: 'mine' }]]);
  });

  test('a long name is cut before its index, never in it', () => {
    const job = aJob({ metadata: { name: 'n'.repeat(63) }, spec: { completionMode: 'Indexed', completions: 1 }, status: STARTED });
    const [pod] = createdIn(plan(job).actions);
    expect(pod?.metadata?.generateName).toBe(`${'n'.repeat(55)}-0-`);
    expect(pod?.metadata?.name).toHaveLength(63);
  });
});

describe('counting by index', () => {
  test('a success is recorded by its index; its finalizer goes once that is on disk', () => {
    const job = indexed({ parallelism: 1 });
    const pod = podOf(job, 2, { phase: 'Succeeded', endedAgo: 1 });
    const first = plan(job, [pod]).actions;
    expect(statusIn(first)).toMatchObject({ succeeded: 1, completedIndexes: '2', uncountedTerminatedPods: {} });
    expect(strippedIn(first)).toEqual([]);
    expect(strippedIn(plan({ ...job, status: { ...job.status, ...statusIn(first) } }, [pod]).actions)).toEqual([pod.metadata?.name]);
  });

  test('a second success of an index does not count', () => {
    const job = indexed({ completions: 9, parallelism: 1 }, { completedIndexes: '2', succeeded: 1 });
    const { actions } = plan(job, [podOf(job, 2, { phase: 'Succeeded', endedAgo: 1 }), podOf(job, 0)]);
    expect(statusIn(actions)).toMatchObject({ succeeded: 1, completedIndexes: '2' });
  });

  test('a failure is counted by its uid, and not at all when its index is out of range', () => {
    const job = indexed();
    const { actions } = plan(job, [podOf(job, 0, { phase: 'Failed', endedAgo: 1 }), podOf(job, 9, { phase: 'Failed', endedAgo: 1 })]);
    expect(statusIn(actions)?.uncountedTerminatedPods).toEqual({ failed: ['uid-pi-0-aaaaa'] });
    expect(strippedIn(actions)).toEqual(['pi-9-aaaaa']);
  });

  test('all indexes done completes the Job', () => {
    const job = indexed({}, { completedIndexes: '0-3', succeeded: 4 });
    expect(conditionIn(plan(job).actions)).toBe('SuccessCriteriaMet CompletionsReached: Reached expected number of succeeded pods');
  });

  test('without a limit for each index the retry delay is the whole Job\'s', () => {
    const job = indexed({ parallelism: 2, completions: 2 });
    const { actions, requeueAfterMs } = plan(job, [podOf(job, 0, { phase: 'Failed', endedAgo: 4 })]);
    expect(createdIn(actions)).toEqual([]);
    expect(requeueAfterMs).toBe(6_000);
  });
});

describe('a limit of failures for each index', () => {
  const limited = (spec: Partial<JobSpec> = {}, status: JobStatus = {}): Job => indexed({ backoffLimitPerIndex: 1, ...spec }, { failedIndexes: '', ...status });

  test('the first pod of an index says that none failed before it', () => {
    const [pod] = createdIn(plan(limited()).actions);
    expect(pod?.metadata?.annotations).toMatchObject({ [INDEX_FAILURES]: '0' });
    expect(pod?.metadata?.annotations).not.toHaveProperty(INDEX_IGNORED_FAILURES);
    expect(statusIn(plan(aJob({ spec: { completionMode: 'Indexed', completions: 2, backoffLimitPerIndex: 1 } })).actions)?.failedIndexes).toBe('');
  });

  test('an index waits for its own retry; the others start, and the failed pod is held until it is replaced', () => {
    const job = limited();
    const { actions, requeueAfterMs } = plan(job, [podOf(job, 1, { phase: 'Failed', endedAgo: 4, failures: 0 })]);
    expect(indexesIn(actions)).toEqual(['0', '2', '3']);
    expect(requeueAfterMs).toBe(6_000);
    expect(statusIn(actions)?.uncountedTerminatedPods).toEqual({});
  });

  test('the wait doubles with the failures that the pods carry on', () => {
    const job = limited({ backoffLimitPerIndex: 5, completions: 1, parallelism: 1 });
    expect(plan(job, [podOf(job, 0, { phase: 'Failed', endedAgo: 4, failures: 2 })]).requeueAfterMs).toBe(36_000);
  });

  test('the retry carries the count on, ignored failures apart', () => {
    const job = limited({ backoffLimitPerIndex: 5, podFailurePolicy: { rules: [{ action: 'Ignore', onExitCodes: { operator: 'In', values: [42] } }] } });
    const retryOf = (exitCode: number) => {
      const pods = [podOf(job, 0, { phase: 'Failed', endedAgo: 300, failures: 1, ignored: 1, exitCode })];
      return createdIn(plan(job, pods).actions)[0]?.metadata?.annotations;
    };
    expect(retryOf(1)).toMatchObject({ [INDEX_FAILURES]: '2', [INDEX_IGNORED_FAILURES]: '1' });
    expect(retryOf(42)).toMatchObject({ [INDEX_FAILURES]: '1', [INDEX_IGNORED_FAILURES]: '2' });
  });

  test('once its replacement runs the failed pod is counted', () => {
    const job = limited();
    const { actions } = plan(job, [podOf(job, 1, { name: 'pi-1-old', phase: 'Failed', endedAgo: 40, failures: 0 }), podOf(job, 1, { name: 'pi-1-new', failures: 1 })]);
    expect(statusIn(actions)?.uncountedTerminatedPods).toEqual({ failed: ['uid-pi-1-old'] });
  });

  test('one failure more than the limit fails the index and is counted at once; the rest goes on', () => {
    const job = limited();
    const { actions } = plan(job, [podOf(job, 1, { phase: 'Failed', endedAgo: 4, failures: 1 })]);
    expect(statusIn(actions)).toMatchObject({ failedIndexes: '1', uncountedTerminatedPods: { failed: ['uid-pi-1-aaaaa'] } });
    expect(indexesIn(actions)).toEqual(['0', '2', '3']);
  });

  test('when every other index is done the Job fails for its failed ones', () => {
    expect(conditionIn(plan(limited({}, { completedIndexes: '0,2,3', succeeded: 3, failedIndexes: '1', failed: 2 })).actions)).toBe('FailureTarget FailedIndexes: Job has failed indexes');
  });

  test('more failed indexes than the Job allows end it early', () => {
    const job = limited({ maxFailedIndexes: 1, backoffLimitPerIndex: 0 }, { failedIndexes: '0', failed: 1 });
    const { actions } = plan(job, [podOf(job, 1, { phase: 'Failed', endedAgo: 1, failures: 0 }), podOf(job, 2)]);
    expect(conditionIn(actions)).toBe('FailureTarget MaxFailedIndexesExceeded: Job has exceeded the specified maximal number of failed indexes');
    expect(deletedIn(actions)).toEqual(['pi-2-aaaaa']);
    expect(statusIn(actions)?.failedIndexes).toBe('0,1');
  });

  test('FailIndex fails the index without a retry', () => {
    const job = limited({ backoffLimitPerIndex: 3, podFailurePolicy: { rules: [{ action: 'FailIndex', onExitCodes: { operator: 'In', values: [3] } }] } });
    const { actions } = plan(job, [podOf(job, 1, { phase: 'Failed', endedAgo: 1, failures: 0, exitCode: 3 })]);
    expect(statusIn(actions)).toMatchObject({ failedIndexes: '1', uncountedTerminatedPods: { failed: ['uid-pi-1-aaaaa'] } });
  });

  test('the limit of the whole Job still applies', () => {
    const job = limited({ backoffLimit: 1 }, { failed: 2 });
    expect(conditionIn(plan(job).actions)).toBe('FailureTarget BackoffLimitExceeded: Job has reached the specified backoff limit');
  });
});

describe('successPolicy', () => {
  test.each([
    { name: 'all the listed indexes', rules: [{ succeededIndexes: '0,2' }], done: '0,2', met: 0 },
    { name: 'not while one of them is missing', rules: [{ succeededIndexes: '0,2' }], done: '0,1', met: undefined },
    { name: 'a number of any indexes', rules: [{ succeededCount: 2 }], done: '1,3', met: 0 },
    { name: 'not while there are fewer', rules: [{ succeededCount: 2 }], done: '1', met: undefined },
    { name: 'a number of the listed ones', rules: [{ succeededIndexes: '0-2', succeededCount: 2 }], done: '1,2', met: 0 },
    { name: 'others do not count for it', rules: [{ succeededIndexes: '0-2', succeededCount: 2 }], done: '1,3', met: undefined },
    { name: 'the first rule that is met is named', rules: [{ succeededIndexes: '0' }, { succeededCount: 1 }], done: '3', met: 1 },
  ])('is met by $name', ({ rules, done, met }) => {
    const job = indexed({ successPolicy: { rules } }, { completedIndexes: done });
    expect(conditionIn(plan(job).actions)).toBe(met === undefined ? undefined : `SuccessCriteriaMet SuccessPolicy: Matched rules at index ${met}`);
  });

  test('the pods that still run are deleted, and are no failures', () => {
    const job = indexed({ successPolicy: { rules: [{ succeededIndexes: '0' }] } }, { completedIndexes: '0', succeeded: 1 });
    const pod = podOf(job, 1);
    expect(plan(job, [pod]).actions).toContainEqual({ type: 'delete-pods', pods: [pod], uncounted: true });
  });

  test('a failure that was decided before wins', () => {
    const job = indexed({ successPolicy: { rules: [{ succeededCount: 1 }] } }, { completedIndexes: '0', succeeded: 1, conditions: [{ type: 'FailureTarget', status: 'True', reason: 'DeadlineExceeded', message: 'm' }] });
    expect(statusIn(plan(job).actions)?.conditions?.map(({ type }) => type)).toEqual(['FailureTarget', 'Failed']);
  });
});
