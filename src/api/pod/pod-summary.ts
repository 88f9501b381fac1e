// pure: a Pod in a line: the READY, STATUS and RESTARTS that kubectl shows.
import type { Container, ContainerStatus, Pod } from '../generated/types.ts';
import { fromTime } from '../time.ts';

export interface PodSummary {
  readonly ready: number;
  readonly total: number;
  readonly status: string;
  readonly restarts: number;
  /** Milliseconds since the epoch; undefined when nothing was restarted. */
  readonly lastRestart: number | undefined;
}

interface Walk {
  status: string;
  ready: number;
  restarts: number;
  lastRestart: number | undefined;
}

/** The order of the steps is upstream's: a later one overrides an earlier one. */
export function summarizePod(pod: Pod): PodSummary {
  const { status, spec } = pod;
  const sidecars = new Set((spec?.initContainers ?? []).filter(isSidecar).map(({ name }) => name));
  const gated = status?.conditions?.some(({ type, reason }) => type === 'PodScheduled' && reason === 'SchedulingGated') === true;
  const walk: Walk = { status: gated ? 'SchedulingGated' : status?.reason || status?.phase || '', ready: 0, restarts: 0, lastRestart: undefined };
  const { initializing, sidecarRestarts } = walkInits(pod, walk, sidecars);
  if (!initializing || isTrue(pod, 'Initialized')) walkApps(pod, walk, sidecarRestarts);
  if (pod.metadata?.deletionTimestamp !== undefined) {
    if (status?.reason === 'NodeLost') walk.status = 'Unknown';
    else if (status?.phase !== 'Succeeded' && status?.phase !== 'Failed') walk.status = 'Terminating';
  }
  return { ...walk, total: (spec?.containers ?? []).length + sidecars.size };
}

function isSidecar(container: Container): boolean {
  return container.restartPolicy === 'Always';
}

function isTrue(pod: Pod, condition: string): boolean {
  return pod.status?.conditions?.some(({ type, status }) => type === condition && status === 'True') === true;
}

interface Restarts {
  readonly count: number;
  readonly last: number | undefined;
}

function walkInits(pod: Pod, walk: Walk, sidecars: ReadonlySet<string>): { readonly initializing: boolean; readonly sidecarRestarts: Restarts } {
  const statuses = pod.status?.initContainerStatuses ?? [];
  const total = (pod.spec?.initContainers ?? []).length;
  let sidecarRestarts: Restarts = { count: 0, last: undefined };
  for (const [at, status] of statuses.entries()) {
    const sidecar = sidecars.has(status.name);
    walk.restarts += status.restartCount;
    walk.lastRestart = later(walk.lastRestart, restartedAt(status));
    if (sidecar) sidecarRestarts = { count: sidecarRestarts.count + status.restartCount, last: later(sidecarRestarts.last, restartedAt(status)) };
    const { terminated, waiting } = status.state ?? {};
    if (terminated !== undefined && terminated.exitCode === 0) continue;
    if (sidecar && status.started === true) {
      if (status.ready) walk.ready += 1;
      continue;
    }
    if (terminated !== undefined) walk.status = `Init:${terminated.reason || (terminated.signal ? `Signal:${terminated.signal}` : `ExitCode:${terminated.exitCode}`)}`;
    else if (waiting?.reason !== undefined && waiting.reason !== '' && waiting.reason !== 'PodInitializing') walk.status = `Init:${waiting.reason}`;
    else walk.status = `Init:${at}/${total}`;
    return { initializing: true, sidecarRestarts };
  }
  return { initializing: false, sidecarRestarts };
}

/** From the last container to the first: the first one's reason is what is shown. */
function walkApps(pod: Pod, walk: Walk, sidecarRestarts: Restarts): void {
  walk.restarts = sidecarRestarts.count;
  walk.lastRestart = sidecarRestarts.last;
  let running = false;
  for (const status of [...(pod.status?.containerStatuses ?? [])].reverse()) {
    walk.restarts += status.restartCount;
    walk.lastRestart = later(walk.lastRestart, restartedAt(status));
    const { waiting, terminated, running: alive } = status.state ?? {};
    if (waiting?.reason) walk.status = waiting.reason;
    else if (terminated?.reason) walk.status = terminated.reason;
    else if (terminated !== undefined) walk.status = terminated.signal ? `Signal:${terminated.signal}` : `ExitCode:${terminated.exitCode}`;
    else if (status.ready && alive !== undefined) {
      running = true;
      walk.ready += 1;
    }
  }
  if (walk.status === 'Completed' && running) walk.status = isTrue(pod, 'Ready') ? 'Running' : 'NotReady';
}

function restartedAt(status: ContainerStatus): number | undefined {
  return fromTime(status.lastState?.terminated?.finishedAt);
}

function later(a: number | undefined, b: number | undefined): number | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return Math.max(a, b);
}
