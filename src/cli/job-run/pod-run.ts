// pure: what is remembered of one Pod of a Job while it is followed: every run of its containers, also after the Pod is gone.
import type { ContainerStateTerminated, ContainerStatus, Pod } from '../../api/generated/types.ts';
import { COMPLETION_INDEX } from '../../api/job/labels.ts';
import { fromTime } from '../../api/time.ts';

export interface PodRun {
  readonly name: string;
  readonly uid: string;
  readonly createdAt?: string;
  /** Of an Indexed Job. */
  readonly index?: number;
  readonly phase: string;
  /** Why the Pod failed where no container tells: Evicted, DeadlineExceeded. */
  readonly reason?: string;
  readonly message?: string;
  /** Somebody deleted it: the Job because it was over, or a user. */
  readonly deleted: boolean;
  readonly attempts: readonly ContainerAttempt[];
}

export interface ContainerAttempt {
  readonly container: string;
  /** A sidecar is an init container that runs beside the others: its end says nothing of the work. */
  readonly role: 'app' | 'init' | 'sidecar';
  /** 0 for the first start in its Pod. */
  readonly restart: number;
  readonly containerID: string;
  readonly startedAt?: string;
  readonly finishedAt?: string;
  /** Absent while it runs. */
  readonly exitCode?: number;
  readonly signal?: number;
  readonly reason?: string;
  readonly message?: string;
  /** It ended because its Pod was deleted: its exit code is nobody's failure. */
  readonly stopped: boolean;
}

export function attemptKey({ uid }: Pick<PodRun, 'uid'>, { container, containerID, restart }: ContainerAttempt): string {
  return `${uid}/${container}/${containerID === '' ? restart : containerID}`;
}

/** `before`: what was known of the same Pod. Runs that the status has forgotten stay known. */
export function observePod(before: PodRun | undefined, pod: Pod): PodRun {
  const { metadata, status } = pod;
  const index = metadata?.annotations?.[COMPLETION_INDEX] ?? metadata?.labels?.[COMPLETION_INDEX];
  return {
    name: metadata?.name ?? '',
    uid: metadata?.uid ?? '',
    ...(metadata?.creationTimestamp === undefined ? {} : { createdAt: metadata.creationTimestamp }),
    ...(index === undefined ? {} : { index: Number(index) }),
    phase: status?.phase ?? 'Pending',
    ...(status?.reason === undefined ? {} : { reason: status.reason }),
    ...(status?.message === undefined ? {} : { message: status.message }),
    deleted: metadata?.deletionTimestamp !== undefined,
    attempts: merge(before?.attempts ?? [], attemptsOf(pod)),
  };
}

function attemptsOf(pod: Pod): ContainerAttempt[] {
  const sidecars = new Set((pod.spec?.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always').map(({ name }) => name));
  const inits = (pod.status?.initContainerStatuses ?? []).flatMap((status) => attemptsOfContainer(pod, status, sidecars.has(status.name) ? 'sidecar' : 'init'));
  const apps = (pod.status?.containerStatuses ?? []).flatMap((status) => attemptsOfContainer(pod, status, 'app'));
  return [...inits, ...apps];
}

function attemptsOfContainer(pod: Pod, status: ContainerStatus, role: ContainerAttempt['role']): ContainerAttempt[] {
  const { name: container, restartCount, state, lastState } = status;
  const isCurrent = state?.running !== undefined || state?.terminated !== undefined;
  const found: ContainerAttempt[] = [];
  // While the next start is waited for, the count is still that of the run before.
  if (lastState?.terminated !== undefined) found.push({ container, role, restart: Math.max(restartCount - (isCurrent ? 1 : 0), 0), ...ended(pod, lastState.terminated) });
  if (state?.terminated !== undefined) found.push({ container, role, restart: restartCount, ...ended(pod, state.terminated, status.containerID) });
  if (state?.running !== undefined) {
    found.push({ container, role, restart: restartCount, containerID: status.containerID ?? '', startedAt: state.running.startedAt, stopped: false });
  }
  return found;
}

function ended(pod: Pod, state: ContainerStateTerminated, containerID?: string): Omit<ContainerAttempt, 'container' | 'role' | 'restart'> {
  return {
    containerID: state.containerID ?? containerID ?? '',
    ...(state.startedAt === undefined ? {} : { startedAt: state.startedAt }),
    ...(state.finishedAt === undefined ? {} : { finishedAt: state.finishedAt }),
    exitCode: state.exitCode,
    ...(state.signal === undefined ? {} : { signal: state.signal }),
    ...(state.reason === undefined ? {} : { reason: state.reason }),
    ...(state.message === undefined ? {} : { message: state.message }),
    stopped: wasStopped(pod, state),
  };
}

const KILLED = [137, 143];

/** The wire has whole seconds: in the very second of the deletion the exit code has to tell. */
function wasStopped({ metadata }: Pod, { finishedAt, exitCode }: ContainerStateTerminated): boolean {
  const due = fromTime(metadata?.deletionTimestamp);
  if (due === undefined) return false;
  const asked = due - (metadata?.deletionGracePeriodSeconds ?? 0) * 1000;
  const finished = fromTime(finishedAt);
  if (finished === undefined || finished > asked) return true;
  return finished === asked && KILLED.includes(exitCode);
}

/** An end that is known once is never judged again: a Pod may be deleted long after. */
function merge(known: readonly ContainerAttempt[], seen: readonly ContainerAttempt[]): ContainerAttempt[] {
  const merged = [...known];
  for (const attempt of seen) {
    const at = merged.findIndex((one) => isSame(one, attempt));
    if (at < 0) merged.push(attempt);
    else if (merged[at]!.exitCode === undefined) merged[at] = { ...attempt, restart: merged[at]!.restart };
  }
  return merged;
}

function isSame(one: ContainerAttempt, other: ContainerAttempt): boolean {
  if (one.container !== other.container) return false;
  return one.containerID !== '' && other.containerID !== '' ? one.containerID === other.containerID : one.restart === other.restart;
}
