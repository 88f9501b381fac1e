// pure: what a Job's successPolicy must be.
import { child, invalid, required, tooLong, tooMany, type FieldError } from '../field-errors.ts';
import { eachItem, notNegative } from '../field-rules.ts';
import type { JobSpec, SuccessPolicyRule } from '../generated/types.ts';
import { parseIndexRanges } from './index-list.ts';
import { countIndexes } from './index-ranges.ts';

const MAX_RULES = 20;
const MAX_INDEXES_BYTES = 64 * 1024;

export function validateSuccessPolicy(spec: JobSpec, specPath: string): FieldError[] {
  const policy = spec.successPolicy;
  if (policy === undefined) return [];
  if (spec.completionMode !== 'Indexed') return [invalid(child(specPath, 'successPolicy'), policy, 'requires indexed completion mode')];
  const path = child(specPath, 'successPolicy.rules');
  const rules = policy.rules ?? [];
  return [
    ...(rules.length === 0 ? [required(path, 'at least one rules must be specified when the successPolicy is specified')] : []),
    ...(rules.length > MAX_RULES ? [tooMany(path, rules.length, MAX_RULES)] : []),
    ...eachItem(rules, path, (rule, at) => validateRule(rule, at, spec.completions ?? 0)),
  ];
}

function validateRule({ succeededCount, succeededIndexes }: SuccessPolicyRule, path: string, completions: number): FieldError[] {
  if (succeededCount === undefined && succeededIndexes === undefined) return [required(path, 'at least one of succeededCount or succeededIndexes must be specified')];
  const field = child(path, 'succeededIndexes');
  if (succeededIndexes === undefined) return validateCount(succeededCount, child(path, 'succeededCount'), { completions });
  const parsed = parseIndexRanges(succeededIndexes, completions);
  const listed = parsed.ok ? countIndexes(parsed.ranges) : 0;
  return [
    ...(succeededIndexes.length > MAX_INDEXES_BYTES ? [tooLong(field, MAX_INDEXES_BYTES)] : []),
    ...(parsed.ok ? [] : [invalid(field, succeededIndexes, `error parsing succeededIndexes: ${parsed.problem}`)]),
    ...validateCount(succeededCount, child(path, 'succeededCount'), { completions, listed }),
  ];
}

function validateCount(count: number | undefined, field: string, { completions, listed }: { readonly completions: number; readonly listed?: number }): FieldError[] {
  if (count === undefined) return [];
  return [
    ...notNegative(count, field),
    ...(count > completions ? [invalid(field, count, `must be less than or equal to ${completions} (the number of specified completions)`)] : []),
    ...(listed !== undefined && count > listed ? [invalid(field, count, `must be less than or equal to ${listed} (the number of indexes in the specified succeededIndexes field)`)] : []),
  ];
}
