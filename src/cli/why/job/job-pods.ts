// pure: a Job's Pods sorted by how they fare, and words for what the Job still wants.
import type { Job } from '../../../api/generated/types.ts';
import type { Diagnosis } from '../diagnosis.ts';
import type { JobFacts, PodFacts } from '../facts.ts';
import { createdAt } from '../job-retry.ts';
import { isOver } from '../pod/container-states.ts';
import { diagnosePod } from '../pod/pod-rules.ts';

export function activePods({ pods }: JobFacts): PodFacts[] {
  return pods.filter(({ pod }) => !isOver(pod) && pod.metadata?.deletionTimestamp === undefined);
}

export function terminatingPods({ pods }: JobFacts): PodFacts[] {
  return pods.filter(({ pod }) => !isOver(pod) && pod.metadata?.deletionTimestamp !== undefined);
}

/** Newest last. */
export function failedPods({ pods }: JobFacts): PodFacts[] {
  return pods.filter(({ pod }) => pod.status?.phase === 'Failed').sort((a, b) => createdAt(a.pod) - createdAt(b.pod));
}

export interface TroubledPod {
  readonly facts: PodFacts;
  readonly diagnosis: Diagnosis;
}

export function troubledPods(facts: JobFacts): TroubledPod[] {
  const judged = activePods(facts).map((pod) => ({ facts: pod, diagnosis: diagnosePod(pod) }));
  return judged.filter(({ diagnosis }) => diagnosis.health === 'trouble' || diagnosis.rule === 'scheduling-gates');
}

/** "2 of 5 completions", or "no success yet" for a work queue. */
export function progressText({ spec, status }: Job): string {
  const succeeded = status?.succeeded ?? 0;
  if (spec?.completions === undefined) return succeeded > 0 ? `${many(succeeded, 'Pod')} succeeded` : 'no Pod has succeeded yet';
  return `${succeeded} of ${many(spec.completions, 'completion')}`;
}

export function many(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
