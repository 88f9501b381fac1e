// pure: whether a container that has ended runs again, by the policies of its Pod and its own.
import type { Container } from '../generated/types.ts';

export type RestartRole = 'init' | 'sidecar' | 'app' | 'ephemeral';

export function restartsAfter(exitCode: number, { spec, role, podPolicy }: { readonly spec: Container; readonly role: RestartRole; readonly podPolicy: string }): boolean {
  if (role === 'sidecar') return true;
  if (role === 'ephemeral') return false;
  if (matchedRule(spec, exitCode)) return true;
  switch (spec.restartPolicy ?? podPolicy) {
    case 'Never':
      return false;
    case 'OnFailure':
      return exitCode !== 0;
    default:
      // A regular init container is done once it has succeeded, whatever the policy.
      return role === 'app' || exitCode !== 0;
  }
}

/** restartPolicyRules of the container itself: the first that fits, and its only action is Restart. */
function matchedRule(spec: Container, exitCode: number): boolean {
  return (spec.restartPolicyRules ?? []).some(({ action, exitCodes }) => {
    const listed = exitCodes?.values?.includes(exitCode) ?? false;
    return action === 'Restart' && (exitCodes?.operator === 'NotIn' ? !listed : listed);
  });
}
