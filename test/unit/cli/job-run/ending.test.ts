// How the run of a Job ends: which container it failed by, the sentence for people, the exit code for scripts.
import { describe, expect, test } from '@jest/globals';
import { findCulprit } from '../../../../src/cli/job-run/culprit.ts';
import { endingOfJob, endingText, exitCodeOf, EXIT_CODES, type Ending } from '../../../../src/cli/job-run/ending.ts';
import type { ContainerAttempt, PodRun } from '../../../../src/cli/job-run/pod-run.ts';
import { aJob } from '../../../support/builders.ts';

const attempt = (changes: Partial<ContainerAttempt>): ContainerAttempt => ({ container: 'main', role: 'app', restart: 0, containerID: '', exitCode: 0, finishedAt: '2026-01-01T00:00:10Z', stopped: false, ...changes });
const pod = (name: string, attempts: readonly Partial<ContainerAttempt>[], phase = 'Failed'): PodRun => ({ name, uid: name, phase, deleted: false, attempts: attempts.map(attempt) });
const at = (second: number): string => `2026-01-01T00:00:${String(second).padStart(2, '0')}Z`;

describe('the container that a Job failed by', () => {
  test.each<[string, readonly PodRun[], [pod: string, container: string, exitCode: number] | undefined]>([
    ['nobody when there are no Pods', [], undefined],
    ['nobody when no exit code is known', [pod('a', [{ exitCode: undefined }])], undefined],
    ['nobody when all went well', [pod('a', [{}], 'Succeeded')], undefined],
    ['the only one', [pod('a', [{ exitCode: 3 }])], ['a', 'main', 3]],
    ['that of the Pod that failed last', [pod('a', [{ exitCode: 3, finishedAt: at(20) }]), pod('b', [{ exitCode: 4, finishedAt: at(10) }])], ['a', 'main', 3]],
    ['the one that failed first in its Pod', [pod('a', [{ container: 'x', exitCode: 7, finishedAt: at(12) }, { container: 'y', exitCode: 3, finishedAt: at(11) }])], ['a', 'y', 3]],
    ['not one that was stopped', [pod('a', [{ exitCode: 3 }]), pod('b', [{ exitCode: 143, stopped: true, finishedAt: at(20) }])], ['a', 'main', 3]],
    ['not one that went well when it was tried again', [pod('a', [{ container: 'x', exitCode: 1 }, { container: 'x', restart: 1, exitCode: 0 }, { container: 'y', exitCode: 2 }])], ['a', 'y', 2]],
    ['not one whose Pod succeeded', [pod('a', [{ exitCode: 1 }, { restart: 1 }], 'Succeeded'), pod('b', [{ exitCode: 5, finishedAt: at(1) }])], ['b', 'main', 5]],
    ['the last run before a stop', [pod('a', [{ exitCode: 4, restart: 1 }, { restart: 2, exitCode: 137, stopped: true }], 'Running')], ['a', 'main', 4]],
    ['an init container', [pod('a', [{ container: 'prepare', role: 'init', exitCode: 9 }])], ['a', 'prepare', 9]],
    ['a sidecar only when there is nobody else', [pod('a', [{ container: 'proxy', role: 'sidecar', exitCode: 2, finishedAt: at(1) }, { exitCode: 3 }])], ['a', 'main', 3]],
  ])('is %s', (_name, pods, expected) => {
    const culprit = findCulprit(pods);
    expect(culprit === undefined ? undefined : [culprit.pod, culprit.container, culprit.exitCode]).toEqual(expected);
  });
});

const failedJob = (reason: string, message = 'm') => aJob({ status: { conditions: [{ type: 'FailureTarget', status: 'True', reason, message }, { type: 'Failed', status: 'True', reason, message }] } });

describe('the end of a Job', () => {
  const pods = [pod('a', [{ exitCode: 3 }])];
  test.each([
    ['none while it runs', aJob(), undefined],
    ['none when its end is only decided', aJob({ status: { conditions: [{ type: 'FailureTarget', status: 'True' }] } }), undefined],
    ['none when a condition is false', aJob({ status: { conditions: [{ type: 'Failed', status: 'False' }] } }), undefined],
    ['complete, whatever failed on the way', aJob({ status: { conditions: [{ type: 'Complete', status: 'True' }] } }), 0],
    ["its container's exit code", failedJob('BackoffLimitExceeded'), 3],
    ['its deadline, whatever was stopped then', failedJob('DeadlineExceeded'), 124],
    ['what the pod failure policy names', failedJob('PodFailurePolicy', 'Container other for pod default/a failed with exit code 42 matching FailJob rule at index 0'), 42],
    ['its container when the policy names a condition', failedJob('PodFailurePolicy', 'Pod default/a has condition DisruptionTarget matching FailJob rule at index 0'), 3],
  ])('is %s', (_name, job, exitCode) => {
    const ending = endingOfJob(job, pods);
    expect(ending === undefined ? undefined : exitCodeOf(ending)).toBe(exitCode);
  });

  test('is 123 when no exit code is known', () => {
    expect(exitCodeOf(endingOfJob(failedJob('BackoffLimitExceeded'), [])!)).toBe(123);
  });
});

const ENDINGS: readonly [Ending, number, string][] = [
  [{ type: 'Complete' }, 0, 'complete'],
  [
    { type: 'Failed', reason: 'BackoffLimitExceeded', message: 'Job has reached the specified backoff limit', culprit: { pod: 'x-1', container: 'main', exitCode: 3, reason: 'Error' } },
    3,
    'failed: BackoffLimitExceeded: Job has reached the specified backoff limit; container main of pod x-1 exited with 3',
  ],
  [{ type: 'Failed', reason: 'R', message: 'm', culprit: { pod: 'x-1', container: 'main', exitCode: 137, reason: 'OOMKilled' } }, 137, 'failed: R: m; container main of pod x-1 exited with 137 (OOMKilled)'],
  [{ type: 'Failed', reason: 'DeadlineExceeded', message: 'm', culprit: { pod: 'x-1', container: 'main', exitCode: 3 } }, 124, 'failed: DeadlineExceeded: m; container main of pod x-1 exited with 3'],
  [{ type: 'Failed', reason: 'R', message: 'm' }, 123, 'failed: R: m'],
  [{ type: 'TimedOut', message: 'not finished within 3s (--timeout)' }, 124, 'timed out: not finished within 3s (--timeout)'],
  [{ type: 'NotStarted', trouble: { pod: 'x-1', container: 'main', reason: 'ErrImagePull', message: 'no such image' } }, 126, 'did not start: container main of pod x-1: ErrImagePull: no such image'],
  [{ type: 'NotStarted', trouble: { pod: 'x-1', container: '', reason: 'Unschedulable', message: '' } }, 126, 'did not start: pod x-1: Unschedulable'],
  [{ type: 'Gone' }, 125, 'was deleted while it ran'],
  [{ type: 'Refused', message: 'why' }, 125, 'could not run: why'],
  [{ type: 'Interrupted', message: 'it runs on' }, 130, 'interrupted: it runs on'],
];

describe('an ending', () => {
  test.each(ENDINGS)('%j exits with %i', (ending, code, text) => {
    expect([exitCodeOf(ending), endingText(ending)]).toEqual([code, text]);
  });

  test('has no code that help does not tell of', () => {
    const told = EXIT_CODES.map(([code]) => code);
    const own = ENDINGS.filter(([ending]) => ending.type !== 'Failed' || ending.culprit === undefined).map(([, code]) => String(code));
    expect(own.filter((code) => !told.includes(code))).toEqual([]);
  });
});
