// pure: what a Job's successPolicy must be.
import { child, index, invalid, required, tooLong, tooMany, type FieldError } from '../field-errors.ts';
import type { JobSpec } from '../generated/types.ts';
import { parseIndexes } from './index-list.ts';

const MAX_RULES = 20;
const MAX_INDEXES_BYTES = 64 * 1024;

export function validateSuccessPolicy(spec: JobSpec): FieldError[] {
  const policy = spec.successPolicy;
  if (policy === undefined) return [];
  if (spec.completionMode !== 'Indexed') return [invalid('spec.successPolicy', policy, 'requires indexed completion mode')];
  const path = 'spec.successPolicy.rules';
  const rules = policy.rules ?? [];
  return [
    ...(rules.length === 0 ? [required(path, 'at least one rules must be specified when the successPolicy is specified')] : []),
    ...(rules.length > MAX_RULES ? [tooMany(path, rules.length, MAX_RULES)] : []),
    ...rules.flatMap((rule, row) => validateRule(rule, index(path, row), spec.completions ?? 0)),
  ];
}

function validateRule(rule: { readonly succeededCount?: number; readonly succeededIndexes?: string }, path: string, completions: number): FieldError[] {
  const { succeededCount, succeededIndexes } = rule;
  const [countPath, indexesPath] = [child(path, 'succeededCount'), child(path, 'succeededIndexes')];
  if (succeededCount === undefined && succeededIndexes === undefined) {
    return [required(path, 'at least one of succeededCount or succeededIndexes must be specified')];
  }
  const listed = succeededIndexes === undefined ? undefined : parseIndexes(succeededIndexes, completions);
  return [
    ...(succeededIndexes !== undefined && succeededIndexes.length > MAX_INDEXES_BYTES ? [tooLong(indexesPath, MAX_INDEXES_BYTES)] : []),
    ...(succeededIndexes !== undefined && listed === undefined ? [invalid(indexesPath, succeededIndexes, `error parsing succeededIndexes: an ascending list of indexes below ${completions} is expected`)] : []),
    ...(succeededCount !== undefined && succeededCount < 0 ? [invalid(countPath, succeededCount, 'must be greater than or equal to 0')] : []),
    ...(succeededCount !== undefined && succeededCount > completions ? [invalid(countPath, succeededCount, `must be less than or equal to ${completions} (the number of specified completions)`)] : []),
    ...(succeededCount !== undefined && listed !== undefined && succeededCount > listed.length
      ? [invalid(countPath, succeededCount, `must be less than or equal to ${listed.length} (the number of indexes in the specified succeededIndexes field)`)]
      : []),
  ];
}
