// pure: whether an exited container starts again, and when: 0, 10, 20, 40 ... 300 seconds after its end, from the
// beginning again once it has run for ten minutes, its image was changed, or it was stopped for another size.
import { restartsAfter } from '../api/pod/restart-policy.ts';
import { backoffDelayMs, CONTAINER_RESTART, RESTART_RESET_MS } from '../base/backoff.ts';
import type { ContainerView, Exit } from './container-view.ts';

export interface NextStart {
  readonly attempt: number;
  readonly restartLevel: number;
  /** Milliseconds since the epoch. */
  readonly notBefore: number;
  /** The wait before it, in milliseconds. */
  readonly backOffMs: number;
}

/** Whether the container's run, ended like this, is followed by another. */
export function restarts(view: ContainerView, exit: Exit, podPolicy: string): boolean {
  return view.isReplaced || restartsAfter(exit.exitCode, { spec: view.spec, role: view.role, podPolicy });
}

export function nextStart(view: ContainerView): NextStart {
  const { exit } = view;
  if (exit === undefined) return { attempt: view.attempt + 1, restartLevel: 0, notBefore: 0, backOffMs: 0 };
  const isFresh = view.isReplaced || exit.finishedAt - exit.startedAt >= RESTART_RESET_MS || exit.image !== (view.spec.image ?? '');
  const failures = isFresh ? 0 : exit.restartLevel;
  const backOffMs = backoffDelayMs(failures, CONTAINER_RESTART.baseMs, CONTAINER_RESTART.capMs);
  return { attempt: view.attempt + 1, restartLevel: failures + 1, notBefore: exit.finishedAt + backOffMs, backOffMs };
}
