// From policies, Pods and namespaces to what is to be enforced. The same rules as judge-connection.ts, turned from questions
// about names into sets of addresses.
import type { Direction, PolicyModel, PolicyPeer, PolicyPort, PolicyRule } from '../../api/networkpolicy/policy-model.ts';
import { isSelected, type PolicyPod } from '../../api/networkpolicy/policy-pod.ts';
import { isPodPeer, LAST_PORT, portRange, type NamespaceLabels, type PortRange } from '../../api/networkpolicy/rule-match.ts';
import { PodIndex } from './pod-index.ts';
import type { PlanPeers, PlanRule, PolicyPlan } from './policy-plan.ts';

export interface PolicyFacts {
  readonly policies: readonly PolicyModel[];
  readonly namespaces: NamespaceLabels;
  /** Those with an address; no two have the same. */
  readonly pods: readonly PolicyPod[];
}

export function planPolicies(facts: PolicyFacts): PolicyPlan {
  const planning = new Planning(facts);
  const ingress = planning.chainsOf('ingress');
  const egress = planning.chainsOf('egress');
  return { sets: planning.sets, chains: planning.chains, ingress, egress };
}

class Planning {
  readonly sets = new Map<string, readonly string[]>();
  readonly chains = new Map<string, readonly PlanRule[]>();
  readonly #facts: PolicyFacts;
  readonly #pods: PodIndex;
  /** Rules of one policy are the same for all Pods that it selects, but for the numbers behind named ports. */
  readonly #rules = new Map<string, readonly PlanRule[]>();
  /** Of named ports of peers, by what is selected and the name. */
  readonly #named = new Map<string, readonly PlanRule[]>();

  constructor(facts: PolicyFacts) {
    this.#facts = facts;
    this.#pods = new PodIndex(facts.pods);
  }

  /** The chain of each isolated Pod, by its address. Pods that the same policies select are planned together. */
  chainsOf(direction: Direction): Map<string, string> {
    const found = new Map<string, string>();
    const policies = Map.groupBy(this.#facts.policies.filter((policy) => policy[direction] !== undefined), ({ namespace }) => namespace);
    for (const [namespace, own] of policies) {
      const chains = new Map<string, string>();
      for (const pod of this.#pods.inNamespace(namespace)) {
        const selecting = own.filter((policy) => isSelected(policy, pod));
        if (selecting.length === 0) continue;
        const key = `${selecting.map((policy) => own.indexOf(policy)).join(',')} ${direction === 'ingress' ? JSON.stringify(pod.ports) : ''}`;
        const chain = chains.get(key) ?? this.#chain(selecting, pod, direction);
        chains.set(key, chain);
        found.set(pod.ip, chain);
      }
    }
    return found;
  }

  #chain(policies: readonly PolicyModel[], pod: PolicyPod, direction: Direction): string {
    const rules = policies.flatMap((policy) => this.#rulesOf(policy, pod, direction));
    const byText = new Map(rules.map((rule) => [textOf(rule), rule]));
    const key = [direction, ...[...byText.keys()].sort()].join('\n');
    if (!this.chains.has(key)) this.chains.set(key, [...byText].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, rule]) => rule));
    return key;
  }

  #rulesOf(policy: PolicyModel, pod: PolicyPod, direction: Direction): readonly PlanRule[] {
    const names = direction === 'ingress' ? JSON.stringify(pod.ports) : '';
    const key = `${direction} ${policy.key} ${names}`;
    const known = this.#rules.get(key);
    if (known !== undefined) return known;
    const rules = (policy[direction] ?? []).flatMap((rule) => (direction === 'ingress' ? this.#ingress(policy, rule, pod) : this.#egress(policy, rule)));
    this.#rules.set(key, rules);
    return rules;
  }

  #ingress(policy: PolicyModel, rule: PolicyRule, pod: PolicyPod): PlanRule[] {
    const ports = rule.ports === 'all' ? 'all' : mergeRanges(rule.ports.flatMap((port) => portRange(port, pod.ports) ?? []));
    return ports.length === 0 ? [] : this.#peersOf(policy, rule).map((peers) => ({ peers, ports }));
  }

  /** A named port is another number at each destination, so those who share a number are a set of their own. */
  #egress(policy: PolicyModel, rule: PolicyRule): PlanRule[] {
    if (rule.ports === 'all') return this.#peersOf(policy, rule).map((peers) => ({ peers, ports: 'all' }));
    const named = rule.ports.filter(({ port }) => typeof port === 'string');
    const numbers = mergeRanges(rule.ports.filter((port) => !named.includes(port)).flatMap((port) => portRange(port, []) ?? []));
    const plain: PlanRule[] = numbers.length === 0 ? [] : this.#peersOf(policy, rule).map((peers) => ({ peers, ports: numbers }));
    const peers = rule.peers === 'everyone' ? [undefined] : rule.peers;
    return [...plain, ...peers.flatMap((peer) => named.flatMap((port) => this.#byNumber(policy, peer, port)))];
  }

  #byNumber(policy: PolicyModel, peer: PolicyPeer | undefined, port: Pick<PolicyPort, 'protocol' | 'port'>): readonly PlanRule[] {
    const key = `${keyOfPeer(policy, peer)} ${port.protocol} ${port.port}`;
    const known = this.#named.get(key);
    if (known !== undefined) return known;
    const members = Map.groupBy(this.#podsOf(policy, peer), ({ ports }) => portRange(port, ports)?.from);
    const rules = [...members].flatMap(([number, pods]): PlanRule[] => {
      if (number === undefined) return [];
      const set = `${key}=${number}`;
      this.sets.set(set, addressesOf(pods));
      return [{ peers: { type: 'set', set }, ports: [{ protocol: port.protocol, from: number, to: number }] }];
    });
    this.#named.set(key, rules);
    return rules;
  }

  #peersOf(policy: PolicyModel, { peers }: PolicyRule): PlanPeers[] {
    if (peers === 'everyone') return [{ type: 'everyone' }];
    return peers.map((peer): PlanPeers => {
      if (peer.type === 'block') return peer;
      const set = keyOfPeer(policy, peer);
      if (!this.sets.has(set)) this.sets.set(set, addressesOf(this.#podsOf(policy, peer)));
      return { type: 'set', set };
    });
  }

  /** `peer` undefined: everyone. */
  #podsOf(policy: PolicyModel, peer: PolicyPeer | undefined): PolicyPod[] {
    const scope = { ownNamespace: policy.namespace, namespaces: this.#facts.namespaces };
    return this.#pods.candidates(policy, peer).filter((pod) => peer === undefined || isPodPeer(peer, pod, scope));
  }
}

/** One key for what is selected alike, whichever policy selects it. */
function keyOfPeer(policy: PolicyModel, peer: PolicyPeer | undefined): string {
  if (peer === undefined) return 'everyone';
  if (peer.type === 'block') return textOfBlock(peer);
  const namespaces = peer.namespaces === undefined ? `in ${policy.namespace}` : JSON.stringify(peer.namespaces);
  return `pods ${namespaces} ${JSON.stringify(peer.pods)}`;
}

function addressesOf(pods: readonly PolicyPod[]): string[] {
  return pods.map(({ ip }) => ip).sort();
}

function textOf({ peers, ports }: PlanRule): string {
  const who = peers.type === 'block' ? textOfBlock(peers) : peers.type === 'set' ? peers.set : 'everyone';
  return `${who} > ${ports === 'all' ? 'all' : ports.map(({ protocol, from, to }) => `${protocol} ${from}-${to}`).join(',')}`;
}

function textOfBlock({ range, except }: Extract<PlanPeers, { readonly type: 'block' }>): string {
  return `block ${[range, ...except].map(({ first, prefix }) => `${first}/${prefix}`).join(' but ')}`;
}

/** In order, and without overlaps: the kernel takes no set of ports that has any. */
function mergeRanges(ranges: readonly PortRange[]): PortRange[] {
  const sorted = [...ranges].sort((a, b) => (a.protocol < b.protocol ? -1 : a.protocol > b.protocol ? 1 : a.from - b.from));
  const merged: PortRange[] = [];
  for (const range of sorted) {
    const last = merged.at(-1);
    if (last?.protocol === range.protocol && range.from <= last.to + 1) merged[merged.length - 1] = { ...last, to: Math.min(LAST_PORT, Math.max(last.to, range.to)) };
    else merged.push(range);
  }
  return merged;
}
