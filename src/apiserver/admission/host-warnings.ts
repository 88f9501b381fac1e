// Says, when an object is made, what this host cannot do for it.
import { NETWORK_POLICIES, type Resource } from '../../api/kinds.ts';
import type { ServerContext } from '../call.ts';

/** Texts for Warning headers. */
export async function hostWarnings(resource: Resource, { policyProblem }: Pick<ServerContext, 'policyProblem'>): Promise<readonly string[]> {
  const problem = resource === (NETWORK_POLICIES as Resource) ? await policyProblem?.() : undefined;
  return problem === undefined ? [] : [`this policy is not enforced: ${problem}`];
}
