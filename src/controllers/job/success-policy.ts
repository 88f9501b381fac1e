// pure: whether the indexes that have succeeded are enough for a Job's successPolicy.
import type { JobSpec, SuccessPolicyRule } from '../../api/generated/types.ts';
import { storedRanges } from '../../api/job/index-list.ts';
import { commonRanges, countIndexes, type IndexRange } from '../../api/job/index-ranges.ts';

/** What the Job's condition says of the first rule that is met; undefined when none is. */
export function metSuccessRule(spec: JobSpec, succeeded: readonly IndexRange[]): string | undefined {
  if (succeeded.length === 0) return undefined;
  const row = (spec.successPolicy?.rules ?? []).findIndex((rule) => isMet(rule, spec.completions ?? 0, succeeded));
  return row === -1 ? undefined : `Matched rules at index ${row}`;
}

function isMet({ succeededIndexes, succeededCount }: SuccessPolicyRule, completions: number, succeeded: readonly IndexRange[]): boolean {
  if (succeededIndexes === undefined) return succeededCount !== undefined && countIndexes(succeeded) >= succeededCount;
  const required = storedRanges(succeededIndexes, completions);
  return countIndexes(commonRanges(required, succeeded)) >= (succeededCount ?? countIndexes(required));
}
