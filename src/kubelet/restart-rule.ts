// pure: whether an exited container starts again, and when: 0, 10, 20, 40 ... 300 seconds after its end, from the
// beginning again once it has run for ten minutes, its image was changed, or it was stopped for another size.
import type { Container } from '../api/generated/types.ts';
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
  if (view.role === 'sidecar') return true;
  if (view.role === 'ephemeral') return false;
  if (view.isReplaced) return true;
  const byRule = matchedRule(view.spec, exit.exitCode);
  if (byRule) return true;
  switch (view.spec.restartPolicy ?? podPolicy) {
    case 'Never':
      return false;
    case 'OnFailure':
      return exit.exitCode !== 0;
    default:
      // A regular init container is done once it has succeeded, whatever the policy.
      return view.role === 'app' || exit.exitCode !== 0;
  }
}

/** restartPolicyRules of the container itself: the first that fits, and its only action is Restart. */
function matchedRule(spec: Container, exitCode: number): boolean {
  return (spec.restartPolicyRules ?? []).some(({ action, exitCodes }) => {
    const listed = exitCodes?.values?.includes(exitCode) ?? false;
    return action === 'Restart' && (exitCodes?.operator === 'NotIn' ? !listed : listed);
  });
}

export function nextStart(view: ContainerView): NextStart {
  const { exit } = view;
  if (exit === undefined) return { attempt: view.attempt + 1, restartLevel: 0, notBefore: 0, backOffMs: 0 };
  const isFresh = view.isReplaced || exit.finishedAt - exit.startedAt >= RESTART_RESET_MS || exit.image !== (view.spec.image ?? '');
  const failures = isFresh ? 0 : exit.restartLevel;
  const backOffMs = backoffDelayMs(failures, CONTAINER_RESTART.baseMs, CONTAINER_RESTART.capMs);
  return { attempt: view.attempt + 1, restartLevel: failures + 1, notBefore: exit.finishedAt + backOffMs, backOffMs };
}
