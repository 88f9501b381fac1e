// What a container, a Pod's status or labels tell of an attempt.
import { describe, expect, test } from '@jest/globals';
import type { ContainerStatus, Pod } from '../../../../src/api/generated/types.ts';
import { lostFacts, statedAttempts } from '../../../../src/kubelet/archive/attempt-facts.ts';
import { ownerLabels, ownerOf, readOwner } from '../../../../src/kubelet/archive/attempt-owner.ts';

const status = (change: Partial<ContainerStatus>): ContainerStatus => ({ name: 'main', image: 'busybox', imageID: '', ready: false, restartCount: 0, ...change });
const pod = (...containerStatuses: ContainerStatus[]): Pod => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p', namespace: 'n', uid: 'u' }, spec: { containers: [{ name: 'main' }] }, status: { containerStatuses } });
const ended = (second: number, exitCode: number) => ({ exitCode, reason: 'Error', startedAt: `2026-01-01T00:00:0${second}Z`, finishedAt: `2026-01-01T00:00:0${second + 1}Z` });
const told = (subject: Pod): string[] => statedAttempts(subject).map(({ restart, exitCode = 'running' }) => `${restart}:${exitCode}`);

describe('the attempts that a status tells of', () => {
  test.each<{ what: string; subject: Pod; seen: readonly string[] }>([
    { what: 'of a Pod without a status', subject: pod(), seen: [] },
    { what: 'of a container that waits for its first start', subject: pod(status({ state: { waiting: { reason: 'ContainerCreating' } } })), seen: [] },
    { what: 'that runs', subject: pod(status({ state: { running: { startedAt: '2026-01-01T00:00:00Z' } } })), seen: ['0:running'] },
    { what: 'that runs again', subject: pod(status({ restartCount: 3, state: { running: { startedAt: '2026-01-01T00:00:05Z' } }, lastState: { terminated: ended(1, 2) } })), seen: ['3:running', '2:2'] },
    { what: 'that has ended twice', subject: pod(status({ restartCount: 1, state: { terminated: ended(5, 0) }, lastState: { terminated: ended(1, 2) } })), seen: ['1:0', '0:2'] },
    { what: 'that waits to run again', subject: pod(status({ restartCount: 1, state: { waiting: { reason: 'CrashLoopBackOff' } }, lastState: { terminated: ended(1, 2) } })), seen: ['1:2'] },
    { what: 'that was lost before it ran', subject: pod(status({ state: { terminated: { exitCode: 137, reason: 'ContainerStatusUnknown' } } })), seen: [] },
  ])('$what', ({ subject, seen }) => expect(told(subject)).toEqual(seen));
});

test('what nobody saw the end of has ended now, for reasons unknown', () => {
  const [running] = statedAttempts(pod(status({ state: { running: { startedAt: '2026-01-01T00:00:00Z' } } })));
  expect(lostFacts(running!, Date.UTC(2026, 0, 2))).toMatchObject({ finishedAt: '2026-01-02T00:00:00.000Z', exitCode: 137, reason: 'ContainerStatusUnknown' });
  const [over] = statedAttempts(pod(status({ state: { terminated: ended(1, 3) } })));
  expect(lostFacts(over!, 0)).toBe(over);
});

describe('whose attempt a container is', () => {
  const owned = (change: Partial<Pod['metadata'] & object>, names: readonly string[] = ['a', 'b']): Pod => ({
    metadata: { ownerReferences: [{ apiVersion: 'batch/v1', kind: 'Job', name: 'pi', uid: 'j', controller: true }], ...change },
    spec: { initContainers: [{ name: 'init' }], containers: names.map((name) => ({ name })) },
  });

  test.each([
    { what: 'the first of a Job', subject: owned({}), container: 'a', owner: { job: { name: 'pi', uid: 'j' }, isInit: false, isDefault: true } },
    { what: 'an init container', subject: owned({}), container: 'init', owner: { job: { name: 'pi', uid: 'j' }, isInit: true, isDefault: false } },
    { what: 'the second', subject: owned({}), container: 'b', owner: { job: { name: 'pi', uid: 'j' }, isInit: false, isDefault: false } },
    { what: 'the one that an annotation names', subject: owned({ annotations: { 'kubectl.kubernetes.io/default-container': 'b' } }), container: 'b', owner: { job: { name: 'pi', uid: 'j' }, isInit: false, isDefault: true } },
    { what: 'one of an index', subject: owned({ annotations: { 'batch.kubernetes.io/job-completion-index': '7' } }), container: 'a', owner: { job: { name: 'pi', uid: 'j', index: 7 }, isInit: false, isDefault: true } },
    { what: 'one of nobody', subject: owned({ ownerReferences: undefined }), container: 'a', owner: { isInit: false, isDefault: true } },
    { what: 'one of another kind', subject: owned({ ownerReferences: [{ apiVersion: 'apps/v1', kind: 'Job', name: 'x', uid: 'y', controller: true }] }), container: 'a', owner: { isInit: false, isDefault: true } },
  ])('$what, and its labels say the same', ({ subject, container, owner }) => {
    expect(ownerOf(subject, container)).toEqual(owner);
    expect(readOwner(ownerLabels(ownerOf(subject, container)))).toEqual(owner);
  });
});
