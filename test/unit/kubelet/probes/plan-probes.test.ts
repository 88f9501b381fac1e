// Probes and hooks in a Pod's plan: when a container is asked, what its answers do to its status, and what it dies of.
import { describe, expect, test } from '@jest/globals';
import type { Container, ContainerStatus, Pod, PodSpec } from '../../../../src/api/generated/types.ts';
import { planPod, type PodPlan } from '../../../../src/kubelet/plan-pod.ts';
import type { PodMemory } from '../../../../src/kubelet/pod-memory.ts';
import type { ContainerProbes, ProbeState } from '../../../../src/kubelet/probes/probe-state.ts';
import { aContainer, anExit, aPod, aRun, imagesReady, NOW, seenOf, UID } from '../../../support/pod-seen.ts';

const STARTED = NOW - 10_000;
const EXEC = { exec: { command: ['true'] }, timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 };
const state = (verdict: boolean | undefined, change: Partial<ProbeState> = {}): ProbeState => ({ startedAt: NOW - 1_000, isRunning: false, streak: 1, isPassing: verdict === true, verdict, ...change });

interface Case {
  readonly container?: Partial<Container>;
  readonly pod?: Partial<PodSpec>;
  readonly probes?: ContainerProbes;
  readonly memory?: Partial<PodMemory>;
  readonly metadata?: Pod['metadata'];
  readonly startedAt?: number;
}

function planOf({ container = {}, pod = {}, probes, memory = {}, metadata, startedAt = STARTED }: Case): PodPlan {
  const one = aPod({ containers: [aContainer('c', container)], ...pod }, { metadata: { name: 'p', namespace: 'ns', uid: UID, ...metadata } });
  return planPod(seenOf(one, [aRun('c', { startedAt })], { memory: { ...imagesReady(one), ...(probes === undefined ? {} : { probes: new Map([['c-0', probes]]) }), ...memory } }));
}
const asked = ({ actions }: PodPlan): string[] => actions.flatMap((action) => (action.type === 'probe-container' ? [action.kind] : []));
const statusOf = ({ status }: PodPlan): ContainerStatus => status.containerStatuses![0]!;

describe('when a container is asked', () => {
  test.each<Case & { readonly name: string; readonly kinds: readonly string[]; readonly inMs?: number }>([
    { name: 'never without a probe', kinds: [] },
    { name: 'at once without an initial delay', container: { livenessProbe: EXEC }, kinds: ['liveness'] },
    { name: 'not before its initial delay, counted from its start', container: { livenessProbe: { ...EXEC, initialDelaySeconds: 12 } }, kinds: [], inMs: 2_000 },
    { name: 'again a period after the last question', container: { livenessProbe: EXEC }, probes: { liveness: state(true, { startedAt: NOW - 4_000 }) }, kinds: [], inMs: 6_000 },
    { name: 'not while an answer is awaited', container: { livenessProbe: EXEC }, probes: { liveness: state(true, { startedAt: 0, isRunning: true }) }, kinds: [] },
    { name: 'only for its start until that has succeeded', container: { startupProbe: EXEC, livenessProbe: EXEC, readinessProbe: EXEC }, kinds: ['startup'] },
    { name: 'for everything else from then on', container: { startupProbe: EXEC, livenessProbe: EXEC, readinessProbe: EXEC }, probes: { startup: state(true) }, kinds: ['liveness', 'readiness'] },
    { name: 'not while its postStart hook runs', container: { livenessProbe: EXEC }, memory: { hooks: new Map([['c-0', 'running']]) }, kinds: [] },
    { name: 'only for its readiness while the Pod goes down', container: { livenessProbe: EXEC, readinessProbe: EXEC }, metadata: { deletionTimestamp: '2026-01-01T12:00:30Z', deletionGracePeriodSeconds: 30 }, kinds: ['readiness'] },
  ])('$name', ({ kinds, inMs, ...rest }) => {
    const plan = planOf(rest);
    expect(asked(plan)).toEqual(kinds);
    if (inMs !== undefined) expect(plan.requeueAfterMs).toBe(inMs);
  });
});

describe('status', () => {
  test.each<Case & { readonly name: string; readonly started: boolean; readonly ready: boolean }>([
    { name: 'without probes a running container has started and is ready', started: true, ready: true },
    { name: 'before the first answer it is not ready', container: { readinessProbe: EXEC }, started: true, ready: false },
    { name: 'a passing probe makes it ready', container: { readinessProbe: EXEC }, probes: { readiness: state(true) }, started: true, ready: true },
    { name: 'a failing one makes it unready, and nothing more', container: { readinessProbe: EXEC }, probes: { readiness: state(false) }, started: true, ready: false },
    { name: 'until its startup probe has passed it has not started', container: { startupProbe: EXEC }, started: false, ready: false },
    { name: 'liveness says nothing of readiness', container: { livenessProbe: EXEC }, started: true, ready: true },
  ])('$name', ({ started, ready, ...rest }) => {
    expect(statusOf(planOf(rest))).toMatchObject({ started, ready });
  });

  test('a restarted kubelet goes on from what was told of this very run', () => {
    const told = (containerID: string): ContainerStatus => ({ name: 'c', image: '', imageID: '', containerID, restartCount: 0, started: true, ready: true, state: { running: {} } });
    const container = { startupProbe: EXEC, readinessProbe: EXEC };
    const published = (containerID: string): Partial<PodMemory> => ({ published: { phase: 'Running', containerStatuses: [told(containerID)] } });
    expect(statusOf(planOf({ container, memory: published('docker://c-0') }))).toMatchObject({ started: true, ready: true });
    expect(statusOf(planOf({ container, memory: published('docker://another') }))).toMatchObject({ started: false, ready: false });
  });

  test('while its postStart hook runs a container is still being made', () => {
    const plan = planOf({ container: { lifecycle: { postStart: { exec: { command: ['true'] } } } }, memory: { hooks: new Map([['c-0', 'running']]) } });
    expect(statusOf(plan)).toMatchObject({ state: { waiting: { reason: 'ContainerCreating' } }, started: false, ready: false });
    expect(plan.status.phase).toBe('Pending');
  });

  test('app containers wait for a sidecar until its startup probe has passed', () => {
    const pod = aPod({ initContainers: [aContainer('side', { restartPolicy: 'Always', startupProbe: EXEC })], containers: [aContainer('c')] });
    const starts = (probes: ContainerProbes): string[] => {
      const memory = { ...imagesReady(pod), probes: new Map([['side-0', probes]]) };
      const { actions } = planPod(seenOf(pod, [aRun('POD', { startedAt: STARTED }), aRun('side', { sandbox: 'POD-0' })], { memory }));
      return actions.flatMap((action) => (action.type === 'start-container' ? [action.container.name] : []));
    };
    expect(starts({})).toEqual([]);
    expect(starts({ startup: state(true) })).toEqual(['c']);
  });
});

describe('what a container dies of', () => {
  test.each([
    { name: 'its liveness probe', probes: { liveness: state(false) }, policy: 'Always', message: 'Container c failed liveness probe, will be restarted' },
    { name: 'its startup probe', probes: { startup: state(false) }, policy: 'OnFailure', message: 'Container c failed startup probe, will be restarted' },
    { name: 'its liveness probe, for good', probes: { liveness: state(false) }, policy: 'Never', message: 'Container c failed liveness probe' },
  ])('$name', ({ probes, policy, message }) => {
    const { actions } = planOf({ container: { livenessProbe: EXEC, startupProbe: EXEC }, pod: { containers: [aContainer('c', { livenessProbe: EXEC, startupProbe: EXEC })], restartPolicy: policy, terminationGracePeriodSeconds: 20 }, probes });
    expect(actions).toContainEqual(expect.objectContaining({ type: 'record-event', event: expect.objectContaining({ reason: 'Killing', message }) }));
    expect(actions).toContainEqual(expect.objectContaining({ type: 'stop-container', id: 'c-0', deadline: NOW + 20_000 }));
    expect(actions.map(({ type }) => type)).not.toContain('probe-container');
  });

  test('the grace of its probe goes before that of its Pod', () => {
    const { actions } = planOf({ container: { livenessProbe: { ...EXEC, terminationGracePeriodSeconds: 3 } }, probes: { liveness: state(false) } });
    expect(actions).toContainEqual(expect.objectContaining({ type: 'stop-container', deadline: NOW + 3_000 }));
  });

  test('its failed postStart hook', () => {
    const { actions } = planOf({ container: { lifecycle: { postStart: { exec: { command: ['false'] } } } }, memory: { hooks: new Map([['c-0', 'failed']]) } });
    expect(actions).toContainEqual(expect.objectContaining({ event: expect.objectContaining({ reason: 'Killing', message: 'FailedPostStartHook' }) }));
  });

  test('a container that has ended is asked nothing more', () => {
    const pod = aPod({ containers: [aContainer('c', { livenessProbe: EXEC })] });
    expect(planPod(seenOf(pod, [anExit('c', 1)], { memory: imagesReady(pod) })).actions.map(({ type }) => type)).not.toContain('probe-container');
  });
});
