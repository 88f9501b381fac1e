// pure: what is to become of a Pod as a whole: run on, or be brought down, and why.
import { fromTime } from '../api/time.ts';
import type { ContainerView } from './container-view.ts';
import type { PodFailure } from './pod-memory.ts';
import type { PodSeen } from './pod-seen.ts';
import { restarts } from './restart-rule.ts';

export type Verdict =
  | { readonly type: 'run' }
  /** The API object is gone: kill and clean. */
  | { readonly type: 'clean' }
  /** Everything that ran has ended for good; sidecars and sandbox go too. */
  | { readonly type: 'finished' }
  /** Bring down what runs; `failed` when the Pod has failed whatever its containers say. */
  | { readonly type: 'stop'; readonly failed?: PodFailure };

export function isTerminalPhase(phase: string | undefined): boolean {
  return phase === 'Succeeded' || phase === 'Failed';
}

export function judgePod(seen: PodSeen, views: readonly ContainerView[]): Verdict {
  if (seen.gone) return { type: 'clean' };
  const failed = isTerminalPhase(seen.pod.status?.phase) ? undefined : (seen.memory.evicted ?? exceededDeadline(seen, views));
  if (failed !== undefined) return { type: 'stop', failed };
  if (seen.pod.metadata?.deletionTimestamp !== undefined) return { type: 'stop' };
  // Terminal phases are for ever, also one that somebody else has set (an eviction).
  if (isTerminalPhase(seen.pod.status?.phase) || isTerminalPhase(seen.memory.published.phase)) return { type: 'stop' };
  return isFinished(views, seen.pod.spec?.restartPolicy ?? 'Always') ? { type: 'finished' } : { type: 'run' };
}

/** Milliseconds since the epoch at which the Pod must be down, if it has such a time. */
export function activeDeadline(seen: PodSeen): number | undefined {
  const seconds = seen.pod.spec?.activeDeadlineSeconds;
  if (seconds === undefined) return undefined;
  return (fromTime(seen.memory.published.startTime) ?? seen.memory.acceptedAt) + seconds * 1_000;
}

/** A Pod whose containers all ended before the deadline has made it, even if we look only afterwards. */
function exceededDeadline(seen: PodSeen, views: readonly ContainerView[]): PodFailure | undefined {
  const deadline = activeDeadline(seen);
  if (deadline === undefined || seen.now < deadline) return undefined;
  const inTime = isFinished(views, seen.pod.spec?.restartPolicy ?? 'Always') && views.every(({ exit }) => exit === undefined || exit.finishedAt < deadline);
  if (inTime) return undefined;
  return { reason: 'DeadlineExceeded', message: 'Pod was active on the node longer than the specified deadline' };
}

/** No app container runs or will ever run again, or an init container has failed for good. */
export function isFinished(views: readonly ContainerView[], policy: string): boolean {
  const over = (view: ContainerView): boolean => view.exit !== undefined && !restarts(view, view.exit, policy);
  if (views.some((view) => view.role === 'init' && view.exit !== undefined && view.exit.exitCode !== 0 && over(view))) return true;
  return views.filter(({ role }) => role === 'app').every(over);
}
