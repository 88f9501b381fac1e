// pure: what is to be enforced, as data: for each isolated Pod and direction, which addresses and ports are let through.
// The kernel's rules are rendered from it, and forwarders in user space ask it.
import { inIpRange, parseIp, type IpRange } from '../../api/ip.ts';
import { isInPorts, type PortRange } from '../../api/networkpolicy/rule-match.ts';

export interface PolicyPlan {
  /** Addresses of Pods, by what selects them. */
  readonly sets: ReadonlyMap<string, readonly string[]>;
  /** What is let through, by its own content: Pods that are treated alike share one. What no rule lets through is dropped. */
  readonly chains: ReadonlyMap<string, readonly PlanRule[]>;
  /** The chain of each isolated Pod, by its address: of connections to it, and of connections that it makes. */
  readonly ingress: ReadonlyMap<string, string>;
  readonly egress: ReadonlyMap<string, string>;
}

export interface PlanRule {
  readonly peers: PlanPeers;
  readonly ports: 'all' | readonly PortRange[];
}

export type PlanPeers =
  | { readonly type: 'everyone' }
  /** Key of a set. */
  | { readonly type: 'set'; readonly set: string }
  | { readonly type: 'block'; readonly range: IpRange; readonly except: readonly IpRange[] };

export const NOTHING_TO_ENFORCE: PolicyPlan = { sets: new Map(), chains: new Map(), ingress: new Map(), egress: new Map() };

/** A new connection between addresses of Pods and of others; those of the node are nobody's business here. */
export interface PacketFacts {
  readonly from: string;
  readonly to: string;
  readonly protocol: string;
  readonly port: number;
}

export function planAllows(plan: PolicyPlan, packet: PacketFacts): boolean {
  if (packet.from === packet.to) return true;
  return passes(plan, plan.egress.get(packet.from), { ...packet, peer: packet.to }) && passes(plan, plan.ingress.get(packet.to), { ...packet, peer: packet.from });
}

function passes({ chains, sets }: PolicyPlan, chain: string | undefined, { peer, protocol, port }: PacketFacts & { readonly peer: string }): boolean {
  if (chain === undefined) return true;
  return (chains.get(chain) ?? []).some((rule) => isAmong(rule.peers, peer, sets) && (rule.ports === 'all' || isInPorts(rule.ports, protocol, port)));
}

function isAmong(peers: PlanPeers, address: string, sets: PolicyPlan['sets']): boolean {
  if (peers.type === 'everyone') return true;
  if (peers.type === 'set') return sets.get(peers.set)?.includes(address) === true;
  const ip = parseIp(address);
  return ip !== undefined && inIpRange(peers.range, ip) && !peers.except.some((range) => inIpRange(range, ip));
}
