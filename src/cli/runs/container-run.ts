// pure: the runs of containers that a Pod's status tells of, and those that only the list of attempts still has, as one list.
import type { Attempt } from '../../api/attempt/attempt.ts';
import type { ContainerState, ContainerStatus, Pod } from '../../api/generated/types.ts';
import { COMPLETION_INDEX } from '../../api/job/labels.ts';
import { fromTime } from '../../api/time.ts';

export type ContainerRole = 'init' | 'sidecar' | 'app';

/** One start of one container. Times are milliseconds since the epoch. */
export interface ContainerRun {
  readonly pod: string;
  readonly podUid: string;
  /** The completion index of its Pod, if it has one. */
  readonly index?: number;
  readonly container: string;
  readonly role: ContainerRole;
  /** 0 for the first start of this container in its Pod. */
  readonly restart: number;
  readonly startedAt?: number;
  /** Absent while it runs. */
  readonly finishedAt?: number;
  readonly exitCode?: number;
  /** Completed, Error, OOMKilled, StartError, ...; '' when nobody said. */
  readonly reason: string;
  readonly message: string;
  /** Known from the archive only: its container is gone. */
  readonly isArchived: boolean;
}

export function runKey({ podUid, container, restart }: Pick<ContainerRun, 'podUid' | 'container' | 'restart'>): string {
  return `${podUid}/${container}/${restart}`;
}

export function hasEnded(run: ContainerRun): boolean {
  return run.exitCode !== undefined;
}

export function hasFailed(run: ContainerRun): boolean {
  return run.exitCode !== undefined && run.exitCode !== 0;
}

/** Oldest first; what a Pod says wins over the list of attempts, which may be of a moment before. */
export function runsOf(pods: readonly Pod[], attempts: readonly Attempt[]): ContainerRun[] {
  const found = new Map<string, ContainerRun>();
  const roles = new Map(pods.flatMap((pod) => rolesOf(pod).map(({ name, role }) => [`${pod.metadata?.uid}/${name}`, role] as const)));
  for (const attempt of attempts) {
    const run = runOfAttempt(attempt);
    found.set(runKey(run), { ...run, role: roles.get(`${run.podUid}/${run.container}`) ?? run.role });
  }
  for (const run of pods.flatMap(runsOfPod)) found.set(runKey(run), merged(found.get(runKey(run)), run));
  return [...found.values()].sort((a, b) => timeOf(a) - timeOf(b) || a.restart - b.restart);
}

export function indexOfPod({ metadata }: Pod): number | undefined {
  const text = metadata?.annotations?.[COMPLETION_INDEX] ?? metadata?.labels?.[COMPLETION_INDEX];
  return text === undefined ? undefined : Number(text);
}

export function rolesOf({ spec }: Pod): { readonly name: string; readonly role: ContainerRole }[] {
  return [
    ...(spec?.initContainers ?? []).map(({ name, restartPolicy }) => ({ name, role: restartPolicy === 'Always' ? ('sidecar' as const) : ('init' as const) })),
    ...(spec?.containers ?? []).map(({ name }) => ({ name, role: 'app' as const })),
  ];
}

/** Attempts have times finer than the second. */
function merged(archived: ContainerRun | undefined, told: ContainerRun): ContainerRun {
  if (archived === undefined) return told;
  const startedAt = archived.startedAt ?? told.startedAt;
  const finishedAt = told.finishedAt === undefined ? undefined : (archived.finishedAt ?? told.finishedAt);
  return { ...told, isArchived: archived.isArchived, ...(startedAt === undefined ? {} : { startedAt }), ...(finishedAt === undefined ? {} : { finishedAt }) };
}

function runsOfPod(pod: Pod): ContainerRun[] {
  const statuses = [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])];
  const roles = new Map(rolesOf(pod).map(({ name, role }) => [name, role]));
  return statuses.flatMap((status) => runsOfStatus(pod, status, roles.get(status.name) ?? 'app'));
}

function runsOfStatus(pod: Pod, status: ContainerStatus, role: ContainerRole): ContainerRun[] {
  const { state = {}, lastState = {}, restartCount } = status;
  const index = indexOfPod(pod);
  const base = { pod: pod.metadata?.name ?? '', podUid: pod.metadata?.uid ?? '', container: status.name, role, isArchived: false, ...(index === undefined ? {} : { index }) };
  // Who waits to start again has not been counted as restarted yet.
  const lastRestart = state.waiting === undefined ? restartCount - 1 : restartCount;
  return [
    ...ended(lastState).map((run) => ({ ...base, ...run, restart: Math.max(lastRestart, 0) })),
    ...ended(state).map((run) => ({ ...base, ...run, restart: restartCount })),
    ...(state.running === undefined ? [] : [{ ...base, restart: restartCount, startedAt: fromTime(state.running.startedAt), reason: '', message: '' }]),
  ];
}

function ended({ terminated }: ContainerState): Pick<ContainerRun, 'startedAt' | 'finishedAt' | 'exitCode' | 'reason' | 'message'>[] {
  if (terminated === undefined) return [];
  const { exitCode, reason = '', message = '', startedAt, finishedAt } = terminated;
  return [{ exitCode, reason, message, startedAt: fromTime(startedAt), finishedAt: fromTime(finishedAt) }];
}

function runOfAttempt(attempt: Attempt): ContainerRun {
  const { pod, podUid, container, isInit, isArchived, restart, job, startedAt, finishedAt, exitCode, reason = '', message = '' } = attempt;
  return {
    pod,
    podUid,
    container,
    restart,
    reason,
    message,
    role: isInit ? 'init' : 'app',
    isArchived,
    ...(job?.index === undefined ? {} : { index: job.index }),
    startedAt: fromTime(startedAt),
    finishedAt: fromTime(finishedAt),
    ...(exitCode === undefined ? {} : { exitCode }),
  };
}

function timeOf({ startedAt, finishedAt }: ContainerRun): number {
  return startedAt ?? finishedAt ?? 0;
}
