// pure: whether a new connection may be made, and by which policies. Replies need no judgement: they belong to a connection
// that had one.
//
// A Pod that no policy selects in a direction is open in it; one that some policy selects lets through what any of them
// allows. Both ends are asked. A Pod always reaches itself, and node and Pods always reach each other: probes depend on it.
import { parseIp } from '../ip.ts';
import type { Direction, PolicyModel, PolicyRule } from './policy-model.ts';
import { isSelected, type PolicyPod } from './policy-pod.ts';
import { isAddressPeer, isInPorts, isPodPeer, portRange, type NamespaceLabels } from './rule-match.ts';

export interface PolicyWorld {
  readonly policies: readonly PolicyModel[];
  readonly namespaces: NamespaceLabels;
}

/** One end of a connection. The node is also whoever is on its network: Pods with hostNetwork, published ports. */
export type Party =
  | { readonly type: 'pod'; readonly pod: PolicyPod }
  | { readonly type: 'node' }
  | { readonly type: 'address'; readonly ip: string };

export interface Connection {
  readonly from: Party;
  /** After the translation of Service addresses. */
  readonly to: Party;
  /** "TCP", "UDP" or "SCTP" */
  readonly protocol: string;
  readonly port: number;
}

export type DirectionJudgement =
  /** No policy isolates this end in this direction, or it is no Pod. */
  | { readonly type: 'open' }
  /** Allowed whatever policies say. */
  | { readonly type: 'exempt'; readonly why: 'itself' | 'node' }
  /** Keys of all policies that allow it. */
  | { readonly type: 'allowed'; readonly policies: readonly string[] }
  /** Keys of all policies that isolate this end, none of which allows it. */
  | { readonly type: 'denied'; readonly policies: readonly string[] };

export interface Judgement {
  readonly allowed: boolean;
  /** Of the Pod that connects. */
  readonly egress: DirectionJudgement;
  /** Of the Pod that is connected to. */
  readonly ingress: DirectionJudgement;
}

export function judgeConnection(world: PolicyWorld, connection: Connection): Judgement {
  const why = exemption(connection);
  if (why !== undefined) return { allowed: true, egress: { type: 'exempt', why }, ingress: { type: 'exempt', why } };
  const egress = judgeDirection(world, connection, 'egress');
  const ingress = judgeDirection(world, connection, 'ingress');
  return { allowed: egress.type !== 'denied' && ingress.type !== 'denied', egress, ingress };
}

function exemption({ from, to }: Connection): 'itself' | 'node' | undefined {
  if (from.type === 'node' || to.type === 'node') return 'node';
  if (from.type !== 'pod' || to.type !== 'pod') return undefined;
  return from.pod.namespace === to.pod.namespace && from.pod.name === to.pod.name ? 'itself' : undefined;
}

function judgeDirection(world: PolicyWorld, connection: Connection, direction: Direction): DirectionJudgement {
  const own = direction === 'egress' ? connection.from : connection.to;
  if (own.type !== 'pod') return { type: 'open' };
  const isolating = world.policies.filter((policy) => policy[direction] !== undefined && isSelected(policy, own.pod));
  if (isolating.length === 0) return { type: 'open' };
  const allowing = isolating.filter((policy) => policy[direction]!.some((rule) => allows(world, connection, { policy, rule, direction })));
  return allowing.length > 0 ? { type: 'allowed', policies: keysOf(allowing) } : { type: 'denied', policies: keysOf(isolating) };
}

interface Asked {
  readonly policy: PolicyModel;
  readonly rule: PolicyRule;
  readonly direction: Direction;
}

function allows({ namespaces }: PolicyWorld, { from, to, protocol, port }: Connection, { policy, rule, direction }: Asked): boolean {
  const peer = direction === 'egress' ? to : from;
  const isPeer = rule.peers === 'everyone' || rule.peers.some((each) => isParty(peer, each, { ownNamespace: policy.namespace, namespaces }));
  if (!isPeer || rule.ports === 'all') return isPeer;
  const names = to.type === 'pod' ? to.pod.ports : [];
  const ranges = rule.ports.flatMap((each) => portRange(each, names) ?? []);
  return isInPorts(ranges, protocol, port);
}

function isParty(party: Party, peer: Parameters<typeof isPodPeer>[0], scope: Parameters<typeof isPodPeer>[2]): boolean {
  if (party.type === 'pod') return isPodPeer(peer, party.pod, scope);
  return party.type === 'address' && isAddressPeer(peer, parseIp(party.ip));
}

function keysOf(policies: readonly PolicyModel[]): string[] {
  return policies.map(({ key }) => key).sort();
}
