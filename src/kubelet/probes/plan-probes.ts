// pure: which probes are due, and which containers go down because of them.
import type { Probe } from '../../api/generated/types.ts';
import type { ContainerView } from '../container-view.ts';
import type { PodSeen } from '../pod-seen.ts';
import { mergeSteps, type PodSteps, type PodView } from '../pod-view.ts';
import { stopContainer } from '../stop-container.ts';
import type { ProbeKind } from './probe-state.ts';

/** Of a Pod that goes down only readiness is asked for any more. */
export function planProbes({ seen, containers }: PodView, { isGoing }: { readonly isGoing: boolean }): PodSteps {
  return mergeSteps(
    containers.flatMap((container) => {
      const id = container.container?.id ?? '';
      if (container.phase !== 'running') return [];
      const isStopping = isGoing || seen.memory.stops.has(id);
      return kindsDue(container, isStopping).map((kind) => planProbe(seen, container, kind));
    }),
  );
}

export function probeOf({ spec }: Pick<ContainerView, 'spec'>, kind: ProbeKind): Probe | undefined {
  return spec[`${kind}Probe`];
}

/** Nothing is asked before the hook is over, and nothing but startup before the container has started. */
function kindsDue({ health }: ContainerView, isStopping: boolean): readonly ProbeKind[] {
  if (health.failed !== undefined) return [];
  if (isStopping) return ['readiness'];
  return health.isStarted ? ['liveness', 'readiness'] : ['startup'];
}

function planProbe(seen: PodSeen, container: ContainerView, kind: ProbeKind): PodSteps {
  const probe = probeOf(container, kind);
  const { id = '', startedAt = 0 } = container.container ?? {};
  const state = seen.memory.probes.get(id)?.[kind];
  if (probe === undefined || state?.isRunning === true || seen.memory.hooks.has(id)) return { actions: [] };
  const due = state === undefined ? startedAt + (probe.initialDelaySeconds ?? 0) * 1_000 : state.startedAt + (probe.periodSeconds ?? 10) * 1_000;
  return seen.now < due ? { actions: [], wakeAt: due } : { actions: [{ type: 'probe-container', id, kind, container: container.spec }] };
}

/** Containers that failed their probe or their hook are killed; whether they come back is for their restart policy. */
export function planUnhealthy({ seen, containers }: PodView): PodSteps {
  return mergeSteps(
    containers.flatMap((container) => {
      const { failed } = container.health;
      if (container.phase !== 'running' || failed === undefined) return [];
      return [stopContainer(seen, container, { deadline: seen.now + graceMs(seen, container), message: killingMessage(seen, container, failed) })];
    }),
  );
}

function killingMessage(seen: PodSeen, { role, spec }: ContainerView, failed: 'startup' | 'liveness' | 'hook'): string {
  if (failed === 'hook') return 'FailedPostStartHook';
  const comesBack = role === 'sidecar' || (seen.pod.spec?.restartPolicy ?? 'Always') !== 'Never';
  return `Container ${spec.name} failed ${failed} probe${comesBack ? ', will be restarted' : ''}`;
}

function graceMs({ pod }: PodSeen, container: ContainerView): number {
  const { failed } = container.health;
  const probe = failed === 'startup' || failed === 'liveness' ? probeOf(container, failed) : undefined;
  return (probe?.terminationGracePeriodSeconds ?? pod.spec?.terminationGracePeriodSeconds ?? 30) * 1_000;
}
