// pure: a single Pod over time, also one that is gone.
import type { CoreEvent, Pod } from '../../api/generated/types.ts';
import type { ContainerRun } from '../runs/container-run.ts';
import type { Health } from '../why/diagnosis.ts';
import { extent } from './plan-job-timeline.ts';
import { planPodRows } from './plan-pods-timeline.ts';
import type { Timeline } from './timeline.ts';

export interface PodObserved {
  readonly name: string;
  /** Absent: it is gone. */
  readonly pod: Pod | undefined;
  readonly runs: readonly ContainerRun[];
  readonly events: readonly CoreEvent[];
}

export function planPodTimeline({ name, pod, runs, events }: PodObserved, now: number): Timeline {
  const rows = planPodRows({ pods: pod === undefined ? [] : [pod], runs, events }, now);
  const phase = pod?.status?.phase ?? 'Pending';
  const isLive = pod !== undefined && phase !== 'Succeeded' && phase !== 'Failed';
  return { subject: `pod/${name}`, ...stateOf(pod, phase), ...extent(rows, { now, isLive }), isLive, rows };
}

function stateOf(pod: Pod | undefined, phase: string): { readonly health: Health; readonly state: string } {
  if (pod === undefined) return { health: 'healthy', state: 'deleted; this is what was kept' };
  const health = phase === 'Failed' ? 'trouble' : phase === 'Succeeded' ? 'complete' : phase === 'Pending' ? 'waiting' : 'healthy';
  const reason = pod.status?.reason;
  return { health, state: `${phase.toLowerCase()}${reason === undefined ? '' : `: ${reason}`}` };
}
