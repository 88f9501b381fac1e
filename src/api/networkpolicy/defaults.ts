// pure: upstream's defaults of NetworkPolicies.
import type { NetworkPolicy, NetworkPolicyPort, NetworkPolicySpec } from '../generated/types.ts';

/** Without types, a policy is of the direction that its rules are of: of ingress in any case. */
export function defaultNetworkPolicy(policy: NetworkPolicy): NetworkPolicy {
  const given: NetworkPolicySpec = policy.spec ?? {};
  const { ingress, egress, policyTypes = [] } = given;
  const spec: NetworkPolicySpec = {
    ...given,
    podSelector: given.podSelector ?? {},
    ...(ingress === undefined ? {} : { ingress: ingress.map(withProtocols) }),
    ...(egress === undefined ? {} : { egress: egress.map(withProtocols) }),
    policyTypes: policyTypes.length > 0 ? policyTypes : ['Ingress', ...((egress ?? []).length > 0 ? ['Egress'] : [])],
  };
  return { ...policy, spec };
}

function withProtocols<T extends { ports?: NetworkPolicyPort[] }>(rule: T): T {
  return rule.ports === undefined ? rule : { ...rule, ports: rule.ports.map((port) => ({ ...port, protocol: port.protocol || 'TCP' })) };
}
