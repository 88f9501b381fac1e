// How a Pod goes down: app containers together, then sidecars in reverse order, then the sandbox; and once the API has
// its terminal phase, what it leaves: containers (kept for their logs until the Pod is deleted), volumes, the object.
import type { PodStatus } from '../api/generated/types.ts';
import { fromTime } from '../api/time.ts';
import type { ContainerView } from './container-view.ts';
import type { PodAction } from './pod-action.ts';
import type { PodSeen } from './pod-seen.ts';
import { mergeSteps, type PodSteps, type PodView } from './pod-view.ts';
import { planProbes } from './probes/plan-probes.ts';
import { SANDBOX, type ContainerState } from './runtime/container-runtime.ts';
import { stopContainer, type StopOrder } from './stop-container.ts';
import { isTerminalPhase } from './verdict.ts';

export function planStop(view: PodView, status: PodStatus): PodSteps {
  const { seen, sandbox, verdict } = view;
  if (verdict.type === 'clean') return planClean(seen);
  const next = nextToStop(view.containers);
  if (next.length > 0) return mergeSteps([...next.map((container) => stopContainer(seen, container, stopOrder(seen, verdict.type === 'stop' ? verdict.failed?.graceSeconds : undefined))), planProbes(view, { isGoing: true })]);
  const sandboxes = [...sandbox.older, ...(sandbox.container === undefined ? [] : [sandbox.container])];
  const actions: PodAction[] = sandboxes.map(({ id }) => ({ type: 'remove-container', id }));
  const isSettled = isTerminalPhase(status.phase) && isTerminalPhase(seen.memory.writtenPhase);
  if (!isSettled) return { actions };
  if (seen.pod.metadata?.deletionTimestamp === undefined) return { actions: [...actions, ...leftovers(view)] };
  return { actions: [...removals(seen), ...(seen.memory.objectDeleted ? [] : ([{ type: 'delete-pod' }] as const))] };
}

/** Nobody waits for a Pod that is gone from the API: its containers are removed as they are. */
function planClean(seen: PodSeen): PodSteps {
  const actions = removals(seen);
  return { actions, isOver: actions.length === 0 };
}

function removals(seen: PodSeen): readonly PodAction[] {
  // The sandbox last: some engines keep what others have joined.
  const last = ({ identity }: ContainerState): number => (identity.container === SANDBOX ? 1 : 0);
  const containers = [...seen.containers].sort((a, b) => last(a) - last(b)).map(({ id }): PodAction => ({ type: 'remove-container', id }));
  return seen.memory.volumes.type === 'removed' ? containers : [...containers, { type: 'remove-volumes' }];
}

/** What a finished Pod need not keep: containers that never ran, attempts before the last two, volumes. */
function leftovers({ seen, containers }: PodView): readonly PodAction[] {
  const surplus = containers.flatMap(({ older }) => older.slice(0, -1));
  const unborn = containers.flatMap(({ phase, container }) => (phase === 'created' && container !== undefined ? [container] : []));
  // The engine reads no file of a container whose mounts are gone.
  const mustKeep = seen.memory.volumes.type === 'removed' || seen.memory.lastIp.type === 'reading';
  const volumes: PodAction[] = mustKeep ? [] : [{ type: 'remove-volumes' }];
  return [...[...surplus, ...unborn].map(({ id }): PodAction => ({ type: 'remove-container', id })), ...volumes];
}

function nextToStop(containers: readonly ContainerView[]): readonly ContainerView[] {
  const running = containers.filter(({ phase }) => phase === 'running');
  const mains = running.filter(({ role }) => role !== 'sidecar');
  return mains.length > 0 ? mains : running.slice(-1);
}

function stopOrder({ pod, now }: PodSeen, hurriedGrace: number | undefined): StopOrder {
  const { deletionTimestamp, deletionGracePeriodSeconds } = pod.metadata ?? {};
  const grace = hurriedGrace ?? deletionGracePeriodSeconds ?? pod.spec?.terminationGracePeriodSeconds ?? 30;
  const deletion = fromTime(deletionTimestamp);
  // Timestamps are whole seconds, cut off: only a second later is it sure that the time is up.
  return { deadline: now + grace * 1_000, ...(deletion === undefined ? {} : { shortened: deletion + 1_000 }) };
}
