// pure: what a Job's podFailurePolicy says of a Pod that failed. The first rule that matches wins; without one the failure
// counts.
import type { ContainerStatus, Job, Pod, PodFailurePolicyOnExitCodesRequirement, PodFailurePolicyRule } from '../../api/generated/types.ts';
import { isPhaseFailed } from './pod-facts.ts';

export interface FailureVerdict {
  /** A policy that names another action than these is refused when the Job is created. */
  readonly action: 'Count' | 'Ignore' | 'FailIndex' | 'FailJob';
  /** Of FailJob: what the Job's condition says. */
  readonly message?: string;
}

const COUNT: FailureVerdict = { action: 'Count' };

export function judgeFailure({ spec }: Job, pod: Pod): FailureVerdict {
  for (const [row, rule] of (spec?.podFailurePolicy?.rules ?? []).entries()) {
    const cause = matchedCause(rule, pod);
    if (cause !== undefined) return { action: rule.action as FailureVerdict['action'], message: `${cause} matching ${rule.action} rule at index ${row}` };
  }
  return COUNT;
}

export function isIgnored(job: Job, pod: Pod): boolean {
  return judgeFailure(job, pod).action === 'Ignore';
}

/** Why the whole Job fails, if one of its failed Pods says so; counted ones that are still there say it too. */
export function failJobMessage(job: Job, owned: readonly Pod[]): string | undefined {
  if (job.spec?.podFailurePolicy === undefined) return undefined;
  return owned
    .filter(isPhaseFailed)
    .map((pod) => judgeFailure(job, pod))
    .find(({ action }) => action === 'FailJob')?.message;
}

function matchedCause({ onExitCodes, onPodConditions }: PodFailurePolicyRule, pod: Pod): string | undefined {
  const name = `${pod.metadata?.namespace}/${pod.metadata?.name}`;
  if (onExitCodes !== undefined) {
    const container = [...(pod.status?.containerStatuses ?? []), ...(pod.status?.initContainerStatuses ?? [])].find((status) => exitMatches(onExitCodes, status));
    return container === undefined ? undefined : `Container ${container.name} for pod ${name} failed with exit code ${container.state?.terminated?.exitCode}`;
  }
  const condition = (pod.status?.conditions ?? []).find((present) => (onPodConditions ?? []).some(({ type, status }) => type === present.type && status === present.status));
  return condition === undefined ? undefined : `Pod ${name} has condition ${condition.type}`;
}

function exitMatches({ containerName, operator, values }: PodFailurePolicyOnExitCodesRequirement, { name, state }: ContainerStatus): boolean {
  const code = state?.terminated?.exitCode ?? 0;
  if (code === 0 || (containerName !== undefined && containerName !== name)) return false;
  return operator === 'In' ? values.includes(code) : !values.includes(code);
}
