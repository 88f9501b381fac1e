// Jobs played through virtual time: what the real planner makes of pods that succeed, fail, restart and are stopped.
import { describe, expect, test } from '@jest/globals';
import { playJob, told } from '../../support/rehearsals.ts';

describe('a Job in rehearsal', () => {
  test('runs its pod and completes', () => {
    const rehearsal = playJob({});
    expect(told(rehearsal)).toEqual(['+0s Job pi SuccessfulCreate: Created pod: pod-1', '+60.5s Pod pod-1 PodSucceeded: Ran for 1m', '+60.5s Job pi Completed: Job completed']);
    expect(rehearsal.runs).toEqual([
      { job: 'pi', createdAt: rehearsal.from, endedAt: rehearsal.from + 60_500, outcome: 'complete', pods: 1, failedPods: 0, restarts: 0, longestWaitMs: 0 },
    ]);
    expect(rehearsal.until).toBe(rehearsal.from + 60_500);
  });

  test('runs in waves of its parallelism', () => {
    const rehearsal = playJob({ completions: 5, parallelism: 2 });
    const starts = rehearsal.occurrences.filter(({ reason }) => reason === 'SuccessfulCreate').map(({ at }) => (at - rehearsal.from) / 1000);
    expect(starts).toEqual([0, 0, 60.5, 60.5, 121]);
    expect(rehearsal.runs[0]).toMatchObject({ outcome: 'complete', endedAt: rehearsal.from + 181_500 });
  });

  test('waits between failures as the planner says, and fails for good at its limit', () => {
    expect(told(playJob({ backoffLimit: 2 }, { failRate: 1, exitCode: 3, length: { type: 'fixed', ms: 4_500 } }))).toEqual([
      '+0s Job pi SuccessfulCreate: Created pod: pod-1',
      '+5s Pod pod-1 PodFailed: Exit code 3 after 4.5s',
      '+15s Job pi Retrying: Tries again, 10s after the last failure',
      '+15s Job pi SuccessfulCreate: Created pod: pod-2',
      '+20s Pod pod-2 PodFailed: Exit code 3 after 4.5s',
      '+40s Job pi Retrying: Tries again, 20s after the last failure',
      '+40s Job pi SuccessfulCreate: Created pod: pod-3',
      '+45s Pod pod-3 PodFailed: Exit code 3 after 4.5s',
      '+45s Job pi BackoffLimitExceeded: Job has reached the specified backoff limit',
    ]);
  });

  test('restarts containers in place with the back-off of the kubelet', () => {
    expect(told(playJob({ backoffLimit: 3, restartPolicy: 'OnFailure' }, { failRate: 1, length: { type: 'fixed', ms: 5_000 } }))).toEqual([
      '+0s Job pi SuccessfulCreate: Created pod: pod-1',
      '+5.5s Pod pod-1 ContainerFailed: Container main ended with exit code 1 and restarts at once',
      '+10.5s Pod pod-1 ContainerFailed: Container main ended with exit code 1 and restarts in 10s',
      '+25.5s Pod pod-1 ContainerFailed: Container main ended with exit code 1 and restarts in 20s',
      '+45.5s Job pi SuccessfulDelete: Deleted pod: pod-1',
      '+46.5s Pod pod-1 PodFailed: Stopped after 1s',
      '+46.5s Job pi BackoffLimitExceeded: Job has reached the specified backoff limit',
    ]);
  });

  test('is stopped at its deadline, and fails once its pods have stopped', () => {
    expect(told(playJob({ activeDeadlineSeconds: 10 }, { stopMs: 3_000 }))).toEqual([
      '+0s Job pi SuccessfulCreate: Created pod: pod-1',
      '+10s Job pi SuccessfulDelete: Deleted pod: pod-1',
      '+13s Pod pod-1 PodFailed: Stopped after 12.5s',
      '+13s Job pi DeadlineExceeded: Job was active longer than specified deadline',
    ]);
  });

  test('starts no pod while it is suspended, and does not end', () => {
    const rehearsal = playJob({ suspend: true });
    expect(told(rehearsal)).toEqual(['+0s Job pi Suspended: Job suspended']);
    expect(rehearsal.runs[0]).toMatchObject({ outcome: 'unfinished', pods: 0 });
  });

  test('tries each index on its own where each has a limit', () => {
    const spec = { completions: 2, parallelism: 2, completionMode: 'Indexed', backoffLimitPerIndex: 1 };
    expect(told(playJob(spec, { failRate: 1, length: { type: 'fixed', ms: 4_500 } }))).toEqual([
      '+0s Job pi SuccessfulCreate: Created pod: pod-1',
      '+0s Job pi SuccessfulCreate: Created pod: pod-2',
      '+5s Pod pod-1 PodFailed: Exit code 1 after 4.5s',
      '+5s Pod pod-2 PodFailed: Exit code 1 after 4.5s',
      '+15s Job pi Retrying: Tries index 0 again, 10s after the last failure',
      '+15s Job pi Retrying: Tries index 1 again, 10s after the last failure',
      '+15s Job pi SuccessfulCreate: Created pod: pod-3',
      '+15s Job pi SuccessfulCreate: Created pod: pod-4',
      '+20s Pod pod-3 PodFailed: Exit code 1 after 4.5s',
      '+20s Pod pod-4 PodFailed: Exit code 1 after 4.5s',
      '+20s Job pi FailedIndexes: Job has failed indexes',
    ]);
  });

  test('follows its failure policy for the exit code that is rehearsed', () => {
    const rules = [
      { action: 'FailJob', onExitCodes: { operator: 'In', values: [42] } },
      { action: 'Ignore', onExitCodes: { operator: 'In', values: [43] } },
    ];
    const spec = { podFailurePolicy: { rules }, backoffLimit: 1 } as const;
    const ends = (exitCode: number): unknown => playJob(spec as never, { failRate: 1, exitCode, until: Date.parse('2026-03-01T13:00:00Z') }).runs[0];
    expect(ends(42)).toMatchObject({ outcome: 'failed', reason: 'PodFailurePolicy', pods: 1 });
    expect(ends(43)).toMatchObject({ outcome: 'unfinished' });
    expect(ends(44)).toMatchObject({ outcome: 'failed', reason: 'BackoffLimitExceeded', pods: 2 });
  });

  test('is told the same way for the same seed, and another way for another', () => {
    const playing = { failRate: 0.5, length: { type: 'between', leastMs: 1_000, mostMs: 9_000 } } as const;
    const spec = { completions: 8, parallelism: 3, backoffLimit: 20 };
    expect(playJob(spec, { ...playing, seed: 7 })).toEqual(playJob(spec, { ...playing, seed: 7 }));
    expect(told(playJob(spec, { ...playing, seed: 7 }))).not.toEqual(told(playJob(spec, { ...playing, seed: 8 })));
  });

  test('stays unfinished when the time is up first', () => {
    const from = Date.parse('2026-03-01T12:00:00Z');
    const rehearsal = playJob({}, { until: from + 30_000 });
    expect(rehearsal).toMatchObject({ until: from + 30_000, runs: [{ outcome: 'unfinished', pods: 1 }] });
  });
});
