import { describe, expect, test } from '@jest/globals';
import type { Job, JobCondition } from '../../../../src/api/generated/types.ts';
import type { ContainerRun } from '../../../../src/cli/runs/container-run.ts';
import type { Health } from '../../../../src/cli/why/diagnosis.ts';
import type { JobFacts } from '../../../../src/cli/why/facts.ts';
import { diagnoseJob } from '../../../../src/cli/why/job/job-rules.ts';
import { diagnosisText } from '../../../../src/cli/why/print-diagnosis.ts';
import { aJob } from '../../../support/builders.ts';
import { ago, anEvent, failed, jobFacts, main, NOW, waiting, type PodCase } from '../../../support/why-facts.ts';

interface Case {
  readonly title: string;
  readonly job: Job;
  readonly pods?: readonly PodCase[];
  readonly facts?: Partial<JobFacts>;
  readonly rule: string;
  readonly health: Health;
  readonly verdict: string | RegExp;
  readonly shows?: readonly string[];
  readonly tries?: readonly string[];
}

const condition = (type: string, reason: string, message = ''): JobCondition => ({ type, status: 'True', reason, message, lastTransitionTime: ago(5) });
const failedJob = (reason: string, spec: Partial<Job['spec']> = {}, change: { message?: string; status?: Job['status'] } = {}): Job =>
  aJob({ spec, status: { startTime: ago(60), failed: 1, ...change.status, conditions: [condition('FailureTarget', reason, change.message), condition('Failed', reason, change.message)] } });
const running: PodCase = { status: { phase: 'Running', ...main({ state: { running: { startedAt: ago(30) } } }) } };
const policy = { podFailurePolicy: { rules: [{ action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] }, { action: 'FailJob', onExitCodes: { operator: 'In', values: [42] } }] } };
const archived = (exitCode: number, change: Partial<ContainerRun> = {}): ContainerRun => ({
  pod: 'pi-zzzzz', podUid: 'uid-z', container: 'main', role: 'app', restart: 0, startedAt: NOW - 90_000, finishedAt: NOW - 80_000, exitCode, reason: exitCode === 0 ? 'Completed' : 'Error', message: '', isArchived: true, ...change,
});
const gone = { job: undefined, events: [], podEvents: new Map() } as const;

const CASES: readonly Case[] = [
  { title: 'a Job that was just made is starting', job: aJob({ metadata: { name: 'pi', creationTimestamp: ago(1) } }), rule: 'starting', health: 'healthy', verdict: 'job/pi was created 1s ago and is starting' },
  { title: 'a running Job tells how far it is', job: aJob({ spec: { completions: 5 }, status: { startTime: ago(30), active: 1, succeeded: 2 } }), pods: [running], rule: 'running', health: 'healthy', verdict: 'job/pi is running: 2 of 5 completions, 1 Pod at work for 30s', shows: ['pod/pi-aaaaa is running: main for 30s'] },
  { title: 'a running Job tells when its deadline ends it', job: aJob({ spec: { activeDeadlineSeconds: 50 }, status: { startTime: ago(30), active: 1 } }), pods: [running], rule: 'running', health: 'healthy', verdict: /1 Pod at work/, shows: ['activeDeadlineSeconds 50 ends it in 20s'] },
  { title: 'a work queue after its first success waits for its other Pods', job: { ...aJob({ spec: { parallelism: 2 } }), spec: { ...aJob().spec!, completions: undefined, parallelism: 2 }, status: { startTime: ago(30), active: 1, succeeded: 1 } }, pods: [running], rule: 'running', health: 'healthy', verdict: 'job/pi is running: 1 Pod succeeded, 1 Pod at work for 30s', shows: ['starts nothing more after its first success'] },
  { title: 'a complete Job says so and how long it took', job: aJob({ status: { startTime: ago(60), completionTime: ago(20), succeeded: 1, conditions: [condition('Complete', 'CompletionsReached')] } }), rule: 'complete', health: 'complete', verdict: 'job/pi is complete: 1 Pod succeeded in 40s' },
  { title: 'a complete Job tells of the failures before', job: aJob({ status: { succeeded: 2, failed: 1, conditions: [condition('Complete', 'CompletionsReached')] } }), pods: [{ status: failed(1) }], rule: 'complete', health: 'complete', verdict: 'job/pi is complete: 2 Pods succeeded, after 1 failed Pod' },
  { title: 'a success policy is told as the reason', job: aJob({ status: { succeeded: 2, completedIndexes: '0,2', conditions: [condition('Complete', 'SuccessPolicy', 'Matched rules at index 0')] } }), rule: 'success-policy', health: 'complete', verdict: 'job/pi is complete: its success policy was met (Matched rules at index 0)', shows: ['indexes that succeeded: 0,2'] },
  { title: 'a time to live is told', job: aJob({ spec: { ttlSecondsAfterFinished: 300 }, status: { succeeded: 1, conditions: [condition('Complete', 'CompletionsReached')] } }), rule: 'complete', health: 'complete', verdict: /complete/, shows: ['it is deleted 5m after its end'] },
  { title: 'a Job without retries tells the exit code of its only Pod', job: failedJob('BackoffLimitExceeded', { backoffLimit: 0 }), pods: [{ status: failed(3), log: ['no such table'] }], rule: 'backoff-limit', health: 'trouble', verdict: 'job/pi failed: its container exited with 3; 1 Pod failed and backoffLimit 0 allows no retry', shows: ['no such table'], tries: ['minik logs job/pi', 'minik timeline job/pi'] },
  { title: 'a Job with retries tells of the last and how many there were', job: failedJob('BackoffLimitExceeded', { backoffLimit: 1 }, { status: { failed: 2 } }), pods: [{ status: failed(1, { startedAt: ago(40), finishedAt: ago(35) }) }, { name: 'pi-bbbbb', metadata: { uid: 'b' }, status: failed(137, { reason: 'OOMKilled' }) }], rule: 'backoff-limit', health: 'trouble', verdict: /its last container was killed because the machine ran out of memory .*; 2 Pods failed and backoffLimit 1 allows no more$/, shows: ['15s after the one before'] },
  { title: 'restarts in place are counted as such', job: failedJob('BackoffLimitExceeded', { backoffLimit: 2, template: { spec: { restartPolicy: 'OnFailure', containers: [] } } }), facts: { runs: [archived(127), archived(127, { restart: 1, startedAt: NOW - 70_000, finishedAt: NOW - 69_000 })] }, rule: 'backoff-limit', health: 'trouble', verdict: 'job/pi failed: its container exited with 127: command not found; it was restarted as often as backoffLimit 2 allows', tries: ['minik logs job/pi --archived'] },
  { title: 'a deadline is told with what was done by then', job: failedJob('DeadlineExceeded', { activeDeadlineSeconds: 3, completions: 4 }, { status: { succeeded: 1 } }), rule: 'deadline', health: 'trouble', verdict: 'job/pi failed: it was still active after its activeDeadlineSeconds of 3 with 1 of 4 completions', shows: ['none of its Pods is left to tell more'] },
  { title: 'a deadline shows what the Pods were waiting for', job: failedJob('DeadlineExceeded', { activeDeadlineSeconds: 3 }), pods: [{ status: waiting('ImagePullBackOff', 'manifest unknown') }], rule: 'deadline', health: 'trouble', verdict: /activeDeadlineSeconds of 3/, shows: ['its image busybox is not in its registry'] },
  { title: 'a pod failure policy is told with its rule', job: failedJob('PodFailurePolicy', policy, { message: 'Container main for pod default/pi-aaaaa failed with exit code 42 matching FailJob rule at index 1' }), pods: [{ status: failed(42) }], rule: 'pod-failure-policy', health: 'trouble', verdict: /^job\/pi failed: its podFailurePolicy says so: Container main for pod default\/pi-aaaaa failed with exit code 42/, shows: ['spec.podFailurePolicy.rules[1]: FailJob when a container exits with 42'] },
  { title: 'failed indexes are named', job: failedJob('FailedIndexes', { completionMode: 'Indexed', completions: 4, backoffLimitPerIndex: 1 }, { status: { failedIndexes: '1,3', completedIndexes: '0,2' } }), pods: [{ status: failed(5), metadata: { annotations: { 'batch.kubernetes.io/job-completion-index': '3' } } }], rule: 'failed-indexes', health: 'trouble', verdict: 'job/pi failed: indexes 1,3 failed for good; the last run of index 3 exited with 5', shows: ['failed indexes: 1,3; succeeded: 0,2; of 4', 'each index may fail 2 times'] },
  { title: 'too many failed indexes are named with the limit', job: failedJob('MaxFailedIndexesExceeded', { completionMode: 'Indexed', completions: 4, backoffLimitPerIndex: 0, maxFailedIndexes: 0 }, { status: { failedIndexes: '2' } }), rule: 'failed-indexes', health: 'trouble', verdict: 'job/pi failed: index 2 failed, more than maxFailedIndexes 0 allows' },
  { title: 'an unknown reason is quoted', job: failedJob('Whatever', {}, { message: 'so it is' }), rule: 'failed', health: 'trouble', verdict: 'job/pi failed: Whatever: so it is' },
  { title: 'a failure that still waits for Pods says for whom', job: aJob({ spec: { activeDeadlineSeconds: 3 }, status: { startTime: ago(9), conditions: [condition('FailureTarget', 'DeadlineExceeded')] } }), pods: [{ ...running, metadata: { deletionTimestamp: ago(-20), deletionGracePeriodSeconds: 30 } }], rule: 'deadline', health: 'trouble', verdict: 'job/pi is failing: it was still active after its activeDeadlineSeconds of 3 with 0 of 1 completion; it waits for pi-aaaaa to stop' },
  { title: 'a suspended Job says how it is resumed', job: aJob({ spec: { suspend: true }, status: { conditions: [condition('Suspended', 'JobSuspended')] } }), rule: 'suspended', health: 'waiting', verdict: 'job/pi is suspended (for 5s): it starts no Pods until it is resumed', tries: ['minik resume job/pi'] },
  { title: 'parallelism 0 is told', job: aJob({ spec: { parallelism: 0 }, status: { startTime: ago(5) } }), rule: 'parallelism', health: 'waiting', verdict: 'job/pi runs nothing because spec.parallelism is 0' },
  { title: 'a Job of another controller is told', job: aJob({ spec: { managedBy: 'kueue.x-k8s.io/multikueue' } }), rule: 'managed-by', health: 'waiting', verdict: 'job/pi is left to "kueue.x-k8s.io/multikueue" (spec.managedBy): minik starts no Pods for it' },
  { title: 'a quota that refuses Pods is told', job: aJob({ status: { startTime: ago(20) } }), facts: { events: [anEvent('FailedCreate', 'Error creating: pods "pi-x" is forbidden: exceeded quota: small, requested: pods=1', { kind: 'Job' })] }, rule: 'create-refused', health: 'trouble', verdict: 'job/pi cannot start its Pods: the API server refuses them: pods "pi-x" is forbidden: exceeded quota: small, requested: pods=1', tries: ['raise the ResourceQuota'] },
  { title: 'a refusal that is over is no trouble', job: aJob({ status: { startTime: ago(20), active: 1 } }), pods: [running], facts: { events: [anEvent('FailedCreate', 'Error creating: no', { kind: 'Job', lastTimestamp: ago(15) }), anEvent('SuccessfulCreate', 'Created pod: pi-aaaaa', { kind: 'Job', lastTimestamp: ago(10) })] }, rule: 'running', health: 'healthy', verdict: /is running/ },
  { title: 'an image that cannot be had never fails a Job: it says so and names activeDeadlineSeconds', job: aJob({ status: { startTime: ago(20), active: 1 } }), pods: [{ status: waiting('ImagePullBackOff', 'manifest unknown') }], rule: 'image', health: 'trouble', verdict: 'job/pi is held up: pod/pi-aaaaa cannot start: its image busybox is not in its registry', shows: ['Waiting is no failure: backoffLimit does not count it'], tries: ['set spec.activeDeadlineSeconds'] },
  { title: 'with a deadline such a wait has an end', job: aJob({ spec: { activeDeadlineSeconds: 60 }, status: { startTime: ago(20), active: 1 } }), pods: [{ status: waiting('ErrImageNeverPull') }], rule: 'image', health: 'trouble', verdict: /never|Never/, shows: ['activeDeadlineSeconds 60 ends the Job in 40s'] },
  { title: 'several Pods in trouble are counted', job: aJob({ spec: { parallelism: 3, completions: 3 }, status: { startTime: ago(20), active: 3 } }), pods: [{ status: waiting('ErrImagePull', 'no') }, { name: 'pi-b', metadata: { uid: 'b' }, status: waiting('ErrImagePull', 'no') }, { ...running, name: 'pi-c', metadata: { uid: 'c' } }], rule: 'image', health: 'trouble', verdict: /\(and 1 other Pod in trouble\)$/ },
  { title: 'a wait before the next try tells how long it is still', job: aJob({ spec: { backoffLimit: 2 }, status: { startTime: ago(30), failed: 1 } }), pods: [{ status: failed(3, { finishedAt: ago(4) }) }], rule: 'back-off', health: 'trouble', verdict: 'job/pi tries again in 6s: its last container exited with 3', shows: ['1 Pod failed of the 3 that backoffLimit 2 allows, 2 left; this wait is 10s'] },
  { title: 'a wait of one index tells which', job: aJob({ spec: { completionMode: 'Indexed', completions: 2, parallelism: 1, backoffLimitPerIndex: 2 }, status: { startTime: ago(30), failed: 1 } }), pods: [{ status: failed(3, { finishedAt: ago(4) }), metadata: { annotations: { 'batch.kubernetes.io/job-completion-index': '1', 'batch.kubernetes.io/job-index-failure-count': '1' } } }], rule: 'back-off', health: 'trouble', verdict: 'index 1 of job/pi tries again in 16s: its last container exited with 3', shows: ['2 failures of this index, backoffLimitPerIndex is 2'] },
  { title: 'a Job that waits for its Pods to go says for which', job: aJob({ spec: { podReplacementPolicy: 'Failed' }, status: { startTime: ago(30) } }), pods: [{ ...running, metadata: { deletionTimestamp: ago(-9), deletionGracePeriodSeconds: 10 } }], rule: 'terminating', health: 'waiting', verdict: 'job/pi waits for pi-aaaaa to stop before it goes on', shows: ['podReplacementPolicy Failed'] },
  { title: 'a deleted Job that a finalizer holds is told', job: aJob({ metadata: { deletionTimestamp: ago(9), finalizers: ['foregroundDeletion'] } }), pods: [running], rule: 'finalizers', health: 'waiting', verdict: 'job/pi was deleted 9s ago and is held by its finalizer foregroundDeletion', shows: ['1 Pod of it still there: pi-aaaaa'] },
  { title: 'a Job that is gone is told by the attempts that were kept', job: aJob(), facts: { ...gone, runs: [archived(1), archived(3, { podUid: 'y', startedAt: NOW - 60_000, finishedAt: NOW - 50_000 })] }, rule: 'deleted', health: 'trouble', verdict: 'job/pi is not there any more; the last of its attempts exited with 3', shows: ['the archive has 2 attempts in 2 Pods of it'] },
  { title: 'a Job that is gone and did well is told so', job: aJob(), facts: { ...gone, runs: [archived(0)] }, rule: 'deleted', health: 'complete', verdict: 'job/pi is not there any more; every attempt that the archive has of it succeeded' },
  { title: 'a Job that is gone and did well in the end is told so', job: aJob(), facts: { ...gone, runs: [archived(2), archived(0, { podUid: 'y', startedAt: NOW - 60_000, finishedAt: NOW - 50_000 })] }, rule: 'deleted', health: 'complete', verdict: 'job/pi is not there any more; one of its attempts exited with 2, a later one succeeded' },
];

describe('why a Job is as it is', () => {
  test.each(CASES)('$title', ({ job, pods, facts, rule, health, verdict, shows = [], tries = [] }) => {
    const diagnosis = diagnoseJob(jobFacts(job, pods, facts));
    expect(diagnosis).toMatchObject({ rule, health, verdict: typeof verdict === 'string' ? verdict : expect.stringMatching(verdict) });
    const printed = diagnosisText(diagnosis, { colour: false, columns: 100 }).replace(/\n +/g, ' ');
    for (const text of shows) expect(printed).toContain(text);
    for (const text of tries) expect(diagnosis.suggestions).toContainEqual(expect.stringContaining(text));
  });

  test('the verdict is one line that names the Job', () => {
    for (const { job, pods, facts } of CASES) expect(diagnoseJob(jobFacts(job, pods, facts)).verdict).toMatch(/^[^\n]*job\/pi[^\n]*$/);
  });
});
