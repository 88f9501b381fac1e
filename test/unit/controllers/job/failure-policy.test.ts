// podFailurePolicy as tables: which rule matches, and what follows for the Job.
import { describe, expect, test } from '@jest/globals';
import type { ContainerStatus, Job, JobStatus, Pod, PodCondition, PodFailurePolicyRule } from '../../../../src/api/generated/types.ts';
import { toTime } from '../../../../src/api/time.ts';
import { judgeFailure } from '../../../../src/controllers/job/failure-policy.ts';
import { planJob } from '../../../../src/controllers/job/plan-job.ts';
import { aJob, aPod, NOW } from '../../../support/builders.ts';

const STARTED: JobStatus = { startTime: toTime(NOW - 30_000), ready: 0, terminating: 0, uncountedTerminatedPods: {} };
const ended = (name: string, exitCode: number): ContainerStatus => ({ name, image: '', imageID: '', ready: false, restartCount: 0, state: { terminated: { exitCode, finishedAt: toTime(NOW - 1_000) } } });

const withRules = (rules: readonly PodFailurePolicyRule[], status: JobStatus = STARTED): Job => aJob({ spec: { podFailurePolicy: { rules: [...rules] }, completions: 3, parallelism: 1 }, status });
const failed = (job: Job, containers: readonly ContainerStatus[], more: { readonly init?: readonly ContainerStatus[]; readonly conditions?: readonly PodCondition[] } = {}): Pod =>
  aPod(job, { phase: 'Failed', status: { phase: 'Failed', containerStatuses: [...containers], initContainerStatuses: [...(more.init ?? [])], conditions: [...(more.conditions ?? [])] } });

describe('which rule matches', () => {
  const rule = (onExitCodes: NonNullable<PodFailurePolicyRule['onExitCodes']>): PodFailurePolicyRule => ({ action: 'Ignore', onExitCodes });

  test.each([
    { name: 'In: a listed code', rules: [rule({ operator: 'In', values: [3, 5] })], containers: [ended('main', 5)], action: 'Ignore' },
    { name: 'In: another code counts', rules: [rule({ operator: 'In', values: [3, 5] })], containers: [ended('main', 4)], action: 'Count' },
    { name: 'NotIn: a code that is not listed', rules: [rule({ operator: 'NotIn', values: [3] })], containers: [ended('main', 4)], action: 'Ignore' },
    { name: 'NotIn: code 0 never matches', rules: [rule({ operator: 'NotIn', values: [3] })], containers: [ended('main', 3), ended('side', 0)], action: 'Count' },
    { name: 'only the named container is looked at', rules: [rule({ operator: 'In', values: [3], containerName: 'side' })], containers: [ended('main', 3), ended('side', 1)], action: 'Count' },
    { name: 'init containers are looked at too', rules: [rule({ operator: 'In', values: [3] })], containers: [], init: [ended('setup', 3)], action: 'Ignore' },
    {
      name: 'the first rule that matches wins',
      rules: [{ action: 'Count', onExitCodes: { operator: 'In', values: [3] } }, { action: 'FailJob', onExitCodes: { operator: 'In', values: [3] } }],
      containers: [ended('main', 3)],
      action: 'Count',
    },
    { name: 'a pod condition of the same type and status', rules: [{ action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] }], containers: [], conditions: [{ type: 'DisruptionTarget', status: 'True' }], action: 'Ignore' },
    { name: 'another status of the condition counts', rules: [{ action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] }], containers: [], conditions: [{ type: 'DisruptionTarget', status: 'False' }], action: 'Count' },
  ])('$name', ({ rules, containers, init = [], conditions = [], action }) => {
    const job = withRules(rules);
    expect(judgeFailure(job, failed(job, containers, { init, conditions })).action).toBe(action);
  });
});

describe('what follows', () => {
  const plan = (job: Job, pods: readonly Pod[]) => {
    const { actions } = planJob({ job, pods, isNameTaken: () => false }, NOW);
    return { actions, status: actions.find((action) => action.type === 'write-status')?.status, stripped: actions.some(({ type }) => type === 'strip-finalizers') };
  };

  test.each([
    { name: 'FailJob on an exit code names container, code and rule', rule: { action: 'FailJob', onExitCodes: { operator: 'In', values: [3] } }, conditions: [], message: 'Container main for pod default/pi-aaaaa failed with exit code 3 matching FailJob rule at index 0' },
    { name: 'FailJob on a condition names the condition', rule: { action: 'FailJob', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] }, conditions: [{ type: 'DisruptionTarget', status: 'True' }], message: 'Pod default/pi-aaaaa has condition DisruptionTarget matching FailJob rule at index 0' },
  ])('$name', ({ rule, conditions, message }) => {
    const job = withRules([rule]);
    const { status } = plan(job, [failed(job, [ended('main', 3)], { conditions })]);
    expect(status?.conditions).toMatchObject([{ type: 'FailureTarget', reason: 'PodFailurePolicy', message }]);
    expect(status?.uncountedTerminatedPods).toEqual({ failed: ['uid-pi-aaaaa'] });
  });

  test('an ignored failure is not counted, its finalizer goes, and it is retried after the delay', () => {
    const job = withRules([{ action: 'Ignore', onExitCodes: { operator: 'In', values: [42] } }]);
    const pod = failed(job, [ended('main', 42)]);
    const { actions, status } = plan(job, [pod]);
    expect(actions).toContainEqual({ type: 'strip-finalizers', pods: [pod] });
    expect(status?.uncountedTerminatedPods).toBeUndefined();
    expect(planJob({ job, pods: [pod], isNameTaken: () => false }, NOW).requeueAfterMs).toBe(9_000);
  });

  test('a pod that is being deleted is judged only once it has failed', () => {
    const job = withRules([{ action: 'FailJob', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] }]);
    const pod = aPod(job, { deleting: true, status: { phase: 'Running', conditions: [{ type: 'DisruptionTarget', status: 'True' }] } });
    expect(plan(job, [pod]).status).toMatchObject({ terminating: 1 });
    expect(plan(job, [pod]).status?.conditions).toBeUndefined();
  });

  test('when the Job fails its running pods are counted in the same write, before they are deleted', () => {
    const job = withRules([{ action: 'FailJob', onExitCodes: { operator: 'In', values: [3] } }]);
    const running = aPod(job, { name: 'pi-running' });
    const { actions, status } = plan(job, [failed(job, [ended('main', 3)]), running]);
    expect(status?.uncountedTerminatedPods).toEqual({ failed: ['uid-pi-aaaaa', 'uid-pi-running'] });
    expect(actions.at(-1)).toEqual({ type: 'delete-pods', pods: [running], uncounted: false });
  });
});
