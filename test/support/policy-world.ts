// The little cluster that NetworkPolicies are tried on: three namespaces with three Pods each, the node, cluster DNS and two
// hosts outside. Its parties and connections have short names: "x/a > y/b TCP/80".
import type { Namespace, NetworkPolicy, NetworkPolicySpec, Pod } from '../../src/api/generated/types.ts';
import { judgeConnection, type Connection, type DirectionJudgement, type Judgement, type Party, type PolicyWorld } from '../../src/api/networkpolicy/judge-connection.ts';
import { policyModel } from '../../src/api/networkpolicy/policy-model.ts';
import { clusterDnsPod, policyPod, type PolicyPod } from '../../src/api/networkpolicy/policy-pod.ts';
import { planPolicies } from '../../src/network/policy/plan-policies.ts';
import type { PolicyPlan } from '../../src/network/policy/policy-plan.ts';

export const NODE_IP = '10.77.0.1';
export const DNS_IP = '10.96.0.10';
export const OUTSIDE = ['198.51.100.2', '198.51.100.200'] as const;
const NAMESPACES = ['x', 'y', 'z'] as const;
const PODS = ['a', 'b', 'c'] as const;

export interface World {
  readonly namespaces: readonly Namespace[];
  readonly pods: readonly Pod[];
  readonly policies: readonly NetworkPolicy[];
}

/** Port 80 and 81, both protocols, as containers name them. In x/c "web" is 81, everywhere else 80. */
function portsOf(pod: string): NonNullable<NonNullable<Pod['spec']>['containers'][number]['ports']> {
  return [
    { name: 'web', containerPort: pod === 'x/c' ? 81 : 80, protocol: 'TCP' },
    { name: 'udp-80', containerPort: 80, protocol: 'UDP' },
    { name: 'tcp-81', containerPort: 81, protocol: 'TCP' },
    { name: 'udp-81', containerPort: 81, protocol: 'UDP' },
  ];
}

export function worldWith(policies: readonly NetworkPolicy[]): World {
  const system: Namespace = { metadata: { name: 'kube-system', labels: { 'kubernetes.io/metadata.name': 'kube-system' } } };
  return {
    namespaces: [...NAMESPACES.map((name) => ({ metadata: { name, labels: { ns: name, 'kubernetes.io/metadata.name': name } } })), system],
    pods: NAMESPACES.flatMap((namespace, at) =>
      PODS.map((name, which) => ({
        metadata: { namespace, name, uid: `${namespace}-${name}`, labels: { pod: name } },
        spec: { containers: [{ name: 'main', ports: portsOf(`${namespace}/${name}`) }] },
        status: { phase: 'Running', podIP: `10.77.0.${10 * (at + 1) + which}` },
      })),
    ),
    policies,
  };
}

/** "x/deny" with its spec. */
export function policy(key: string, spec: NetworkPolicySpec): NetworkPolicy {
  const [namespace, name] = key.split('/');
  return { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { namespace, name }, spec };
}

export function labelled(world: World, what: string, labels: Record<string, string>): World {
  const change = <T extends Pod | Namespace>(object: T): T => {
    const key = [object.metadata?.namespace, object.metadata?.name].filter((part) => part !== undefined).join('/');
    return key === what ? { ...object, metadata: { ...object.metadata, labels: { ...object.metadata?.labels, ...labels } } } : object;
  };
  return { ...world, pods: world.pods.map(change), namespaces: world.namespaces.map(change) };
}

export function policyWorld({ policies, namespaces }: World): PolicyWorld {
  return { policies: policies.map(policyModel), namespaces: new Map(namespaces.map(({ metadata }) => [metadata?.name ?? '', metadata?.labels ?? {}])) };
}

export function policyPods({ pods }: World): PolicyPod[] {
  return [...pods.flatMap((pod) => policyPod(pod) ?? []), clusterDnsPod(DNS_IP)];
}

export function planOf(world: World): PolicyPlan {
  return planPolicies({ ...policyWorld(world), pods: policyPods(world).filter(({ ip }) => ip !== '') });
}

/** "x/a", "node", "dns", or an address outside. */
export type PartyName = string;

export function partyOf(world: World, name: PartyName): Party {
  if (name === 'node') return { type: 'node' };
  const key = name === 'dns' ? 'kube-system/kube-dns' : name;
  const pod = policyPods(world).find((each) => `${each.namespace}/${each.name}` === key);
  return pod === undefined ? { type: 'address', ip: name } : { type: 'pod', pod };
}

/** Of whatever a connection to the party is aimed at. */
export function addressOf(world: World, name: PartyName): string {
  const party = partyOf(world, name);
  return party.type === 'node' ? NODE_IP : party.type === 'pod' ? party.pod.ip : party.ip;
}

export interface Probe {
  readonly from: PartyName;
  readonly to: PartyName;
  readonly protocol: string;
  readonly port: number;
}

/** Of "x/a > y/b TCP/80". */
export function probeOf(text: string): Probe {
  const match = /^(\S+) > (\S+) (TCP|UDP|SCTP)\/(\d+)$/.exec(text);
  if (match === null) throw new Error(`not a probe: ${text}`);
  const [, from = '', to = '', protocol = '', port = ''] = match;
  return { from, to, protocol, port: Number(port) };
}

export function judge(world: World, probe: Probe): Judgement {
  const connection: Connection = { from: partyOf(world, probe.from), to: partyOf(world, probe.to), protocol: probe.protocol, port: probe.port };
  return judgeConnection(policyWorld(world), connection);
}

/** "allowed", "denied: ingress x/deny", "allowed: egress x/out, ingress y/in", "allowed: itself". */
export function judgementText({ allowed, egress, ingress }: Judgement): string {
  const word = allowed ? 'allowed' : 'denied';
  if (egress.type === 'exempt') return `${word}: ${egress.why}`;
  const told = Object.entries({ egress, ingress }).flatMap(([name, direction]: [string, DirectionJudgement]) =>
    direction.type === (allowed ? 'allowed' : 'denied') ? [`${name} ${direction.policies.join(' ')}`] : [],
  );
  return told.length === 0 ? word : `${word}: ${told.join(', ')}`;
}

/** Every Pod to every Pod, on every port there is; and to and from outside. */
export function allProbes({ pods }: World): Probe[] {
  const names = pods.map(({ metadata }) => `${metadata?.namespace}/${metadata?.name}`);
  const ports = [80, 81].flatMap((port) => ['TCP', 'UDP'].map((protocol) => ({ protocol, port })));
  const pairs = [...names.flatMap((from) => [...names, ...OUTSIDE].map((to) => ({ from, to }))), ...OUTSIDE.flatMap((from) => names.map((to) => ({ from, to })))];
  return pairs.filter(({ from, to }) => from !== to).flatMap((pair) => ports.map((port) => ({ ...pair, ...port })));
}
