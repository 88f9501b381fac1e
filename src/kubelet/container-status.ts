// pure: status.containerStatuses, initContainerStatuses and ephemeralContainerStatuses: state, lastState, counts, and the reasons people look for.
import type { ContainerState, ContainerStateTerminated, ContainerStateWaiting, ContainerStatus } from '../api/generated/types.ts';
import { toTime } from '../api/time.ts';
import { LOST_MESSAGE, type ContainerView, type Exit } from './container-view.ts';
import { goDurationText } from '../api/go-duration-text.ts';
import { imageWait } from './image-back-off.ts';
import type { PodView } from './pod-view.ts';
import type { PodPhase } from './pod-phase.ts';
import { sizeGap } from './resize/size-gap.ts';
import { hasSucceeded, startableNames } from './start-order.ts';
import { startState, type StartState } from './start-state.ts';
import { isTerminalPhase } from './verdict.ts';

export function containerStatuses(view: PodView, phase: PodPhase): { readonly init: ContainerStatus[]; readonly app: ContainerStatus[]; readonly ephemeral: ContainerStatus[] } {
  const startable = startableNames(view.containers, view.sandbox);
  const statusOf = (container: ContainerView): ContainerStatus => containerStatus(view, container, { phase, isStartable: startable.has(container.spec.name) });
  return {
    init: view.containers.filter(({ role }) => role === 'init' || role === 'sidecar').map(statusOf),
    ephemeral: view.containers.filter(({ role }) => role === 'ephemeral').map(statusOf).map(withoutHealth),
    // Upstream lists them by name, init containers in the order of the spec.
    app: view.containers.filter(({ role }) => role === 'app').map(statusOf).sort((a, b) => (a.name < b.name ? -1 : 1)),
  };
}

/** Nobody asks an ephemeral container for its health, and it has nothing set aside. */
function withoutHealth({ started: _started, resources: _resources, allocatedResources: _allocated, ...status }: ContainerStatus): ContainerStatus {
  return { ...status, ready: false };
}

interface Situation {
  readonly phase: PodPhase;
  readonly isStartable: boolean;
}

function containerStatus(view: PodView, container: ContainerView, situation: Situation): ContainerStatus {
  const { spec, exit, lastExit } = container;
  const state = currentState(view, container, situation);
  const before = state.waiting !== undefined && exit !== undefined ? exit : lastExit;
  const containerID = containerIdOf(view, container);
  return {
    name: spec.name,
    state,
    lastState: before === undefined ? {} : { terminated: terminated(before) },
    // A regular init container is ready once it has done its work, as its successor may go on then.
    ready: container.role === 'init' ? state.terminated?.exitCode === 0 : container.health.isReady,
    restartCount: Math.max(0, container.attempt),
    image: container.container?.image ?? exit?.image ?? spec.image ?? '',
    imageID: imageId(view, container),
    ...(containerID === '' ? {} : { containerID }),
    started: container.health.isStarted,
    ...resourcesInForce(view, container),
    ...(spec.resources?.requests === undefined ? {} : { allocatedResources: spec.resources.requests }),
    ...(spec.lifecycle?.stopSignal === undefined ? {} : { stopSignal: spec.lifecycle.stopSignal }),
    ...(spec.volumeMounts === undefined ? {} : { volumeMounts: spec.volumeMounts.map(mountStatus) }),
  };
}

/** Until the engine has taken over a new size, the old one is what the container has. */
function resourcesInForce({ seen }: PodView, { spec, phase, role, container }: ContainerView): Pick<ContainerStatus, 'resources'> {
  const isOpen = phase === 'running' && container !== undefined && sizeGap(spec, container.resources) !== undefined;
  const { containerStatuses = [], initContainerStatuses = [] } = seen.memory.published;
  const before = isOpen ? (role === 'app' ? containerStatuses : initContainerStatuses).find(({ name }) => name === spec.name)?.resources : undefined;
  const resources = before ?? spec.resources;
  return resources === undefined ? {} : { resources };
}

function currentState(view: PodView, container: ContainerView, { phase, isStartable }: Situation): ContainerState {
  // Until its postStart hook has returned it is still being made, as upstream has it.
  if (container.phase === 'running' && view.seen.memory.hooks.get(container.container?.id ?? '') === 'running') return { waiting: initialWait(view) };
  if (container.phase === 'running') return { running: { startedAt: toTime(container.container?.startedAt ?? 0) } };
  if (isTerminalPhase(phase)) return endState(view, container);
  if (view.verdict.type === 'stop' && container.exit !== undefined) return { terminated: terminated(container.exit) };
  const waiting = waitingState(view, container, startState(view.seen, container, isStartable));
  if (waiting !== undefined) return { waiting };
  return container.exit === undefined ? { waiting: initialWait(view) } : { terminated: terminated(container.exit) };
}

/** Undefined: nothing holds it up, so it is about to start, or has ended. */
function waitingState({ seen }: PodView, container: ContainerView, state: StartState): ContainerStateWaiting | undefined {
  switch (state.type) {
    case 'backing-off': {
      const { name, namespace, uid } = seen.pod.metadata ?? {};
      const message = `back-off ${goDurationText(state.next.backOffMs)} restarting failed container=${container.spec.name} pod=${name}_${namespace}(${uid})`;
      return { reason: 'CrashLoopBackOff', message };
    }
    case 'image-failed': {
      const { reason, message } = imageWait(state.failure, seen.now);
      return { reason, message };
    }
    case 'pulling':
    case 'needs-image': {
      if (state.failure === undefined) return undefined;
      const { reason, message } = imageWait(state.failure, seen.now);
      return { reason, message };
    }
    case 'creation-failed':
    case 'ready':
      return state.failure && { reason: state.failure.reason, message: state.failure.message };
    default:
      return undefined;
  }
}

function initialWait({ containers }: PodView): ContainerStateWaiting {
  return { reason: containers.some(({ role }) => role === 'init' || role === 'sidecar') ? 'PodInitializing' : 'ContainerCreating' };
}

/** In a Pod that is over, what never ran did not succeed: it is told as lost, or as still waiting for its init containers. */
function endState(view: PodView, container: ContainerView): ContainerState {
  if (container.exit !== undefined) return { terminated: terminated(container.exit) };
  const isInitialized = view.containers.every((other) => other.role !== 'init' || hasSucceeded(other, view.sandbox));
  if (!isInitialized) return { waiting: { reason: 'PodInitializing' } };
  return {
    terminated: {
      exitCode: 137,
      reason: 'ContainerStatusUnknown',
      message: LOST_MESSAGE,
    },
  };
}

function terminated(exit: Exit): ContainerStateTerminated {
  return {
    exitCode: exit.exitCode,
    ...(exit.reason === '' ? {} : { reason: exit.reason }),
    ...(exit.message === '' ? {} : { message: exit.message }),
    ...(exit.startedAt === 0 ? {} : { startedAt: toTime(exit.startedAt) }),
    ...(exit.finishedAt === 0 ? {} : { finishedAt: toTime(exit.finishedAt) }),
    ...(exit.containerId === '' ? {} : { containerID: exit.containerId }),
  };
}

function containerIdOf({ seen }: PodView, { container, exit }: ContainerView): string {
  if (container === undefined) return exit?.containerId ?? '';
  return container.phase === 'created' && exit === undefined ? '' : `${seen.node.runtimeName}://${container.id}`;
}

function imageId({ seen }: PodView, { spec, container }: ContainerView): string {
  const { containerStatuses: apps = [], initContainerStatuses: inits = [], ephemeralContainerStatuses: ephemeral = [] } = seen.memory.published;
  if (container === undefined) return [...apps, ...inits, ...ephemeral].find(({ name }) => name === spec.name)?.imageID ?? '';
  const known = seen.memory.images.get(spec.name);
  const digest = known?.type === 'ready' && known.image.id === container.imageId ? known.image.digests[0] : undefined;
  return digest === undefined ? `${seen.node.runtimeName}://${container.imageId}` : `${seen.node.runtimeName}-pullable://${digest}`;
}

function mountStatus(mount: { readonly name: string; readonly mountPath: string; readonly readOnly?: boolean }): NonNullable<ContainerStatus['volumeMounts']>[number] {
  const { name, mountPath, readOnly } = mount;
  return readOnly === true ? { name, mountPath, readOnly, recursiveReadOnly: 'Disabled' } : { name, mountPath };
}
