// NetworkPolicies by the letter of their documentation, straight from the objects, one question at a time: slow, and written
// apart from the evaluator that it is held against.
import type { LabelSelector, NetworkPolicy, NetworkPolicyPeer, NetworkPolicyPort, Pod } from '../../src/api/generated/types.ts';
import { OUTSIDE, type Probe, type World } from './policy-world.ts';

interface End {
  readonly ip: string;
  readonly pod?: Pod;
}

export function oracleAllows(world: World, { from, to, protocol, port }: Probe): boolean {
  const [source, target] = [endOf(world, from), endOf(world, to)];
  if (source.pod !== undefined && source.pod === target.pod) return true;
  const asks = [
    { type: 'Egress', self: source, peer: target },
    { type: 'Ingress', self: target, peer: source },
  ];
  for (const { type, self, peer } of asks) {
    let isolated = false;
    let allowed = false;
    for (const policy of world.policies) {
      if (self.pod === undefined || policy.metadata?.namespace !== self.pod.metadata?.namespace) continue;
      if (!selects(policy.spec?.podSelector ?? {}, self.pod.metadata?.labels ?? {})) continue;
      const types = policy.spec?.policyTypes ?? (policy.spec?.egress?.length ? ['Ingress', 'Egress'] : ['Ingress']);
      if (!types.includes(type)) continue;
      isolated = true;
      const rules = type === 'Ingress' ? (policy.spec?.ingress ?? []).map(({ from: peers, ports }) => ({ peers, ports })) : (policy.spec?.egress ?? []).map(({ to: peers, ports }) => ({ peers, ports }));
      for (const { peers = [], ports = [] } of rules) {
        const peerFits = peers.length === 0 || peers.some((each) => fits(world, policy, each, peer));
        const portFits = ports.length === 0 || ports.some((each) => matches(each, target.pod, protocol, port));
        if (peerFits && portFits) allowed = true;
      }
    }
    if (isolated && !allowed) return false;
  }
  return true;
}

function endOf(world: World, name: string): End {
  if ((OUTSIDE as readonly string[]).includes(name)) return { ip: name };
  const pod = world.pods.find(({ metadata }) => `${metadata?.namespace}/${metadata?.name}` === name);
  if (pod === undefined) throw new Error(`nobody is called ${name}`);
  return { ip: pod.status?.podIP ?? '', pod };
}

function fits(world: World, policy: NetworkPolicy, { ipBlock, namespaceSelector, podSelector }: NetworkPolicyPeer, { ip, pod }: End): boolean {
  if (ipBlock !== undefined) return within(ipBlock.cidr, ip) && !(ipBlock.except ?? []).some((cidr) => within(cidr, ip));
  if (pod === undefined) return false;
  const namespace = world.namespaces.find(({ metadata }) => metadata?.name === pod.metadata?.namespace);
  if (namespaceSelector === undefined && policy.metadata?.namespace !== pod.metadata?.namespace) return false;
  if (namespaceSelector !== undefined && !selects(namespaceSelector, namespace?.metadata?.labels ?? {})) return false;
  return podSelector === undefined || selects(podSelector, pod.metadata?.labels ?? {});
}

function matches({ protocol = 'TCP', port, endPort }: NetworkPolicyPort, target: Pod | undefined, asked: string, number: number): boolean {
  if (protocol !== asked) return false;
  if (port === undefined) return true;
  if (typeof port === 'number') return number >= port && number <= (endPort ?? port);
  const declared = (target?.spec?.containers ?? []).flatMap(({ ports = [] }) => ports).find((each) => each.name === port && (each.protocol ?? 'TCP') === protocol);
  return declared?.containerPort === number;
}

function selects({ matchLabels = {}, matchExpressions = [] }: LabelSelector, labels: Record<string, string>): boolean {
  for (const [key, value] of Object.entries(matchLabels)) if (labels[key] !== value) return false;
  for (const { key, operator, values = [] } of matchExpressions) {
    if (operator === 'Exists' && !(key in labels)) return false;
    if (operator === 'DoesNotExist' && key in labels) return false;
    if (operator === 'In' && !(key in labels && values.includes(labels[key]!))) return false;
    if (operator === 'NotIn' && key in labels && values.includes(labels[key]!)) return false;
  }
  return true;
}

function within(cidr: string, ip: string): boolean {
  const [base = '', length = ''] = cidr.split('/');
  return bits(ip).startsWith(bits(base).slice(0, Number(length)));
}

function bits(ip: string): string {
  return ip.split('.').map((octet) => Number(octet).toString(2).padStart(8, '0')).join('');
}
