// The plan for one Pod: from what is seen to what is to be done now, its status, and when to look again. Each question
// has its own file: verdict, sandbox-rule, start-order, restart-rule, start-state, plan-run, plan-stop, pod-status.
import type { PodStatus } from '../api/generated/types.ts';
import { viewContainers } from './container-view.ts';
import { planRun } from './plan-run.ts';
import { planStop } from './plan-stop.ts';
import type { PodAction } from './pod-action.ts';
import type { PodSeen } from './pod-seen.ts';
import { podStatus } from './pod-status.ts';
import type { PodView } from './pod-view.ts';
import { grantResize } from './resize/grant-resize.ts';
import { viewSandbox } from './sandbox-rule.ts';
import { judgePod } from './verdict.ts';

export interface PodPlan {
  /** In the order in which they are to be carried out. */
  readonly actions: readonly PodAction[];
  readonly status: PodStatus;
  readonly requeueAfterMs?: number;
  /** Nothing of the Pod is left, here or in the API. */
  readonly isOver: boolean;
}

export function planPod(asked: PodSeen): PodPlan {
  const resize = grantResize(asked);
  const seen: PodSeen = { ...asked, pod: resize.granted };
  const containers = viewContainers(seen);
  const view: PodView = { seen, containers, sandbox: viewSandbox(seen), verdict: judgePod(seen, containers), resize };
  const status = podStatus(view);
  const { actions, wakeAt, isOver = false } = view.verdict.type === 'run' ? planRun(view) : planStop(view, status);
  // What has been said is not said again.
  const news = actions.filter((action) => action.type !== 'record-event' || !seen.memory.recorded.has(action.key));
  const requeueAfterMs = wakeAt === undefined ? undefined : Math.max(0, wakeAt - seen.now);
  return { actions: news, status, isOver, ...(requeueAfterMs === undefined ? {} : { requeueAfterMs }) };
}
