// pure: minik describe netpol.
import type { LabelSelector, NetworkPolicy, NetworkPolicyPeer, NetworkPolicyPort } from '../../api/generated/types.ts';
import { formatLabelSelector } from '../../api/label-selector.ts';
import { fromTime } from '../../api/time.ts';
import { annotationLines, indent, labelLines, renderParts } from './describe-text.ts';
import type { Describe } from './describer.ts';

export const describeNetworkPolicy: Describe<NetworkPolicy> = ({ metadata, spec }) => {
  const { podSelector, ingress = [], egress = [], policyTypes = [] } = spec ?? {};
  const everybody = '<none> (Allowing the specific traffic to all pods in this namespace)';
  const rules = (direction: Direction, list: readonly Rule[]): string[] =>
    policyTypes.includes(direction.type) ? [`Allowing ${direction.name} traffic:`, ...indent(ruleLines(list, direction))] : [`Not affecting ${direction.name} traffic`];
  return renderParts([
    `Name:\t${metadata?.name ?? ''}`,
    `Namespace:\t${metadata?.namespace ?? ''}`,
    `Created on:\t${goTime(metadata?.creationTimestamp)}`,
    ...labelLines('Labels', metadata?.labels),
    ...annotationLines('Annotations', metadata?.annotations),
    'Spec:',
    ...indent([
      `PodSelector:     ${formatLabelSelector(podSelector) || everybody}`,
      ...rules(INGRESS, ingress.map(({ ports, from }) => ({ ports, peers: from }))),
      ...rules(EGRESS, egress.map(({ ports, to }) => ({ ports, peers: to }))),
      `Policy Types: ${policyTypes.join(', ')}`,
    ]),
  ]);
};

interface Direction {
  readonly type: string;
  readonly name: string;
  readonly peers: string;
  readonly end: string;
}

interface Rule {
  readonly ports: readonly NetworkPolicyPort[] | undefined;
  readonly peers: readonly NetworkPolicyPeer[] | undefined;
}

const INGRESS: Direction = { type: 'Ingress', name: 'ingress', peers: 'From', end: 'source' };
const EGRESS: Direction = { type: 'Egress', name: 'egress', peers: 'To', end: 'destination' };

/** kubectl's word. */
const ANY = '\u003cany>';

function ruleLines(rules: readonly Rule[], direction: Direction): string[] {
  if (rules.length === 0) return [`<none> (Selected pods are isolated for ${direction.name} connectivity)`];
  return rules.flatMap(({ ports = [], peers = [] }, row) => [
    ...(ports.length === 0 ? [`To Port: ${ANY} (traffic allowed to all ports)`] : ports.map(({ port, protocol }) => `To Port: ${port ?? '<nil>'}/${protocol ?? 'TCP'}`)),
    ...(peers.length === 0 ? [`${direction.peers}: ${ANY} (traffic not restricted by ${direction.end})`] : peers.flatMap((peer) => [`${direction.peers}:`, ...indent(peerLines(peer))])),
    ...(row === rules.length - 1 ? [] : ['----------']),
  ]);
}

function peerLines({ podSelector, namespaceSelector, ipBlock }: NetworkPolicyPeer): string[] {
  const selector = (name: string, value: LabelSelector | undefined): string[] => (value === undefined ? [] : [`${name}: ${formatLabelSelector(value) || '<none>'}`]);
  if (ipBlock !== undefined) return ['IPBlock:', `  CIDR: ${ipBlock.cidr}`, `  Except: ${(ipBlock.except ?? []).join(', ')}`];
  return [...selector('NamespaceSelector', namespaceSelector), ...selector('PodSelector', podSelector)];
}

/** "2026-11-21 05:40:07 +0000 UTC" */
function goTime(timestamp: string | undefined): string {
  const ms = fromTime(timestamp);
  return ms === undefined ? '<nil>' : `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} +0000 UTC`;
}
