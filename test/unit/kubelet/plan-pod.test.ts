import { describe, expect, test } from '@jest/globals';
import type { PodAction } from '../../../src/kubelet/pod-action.ts';
import type { PodSeen } from '../../../src/kubelet/pod-seen.ts';
import { planPod } from '../../../src/kubelet/plan-pod.ts';
import { aContainer, anExit, aPod, aRun, imagesReady, NOW, seenOf } from '../../support/pod-seen.ts';
import { toTime } from '../../../src/api/time.ts';

/** "start-container c/0", "record-event Killing": enough of an action to tell it from others. */
function said(action: PodAction): string {
  switch (action.type) {
    case 'ensure-image':
    case 'start-container':
      return `${action.type} ${action.container.name}/${action.attempt}`;
    case 'create-sandbox':
      return `${action.type} ${action.attempt}`;
    case 'stop-container':
      return `${action.type} ${action.id} in ${(action.deadline - NOW) / 1_000} s`;
    case 'guard-sandbox':
      return `${action.type} ${action.id} ${action.ip}`;
    case 'kill-container':
    case 'remove-container':
      return `${action.type} ${action.id}`;
    case 'record-event':
      return `${action.type} ${action.event.reason}`;
    default:
      return action.type;
  }
}

const once = aPod();
const always = aPod({ restartPolicy: 'Always' });
const onFailure = aPod({ restartPolicy: 'OnFailure' });
const pair = aPod({ containers: [aContainer('a'), aContainer('b')] });
const staged = aPod({ initContainers: [aContainer('i')] });
const aided = aPod({ initContainers: [aContainer('s', { restartPolicy: 'Always' })] });
const POD = aRun('POD');
const deleted = { deletionTimestamp: toTime(NOW + 30_000), deletionGracePeriodSeconds: 30 };
const going = (pod: typeof once): typeof once => ({ ...pod, metadata: { ...pod.metadata, ...deleted } });
const ended = (pod: typeof once, phase: string): typeof once => ({ ...pod, status: { phase, containerStatuses: [] } });

interface Row {
  readonly seen: PodSeen;
  readonly wants: readonly string[];
  readonly requeueMs?: number;
}

const rows: Record<string, Row> = {
  'everything runs: nothing to do': { seen: seenOf(once, [aRun('c')]), wants: [] },
  'a new Pod: its image first': { seen: seenOf(once), wants: ['ensure-image c/0'] },
  'the image is here: start': { seen: seenOf(once, [], { memory: imagesReady(once) }), wants: ['start-container c/0'] },
  'the image was readied for another attempt: ask again': { seen: seenOf(onFailure, [POD, anExit('c', 1)], { memory: imagesReady(onFailure) }), wants: ['ensure-image c/1'] },
  'a pull is under way: wait': { seen: seenOf(once, [], { memory: { images: new Map([['c', { type: 'pulling', reference: 'busybox' }]]) } }), wants: [] },
  'created but never started, by a kubelet that died: start that very attempt': {
    seen: seenOf(once, [aRun('c', { phase: 'created', startedAt: 0 })]),
    wants: ['start-container c/0'],
  },
  'volumes before containers': {
    seen: seenOf(aPod({ volumes: [{ name: 'v', emptyDir: {} }] }), [], { memory: imagesReady(once) }),
    wants: ['prepare-volumes'],
  },
  'a Secret changed: its volume is written again, the container runs on': {
    seen: seenOf(aPod({ volumes: [{ name: 'v', emptyDir: {} }] }), [aRun('c')], { memory: { volumes: { type: 'ready', version: 'v0' } } }),
    wants: ['prepare-volumes'],
  },
  'a volume has a limit: a look when it is time': {
    seen: seenOf(aPod({ volumes: [{ name: 'v', emptyDir: { sizeLimit: '1Mi' } }] }), [aRun('c')], { memory: { volumes: { type: 'ready', version: 'v1' }, volumesMeasuredAt: NOW - 4_000 } }),
    wants: [],
    requeueMs: 6_000,
  },
  'it is time': {
    seen: seenOf(aPod({ volumes: [{ name: 'v', emptyDir: { sizeLimit: '1Mi' } }] }), [aRun('c')], { memory: { volumes: { type: 'ready', version: 'v1' }, volumesMeasuredAt: NOW - 10_000 } }),
    wants: ['measure-volumes'],
  },
  'a limit of zero is none': {
    seen: seenOf(aPod({ volumes: [{ name: 'v', emptyDir: { sizeLimit: '0' } }] }), [aRun('c')], { memory: { volumes: { type: 'ready', version: 'v1' }, volumesMeasuredAt: NOW - 10_000 } }),
    wants: [],
  },
  'evicted: what runs has a second': {
    seen: seenOf(once, [aRun('c')], { memory: { evicted: { reason: 'Evicted', message: 'm', graceSeconds: 1 } } }),
    wants: ['record-event Killing', 'stop-container c-0 in 1 s'],
  },
  'volumes failed: again at the set time': {
    seen: seenOf(aPod({ volumes: [{ name: 'v', emptyDir: {} }] }), [], {
      memory: { ...imagesReady(once), volumes: { type: 'failed', failures: 1, version: 'v1', message: 'm', retryAt: NOW + 700 } },
    }),
    wants: [],
    requeueMs: 700,
  },
  'two containers: a sandbox first': { seen: seenOf(pair, [], { memory: imagesReady(pair) }), wants: ['create-sandbox 0'] },
  'policies select it: a sandbox, although its only container runs once': { seen: seenOf(once, [], { needsGuard: true, memory: imagesReady(once) }), wants: ['create-sandbox 0'] },
  'policies select it: nothing starts before its address is guarded': { seen: seenOf(once, [POD], { needsGuard: true, memory: imagesReady(once) }), wants: ['guard-sandbox POD-0 172.17.0.2'] },
  'its address is guarded: start': { seen: seenOf(once, [POD], { needsGuard: true, memory: { ...imagesReady(once), guardedSandbox: 'POD-0' } }), wants: ['start-container c/0'] },
  'a new sandbox has another address, to be guarded anew': {
    seen: seenOf(pair, [anExit('POD', 137), aRun('POD', { attempt: 1 })], { needsGuard: true, memory: { ...imagesReady(pair), guardedSandbox: 'POD-0' } }),
    wants: ['guard-sandbox POD-1 172.17.0.2', 'remove-container POD-0'],
  },
  'no policy is left: the sandbox it began with stays': { seen: seenOf(once, [POD], { memory: imagesReady(once) }), wants: ['start-container c/0'] },
  'policies came while it ran without a sandbox: it runs on': { seen: seenOf(once, [aRun('c')], { needsGuard: true }), wants: [] },
  'policies came while it ran in a sandbox: it runs on': { seen: seenOf(always, [POD, aRun('c', { sandbox: 'POD-0' })], { needsGuard: true }), wants: [] },
  'policies do not apply on the network of the host': { seen: seenOf(aPod({ hostNetwork: true }), [], { needsGuard: true, memory: imagesReady(once) }), wants: ['start-container c/0'] },
  'the sandbox is up: both start': { seen: seenOf(pair, [POD], { memory: imagesReady(pair) }), wants: ['start-container a/0', 'start-container b/0'] },
  'the sandbox died: what runs on its network goes down': {
    seen: seenOf(pair, [anExit('POD', 137), aRun('a', { sandbox: 'POD-0' })], { memory: imagesReady(pair) }),
    wants: ['record-event SandboxChanged', 'record-event Killing', 'stop-container a-0 in 30 s'],
  },
  'the sandbox died and all is down: a new one': {
    seen: seenOf(always, [anExit('POD', 137), anExit('c', 137, { sandbox: 'POD-0' })]),
    wants: ['ensure-image c/1', 'create-sandbox 1'],
  },
  'init containers come alone': { seen: seenOf(staged, [POD], { memory: imagesReady(staged) }), wants: ['start-container i/0'] },
  'after the init container the others': { seen: seenOf(staged, [POD, anExit('i', 0, { sandbox: 'POD-0' })], { memory: imagesReady(staged) }), wants: ['start-container c/0'] },
  'init containers run again in a new sandbox': {
    seen: seenOf(aPod({ restartPolicy: 'Always', initContainers: [aContainer('i')] }), [
      aRun('POD', { attempt: 1 }),
      anExit('i', 0, { sandbox: 'POD-0' }),
      anExit('c', 137, { sandbox: 'POD-0' }),
    ]),
    wants: ['ensure-image i/1'],
  },
  'a sidecar only has to run': { seen: seenOf(aided, [POD, aRun('s', { sandbox: 'POD-0' })], { memory: imagesReady(aided) }), wants: ['start-container c/0'] },
  'a sidecar that died comes back although the policy is Never': {
    seen: seenOf(aided, [POD, anExit('s', 1, { sandbox: 'POD-0' }), aRun('c', { sandbox: 'POD-0' })]),
    wants: ['ensure-image s/1'],
  },
  'the app is done: the sidecar goes': {
    seen: seenOf(aided, [POD, aRun('s', { sandbox: 'POD-0' }), anExit('c', 0, { sandbox: 'POD-0' })]),
    wants: ['record-event Killing', 'stop-container s-0 in 30 s'],
  },
  'first failure: again at once': { seen: seenOf(onFailure, [POD, anExit('c', 1)], { memory: imagesReady(onFailure, 1) }), wants: ['start-container c/1'] },
  'second failure: again after ten seconds': {
    seen: seenOf(onFailure, [POD, anExit('c', 1), anExit('c', 1, { attempt: 1, level: 1, finishedAt: NOW - 4_000 })]),
    wants: ['record-event BackOff'],
    requeueMs: 6_000,
  },
  'success under OnFailure: the sandbox goes': { seen: seenOf(onFailure, [POD, anExit('c', 0)]), wants: ['remove-container POD-0'] },
  'success under Always: again': { seen: seenOf(always, [POD, anExit('c', 0)]), wants: ['ensure-image c/1'] },
  'a failure under Never, told: volumes go, the container stays': {
    seen: seenOf(once, [anExit('c', 1)], { memory: { writtenPhase: 'Failed' } }),
    wants: ['remove-volumes'],
  },
  'attempts before the last two go': {
    seen: seenOf(always, [POD, anExit('c', 1), anExit('c', 1, { attempt: 1 }), aRun('c', { attempt: 2 })]),
    wants: ['remove-container c-0'],
  },
  'another image: the container is replaced': {
    seen: seenOf(aPod({ restartPolicy: 'Always', containers: [aContainer('c', { image: 'busybox:2' })] }), [POD, aRun('c')]),
    wants: ['record-event Killing', 'stop-container c-0 in 30 s'],
  },
  'a failed creation waits': {
    seen: seenOf(once, [], {
      memory: { ...imagesReady(once), creations: new Map([['c', { attempt: 0, reason: 'r', message: 'm', failures: 1, retryAt: NOW + 2_000, version: 'v1' }]]) },
    }),
    wants: [],
    requeueMs: 2_000,
  },
  'a failed creation is tried at once when its ConfigMap changed': {
    seen: seenOf(once, [], {
      memory: { ...imagesReady(once), creations: new Map([['c', { attempt: 0, reason: 'r', message: 'm', failures: 1, retryAt: NOW + 2_000, version: 'v0' }]]) },
    }),
    wants: ['start-container c/0'],
  },
  'deletion: TERM with the grace period': { seen: seenOf(going(once), [aRun('c')]), wants: ['record-event Killing', 'stop-container c-0 in 30 s'] },
  'deletion: asked already, wait': {
    seen: seenOf(going(once), [aRun('c')], { memory: { stops: new Map([['c-0', { deadline: NOW + 30_000 }]]) } }),
    wants: [],
    requeueMs: 32_000,
  },
  'deletion: the grace period was shortened and is over: kill': {
    seen: seenOf({ ...once, metadata: { ...once.metadata, deletionTimestamp: toTime(NOW - 1_000), deletionGracePeriodSeconds: 1 } }, [aRun('c')], {
      memory: { stops: new Map([['c-0', { deadline: NOW + 30_000 }]]) },
    }),
    wants: ['kill-container c-0'],
  },
  'deletion: apps together, sidecars after them': {
    seen: seenOf(going(aided), [POD, aRun('s', { sandbox: 'POD-0' }), aRun('c', { sandbox: 'POD-0' })]),
    wants: ['record-event Killing', 'stop-container c-0 in 30 s'],
  },
  'deletion: all is down, the end is not told yet': { seen: seenOf(going(once), [anExit('c', 0)]), wants: [] },
  'deletion: the end is told, all goes': {
    seen: seenOf(going(once), [anExit('c', 0)], { memory: { writtenPhase: 'Succeeded' } }),
    wants: ['remove-container c-0', 'remove-volumes', 'delete-pod'],
  },
  'deletion: the object stays for its finalizers': {
    seen: seenOf(going(once), [], { memory: { writtenPhase: 'Failed', volumes: { type: 'removed' }, objectDeleted: true } }),
    wants: [],
  },
  'gone from the API: removed as it runs': { seen: seenOf(once, [aRun('c')], { gone: true }), wants: ['remove-container c-0', 'remove-volumes'] },
  'evicted: what runs goes down': { seen: seenOf(ended(once, 'Failed'), [aRun('c')]), wants: ['record-event Killing', 'stop-container c-0 in 30 s'] },
  'Failed by somebody else: never started': { seen: seenOf(ended(once, 'Failed'), [], { memory: imagesReady(once) }), wants: ['remove-volumes'] },
  'ended, its address being read: volumes stay until then': {
    seen: seenOf(ended(once, 'Succeeded'), [anExit('c', 0)], { memory: { writtenPhase: 'Succeeded', lastIp: { type: 'reading' } } }),
    wants: [],
  },
  'ended, its address read: volumes go': {
    seen: seenOf(ended(once, 'Succeeded'), [anExit('c', 0)], { memory: { writtenPhase: 'Succeeded', lastIp: { type: 'read', ip: '' } } }),
    wants: ['remove-volumes'],
  },
  'a deadline ahead: come back then': { seen: seenOf(aPod({ activeDeadlineSeconds: 60 }), [aRun('c')]), wants: [], requeueMs: 60_000 },
  'a deadline behind: down with it': {
    seen: seenOf(aPod({ activeDeadlineSeconds: 60 }), [aRun('c')], { now: NOW + 60_000 }),
    wants: ['record-event Killing', 'stop-container c-0 in 90 s'],
  },
};

describe('planPod', () => {
  test.each(Object.entries(rows))('%s', (_title, { seen, wants, requeueMs }) => {
    const plan = planPod(seen);
    expect(plan.actions.map(said)).toEqual(wants);
    if (requeueMs !== undefined) expect(plan.requeueAfterMs).toBe(requeueMs);
  });

  test('is over only when the object and everything of it are gone', () => {
    expect(planPod(seenOf(once, [aRun('c')], { gone: true })).isOver).toBe(false);
    expect(planPod(seenOf(once, [], { gone: true, memory: { volumes: { type: 'removed' } } })).isOver).toBe(true);
    expect(planPod(seenOf(going(once), [], { memory: { objectDeleted: true, writtenPhase: 'Failed', volumes: { type: 'removed' } } })).isOver).toBe(false);
  });
});
