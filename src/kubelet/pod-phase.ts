// pure: status.phase. Pending until every container has started once, Running while one runs or will, then the end.
import type { ContainerView } from './container-view.ts';
import type { PodView } from './pod-view.ts';
import { hasSucceeded } from './start-order.ts';
import { isTerminalPhase } from './verdict.ts';

export type PodPhase = 'Pending' | 'Running' | 'Succeeded' | 'Failed';

export function podPhase(view: PodView): PodPhase {
  const { seen, containers, verdict } = view;
  const before = knownPhase(seen.pod.status?.phase, seen.memory.published.phase);
  if (before === 'Succeeded' || before === 'Failed') return before;
  // A terminal phase is only told once nothing runs any more.
  const isUp = containers.some(({ phase }) => phase === 'running');
  if (verdict.type === 'stop' && !isUp) return verdict.failed === undefined ? endPhase(containers) : 'Failed';
  if (verdict.type === 'finished' && !isUp) return endPhase(containers);
  const hasAllStarted = containers.filter(({ role }) => role !== 'ephemeral').every((container) => hasStarted(view, container));
  if (!hasAllStarted) return before === 'Running' ? 'Running' : 'Pending';
  return 'Running';
}

function knownPhase(stored: string | undefined, computed: string | undefined): string {
  return isTerminalPhase(stored) ? stored! : (computed ?? stored ?? 'Pending');
}

/** Init containers count by their success, everything else by having run at all. */
function hasStarted({ seen, sandbox }: PodView, container: ContainerView): boolean {
  if (container.role === 'init') return hasSucceeded(container, sandbox);
  const isUp = container.phase === 'running' && seen.memory.hooks.get(container.container?.id ?? '') !== 'running';
  return isUp || container.exit !== undefined || container.lastExit !== undefined;
}

/** Sidecars are told to go, so how they ended says nothing; ephemeral containers are no part of the work. */
function endPhase(containers: readonly ContainerView[]): PodPhase {
  const counted = containers.filter(({ role }) => role !== 'sidecar' && role !== 'ephemeral');
  return counted.every(({ exit }) => exit?.exitCode === 0) ? 'Succeeded' : 'Failed';
}
