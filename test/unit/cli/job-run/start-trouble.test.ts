// Pods that cannot start: which count, since when, and when it is enough.
import { describe, expect, test } from '@jest/globals';
import type { Pod } from '../../../../src/api/generated/types.ts';
import { overdueTrouble, startTrouble, trackTroubles, type Troubles } from '../../../../src/cli/job-run/start-trouble.ts';

const waiting = (reason: string, changes: Partial<Pod> & { readonly phase?: string; readonly uid?: string } = {}): Pod => ({
  metadata: { name: 'x-1', uid: changes.uid ?? 'u', ...changes.metadata },
  status: { phase: changes.phase ?? 'Pending', containerStatuses: [{ name: 'main', image: 'i', imageID: '', ready: false, restartCount: 0, state: { waiting: { reason, message: `${reason}!` } } }] },
});

describe('in trouble', () => {
  test.each(['ErrImagePull', 'ImagePullBackOff', 'ErrImageNeverPull', 'InvalidImageName', 'CreateContainerConfigError', 'CreateContainerError'])('is who waits for %s', (reason) => {
    expect(startTrouble(waiting(reason))).toEqual({ pod: 'x-1', container: 'main', reason, message: `${reason}!` });
  });

  test.each(['ContainerCreating', 'PodInitializing', 'CrashLoopBackOff', ''])('is not who waits for "%s"', (reason) => {
    expect(startTrouble(waiting(reason))).toBeUndefined();
  });

  test('is a Pod that no node takes', () => {
    const conditions = [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/1 nodes are available' }];
    expect(startTrouble({ metadata: { name: 'x-1' }, status: { phase: 'Pending', conditions } })).toEqual({ pod: 'x-1', container: '', reason: 'Unschedulable', message: '0/1 nodes are available' });
  });

  test.each([
    ['is over', waiting('ErrImagePull', { phase: 'Failed' })],
    ['is being deleted', waiting('ErrImagePull', { metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' } })],
  ])('is no Pod that %s', (_name, pod) => {
    expect(startTrouble(pod)).toBeUndefined();
  });
});

describe('its time', () => {
  const at = (now: number, before: Troubles, ...pods: Pod[]): Troubles => trackTroubles(before, pods, now);

  test('runs from the first reason through the back-offs, and the first reason is what is told', () => {
    const troubles = at(5_000, at(1_000, new Map(), waiting('ErrImagePull')), waiting('ImagePullBackOff'));
    expect(overdueTrouble(troubles, 10_000, 5_000)).toEqual({ inMs: 6_000 });
    expect(overdueTrouble(troubles, 10_000, 11_000).trouble?.reason).toBe('ErrImagePull');
  });

  test('begins anew after the Pod got going', () => {
    const going = at(5_000, at(1_000, new Map(), waiting('ErrImagePull')), waiting('ContainerCreating'));
    expect(overdueTrouble(at(6_000, going, waiting('ErrImagePull')), 10_000, 6_000)).toEqual({ inMs: 10_000 });
  });

  test('is that of the oldest of several', () => {
    const troubles = at(4_000, at(1_000, new Map(), waiting('ErrImagePull')), waiting('ErrImagePull'), waiting('ErrImagePull', { uid: 'v' }));
    expect(overdueTrouble(troubles, 10_000, 4_000)).toEqual({ inMs: 7_000 });
  });

  test('is up at once for a name that can never be an image', () => {
    expect(overdueTrouble(at(1_000, new Map(), waiting('InvalidImageName')), 10_000, 1_000).trouble?.reason).toBe('InvalidImageName');
  });

  test.each([
    ['without trouble', new Map() as Troubles, 10_000],
    ['without a limit', trackTroubles(new Map(), [waiting('InvalidImageName')], 0), 0],
  ])('never comes %s', (_name, troubles, limit) => {
    expect(overdueTrouble(troubles, limit, 1e12)).toEqual({});
  });
});
