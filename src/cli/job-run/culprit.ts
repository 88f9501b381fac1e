// pure: which container a failed Job failed by.
import { fromTime } from '../../api/time.ts';
import type { ContainerAttempt, PodRun } from './pod-run.ts';

export interface Culprit {
  readonly pod: string;
  readonly container: string;
  /** Never 0. */
  readonly exitCode: number;
  /** Error, OOMKilled, StartError, ... */
  readonly reason?: string;
}

/**
 * In the Pod whose container failed last, the container that failed first: the others often end because it did. Containers
 * that were stopped, that had a later run which went well, and Pods that succeeded in the end are no failures.
 */
export function findCulprit(pods: readonly PodRun[]): Culprit | undefined {
  const failing = pods
    .filter(({ phase }) => phase !== 'Succeeded')
    .flatMap((pod) => lastAttempts(pod).filter(hasFailed).map((attempt) => ({ pod, attempt })));
  const last = failing.reduce<(typeof failing)[number] | undefined>((best, one) => (best === undefined || endOf(one.attempt) > endOf(best.attempt) ? one : best), undefined);
  if (last === undefined) return undefined;
  const inPod = failing.filter(({ pod }) => pod.uid === last.pod.uid).map(({ attempt }) => attempt);
  const [first] = inPod.sort((a, b) => rank(a) - rank(b) || endOf(a) - endOf(b));
  return { pod: last.pod.name, container: first!.container, exitCode: first!.exitCode!, ...(first!.reason === undefined ? {} : { reason: first!.reason }) };
}

/** "container main of pod x-1 exited with 3", "... (OOMKilled)" */
export function culpritText({ pod, container, exitCode, reason }: Culprit): string {
  const why = reason === undefined || reason === 'Error' ? '' : ` (${reason})`;
  return `container ${container} of pod ${pod} exited with ${exitCode}${why}`;
}

function lastAttempts({ attempts }: PodRun): ContainerAttempt[] {
  const last = new Map<string, ContainerAttempt>();
  for (const attempt of attempts) {
    // The run that a stop cut short is no verdict on the ones before.
    if (attempt.stopped || attempt.exitCode === undefined) continue;
    const before = last.get(attempt.container);
    if (before === undefined || before.restart <= attempt.restart) last.set(attempt.container, attempt);
  }
  return [...last.values()];
}

function hasFailed({ exitCode }: ContainerAttempt): boolean {
  return exitCode !== undefined && exitCode !== 0;
}

function rank({ role }: ContainerAttempt): number {
  return role === 'sidecar' ? 1 : 0;
}

function endOf({ finishedAt }: ContainerAttempt): number {
  return fromTime(finishedAt) ?? 0;
}
