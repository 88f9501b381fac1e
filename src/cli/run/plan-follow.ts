// pure: what to do next for somebody who watches one container run: wait, show the output of an attempt, or leave with its exit code.
import type { ContainerStatus, Pod } from '../../api/generated/types.ts';

export type FollowStep =
  /** `waitingFor` is worth telling: "ErrImagePull: ...". */
  | { readonly type: 'wait'; readonly waitingFor?: string }
  | { readonly type: 'stream'; readonly attempt: string }
  | { readonly type: 'done'; readonly exitCode: number };

/** `shown`: the attempts (container ids) whose output has been shown to its end. */
export function planFollow(pod: Pod | undefined, shown: readonly string[]): FollowStep {
  if (pod === undefined) return { type: 'wait' };
  const status = pod.status?.containerStatuses?.[0];
  const attempt = status === undefined ? undefined : attemptOf(status);
  if (attempt !== undefined && !shown.includes(attempt)) return { type: 'stream', attempt };
  const exitCode = finalExitCode(pod, status);
  if (exitCode !== undefined && (shown.length > 0 || isOver(pod))) return { type: 'done', exitCode };
  return { type: 'wait', waitingFor: waitingFor(pod, status) };
}

/** An attempt can be shown from the moment its container runs. */
function attemptOf({ containerID, state }: ContainerStatus): string | undefined {
  if (containerID === undefined || containerID === '') return undefined;
  return state?.running !== undefined || state?.terminated !== undefined ? containerID : undefined;
}

/** A Pod that is always restarted has no end: its first one counts. */
function finalExitCode(pod: Pod, status: ContainerStatus | undefined): number | undefined {
  if (pod.spec?.restartPolicy === 'Always') {
    return (status?.state?.terminated ?? status?.lastState?.terminated)?.exitCode ?? (isOver(pod) ? exitCodeOfPhase(pod) : undefined);
  }
  if (!isOver(pod)) return undefined;
  return status?.state?.terminated?.exitCode ?? exitCodeOfPhase(pod);
}

function isOver({ status }: Pod): boolean {
  return status?.phase === 'Succeeded' || status?.phase === 'Failed';
}

function exitCodeOfPhase({ status }: Pod): number {
  return status?.phase === 'Succeeded' ? 0 : 1;
}

/** Reasons that come and go with every start are not worth a line. */
const PASSING = ['ContainerCreating', 'PodInitializing', 'CrashLoopBackOff'];

function waitingFor(pod: Pod, status: ContainerStatus | undefined): string | undefined {
  const waiting = status?.state?.waiting;
  if (waiting?.reason !== undefined && !PASSING.includes(waiting.reason)) {
    return waiting.message === undefined ? waiting.reason : `${waiting.reason}: ${waiting.message}`;
  }
  const scheduled = pod.status?.conditions?.find(({ type, status: value }) => type === 'PodScheduled' && value === 'False');
  return scheduled?.message;
}
