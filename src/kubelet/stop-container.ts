// pure: bringing one container down: said once, asked once, killed when its time is up, asked again if that failed.
import { containerFieldPath, type ContainerView } from './container-view.ts';
import type { PodSeen } from './pod-seen.ts';
import type { PodSteps } from './pod-view.ts';

/** The runtime kills at the deadline by itself; only after this much more do we. */
const RUNTIME_SLACK_MS = 2_000;

export interface StopOrder {
  /** When it must be down, in milliseconds since the epoch. */
  readonly deadline: number;
  /** A deadline set meanwhile by a shorter grace period. */
  readonly shortened?: number;
  /** The text of the event; default: "Stopping container c". */
  readonly message?: string;
}

export function stopContainer(seen: PodSeen, view: ContainerView, order: StopOrder): PodSteps {
  const id = view.container?.id;
  if (id === undefined) return { actions: [] };
  const stop = seen.memory.stops.get(id);
  if (stop === undefined) {
    const message = order.message ?? `Stopping container ${view.spec.name}`;
    const event = { type: 'Normal', reason: 'Killing', message, fieldPath: containerFieldPath(view) } as const;
    return {
      actions: [
        { type: 'record-event', key: `killing/${id}`, event },
        { type: 'stop-container', id, deadline: order.deadline, container: view.spec },
      ],
    };
  }
  if (stop.retryAt !== undefined) {
    if (seen.now < stop.retryAt) return { actions: [], wakeAt: stop.retryAt };
    return { actions: [{ type: 'stop-container', id, deadline: Math.max(seen.now, stop.deadline), container: view.spec }] };
  }
  const killAt = order.shortened !== undefined && order.shortened < stop.deadline ? order.shortened : stop.deadline + RUNTIME_SLACK_MS;
  return seen.now < killAt ? { actions: [], wakeAt: killAt } : { actions: [{ type: 'kill-container', id }] };
}
