// pure: what a row of probe results comes to. Single results count for nothing until as many in a row as the probe asks for.
import type { Probe } from '../../api/generated/types.ts';

export type ProbeKind = 'startup' | 'liveness' | 'readiness';

export interface ProbeState {
  /** When the newest try began, in milliseconds since the epoch. */
  readonly startedAt: number;
  /** Its answer is still awaited. */
  readonly isRunning: boolean;
  /** Like results in a row, and what they are. */
  readonly streak: number;
  readonly isPassing: boolean;
  /** What counts; undefined until a threshold was reached for the first time. */
  readonly verdict: boolean | undefined;
}

/** Of one container. */
export type ContainerProbes = { readonly [Kind in ProbeKind]?: ProbeState };

export function probeBegun(state: ProbeState | undefined, now: number): ProbeState {
  return { streak: 0, isPassing: false, verdict: undefined, ...state, startedAt: now, isRunning: true };
}

export function probeAnswered(state: ProbeState, isPassing: boolean, { failureThreshold = 3, successThreshold = 1 }: Probe): ProbeState {
  const streak = state.streak > 0 && state.isPassing === isPassing ? state.streak + 1 : 1;
  const isDecided = streak >= (isPassing ? successThreshold : failureThreshold);
  return { ...state, isRunning: false, streak, isPassing, verdict: isDecided ? isPassing : state.verdict };
}
