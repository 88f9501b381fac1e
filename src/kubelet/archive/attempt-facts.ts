// pure: what there is to tell of an attempt: from its container, or, where that is lost, from what the Pod's status said.
import type { Attempt } from '../../api/attempt/attempt.ts';
import type { ContainerStateTerminated, ContainerStatus, Pod } from '../../api/generated/types.ts';
import { exitOf, IMAGE_LABEL, LOST_MESSAGE } from '../container-view.ts';
import type { PodSeen } from '../pod-seen.ts';
import { SANDBOX, type ContainerState } from '../runtime/container-runtime.ts';
import { ownerOf, readOwner } from './attempt-owner.ts';

const KILLED = 137;

/** Undefined for what is no attempt: a sandbox, a container that was never started. */
export function attemptFacts(seen: Pick<PodSeen, 'pod' | 'memory' | 'node'>, container: ContainerState): Attempt | undefined {
  const { identity, labels, phase, startedAt } = container;
  const error = container.error || seen.memory.startErrors.get(container.id) || '';
  if (identity.container === SANDBOX || (phase === 'created' && error === '')) return undefined;
  const exit = phase === 'running' ? undefined : exitOf(seen, container, error);
  return {
    namespace: identity.namespace,
    pod: identity.pod,
    podUid: identity.podUid,
    container: identity.container,
    restart: identity.attempt,
    // A Pod that is gone from the API may be known by its name alone.
    ...(seen.pod.spec === undefined ? readOwner(labels) : ownerOf(seen.pod, identity.container)),
    image: labels[IMAGE_LABEL] ?? container.image,
    ...timeFields(startedAt, exit?.finishedAt),
    ...(exit === undefined ? {} : { exitCode: exit.exitCode, ...(exit.reason === '' ? {} : { reason: exit.reason }), ...(exit.message === '' ? {} : { message: exit.message }) }),
    ...NO_LOG,
  };
}

/** Nobody saw the end of it. */
export function lostFacts(attempt: Attempt, now: number): Attempt {
  if (attempt.finishedAt !== undefined) return attempt;
  return { ...attempt, finishedAt: new Date(now).toISOString(), exitCode: KILLED, reason: 'ContainerStatusUnknown', message: LOST_MESSAGE };
}

/** The attempts that a Pod's status tells of: of each container the newest, and the one before it. */
export function statedAttempts(pod: Pod): readonly Attempt[] {
  const { containerStatuses = [], initContainerStatuses = [] } = pod.status ?? {};
  return [...initContainerStatuses, ...containerStatuses].flatMap((status) => {
    const { state, lastState, restartCount } = status;
    const last = lastState?.terminated;
    if (state?.running !== undefined) return [stated(pod, status, { restart: restartCount, startedAt: state.running.startedAt }), ...ended(pod, status, restartCount - 1, last)];
    if (state?.terminated !== undefined) return [...ended(pod, status, restartCount, state.terminated), ...ended(pod, status, restartCount - 1, last)];
    return ended(pod, status, restartCount, last);
  });
}

/** Without times it never ran: it was told as lost. */
function ended(pod: Pod, status: ContainerStatus, restart: number, terminated: ContainerStateTerminated | undefined): readonly Attempt[] {
  if (terminated?.startedAt === undefined || restart < 0) return [];
  const { startedAt, finishedAt, exitCode, reason, message, signal } = terminated;
  return [stated(pod, status, { restart, startedAt, finishedAt, exitCode, ...(reason === undefined ? {} : { reason }), ...(message === undefined ? {} : { message }), ...(signal === undefined ? {} : { signal }) })];
}

function stated(pod: Pod, { name, image }: ContainerStatus, facts: Pick<Attempt, 'restart' | 'startedAt' | 'finishedAt' | 'exitCode' | 'signal' | 'reason' | 'message'>): Attempt {
  const { namespace = '', name: podName = '', uid = '' } = pod.metadata ?? {};
  return { namespace, pod: podName, podUid: uid, container: name, ...ownerOf(pod, name), image, ...facts, ...NO_LOG };
}

const NO_LOG = { logBytes: 0, isTruncated: false, isArchived: false } as const;

function timeFields(startedAt: number, finishedAt: number | undefined): Pick<Attempt, 'startedAt' | 'finishedAt'> {
  return {
    ...(startedAt === 0 ? {} : { startedAt: new Date(startedAt).toISOString() }),
    ...(finishedAt === undefined || finishedAt === 0 ? {} : { finishedAt: new Date(finishedAt).toISOString() }),
  };
}
