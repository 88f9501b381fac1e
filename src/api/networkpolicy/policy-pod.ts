// pure: what NetworkPolicies look at in a Pod. Pods on the host's network are part of the node, and Pods that are over have
// no address any more: policies see neither.
import type { Pod } from '../generated/types.ts';
import { matchesLabels } from '../label-selector.ts';
import { namedPorts, type NamedPort } from '../pod/named-port.ts';
import type { PolicyModel } from './policy-model.ts';

export type Labels = Readonly<Record<string, string>>;

export interface PolicyPod {
  readonly namespace: string;
  readonly name: string;
  readonly labels: Labels;
  /** '' while it has none. */
  readonly ip: string;
  readonly ports: readonly NamedPort[];
}

export function policyPod(pod: Pod): PolicyPod | undefined {
  const { metadata, spec, status } = pod;
  if (spec?.hostNetwork === true || status?.phase === 'Succeeded' || status?.phase === 'Failed') return undefined;
  const { namespace = '', name = '', labels = {} } = metadata ?? {};
  return { namespace, name, labels, ip: status?.podIP ?? '', ports: namedPorts(pod) };
}

/**
 * The cluster's DNS server as policies see it. Elsewhere it is a Pod, and policies that isolate egress have to allow it; here
 * it is part of the daemon, and the same policies meet it under the same labels and port names.
 */
export function clusterDnsPod(ip: string): PolicyPod {
  const ports = [
    { name: 'dns', protocol: 'UDP', port: 53 },
    { name: 'dns-tcp', protocol: 'TCP', port: 53 },
  ];
  return { namespace: 'kube-system', name: 'kube-dns', labels: { 'k8s-app': 'kube-dns' }, ip, ports };
}

export function isSelected({ namespace, selects }: Pick<PolicyModel, 'namespace' | 'selects'>, pod: Pick<PolicyPod, 'namespace' | 'labels'>): boolean {
  return pod.namespace === namespace && matchesLabels(selects, pod.labels);
}
