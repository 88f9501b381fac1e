// pure: runs of containers that nobody saw while they were followed, from what the server has kept of them.
import type { Attempt } from '../../api/attempt/attempt.ts';
import type { ContainerAttempt, PodRun } from './pod-run.ts';

/** Exit codes of what was told to stop, or was killed. */
const STOPPED = [137, 143];

/** `before`: what is known of the attempt's Pod, if anything. Adds the attempt, or the end of it, where that is news. */
export function addArchived(before: PodRun | undefined, attempt: Attempt): PodRun {
  const run: PodRun = before ?? { name: attempt.pod, uid: attempt.podUid, phase: 'Unknown', deleted: true, ...(attempt.job?.index === undefined ? {} : { index: attempt.job.index }), attempts: [] };
  const at = run.attempts.findIndex(({ container, restart }) => container === attempt.container && restart === attempt.restart);
  const known = run.attempts[at];
  if (known?.exitCode !== undefined || attempt.exitCode === undefined) return run;
  const { container, restart, startedAt, finishedAt, exitCode, signal, reason, message, isInit } = attempt;
  const ended: ContainerAttempt = {
    container,
    role: known?.role ?? (isInit ? 'init' : 'app'),
    restart,
    containerID: known?.containerID ?? '',
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(finishedAt === undefined ? {} : { finishedAt }),
    exitCode,
    ...(signal === undefined ? {} : { signal }),
    ...(reason === undefined ? {} : { reason }),
    ...(message === undefined ? {} : { message }),
    stopped: run.deleted && STOPPED.includes(exitCode),
  };
  return { ...run, attempts: at < 0 ? [...run.attempts, ended] : run.attempts.with(at, ended) };
}
