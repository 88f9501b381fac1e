// pure: what a Job's podFailurePolicy must be.
import { child, duplicate, index, invalid, notSupported, required, tooMany, type FieldError } from '../field-errors.ts';
import type { JobSpec, PodFailurePolicyOnExitCodesRequirement, PodFailurePolicyRule } from '../generated/types.ts';
import { formatStringList } from '../string-list.ts';

const ACTIONS = ['Count', 'FailIndex', 'FailJob', 'Ignore'];
const MAX_RULES = 20;
const MAX_VALUES = 255;

export function validateFailurePolicy(spec: JobSpec): FieldError[] {
  const rules = spec.podFailurePolicy?.rules;
  if (spec.podFailurePolicy === undefined) return [];
  const path = 'spec.podFailurePolicy.rules';
  const pod = spec.template?.spec;
  const names = new Set([...(pod?.containers ?? []), ...(pod?.initContainers ?? [])].map(({ name }) => name));
  return [
    ...((rules ?? []).length > MAX_RULES ? [tooMany(path, rules!.length, MAX_RULES)] : []),
    ...(rules ?? []).flatMap((rule, at) => validateRule(spec, rule, { path: index(path, at), names })),
  ];
}

function validateRule(spec: JobSpec, rule: PodFailurePolicyRule, at: { readonly path: string; readonly names: ReadonlySet<string> }): FieldError[] {
  const { action = '', onExitCodes, onPodConditions = [] } = rule;
  const { path, names } = at;
  const actionPath = child(path, 'action');
  return [
    ...(action === '' ? [required(actionPath, `valid values: ${formatStringList(ACTIONS)}`)] : ACTIONS.includes(action) ? [] : [notSupported(actionPath, action, ACTIONS)]),
    ...(action === 'FailIndex' && spec.backoffLimitPerIndex === undefined ? [invalid(actionPath, action, 'requires the backoffLimitPerIndex to be set')] : []),
    ...(onExitCodes !== undefined && onPodConditions.length > 0 ? [invalid(path, rule, 'specifying both OnExitCodes and OnPodConditions is not supported')] : []),
    ...(onExitCodes === undefined && onPodConditions.length === 0 ? [invalid(path, rule, 'specifying one of OnExitCodes and OnPodConditions is required')] : []),
    ...(onExitCodes === undefined ? [] : validateExitCodes(onExitCodes, child(path, 'onExitCodes'), names)),
    ...validateConditions(onPodConditions, child(path, 'onPodConditions')),
  ];
}

function validateExitCodes(requirement: PodFailurePolicyOnExitCodesRequirement, path: string, names: ReadonlySet<string>): FieldError[] {
  const { operator = '', values = [], containerName } = requirement;
  const at = child(path, 'values');
  const supported = ['In', 'NotIn'];
  const seen = new Set<number>();
  return [
    ...(operator === '' ? [required(child(path, 'operator'), `valid values: ${formatStringList(supported)}`)] : supported.includes(operator) ? [] : [notSupported(child(path, 'operator'), operator, supported)]),
    ...(containerName !== undefined && !names.has(containerName) ? [invalid(child(path, 'containerName'), containerName, 'must be one of the container or initContainer names in the pod template')] : []),
    ...(values.length === 0 ? [invalid(at, values, 'at least one value is required')] : []),
    ...(values.length > MAX_VALUES ? [tooMany(at, values.length, MAX_VALUES)] : []),
    ...values.flatMap((value, row) => {
      const again = seen.has(value);
      seen.add(value);
      return again ? [duplicate(index(at, row), value)] : operator === 'In' && value === 0 ? [invalid(index(at, row), value, 'must not be 0 for the In operator')] : [];
    }),
    ...(values.some((value, row) => row > 0 && value < values[row - 1]!) ? [invalid(at, values, 'must be ordered')] : []),
  ];
}

function validateConditions(patterns: NonNullable<PodFailurePolicyRule['onPodConditions']>, path: string): FieldError[] {
  const supported = ['False', 'True', 'Unknown'];
  return [
    ...(patterns.length > MAX_RULES ? [tooMany(path, patterns.length, MAX_RULES)] : []),
    ...patterns.flatMap(({ type = '', status = 'True' }, row) => [
      ...(type === '' ? [required(child(index(path, row), 'type'))] : []),
      ...(supported.includes(status) ? [] : [notSupported(child(index(path, row), 'status'), status, supported)]),
    ]),
  ];
}
