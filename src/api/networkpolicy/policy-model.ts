// pure: a NetworkPolicy as everything that judges by it reads it: selectors taken apart, defaults filled in.
import type { NetworkPolicy, NetworkPolicyPeer, NetworkPolicyPort } from '../generated/types.ts';
import { parseIpRange, type IpRange } from '../ip.ts';
import { labelSelectorToRequirements, type LabelRequirement } from '../label-selector.ts';
import { keyOf } from '../object.ts';

export interface PolicyModel {
  /** "namespace/name" */
  readonly key: string;
  readonly namespace: string;
  /** Which Pods of the namespace it is for. */
  readonly selects: readonly LabelRequirement[];
  /** Undefined: the policy says nothing of this direction, and isolates nobody in it. */
  readonly ingress?: readonly PolicyRule[];
  readonly egress?: readonly PolicyRule[];
}

export interface PolicyRule {
  /** Of connections to the Pod: where from. Of connections of the Pod: where to. */
  readonly peers: 'everyone' | readonly PolicyPeer[];
  readonly ports: 'all' | readonly PolicyPort[];
}

export type PolicyPeer =
  /** Pods, of the policy's own namespace where no other is selected. */
  | { readonly type: 'pods'; readonly namespaces?: readonly LabelRequirement[]; readonly pods: readonly LabelRequirement[] }
  | { readonly type: 'block'; readonly range: IpRange; readonly except: readonly IpRange[] };

export interface PolicyPort {
  readonly protocol: string;
  /** A number, the first of a range, or a name that the destination Pod gives a number to. Undefined: every port. */
  readonly port?: number | string;
  readonly endPort?: number;
}

export type Direction = 'ingress' | 'egress';

export function policyModel(policy: NetworkPolicy): PolicyModel {
  const { podSelector = {}, policyTypes, ingress = [], egress = [] } = policy.spec ?? {};
  const types = policyTypes !== undefined && policyTypes.length > 0 ? policyTypes : ['Ingress', ...(egress.length > 0 ? ['Egress'] : [])];
  return {
    key: keyOf(policy),
    namespace: policy.metadata?.namespace ?? '',
    selects: labelSelectorToRequirements(podSelector),
    ...(types.includes('Ingress') ? { ingress: ingress.map(({ from, ports }) => ruleOf(from, ports)) } : {}),
    ...(types.includes('Egress') ? { egress: egress.map(({ to, ports }) => ruleOf(to, ports)) } : {}),
  };
}

function ruleOf(peers: readonly NetworkPolicyPeer[] | undefined, ports: readonly NetworkPolicyPort[] | undefined): PolicyRule {
  return {
    peers: peers === undefined || peers.length === 0 ? 'everyone' : peers.flatMap(peerOf),
    ports: ports === undefined || ports.length === 0 ? 'all' : ports.map(portOf),
  };
}

/** Nobody, for a peer that says nothing or whose range is none: validation refuses both. */
function peerOf({ ipBlock, namespaceSelector, podSelector }: NetworkPolicyPeer): PolicyPeer[] {
  if (ipBlock !== undefined) {
    const range = parseIpRange(ipBlock.cidr);
    const except = (ipBlock.except ?? []).map(parseIpRange);
    return range === undefined || except.includes(undefined) ? [] : [{ type: 'block', range, except: except as IpRange[] }];
  }
  if (namespaceSelector === undefined && podSelector === undefined) return [];
  const namespaces = namespaceSelector === undefined ? {} : { namespaces: labelSelectorToRequirements(namespaceSelector) };
  return [{ type: 'pods', ...namespaces, pods: labelSelectorToRequirements(podSelector ?? {}) }];
}

function portOf({ protocol = 'TCP', port, endPort }: NetworkPolicyPort): PolicyPort {
  return { protocol, ...(port === undefined ? {} : { port }), ...(endPort === undefined ? {} : { endPort }) };
}
