// pure: the rule of a podFailurePolicy that a condition's message points at, in words.
import type { Job, PodFailurePolicyRule } from '../../../api/generated/types.ts';

/** The message ends "... matching FailJob rule at index 1". */
export function policyRuleText({ spec }: Job, message: string): string[] {
  const index = Number(/rule at index (\d+)/.exec(message)?.[1] ?? -1);
  const rule = spec?.podFailurePolicy?.rules[index];
  return rule === undefined ? [] : [`spec.podFailurePolicy.rules[${index}]: ${ruleText(rule)}`];
}

export function ruleText({ action, onExitCodes, onPodConditions }: PodFailurePolicyRule): string {
  if (onExitCodes !== undefined) {
    const { containerName, operator, values } = onExitCodes;
    const who = containerName === undefined ? 'a container' : `container ${containerName}`;
    return `${action} when ${who} exits with ${operator === 'NotIn' ? 'a code other than 0 and ' : ''}${values.join(values.length === 2 ? ' or ' : ', ')}`;
  }
  const conditions = (onPodConditions ?? []).map(({ type, status = 'True' }) => `${type}=${status}`);
  return `${action} when the Pod has the condition ${conditions.join(' or ')}`;
}
