// pure: writing a Job's conditions. Terminal ones are appended after the interim one that announced them; False is only ever
// written over a True.
import type { JobCondition } from '../../api/generated/types.ts';
import type { JobConditionType } from '../../api/job/conditions.ts';
import { toTime } from '../../api/time.ts';

export interface ConditionText {
  readonly type: JobConditionType;
  readonly status: 'True' | 'False';
  readonly reason: string;
  readonly message: string;
}

/** The list with the condition in its state; the same list when it is in it already. */
export function withCondition(conditions: readonly JobCondition[], text: ConditionText, now: number): readonly JobCondition[] {
  const present = conditions.find(({ type }) => type === text.type);
  if (present?.status === text.status || (present === undefined && text.status === 'False')) return conditions;
  const time = toTime(now);
  const next: JobCondition = { type: text.type, status: text.status, lastProbeTime: time, lastTransitionTime: time, reason: text.reason, message: text.message };
  return present === undefined ? [...conditions, next] : conditions.map((condition) => (condition === present ? next : condition));
}
