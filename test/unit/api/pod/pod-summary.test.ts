import { expect, test } from '@jest/globals';
import type { ContainerState, ContainerStatus, Pod, PodSpec, PodStatus } from '../../../../src/api/generated/types.ts';
import { summarizePod } from '../../../../src/api/pod/pod-summary.ts';

const status = (name: string, state: ContainerState, more: Partial<ContainerStatus> = {}): ContainerStatus => ({ name, image: '', imageID: '', ready: false, restartCount: 0, state, ...more });
const up = { running: {} };
const done = { terminated: { exitCode: 0, reason: 'Completed' } };
const apps = (...names: string[]): PodSpec => ({ containers: names.map((name) => ({ name })) });

interface Case {
  readonly spec?: Partial<PodSpec>;
  readonly status: PodStatus;
  readonly deleting?: boolean;
  readonly expected: string;
}

const READY: PodStatus = { conditions: [{ type: 'Ready', status: 'True' }] };

const cases: Readonly<Record<string, Case>> = {
  'a Pod that waits shows its phase': { status: { phase: 'Pending' }, expected: '0/1 Pending' },
  'a Pod that runs counts who is ready': { status: { phase: 'Running', containerStatuses: [status('a', up, { ready: true })] }, expected: '1/1 Running' },
  'a reason of the Pod is shown before its phase': { status: { phase: 'Failed', reason: 'Evicted' }, expected: '0/1 Evicted' },
  'a gate is shown': { status: { phase: 'Pending', conditions: [{ type: 'PodScheduled', status: 'False', reason: 'SchedulingGated' }] }, expected: '0/1 SchedulingGated' },
  'a container that waits says why': { status: { phase: 'Pending', containerStatuses: [status('a', { waiting: { reason: 'ImagePullBackOff' } })] }, expected: '0/1 ImagePullBackOff' },
  'a container that ended says why': { status: { phase: 'Failed', containerStatuses: [status('a', { terminated: { exitCode: 1, reason: 'Error' } })] }, expected: '0/1 Error' },
  'an end without reason shows the exit code': { status: { phase: 'Failed', containerStatuses: [status('a', { terminated: { exitCode: 3 } })] }, expected: '0/1 ExitCode:3' },
  'an end by a signal shows the signal': { status: { phase: 'Failed', containerStatuses: [status('a', { terminated: { exitCode: 137, signal: 9 } })] }, expected: '0/1 Signal:9' },
  'of several containers the first one says why': {
    spec: apps('a', 'b'),
    status: { phase: 'Running', containerStatuses: [status('a', { waiting: { reason: 'CrashLoopBackOff' } }), status('b', { terminated: { exitCode: 1, reason: 'Error' } })] },
    expected: '0/2 CrashLoopBackOff',
  },
  'one that completed beside one that is ready runs': { spec: apps('a', 'b'), status: { phase: 'Running', ...READY, containerStatuses: [status('a', done), status('b', up, { ready: true })] }, expected: '1/2 Running' },
  'the same in a Pod that is not ready is not ready': { spec: apps('a', 'b'), status: { phase: 'Running', containerStatuses: [status('a', done), status('b', up, { ready: true })] }, expected: '1/2 NotReady' },
  'an init container that runs shows how far it is': {
    spec: { initContainers: [{ name: 'i' }, { name: 'j' }] },
    status: { phase: 'Pending', initContainerStatuses: [status('i', done), status('j', up)], containerStatuses: [status('a', { waiting: { reason: 'PodInitializing' } })] },
    expected: '0/1 Init:1/2',
  },
  'an init container that failed says why': { spec: { initContainers: [{ name: 'i' }] }, status: { phase: 'Pending', initContainerStatuses: [status('i', { terminated: { exitCode: 1, reason: 'Error' } })] }, expected: '0/1 Init:Error' },
  'an init container that failed without reason shows the exit code': { spec: { initContainers: [{ name: 'i' }] }, status: { phase: 'Pending', initContainerStatuses: [status('i', { terminated: { exitCode: 3 } })] }, expected: '0/1 Init:ExitCode:3' },
  'an init container that waits says why': { spec: { initContainers: [{ name: 'i' }] }, status: { phase: 'Pending', initContainerStatuses: [status('i', { waiting: { reason: 'CrashLoopBackOff' } })] }, expected: '0/1 Init:CrashLoopBackOff' },
  'an init container whose turn has not come is counted': { spec: { initContainers: [{ name: 'i' }] }, status: { phase: 'Pending', initContainerStatuses: [status('i', { waiting: { reason: 'PodInitializing' } })] }, expected: '0/1 Init:0/1' },
  'an init container that runs again in an initialized Pod hides nothing': {
    spec: { initContainers: [{ name: 'i' }] },
    status: { phase: 'Running', conditions: [{ type: 'Initialized', status: 'True' }], initContainerStatuses: [status('i', up)], containerStatuses: [status('a', { waiting: { reason: 'CrashLoopBackOff' } })] },
    expected: '0/1 CrashLoopBackOff',
  },
  'a sidecar counts among the ready': {
    spec: { initContainers: [{ name: 's', restartPolicy: 'Always' }] },
    status: { phase: 'Running', initContainerStatuses: [status('s', up, { ready: true, started: true })], containerStatuses: [status('a', up, { ready: true })] },
    expected: '2/2 Running',
  },
  'a Pod that is deleted terminates': { deleting: true, status: { phase: 'Running', containerStatuses: [status('a', up, { ready: true })] }, expected: '1/1 Terminating' },
  'a Pod that is deleted after its end shows its end': { deleting: true, status: { phase: 'Succeeded', containerStatuses: [status('a', done)] }, expected: '0/1 Completed' },
  'a Pod on a lost node is unknown': { deleting: true, status: { phase: 'Running', reason: 'NodeLost' }, expected: '0/1 Unknown' },
};

test.each(Object.entries(cases))('%s', (_title, { spec = {}, status: seen, deleting, expected }) => {
  const pod: Pod = { metadata: { name: 'x', ...(deleting === true ? { deletionTimestamp: '2026-03-01T12:00:00Z' } : {}) }, spec: { ...apps('a'), ...spec }, status: seen };
  const { ready, total, status: shown } = summarizePod(pod);
  expect(`${ready}/${total} ${shown}`).toBe(expected);
});

test('restarts of all containers are counted, and the latest is known', () => {
  const at = (finishedAt: string): Partial<ContainerStatus> => ({ lastState: { terminated: { exitCode: 1, finishedAt } } });
  const pod: Pod = {
    spec: apps('a', 'b'),
    status: { phase: 'Running', containerStatuses: [status('a', up, { restartCount: 2, ...at('2026-03-01T12:00:00Z') }), status('b', up, { restartCount: 1, ...at('2026-03-01T11:00:00Z') })] },
  };
  expect(summarizePod(pod)).toMatchObject({ restarts: 3, lastRestart: Date.parse('2026-03-01T12:00:00Z') });
});

test('once initialized, restarts of init containers no longer count, those of sidecars do', () => {
  const pod: Pod = {
    spec: { ...apps('a'), initContainers: [{ name: 'i' }, { name: 's', restartPolicy: 'Always' }] },
    status: { phase: 'Running', initContainerStatuses: [status('i', done, { restartCount: 5 }), status('s', up, { restartCount: 2, started: true, ready: true })], containerStatuses: [status('a', up, { restartCount: 1, ready: true })] },
  };
  expect(summarizePod(pod).restarts).toBe(3);
});
