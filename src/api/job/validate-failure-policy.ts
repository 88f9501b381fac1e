// pure: what a Job's podFailurePolicy must be.
import { checkQualifiedName } from '../dns-name.ts';
import { child, duplicate, invalid, invalidUnshown, notSupported, required, tooMany, type FieldError } from '../field-errors.ts';
import { eachItem, named } from '../field-rules.ts';
import type { JobSpec, PodFailurePolicyOnExitCodesRequirement, PodFailurePolicyOnPodConditionsPattern, PodFailurePolicyRule } from '../generated/types.ts';
import { formatStringList } from '../string-list.ts';

const ACTIONS = ['Count', 'FailIndex', 'FailJob', 'Ignore'];
const OPERATORS = ['In', 'NotIn'];
const STATUSES = ['False', 'True', 'Unknown'];
const MAX_RULES = 20;
const MAX_VALUES = 255;
const MAX_PATTERNS = 20;

export function validateFailurePolicy(spec: JobSpec, specPath: string): FieldError[] {
  const rules = spec.podFailurePolicy?.rules ?? [];
  const path = child(specPath, 'podFailurePolicy.rules');
  const pod = spec.template?.spec;
  const containers = new Set([...(pod?.containers ?? []), ...(pod?.initContainers ?? [])].map(({ name }) => name));
  return [
    ...(rules.length > MAX_RULES ? [tooMany(path, rules.length, MAX_RULES)] : []),
    ...eachItem(rules, path, (rule, at) => [...validateAction(spec, rule.action ?? '', child(at, 'action')), ...validateRequirement(rule, at, containers)]),
  ];
}

function validateAction(spec: JobSpec, action: string, field: string): FieldError[] {
  if (action === 'FailIndex') return spec.backoffLimitPerIndex === undefined ? [invalid(field, action, 'requires the backoffLimitPerIndex to be set')] : [];
  return listed(action, ACTIONS, field);
}

/** Where the value is required, the text says what it may be. */
function listed(value: string, supported: readonly string[], field: string): FieldError[] {
  if (value === '') return [required(field, `valid values: ${formatStringList(supported)}`)];
  return supported.includes(value) ? [] : [notSupported(field, value, supported)];
}

function validateRequirement({ onExitCodes, onPodConditions = [] }: PodFailurePolicyRule, path: string, containers: ReadonlySet<string>): FieldError[] {
  const [byCode, byCondition] = [onExitCodes !== undefined, onPodConditions.length > 0];
  return [
    ...(onExitCodes === undefined ? [] : validateExitCodes(onExitCodes, child(path, 'onExitCodes'), containers)),
    ...validatePatterns(onPodConditions, child(path, 'onPodConditions')),
    ...(byCode && byCondition ? [invalidUnshown(path, 'specifying both OnExitCodes and OnPodConditions is not supported')] : []),
    ...(!byCode && !byCondition ? [invalidUnshown(path, 'specifying one of OnExitCodes and OnPodConditions is required')] : []),
  ];
}

function validateExitCodes({ operator = '', values = [], containerName }: PodFailurePolicyOnExitCodesRequirement, path: string, containers: ReadonlySet<string>): FieldError[] {
  const at = child(path, 'values');
  const isOrdered = values.every((value, row) => row === 0 || value >= values[row - 1]!);
  return [
    ...listed(operator, OPERATORS, child(path, 'operator')),
    ...(containerName !== undefined && !containers.has(containerName)
      ? [invalid(child(path, 'containerName'), containerName, 'must be one of the container or initContainer names in the pod template')]
      : []),
    ...(values.length === 0 ? [invalid(at, values, 'at least one value is required')] : []),
    ...(values.length > MAX_VALUES ? [tooMany(at, values.length, MAX_VALUES)] : []),
    ...eachItem(values, at, (value, field, row) => [
      ...(operator === 'In' && value === 0 ? [invalid(field, value, 'must not be 0 for the In operator')] : []),
      ...(values.indexOf(value) < row ? [duplicate(field, value)] : []),
    ]),
    ...(isOrdered ? [] : [invalid(at, values, 'must be ordered')]),
  ];
}

function validatePatterns(patterns: readonly PodFailurePolicyOnPodConditionsPattern[], path: string): FieldError[] {
  return [
    ...(patterns.length > MAX_PATTERNS ? [tooMany(path, patterns.length, MAX_PATTERNS)] : []),
    ...eachItem(patterns, path, ({ type = '', status = '' }, at) => [...named(type, checkQualifiedName, child(at, 'type')), ...listed(status, STATUSES, child(at, 'status'))]),
  ];
}
