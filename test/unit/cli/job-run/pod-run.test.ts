// What is remembered of the Pods of a Job: each run of each container once, and who was stopped rather than failed.
import { describe, expect, test } from '@jest/globals';
import type { ContainerStatus, Pod } from '../../../../src/api/generated/types.ts';
import { observePod } from '../../../../src/cli/job-run/pod-run.ts';

const status = (changes: Partial<ContainerStatus>): ContainerStatus => ({ name: 'main', image: 'i', imageID: '', ready: false, restartCount: 0, ...changes });
const aPod = (status: Pod['status'], metadata: Pod['metadata'] = {}): Pod => ({
  metadata: { name: 'x-1', uid: 'u', ...metadata },
  spec: { containers: [{ name: 'main' }], initContainers: [{ name: 'prepare' }, { name: 'proxy', restartPolicy: 'Always' }] },
  status,
});
const exit = (exitCode: number, id: string, finishedAt = '2026-01-01T00:00:10Z') => ({ exitCode, containerID: id, finishedAt });

describe('the runs of a container', () => {
  test.each<[string, Partial<ContainerStatus>, [restart: number, exitCode: number | undefined][]]>([
    ['none before it starts', { state: { waiting: { reason: 'ContainerCreating' } } }, []],
    ['the first one while it runs', { state: { running: {} }, containerID: 'a' }, [[0, undefined]]],
    ['the first one after its end', { state: { terminated: exit(3, 'a') } }, [[0, 3]]],
    ['the last one during a back-off', { restartCount: 2, state: { waiting: { reason: 'CrashLoopBackOff' } }, lastState: { terminated: exit(3, 'c') } }, [[2, 3]]],
    ['this one and the one before', { restartCount: 2, state: { running: {} }, containerID: 'c', lastState: { terminated: exit(3, 'b') } }, [[1, 3], [2, undefined]]],
  ])('%s', (_name, changes, expected) => {
    const { attempts } = observePod(undefined, aPod({ phase: 'Running', containerStatuses: [status(changes)] }));
    expect(attempts.map(({ restart, exitCode }) => [restart, exitCode])).toEqual(expected);
  });

  test('stay known when the status has forgotten them', () => {
    const states: Partial<ContainerStatus>[] = [
      { state: { running: {} }, containerID: 'a' },
      { state: { waiting: {} }, lastState: { terminated: exit(1, 'a') } },
      { restartCount: 1, state: { running: {} }, containerID: 'b', lastState: { terminated: exit(1, 'a') } },
      { restartCount: 2, state: { terminated: exit(0, 'c') }, lastState: { terminated: exit(2, 'b') } },
    ];
    const run = states.reduce<ReturnType<typeof observePod> | undefined>((before, one) => observePod(before, aPod({ phase: 'Running', containerStatuses: [status(one)] })), undefined);
    expect(run?.attempts.map(({ containerID, restart, exitCode }) => [containerID, restart, exitCode])).toEqual([['a', 0, 1], ['b', 1, 2], ['c', 2, 0]]);
  });

  test('tell init containers, sidecars and the others apart', () => {
    const { attempts } = observePod(undefined, aPod({ initContainerStatuses: [status({ name: 'prepare', state: { terminated: exit(0, 'a') } }), status({ name: 'proxy', state: { running: {} } })], containerStatuses: [status({ state: { running: {} } })] }));
    expect(attempts.map(({ container, role }) => [container, role])).toEqual([['prepare', 'init'], ['proxy', 'sidecar'], ['main', 'app']]);
  });
});

describe('a container of a Pod that was deleted', () => {
  // Asked at second 10 with a grace of 30.
  const deleted = { deletionTimestamp: '2026-01-01T00:00:40Z', deletionGracePeriodSeconds: 30 };
  test.each([
    ['failed when it ended before', 3, '2026-01-01T00:00:09Z', false],
    ['was stopped when it ended after', 3, '2026-01-01T00:00:11Z', true],
    ['failed when it ended by itself in the same second', 3, '2026-01-01T00:00:10Z', false],
    ['was stopped when a signal ended it in the same second', 143, '2026-01-01T00:00:10Z', true],
    ['was stopped when it was killed in the same second', 137, '2026-01-01T00:00:10Z', true],
  ])('%s', (_name, exitCode, finishedAt, stopped) => {
    const { attempts, deleted: isDeleted } = observePod(undefined, aPod({ containerStatuses: [status({ state: { terminated: exit(exitCode, 'a', finishedAt) } })] }, deleted));
    expect([attempts[0]?.stopped, isDeleted]).toEqual([stopped, true]);
  });

  test('keeps the verdict that it had before', () => {
    const failed = observePod(undefined, aPod({ containerStatuses: [status({ state: { terminated: exit(143, 'a') } })] }));
    expect(observePod(failed, aPod({ containerStatuses: [status({ state: { terminated: exit(143, 'a') } })] }, deleted)).attempts[0]?.stopped).toBe(false);
  });
});

test.each([
  ['of its annotation', { annotations: { 'batch.kubernetes.io/job-completion-index': '4' } }, 4],
  ['of its label', { labels: { 'batch.kubernetes.io/job-completion-index': '5' } }, 5],
  ['none', {}, undefined],
])('the index: %s', (_name, metadata, index) => {
  expect(observePod(undefined, aPod({}, metadata)).index).toBe(index);
});
