import { describe, expect, test } from '@jest/globals';
import type { PodStatus } from '../../../src/api/generated/types.ts';
import { planPod } from '../../../src/kubelet/plan-pod.ts';
import type { PodMemory } from '../../../src/kubelet/pod-memory.ts';
import type { PodSeen } from '../../../src/kubelet/pod-seen.ts';
import { aContainer, anExit, aPod, aRun, IMAGE, imagesReady, NOW, seenOf } from '../../support/pod-seen.ts';
import { toTime } from '../../../src/api/time.ts';

const statusOf = (seen: PodSeen): PodStatus => planPod(seen).status;
const once = aPod();
const always = aPod({ restartPolicy: 'Always' });
const onFailure = aPod({ restartPolicy: 'OnFailure' });
const pair = aPod({ containers: [aContainer('a'), aContainer('b')] });
const staged = aPod({ initContainers: [aContainer('i')] });
const POD = aRun('POD');
const joined = { sandbox: 'POD-0' };
const deleted = { ...once, metadata: { ...once.metadata, deletionTimestamp: toTime(NOW), deletionGracePeriodSeconds: 30 } };

describe('phase', () => {
  const rows: Record<string, readonly [PodSeen, string]> = {
    'nothing has run: Pending': [seenOf(once), 'Pending'],
    'it runs: Running': [seenOf(once, [aRun('c')]), 'Running'],
    'one of two has never started: Pending': [seenOf(pair, [POD, aRun('a', joined)]), 'Pending'],
    'one of two has ended: Running': [seenOf(pair, [POD, aRun('a', joined), anExit('b', 1, joined)]), 'Running'],
    'all ended well: Succeeded': [seenOf(pair, [anExit('a', 0), anExit('b', 0)]), 'Succeeded'],
    'one of two failed under Never: Failed': [seenOf(pair, [anExit('a', 0), anExit('b', 1)]), 'Failed'],
    'failed under OnFailure, to be restarted: Running': [seenOf(onFailure, [POD, anExit('c', 1)]), 'Running'],
    'ended well under Always, to be restarted: Running': [seenOf(always, [POD, anExit('c', 0)]), 'Running'],
    'an init container runs: Pending': [seenOf(staged, [POD, aRun('i', joined)]), 'Pending'],
    'an init container failed for good: Failed': [seenOf(staged, [POD, anExit('i', 1, joined)]), 'Failed'],
    'deleted while running: still Running': [seenOf(deleted, [aRun('c')]), 'Running'],
    'deleted and down with exit 0: Succeeded': [seenOf(deleted, [anExit('c', 0)]), 'Succeeded'],
    'deleted before it ran: Failed': [seenOf(deleted), 'Failed'],
    'past the deadline but still up: Running': [seenOf(aPod({ activeDeadlineSeconds: 1 }), [aRun('c')], { now: NOW + 2_000 }), 'Running'],
    'past the deadline and down: Failed': [seenOf(aPod({ activeDeadlineSeconds: 1 }), [anExit('c', 0, { finishedAt: NOW + 3_000 })], { now: NOW + 3_000 }), 'Failed'],
    'done before the deadline, seen after it: Succeeded': [seenOf(aPod({ activeDeadlineSeconds: 1 }), [anExit('c', 0)], { now: NOW + 3_000 }), 'Succeeded'],
    'terminal in the API: stays': [seenOf(aPod({}, { status: { phase: 'Failed', reason: 'Evicted' } }), [anExit('c', 0)]), 'Failed'],
  };

  test.each(Object.entries(rows))('%s', (_title, [seen, phase]) => {
    expect(statusOf(seen).phase).toBe(phase);
  });
});

describe('the state of a container', () => {
  const failure = { attempt: 0, reason: 'CreateContainerConfigError', message: 'secret "s" not found', failures: 1, retryAt: NOW + 1_000, version: 'v1' };
  const pull = { type: 'failed', reference: 'busybox', reason: 'ErrImagePull', message: 'denied', failures: 1, failedAt: NOW, retryAt: NOW + 10_000 } as const;
  const images = (at: number): Partial<PodMemory> => ({ images: new Map([['c', { ...pull, failedAt: at }]]) });
  const rows: Record<string, readonly [PodSeen, object]> = {
    'waits for its creation': [seenOf(once), { state: { waiting: { reason: 'ContainerCreating' } }, ready: false, started: false, restartCount: 0 }],
    'waits for its init containers': [seenOf(staged, [POD]), { state: { waiting: { reason: 'PodInitializing' } } }],
    runs: [seenOf(once, [aRun('c')]), { state: { running: { startedAt: toTime(NOW - 10_000) } }, ready: true, started: true, containerID: 'docker://c-0', imageID: 'docker://sha256:1' }],
    'has completed': [seenOf(once, [anExit('c', 0)]), { state: { terminated: { exitCode: 0, reason: 'Completed', finishedAt: toTime(NOW) } }, ready: false }],
    'has failed': [seenOf(once, [anExit('c', 2)]), { state: { terminated: { exitCode: 2, reason: 'Error' } } }],
    'was killed for memory': [seenOf(once, [anExit('c', 137, { oomKilled: true })]), { state: { terminated: { exitCode: 137, reason: 'OOMKilled' } } }],
    'lost a child for memory but ended well': [seenOf(once, [anExit('c', 0, { oomKilled: true })]), { state: { terminated: { exitCode: 0, reason: 'Completed' } } }],
    'could not be started': [
      seenOf(once, [aRun('c', { phase: 'created', startedAt: 0, error: 'exec: not found', exitCode: 127 })]),
      { state: { terminated: { exitCode: 127, reason: 'StartError', message: 'exec: not found' } } },
    ],
    'could not be started, the engine told only the caller': [
      seenOf(once, [aRun('c', { phase: 'created', startedAt: 0 })], { memory: { startErrors: new Map([['c-0', 'no device']]) } }),
      { state: { terminated: { exitCode: 128, reason: 'StartError', message: 'no device' } } },
    ],
    'waits to be restarted': [
      seenOf(onFailure, [POD, anExit('c', 1, { attempt: 2, level: 2 })]),
      {
        state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 20s restarting failed container=c pod=p_ns(uid-1)' } },
        lastState: { terminated: { exitCode: 1 } },
        restartCount: 2,
        containerID: 'docker://c-2',
      },
    ],
    'runs again': [seenOf(onFailure, [POD, anExit('c', 1), aRun('c', { attempt: 1 })]), { state: { running: {} }, lastState: { terminated: { exitCode: 1 } }, restartCount: 1 }],
    'waits after a failed pull': [seenOf(once, [], { memory: images(NOW) }), { state: { waiting: { reason: 'ErrImagePull', message: 'denied' } } }],
    'waits for the next pull': [
      seenOf(once, [], { memory: images(NOW - 2_000) }),
      { state: { waiting: { reason: 'ImagePullBackOff', message: 'Back-off pulling image "busybox": ErrImagePull: denied' } } },
    ],
    'waits for its configuration': [
      seenOf(once, [], { memory: { ...imagesReady(once), creations: new Map([['c', failure]]) } }),
      { state: { waiting: { reason: 'CreateContainerConfigError', message: 'secret "s" not found' } } },
    ],
    'was removed by somebody while it ran': [
      seenOf(aPod({}, { status: { phase: 'Running', containerStatuses: [{ name: 'c', image: 'busybox', imageID: 'x', ready: true, restartCount: 0, containerID: 'docker://c-0', state: { running: { startedAt: toTime(NOW) } } }] } })),
      { state: { terminated: { exitCode: 137, reason: 'ContainerStatusUnknown', message: 'The container could not be located when the pod was terminated' } } },
    ],
    'never ran and never will': [seenOf(deleted), { state: { terminated: { exitCode: 137, reason: 'ContainerStatusUnknown' } } }],
    'names its image by digest where it has one': [
      seenOf(once, [aRun('c')], { memory: { images: new Map([['c', { type: 'ready', reference: 'busybox', attempt: 0, image: { ...IMAGE, digests: ['busybox@sha256:9'] } }]]) } }),
      { imageID: 'docker-pullable://busybox@sha256:9' },
    ],
  };

  test.each(Object.entries(rows))('that %s', (_title, [seen, wants]) => {
    expect(statusOf(seen).containerStatuses?.[0]).toMatchObject(wants);
  });

  test('carries the message that the container left', () => {
    const seen = seenOf(once, [anExit('c', 1)], { memory: { terminationMessages: new Map([['c-0', 'out of cheese']]) } });
    expect(statusOf(seen).containerStatuses?.[0]?.state?.terminated?.message).toBe('out of cheese');
  });
});

describe('conditions', () => {
  const briefly = (seen: PodSeen): string[] => (statusOf(seen).conditions ?? []).map(({ type, status, reason, message }) => [type, status, reason, message].filter((part) => part !== undefined).join(' '));

  test('of a Pod that has not begun', () => {
    expect(briefly(seenOf(once))).toEqual([
      'PodReadyToStartContainers False',
      'Initialized True',
      'Ready False ContainersNotReady containers with unready status: [c]',
      'ContainersReady False ContainersNotReady containers with unready status: [c]',
      'PodScheduled True',
    ]);
  });

  test('of a Pod that runs', () => {
    expect(briefly(seenOf(once, [aRun('c')]))).toEqual(['PodReadyToStartContainers True', 'Initialized True', 'Ready True', 'ContainersReady True', 'PodScheduled True']);
  });

  test('of a Pod that has succeeded', () => {
    expect(briefly(seenOf(once, [anExit('c', 0)]))).toEqual([
      'PodReadyToStartContainers False',
      'Initialized True PodCompleted',
      'Ready False PodCompleted',
      'ContainersReady False PodCompleted',
      'PodScheduled True',
    ]);
  });

  test('of a Pod that has failed', () => {
    expect(briefly(seenOf(once, [anExit('c', 1)])).slice(2, 4)).toEqual(['Ready False PodFailed', 'ContainersReady False PodFailed']);
  });

  test('of a Pod with init containers to run', () => {
    expect(briefly(seenOf(staged, [POD]))[1]).toBe('Initialized False ContainersNotInitialized containers with incomplete status: [i]');
  });

  test('wait for readiness gates, which others set and the kubelet keeps', () => {
    const gate = { readinessGates: [{ conditionType: 'example.org/ok' }] };
    expect(briefly(seenOf(aPod(gate), [aRun('c')]))[2]).toBe('Ready False ReadinessGatesNotReady corresponding condition of pod readiness gate "example.org/ok" does not exist.');
    const open = aPod(gate, { status: { phase: 'Running', conditions: [{ type: 'example.org/ok', status: 'True' }] } });
    expect(briefly(seenOf(open, [aRun('c')]))[2]).toBe('Ready True');
    expect(briefly(seenOf(open, [aRun('c')])).at(-1)).toBe('example.org/ok True');
  });

  test('change their time only with their status', () => {
    const first = statusOf(seenOf(once, [aRun('c')]));
    const second = statusOf(seenOf({ ...once, status: first }, [aRun('c')], { now: NOW + 60_000 }));
    expect(second).toEqual(first);
  });
});

describe('the rest of the status', () => {
  test('has addresses, start and generation, and keeps what others wrote', () => {
    const status = statusOf(seenOf(aPod({}, { status: { phase: 'Pending', qosClass: 'Burstable' } }), [aRun('c')]));
    expect(status).toMatchObject({
      qosClass: 'Burstable',
      hostIP: '10.0.0.1',
      podIP: '172.17.0.2',
      podIPs: [{ ip: '172.17.0.2' }],
      startTime: toTime(NOW),
      observedGeneration: 1,
    });
  });

  test('keeps the address of a Pod that is over', () => {
    const running = statusOf(seenOf(once, [aRun('c')]));
    expect(statusOf(seenOf({ ...once, status: running }, [anExit('c', 0)])).podIP).toBe('172.17.0.2');
  });

  test('on the host has the address of the host', () => {
    expect(statusOf(seenOf(aPod({ hostNetwork: true }), [aRun('c', { ip: '' })])).podIP).toBe('10.0.0.1');
  });
});
