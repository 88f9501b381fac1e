// pure: the shapes that pass between the rules of a Pod's plan.
import type { ContainerView } from './container-view.ts';
import type { PodAction } from './pod-action.ts';
import type { PodSeen } from './pod-seen.ts';
import type { ResizeGrant } from './resize/grant-resize.ts';
import type { SandboxView } from './sandbox-rule.ts';
import type { Verdict } from './verdict.ts';

/** What is seen of a Pod, put in order. */
export interface PodView {
  readonly seen: PodSeen;
  readonly containers: readonly ContainerView[];
  readonly sandbox: SandboxView;
  readonly verdict: Verdict;
  readonly resize: ResizeGrant;
}

/** A part of a plan. */
export interface PodSteps {
  /** In the order in which they are to be carried out. */
  readonly actions: readonly PodAction[];
  /** When to plan again, changes or not, in milliseconds since the epoch. */
  readonly wakeAt?: number;
  /** Nothing of the Pod is left, here or in the API. */
  readonly isOver?: boolean;
}

export function mergeSteps(parts: readonly PodSteps[]): PodSteps {
  const times = parts.map(({ wakeAt }) => wakeAt).filter((time) => time !== undefined);
  const actions = parts.flatMap((part) => part.actions);
  return { actions, ...(times.length === 0 ? {} : { wakeAt: Math.min(...times) }) };
}
