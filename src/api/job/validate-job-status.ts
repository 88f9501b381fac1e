// pure: what may be written to a Job's status. Most rules apply only when the field that they guard changes.
import { sameValue } from '../equality.ts';
import { invalid, required, type FieldError } from '../field-errors.ts';
import type { Job } from '../generated/types.ts';
import { fromTime } from '../time.ts';
import { hasCondition, isFinished, type JobConditionType } from './conditions.ts';
import { parseIndexes } from './index-list.ts';

const CONDITIONS = 'status.conditions';

export function validateJobStatusUpdate(next: Job, old: Job): FieldError[] {
  return [...conditionErrors(next, old), ...timeErrors(next, old), ...finishedErrors(next, old), ...counterErrors(next, old), ...indexErrors(next)];
}

const EXCLUSIVE: readonly (readonly [JobConditionType, JobConditionType, string])[] = [
  ['Complete', 'Failed', 'cannot set Complete=True and Failed=true conditions'],
  ['Complete', 'FailureTarget', 'cannot set Complete=True and FailureTarget=true conditions'],
  ['SuccessCriteriaMet', 'Failed', 'cannot set SuccessCriteriaMet=True and Failed=true conditions'],
  ['SuccessCriteriaMet', 'FailureTarget', 'cannot set SuccessCriteriaMet=True and FailureTarget=true conditions'],
];

function conditionErrors(next: Job, old: Job): FieldError[] {
  if (sameValue(next.status?.conditions, old.status?.conditions)) return [];
  const shown = next.status?.conditions;
  const has = (type: JobConditionType): boolean => hasCondition(next, type);
  const lost = (type: JobConditionType): boolean => hasCondition(old, type) && !has(type);
  const details = [
    ...EXCLUSIVE.filter(([one, other]) => has(one) && has(other)).map(([, , text]) => text),
    ...(has('Failed') && !has('FailureTarget') ? ['cannot set Failed=True condition without the FailureTarget=true condition'] : []),
    ...(has('Complete') && !has('SuccessCriteriaMet') ? ['cannot set Complete=True condition without the SuccessCriteriaMet=true condition'] : []),
    ...(['Failed', 'Complete', 'FailureTarget'] as const).filter(lost).map((type) => `cannot disable the terminal ${type}=True condition`),
    ...(lost('SuccessCriteriaMet') ? ['cannot disable the SuccessCriteriaMet=True condition'] : []),
  ];
  return details.map((detail) => invalid(CONDITIONS, shown, detail));
}

function timeErrors(next: Job, old: Job): FieldError[] {
  const [status, before] = [next.status ?? {}, old.status ?? {}];
  const complete = hasCondition(next, 'Complete');
  const completionField = 'status.completionTime';
  const [start, end] = [fromTime(status.startTime), fromTime(status.completionTime)];
  const resumed = hasCondition(old, 'Suspended') || next.spec?.suspend === true;
  return [
    ...(end !== undefined && !complete ? [invalid(completionField, status.completionTime, 'cannot set completionTime when there is no Complete=True condition')] : []),
    ...(complete && end === undefined && !hasCondition(old, 'Complete') ? [required(completionField, 'completionTime is required for Complete jobs')] : []),
    ...(end !== undefined && start !== undefined && end < start ? [invalid(completionField, status.completionTime, 'completionTime cannot be set before startTime')] : []),
    ...(before.completionTime !== undefined && status.completionTime !== before.completionTime ? [invalid(completionField, status.completionTime, 'completionTime cannot be mutated')] : []),
    ...(before.startTime !== undefined && status.startTime !== before.startTime && !resumed
      ? [required('status.startTime', 'startTime cannot be removed for unsuspended job')]
      : []),
  ];
}

function finishedErrors(next: Job, old: Job): FieldError[] {
  if (!isFinished(next) || isFinished(old)) return [];
  const { active = 0, terminating = 0, startTime, uncountedTerminatedPods } = next.status ?? {};
  const uncounted = [...(uncountedTerminatedPods?.succeeded ?? []), ...(uncountedTerminatedPods?.failed ?? [])];
  return [
    ...(startTime === undefined ? [required('status.startTime', 'startTime is required for finished job')] : []),
    ...(active > 0 ? [invalid('status.active', active, 'active>0 is invalid for finished job')] : []),
    ...(terminating > 0 ? [invalid('status.terminating', terminating, 'terminating>0 is invalid for finished job')] : []),
    ...(uncounted.length > 0 ? [invalid('status.uncountedTerminatedPods', uncountedTerminatedPods, 'uncountedTerminatedPods needs to be empty for finished job')] : []),
  ];
}

function counterErrors(next: Job, old: Job): FieldError[] {
  const [status, before] = [next.status ?? {}, old.status ?? {}];
  const elastic = next.spec?.completionMode === 'Indexed' && next.spec.completions === next.spec.parallelism;
  const fields = ['active', 'succeeded', 'failed', 'ready', 'terminating'] as const;
  return [
    ...fields.filter((field) => (status[field] ?? 0) < 0).map((field) => invalid(`status.${field}`, status[field], 'must be greater than or equal to 0')),
    ...((status.failed ?? 0) < (before.failed ?? 0) ? [invalid('status.failed', status.failed ?? 0, 'cannot decrease the failed counter')] : []),
    ...((status.succeeded ?? 0) < (before.succeeded ?? 0) && !elastic ? [invalid('status.succeeded', status.succeeded ?? 0, 'cannot decrease the succeeded counter')] : []),
    ...((status.ready ?? 0) > (status.active ?? 0) && status.ready !== before.ready ? [invalid('status.ready', status.ready, 'cannot set more ready pods than active')] : []),
  ];
}

function indexErrors({ spec, status }: Job): FieldError[] {
  const { completedIndexes = '', failedIndexes } = status ?? {};
  const completions = spec?.completions ?? 0;
  const indexed = spec?.completionMode === 'Indexed';
  const bad = (text: string): boolean => parseIndexes(text, completions) === undefined;
  return [
    ...(completedIndexes !== '' && !indexed ? [invalid('status.completedIndexes', completedIndexes, 'cannot set non-empty completedIndexes when non-indexed completion mode')] : []),
    ...(completedIndexes !== '' && indexed && bad(completedIndexes) ? [invalid('status.completedIndexes', completedIndexes, 'error parsing completedIndexes: an ascending list of indexes is expected')] : []),
    ...(failedIndexes !== undefined && spec?.backoffLimitPerIndex === undefined ? [invalid('status.failedIndexes', failedIndexes, 'cannot set non-null failedIndexes when backoffLimitPerIndex is null')] : []),
  ];
}
