// pure: one container of a Pod's spec beside what is known of its runs: the newest attempt and the exits.
import type { Container, ContainerStateTerminated, ContainerStatus } from '../api/generated/types.ts';
import { fromTime } from '../api/time.ts';
import type { PodSeen } from './pod-seen.ts';
import { containerHealth, NOT_UP, type ContainerHealth } from './probes/container-health.ts';
import { restartsFor, sizeGap } from './resize/size-gap.ts';
import type { ContainerState } from './runtime/container-runtime.ts';

/** How often in a row the container came back without a long run in between: feeds the restart back-off. */
export const RESTART_LEVEL_LABEL = 'minik.dev/restart-level';
/** The image as the Pod asked for it; the runtime may write it otherwise. */
export const IMAGE_LABEL = 'minik.dev/image';
/** The sandbox whose network the container joined. */
export const SANDBOX_LABEL = 'minik.dev/sandbox';

export type ContainerRole = 'init' | 'sidecar' | 'app' | 'ephemeral';

export interface Exit {
  readonly containerId: string;
  readonly exitCode: number;
  readonly reason: string;
  readonly message: string;
  readonly startedAt: number;
  readonly finishedAt: number;
  readonly image: string;
  readonly restartLevel: number;
}

export interface ContainerView {
  readonly spec: Container;
  readonly role: ContainerRole;
  /** The newest attempt; -1 when there was none. */
  readonly attempt: number;
  readonly phase: 'none' | 'created' | 'running' | 'exited';
  /** The newest attempt's container, while the runtime has it. */
  readonly container: ContainerState | undefined;
  readonly health: ContainerHealth;
  /** It was brought down to be started anew with another size. */
  readonly isReplaced: boolean;
  /** How the newest attempt ended. */
  readonly exit: Exit | undefined;
  /** How the attempt before the newest ended. */
  readonly lastExit: Exit | undefined;
  /** Attempts older than the newest, oldest first. */
  readonly older: readonly ContainerState[];
}

/** Upstream's words for what nobody saw the end of. */
export const LOST_MESSAGE = 'The container could not be located when the pod was terminated';
const LOST_EXIT_CODE = 137;
const START_FAILED_EXIT_CODE = 128;

/** Init containers first, in the order of the spec. */
export function viewContainers(seen: PodSeen): readonly ContainerView[] {
  const { initContainers = [], containers = [], ephemeralContainers = [] } = seen.pod.spec ?? {};
  return [
    ...initContainers.map((spec) => viewContainer(seen, spec, spec.restartPolicy === 'Always' ? 'sidecar' : 'init')),
    ...containers.map((spec) => viewContainer(seen, spec, 'app')),
    ...ephemeralContainers.map((spec) => viewContainer(seen, spec, 'ephemeral')),
  ];
}

const LISTS: Readonly<Record<ContainerRole, string>> = { app: 'containers', init: 'initContainers', sidecar: 'initContainers', ephemeral: 'ephemeralContainers' };

/** "spec.containers{c}": how events point at a container. */
export function containerFieldPath({ role, spec }: Pick<ContainerView, 'role' | 'spec'>): string {
  return `spec.${LISTS[role]}{${spec.name}}`;
}

function viewContainer(seen: PodSeen, spec: Container, role: ContainerRole): ContainerView {
  const runs = seen.containers
    .filter(({ identity }) => identity.container === spec.name)
    .sort((a, b) => a.identity.attempt - b.identity.attempt);
  const newest = runs.at(-1);
  const published = publishedStatus(seen, spec.name, role);
  if (newest === undefined) return viewLost({ spec, role, older: [] }, published, seen);
  const older = runs.slice(0, -1);
  const error = newest.error || seen.memory.startErrors.get(newest.id) || '';
  const exited = newest.phase === 'exited' || (newest.phase === 'created' && error !== '');
  const exit = exited ? exitOf(seen, newest, error) : undefined;
  return {
    spec,
    role,
    attempt: newest.identity.attempt,
    phase: exit !== undefined ? 'exited' : newest.phase,
    container: newest,
    health: exit === undefined && newest.phase === 'running' ? healthOf(seen, spec, { newest, published }) : NOT_UP,
    isReplaced: exit !== undefined && isReplaced(seen, spec, newest),
    exit,
    lastExit: lastExit(seen, { newest, older, published }),
    older,
  };
}

function isReplaced({ memory }: PodSeen, spec: Container, { id, resources }: ContainerState): boolean {
  const gap = memory.stops.has(id) ? sizeGap(spec, resources) : undefined;
  return gap !== undefined && restartsFor(spec, gap);
}

/** What was told of another run says nothing of this one. */
function healthOf(seen: PodSeen, spec: Container, { newest, published }: { newest: ContainerState; published: ContainerStatus | undefined }): ContainerHealth {
  const isSame = published?.containerID?.endsWith(`//${newest.id}`) === true;
  return containerHealth(seen.memory, spec, { id: newest.id, published: isSame ? published : undefined });
}

function publishedStatus(seen: PodSeen, name: string, role: ContainerRole): ContainerStatus | undefined {
  const { containerStatuses, initContainerStatuses, ephemeralContainerStatuses } = seen.memory.published;
  const lists = { app: containerStatuses, init: initContainerStatuses, sidecar: initContainerStatuses, ephemeral: ephemeralContainerStatuses };
  return lists[role]?.find((status) => status.name === name);
}

/**
 * The runtime has nothing under this name. If the status tells of a run, that run counts: somebody removed the
 * container behind our back, and it must not be taken for one that never ran.
 */
function viewLost(
  base: Pick<ContainerView, 'spec' | 'role' | 'older'>,
  published: ContainerStatus | undefined,
  seen: PodSeen,
): ContainerView {
  const exit = published && (statedExit(published.state?.terminated, published) ?? lostRun(published, seen) ?? statedExit(published.lastState?.terminated, published));
  const told = { ...base, container: undefined, health: NOT_UP, isReplaced: false, exit };
  if (published === undefined || exit === undefined) return { ...told, attempt: -1, phase: 'none', lastExit: undefined };
  return { ...told, attempt: published.restartCount, phase: 'exited', lastExit: statedExit(published.lastState?.terminated, published) };
}

function lostRun(published: ContainerStatus, seen: PodSeen): Exit | undefined {
  const running = published.state?.running;
  if (running === undefined) return undefined;
  return {
    containerId: published.containerID ?? '',
    exitCode: LOST_EXIT_CODE,
    reason: 'ContainerStatusUnknown',
    message: LOST_MESSAGE,
    startedAt: fromTime(running.startedAt) ?? 0,
    finishedAt: seen.now,
    image: published.image,
    restartLevel: published.restartCount,
  };
}

function statedExit(terminated: ContainerStateTerminated | undefined, published: ContainerStatus): Exit | undefined {
  if (terminated === undefined) return undefined;
  return {
    containerId: terminated.containerID ?? '',
    exitCode: terminated.exitCode,
    reason: terminated.reason ?? '',
    message: terminated.message ?? '',
    startedAt: fromTime(terminated.startedAt) ?? 0,
    finishedAt: fromTime(terminated.finishedAt) ?? 0,
    image: published.image,
    restartLevel: published.restartCount,
  };
}

function lastExit(
  seen: PodSeen,
  { newest, older, published }: { newest: ContainerState; older: readonly ContainerState[]; published: ContainerStatus | undefined },
): Exit | undefined {
  const before = older.at(-1);
  if (before !== undefined) return exitOf(seen, before, before.error || seen.memory.startErrors.get(before.id) || '');
  if (published === undefined) return undefined;
  const isOlder = published.restartCount < newest.identity.attempt;
  return statedExit((isOlder ? published.state?.terminated : undefined) ?? published.lastState?.terminated, published);
}

/** `error`: why it could not be started, '' otherwise. */
export function exitOf(seen: Pick<PodSeen, 'memory' | 'node'>, container: ContainerState, error: string): Exit {
  const neverRan = error !== '' && container.startedAt === 0;
  const exitCode = neverRan && container.exitCode === 0 ? START_FAILED_EXIT_CODE : container.exitCode;
  return {
    containerId: `${seen.node.runtimeName}://${container.id}`,
    exitCode,
    reason: neverRan ? 'StartError' : exitReason(container),
    message: neverRan ? error : (seen.memory.terminationMessages.get(container.id) ?? ''),
    startedAt: container.startedAt || container.createdAt,
    finishedAt: container.finishedAt || container.createdAt,
    image: container.labels[IMAGE_LABEL] ?? container.image,
    restartLevel: Number(container.labels[RESTART_LEVEL_LABEL] ?? 0) || 0,
  };
}

function exitReason({ exitCode, oomKilled }: ContainerState): string {
  if (exitCode === 0) return 'Completed';
  return oomKilled ? 'OOMKilled' : 'Error';
}
