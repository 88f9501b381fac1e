// pure: whether a rule of a policy is about this peer, and about this port.
import { inIpRange, parseIp, type IpAddress } from '../ip.ts';
import { matchesLabels } from '../label-selector.ts';
import { findNamedPort, type NamedPort } from '../pod/named-port.ts';
import type { PolicyPeer, PolicyPort } from './policy-model.ts';
import type { Labels, PolicyPod } from './policy-pod.ts';

/** Labels of every namespace, by its name. */
export type NamespaceLabels = ReadonlyMap<string, Labels>;

/** `ownNamespace`: that of the policy. */
export function isPodPeer(peer: PolicyPeer, pod: PolicyPod, { ownNamespace, namespaces }: { readonly ownNamespace: string; readonly namespaces: NamespaceLabels }): boolean {
  if (peer.type === 'block') return isAddressPeer(peer, parseIp(pod.ip));
  const inNamespace = peer.namespaces === undefined ? pod.namespace === ownNamespace : matchesLabels(peer.namespaces, namespaces.get(pod.namespace) ?? {});
  return inNamespace && matchesLabels(peer.pods, pod.labels);
}

/** An address that belongs to no Pod is met only by ranges. */
export function isAddressPeer(peer: PolicyPeer, ip: IpAddress | undefined): boolean {
  if (peer.type !== 'block' || ip === undefined) return false;
  return inIpRange(peer.range, ip) && !peer.except.some((range) => inIpRange(range, ip));
}

export interface PortRange {
  readonly protocol: string;
  readonly from: number;
  readonly to: number;
}

export const LAST_PORT = 65_535;

/** What the port means at a destination with these names; undefined: nothing. */
export function portRange({ protocol, port, endPort }: PolicyPort, names: readonly NamedPort[]): PortRange | undefined {
  if (port === undefined) return { protocol, from: 0, to: LAST_PORT };
  const from = typeof port === 'number' ? port : findNamedPort(names, port, protocol);
  return from === undefined ? undefined : { protocol, from, to: typeof port === 'number' ? (endPort ?? from) : from };
}

export function isInPorts(ranges: readonly PortRange[], protocol: string, port: number): boolean {
  return ranges.some((range) => range.protocol === protocol && range.from <= port && port <= range.to);
}
