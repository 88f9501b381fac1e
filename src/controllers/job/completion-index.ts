// pure: which completion index a Pod of an Indexed Job has, and how often that index failed before it.
import type { Job, Pod } from '../../api/generated/types.ts';
import { COMPLETION_INDEX, INDEX_FAILURES, INDEX_IGNORED_FAILURES } from '../../api/job/labels.ts';

export function isIndexed({ spec }: Job): boolean {
  return spec?.completionMode === 'Indexed';
}

export function limitsIndexes({ spec }: Job): boolean {
  return spec?.backoffLimitPerIndex !== undefined;
}

/** Undefined when the Pod has none, or one that the Job no longer wants. */
export function completionIndexOf(job: Job, pod: Pod): number | undefined {
  const index = countIn(pod, COMPLETION_INDEX);
  return index === undefined || index >= (job.spec?.completions ?? 0) ? undefined : index;
}

export function indexesOf(job: Job, pods: readonly Pod[]): number[] {
  return pods.map((pod) => completionIndexOf(job, pod)).filter((index) => index !== undefined);
}

/** Failures of the Pod's index before this Pod. */
export function earlierFailures(pod: Pod): { readonly counted: number; readonly ignored: number } {
  return { counted: countIn(pod, INDEX_FAILURES) ?? 0, ignored: countIn(pod, INDEX_IGNORED_FAILURES) ?? 0 };
}

export function allFailures(pod: Pod): number {
  const { counted, ignored } = earlierFailures(pod);
  return counted + ignored;
}

function countIn(pod: Pod, annotation: string): number | undefined {
  const text = pod.metadata?.annotations?.[annotation] ?? '';
  return /^\d{1,10}$/.test(text) ? Number(text) : undefined;
}
