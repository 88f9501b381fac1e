// pure: what may be written to a Job's status. Most rules apply only when the field that they guard changes.
import { sameValue } from '../equality.ts';
import { child, duplicate, invalid, invalidUnshown, required, type FieldError } from '../field-errors.ts';
import { eachItem, notNegative } from '../field-rules.ts';
import type { Job, JobStatus } from '../generated/types.ts';
import { validateMetaUpdate } from '../meta/validate-meta.ts';
import { fromTime } from '../time.ts';
import { hasCondition, isFinished, type JobConditionType } from './conditions.ts';
import { parseIndexRanges, type ParsedRanges } from './index-list.ts';
import { firstOverlap } from './index-ranges.ts';

export function validateJobStatusUpdate(next: Job, old: Job): FieldError[] {
  return [
    ...validateMetaUpdate(next.metadata),
    ...counterErrors(next, old),
    ...uncountedErrors(next.status?.uncountedTerminatedPods),
    ...conditionErrors(next, old),
    ...timeErrors(next, old),
    ...(isFinished(next) && !isFinished(old) ? finishedErrors(next.status ?? {}) : []),
    ...indexErrors(next, old),
  ];
}

const EXCLUSIVE: readonly (readonly [JobConditionType, JobConditionType, string])[] = [
  ['Complete', 'Failed', 'cannot set Complete=True and Failed=true conditions'],
  ['Complete', 'FailureTarget', 'cannot set Complete=True and FailureTarget=true conditions'],
  ['SuccessCriteriaMet', 'Failed', 'cannot set SuccessCriteriaMet=True and Failed=true conditions'],
  ['SuccessCriteriaMet', 'FailureTarget', 'cannot set SuccessCriteriaMet=True and FailureTarget=true conditions'],
];

function conditionErrors(next: Job, old: Job): FieldError[] {
  if (sameValue(next.status?.conditions, old.status?.conditions)) return [];
  const has = (type: JobConditionType): boolean => hasCondition(next, type);
  const lost = (type: JobConditionType): boolean => hasCondition(old, type) && !has(type);
  const details = [
    ...EXCLUSIVE.filter(([one, other]) => has(one) && has(other)).map(([, , text]) => text),
    ...(has('Failed') && !has('FailureTarget') ? ['cannot set Failed=True condition without the FailureTarget=true condition'] : []),
    ...(has('Complete') && !has('SuccessCriteriaMet') ? ['cannot set Complete=True condition without the SuccessCriteriaMet=true condition'] : []),
    ...(['Failed', 'Complete', 'FailureTarget'] as const).filter(lost).map((type) => `cannot disable the terminal ${type}=True condition`),
    ...(lost('SuccessCriteriaMet') ? ['cannot disable the SuccessCriteriaMet=True condition'] : []),
  ];
  return details.map((detail) => invalidUnshown('status.conditions', detail));
}

function timeErrors(next: Job, old: Job): FieldError[] {
  const [status, before] = [next.status ?? {}, old.status ?? {}];
  const complete = hasCondition(next, 'Complete');
  const field = 'status.completionTime';
  const [start, end] = [fromTime(status.startTime), fromTime(status.completionTime)];
  // A resume sets the time anew: the suspension that it ends is still in the old status.
  const mayRestart = next.spec?.suspend === true || hasCondition(old, 'Suspended');
  return [
    ...(end !== undefined && !complete ? [invalid(field, status.completionTime, 'cannot set completionTime when there is no Complete=True condition')] : []),
    ...(complete && end === undefined ? [required(field, 'completionTime is required for Complete jobs')] : []),
    ...(end !== undefined && start !== undefined && end < start ? [invalid(field, status.completionTime, 'completionTime cannot be set before startTime')] : []),
    ...(end !== undefined && before.completionTime !== undefined && status.completionTime !== before.completionTime ? [invalid(field, status.completionTime, 'completionTime cannot be mutated')] : []),
    ...(before.startTime !== undefined && status.startTime !== before.startTime && !mayRestart ? [required('status.startTime', 'startTime cannot be removed for unsuspended job')] : []),
  ];
}

function finishedErrors({ active = 0, terminating = 0, startTime, uncountedTerminatedPods }: JobStatus): FieldError[] {
  const uncounted = [...(uncountedTerminatedPods?.succeeded ?? []), ...(uncountedTerminatedPods?.failed ?? [])];
  return [
    ...(active > 0 ? [invalid('status.active', active, 'active>0 is invalid for finished job')] : []),
    ...(startTime === undefined ? [required('status.startTime', 'startTime is required for finished job')] : []),
    ...(uncounted.length > 0 ? [invalid('status.uncountedTerminatedPods', uncountedTerminatedPods, 'uncountedTerminatedPods needs to be empty for finished job')] : []),
    ...(terminating > 0 ? [invalid('status.terminating', terminating, 'terminating>0 is invalid for finished job')] : []),
  ];
}

const COUNTERS = ['active', 'succeeded', 'failed', 'ready', 'terminating'] as const;

function counterErrors(next: Job, old: Job): FieldError[] {
  const [status, before] = [next.status ?? {}, old.status ?? {}];
  const { failed = 0, succeeded = 0, ready, active = 0 } = status;
  // An elastic Job that shrinks loses the successes of its last indexes.
  const isElastic = next.spec?.completionMode === 'Indexed' && next.spec.completions === next.spec.parallelism;
  const movesPods = ready !== before.ready || status.active !== before.active;
  return [
    ...COUNTERS.flatMap((name) => notNegative(status[name], `status.${name}`)),
    ...(failed < (before.failed ?? 0) ? [invalid('status.failed', failed, 'cannot decrease the failed counter')] : []),
    ...(succeeded < (before.succeeded ?? 0) && !isElastic ? [invalid('status.succeeded', succeeded, 'cannot decrease the succeeded counter')] : []),
    ...(ready !== undefined && ready > active && movesPods ? [invalid('status.ready', ready, 'cannot set more ready pods than active')] : []),
  ];
}

function uncountedErrors(uncounted: JobStatus['uncountedTerminatedPods']): FieldError[] {
  const seen = new Set<string>();
  return (['succeeded', 'failed'] as const).flatMap((list) =>
    eachItem(uncounted?.[list], child('status.uncountedTerminatedPods', list), (uid, at) => {
      const again = seen.has(uid);
      seen.add(uid);
      if (uid === '') return [invalid(at, uid, 'must not be empty')];
      return again ? [duplicate(at, uid)] : [];
    }),
  );
}

function indexErrors({ spec, status }: Job, old: Job): FieldError[] {
  const { completedIndexes = '', failedIndexes } = status ?? {};
  if (completedIndexes === (old.status?.completedIndexes ?? '') && failedIndexes === old.status?.failedIndexes) return [];
  // Without completions there is nothing to measure indexes by.
  const parse = (text: string): ParsedRanges => (spec?.completions === undefined ? { ok: true, ranges: [] } : parseIndexRanges(text, spec.completions));
  const [completed, failed] = [parse(completedIndexes), parse(failedIndexes ?? '')];
  const overlap = completed.ok && failed.ok ? firstOverlap(completed.ranges, failed.ranges) : undefined;
  const field = 'status.failedIndexes';
  return [
    ...(completed.ok ? [] : [invalid('status.completedIndexes', completedIndexes, `error parsing completedIndexes: ${completed.problem}`)]),
    ...(failed.ok || spec?.backoffLimitPerIndex === undefined ? [] : [invalid(field, failedIndexes, `error parsing failedIndexes: ${failed.problem}`)]),
    ...(completedIndexes !== '' && spec?.completionMode !== 'Indexed'
      ? [invalid('status.completedIndexes', completedIndexes, 'cannot set non-empty completedIndexes when non-indexed completion mode')]
      : []),
    ...(failedIndexes !== undefined && spec?.backoffLimitPerIndex === undefined ? [invalid(field, failedIndexes, 'cannot set non-null failedIndexes when backoffLimitPerIndex is null')] : []),
    ...(overlap === undefined ? [] : [invalid(field, failedIndexes, `failedIndexes and completedIndexes overlap at index: ${overlap}`)]),
  ];
}
