// pure: status.conditions. The kubelet owns five types, a sixth on Pods that it evicts, and two while it resizes; conditions that others set stay as they are.
import type { ContainerStatus, PodCondition } from '../api/generated/types.ts';
import { RESIZE_IN_PROGRESS, RESIZE_PENDING } from '../api/pod/resized-resources.ts';
import { toTime } from '../api/time.ts';
import type { PodPhase } from './pod-phase.ts';
import type { PodView } from './pod-view.ts';
import { resizeProgress } from './resize/plan-resize.ts';
import { hasSucceeded } from './start-order.ts';

/** Conditions of the kubelet's that go when their time is over. */
export const PASSING: readonly string[] = [RESIZE_PENDING, RESIZE_IN_PROGRESS];

type Fact = Pick<PodCondition, 'type' | 'status' | 'reason' | 'message'>;

export interface StatusParts {
  readonly phase: PodPhase;
  readonly app: readonly ContainerStatus[];
  readonly init: readonly ContainerStatus[];
}

export function podConditions(view: PodView, parts: StatusParts): PodCondition[] {
  const ready = containersReady(view, parts);
  const facts: readonly Fact[] = [
    { type: 'PodReadyToStartContainers', status: hasNetwork(view) ? 'True' : 'False' },
    initialized(view, parts),
    gated(view, ready),
    ready,
    { type: 'PodScheduled', status: 'True' },
    ...disruption(view),
    ...resizing(view),
  ];
  const stored = view.seen.pod.status?.conditions ?? [];
  const known = view.seen.memory.published.conditions ?? [];
  const owned = new Set([...facts.map(({ type }) => type), ...PASSING]);
  const generation = view.seen.pod.metadata?.generation;
  const now = toTime(view.seen.now);
  return [
    ...facts.map((fact) => {
      const before = known.find(({ type }) => type === fact.type) ?? stored.find(({ type }) => type === fact.type);
      const lastTransitionTime = before?.status === fact.status ? (before.lastTransitionTime ?? now) : now;
      return { ...present(fact), ...(generation === undefined ? {} : { observedGeneration: generation }), lastTransitionTime };
    }),
    ...stored.filter(({ type }) => !owned.has(type)),
  ];
}

function present({ type, status, reason, message }: Fact): Fact {
  return { type, status, ...(reason === undefined ? {} : { reason }), ...(message === undefined ? {} : { message }) };
}

function disruption({ verdict }: PodView): Fact[] {
  if (verdict.type !== 'stop' || verdict.failed?.isDisruption !== true) return [];
  return [{ type: 'DisruptionTarget', status: 'True', reason: 'TerminationByKubelet', message: verdict.failed.message }];
}

function resizing({ seen, containers, resize, verdict }: PodView): Fact[] {
  if (verdict.type !== 'run') return [];
  const progress = resizeProgress({ seen, containers });
  return [
    ...(resize.pending === undefined ? [] : [{ type: RESIZE_PENDING, status: 'True', ...resize.pending }]),
    ...(progress === undefined ? [] : [{ type: RESIZE_IN_PROGRESS, status: 'True', ...(progress.error === undefined ? {} : { reason: 'Error', message: progress.error }) }]),
  ];
}

function hasNetwork({ sandbox, containers }: PodView): boolean {
  if (sandbox.kind === 'pause') return sandbox.container?.phase === 'running';
  return containers.some(({ phase }) => phase === 'running');
}

function initialized({ containers, sandbox }: PodView, { phase, app }: StatusParts): Fact {
  if (phase === 'Succeeded') return { type: 'Initialized', status: 'True', reason: 'PodCompleted' };
  const hasBegun = app.some(({ state }) => state?.running !== undefined || state?.terminated !== undefined);
  const open = containers.filter((view) => (view.role === 'sidecar' ? !view.health.isStarted : view.role === 'init' && !hasSucceeded(view, sandbox)));
  if (open.length === 0 || hasBegun) return { type: 'Initialized', status: 'True' };
  const message = `containers with incomplete status: [${open.map(({ spec }) => spec.name).join(' ')}]`;
  return { type: 'Initialized', status: 'False', reason: 'ContainersNotInitialized', message };
}

function containersReady({ containers }: PodView, { phase, app, init }: StatusParts): Fact {
  const type = 'ContainersReady';
  if (phase === 'Succeeded') return { type, status: 'False', reason: 'PodCompleted' };
  if (phase === 'Failed') return { type, status: 'False', reason: 'PodFailed' };
  const sidecars = new Set(containers.filter(({ role }) => role === 'sidecar').map(({ spec }) => spec.name));
  const unready = [...init.filter(({ name }) => sidecars.has(name)), ...app].filter(({ ready }) => !ready);
  if (unready.length === 0) return { type, status: 'True' };
  const message = `containers with unready status: [${unready.map(({ name }) => name).join(' ')}]`;
  return { type, status: 'False', reason: 'ContainersNotReady', message };
}

function gated({ seen }: PodView, ready: Fact): Fact {
  if (ready.status !== 'True') return { ...ready, type: 'Ready' };
  const conditions = seen.pod.status?.conditions ?? [];
  const failing = (seen.pod.spec?.readinessGates ?? []).flatMap(({ conditionType }) => {
    const found = conditions.find(({ type }) => type === conditionType);
    if (found === undefined) return [`corresponding condition of pod readiness gate "${conditionType}" does not exist.`];
    return found.status === 'True' ? [] : [`the status of pod readiness gate "${conditionType}" is not "True", but ${found.status}`];
  });
  if (failing.length === 0) return { type: 'Ready', status: 'True' };
  return { type: 'Ready', status: 'False', reason: 'ReadinessGatesNotReady', message: failing.join(', ') };
}
