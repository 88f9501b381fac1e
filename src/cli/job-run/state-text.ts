// pure: what a Job is doing, in a few words for a line of progress.
import type { Job, Pod } from '../../api/generated/types.ts';
import { hasCondition } from '../../api/job/conditions.ts';
import { summarizePod } from '../../api/pod/pod-summary.ts';

export function stateText(job: Job): string {
  const { spec, status, metadata } = job;
  if (metadata?.deletionTimestamp !== undefined) return 'being deleted';
  const { active = 0, succeeded = 0, failed = 0, completedIndexes } = status ?? {};
  const wanted = spec?.completions === undefined ? '' : `/${spec.completions}`;
  const parts = [`${succeeded}${wanted} succeeded`, `${active} active`];
  if (failed > 0) parts.push(`${failed} failed`);
  if (completedIndexes !== undefined && completedIndexes !== '') parts.push(`indexes ${completedIndexes} done`);
  if (hasCondition(job, 'FailureTarget') || hasCondition(job, 'SuccessCriteriaMet')) parts.push('ending');
  else if (failed > 0 && active === 0) parts.push('waiting for the next try');
  return parts.join(', ');
}

/** For a live line: what the Pods that do not run yet are at, " (ContainerCreating)". */
export function pendingText(pods: readonly Pod[]): string {
  const pending = pods.filter(({ status, metadata }) => (status?.phase ?? 'Pending') === 'Pending' && metadata?.deletionTimestamp === undefined);
  const [first] = pending;
  if (first === undefined) return '';
  return pending.length === 1 ? ` (${summarizePod(first).status})` : ` (${pending.length} pending)`;
}

/** A suspended Job would be waited for for ever: that must not look like a hang. */
export function suspendedText({ spec, metadata }: Job): string | undefined {
  return spec?.suspend === true ? `it is suspended: minik resume job/${metadata?.name} lets it go on` : undefined;
}
