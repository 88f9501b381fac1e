// The truth table of NetworkPolicies: scenarios, connections in them, and what becomes of each by which policy. It is played
// against the evaluator, and again with real packets. Numbers refer to upstream's tests in section 6.9 of the reference.
import type { NetworkPolicy } from '../../src/api/generated/types.ts';
import { labelled, policy, worldWith, type World } from './policy-world.ts';

export interface Scenario {
  readonly title: string;
  readonly policies: readonly NetworkPolicy[];
  readonly change?: (world: World) => World;
  /** "x/a > y/b TCP/80" and what judgementText says of it. */
  readonly rows: readonly (readonly [probe: string, outcome: string])[];
}

export function worldOf({ policies, change }: Scenario): World {
  const world = worldWith(policies);
  return change === undefined ? world : change(world);
}

const pods = (pod: string) => ({ podSelector: { matchLabels: { pod } } });
const inNamespace = (ns: string) => ({ namespaceSelector: { matchLabels: { ns } } });
const tcp = (port: number | string) => ({ protocol: 'TCP', port });
const udp = (port: number | string) => ({ protocol: 'UDP', port });
const denyIngress = policy('x/deny-in', { podSelector: {}, policyTypes: ['Ingress'] });
const denyEgress = policy('x/deny-out', { podSelector: {}, policyTypes: ['Egress'] });
const allowIngress = policy('x/allow-in', { podSelector: {}, ingress: [{}], policyTypes: ['Ingress'] });

export const SCENARIOS: readonly Scenario[] = [
  {
    title: 'without a policy everything passes',
    policies: [],
    rows: [
      ['x/a > y/b TCP/80', 'allowed'],
      ['x/a > x/b UDP/81', 'allowed'],
      ['x/a > 198.51.100.2 TCP/80', 'allowed'],
      ['198.51.100.2 > x/a TCP/80', 'allowed'],
      ['node > x/a TCP/80', 'allowed: node'],
      ['x/a > dns UDP/53', 'allowed'],
    ],
  },
  {
    title: '233 default deny of ingress',
    policies: [denyIngress],
    rows: [
      ['y/a > x/a TCP/80', 'denied: ingress x/deny-in'],
      ['x/b > x/a TCP/80', 'denied: ingress x/deny-in'],
      ['x/b > x/a UDP/80', 'denied: ingress x/deny-in'],
      ['x/a > y/a TCP/80', 'allowed'],
      ['y/a > y/b TCP/80', 'allowed'],
      ['198.51.100.2 > x/a TCP/80', 'denied: ingress x/deny-in'],
      ['node > x/a TCP/80', 'allowed: node'],
      ['x/a > x/a TCP/80', 'allowed: itself'],
    ],
  },
  {
    title: '234 default deny of both directions',
    policies: [policy('x/deny', { podSelector: {}, policyTypes: ['Ingress', 'Egress'] })],
    rows: [
      ['x/a > x/b TCP/80', 'denied: egress x/deny, ingress x/deny'],
      ['x/a > y/a TCP/80', 'denied: egress x/deny'],
      ['y/a > x/a TCP/80', 'denied: ingress x/deny'],
      ['x/a > 198.51.100.2 TCP/80', 'denied: egress x/deny'],
      ['x/a > dns UDP/53', 'denied: egress x/deny'],
      ['x/a > node TCP/80', 'allowed: node'],
      ['x/a > x/a TCP/81', 'allowed: itself'],
      ['y/a > dns UDP/53', 'allowed'],
    ],
  },
  {
    title: '235 ingress from Pods of the same namespace',
    policies: [policy('x/from-b', { podSelector: { matchLabels: { pod: 'a' } }, ingress: [{ from: [pods('b')] }], policyTypes: ['Ingress'] })],
    rows: [
      ['x/b > x/a TCP/80', 'allowed: ingress x/from-b'],
      ['x/c > x/a TCP/80', 'denied: ingress x/from-b'],
      ['y/b > x/a TCP/80', 'denied: ingress x/from-b'],
      ['y/b > x/b TCP/80', 'allowed'],
    ],
  },
  {
    title: '236 ingress from all namespaces, not from outside',
    policies: [policy('x/from-pods', { podSelector: { matchLabels: { pod: 'a' } }, ingress: [{ from: [{ namespaceSelector: {} }] }], policyTypes: ['Ingress'] })],
    rows: [
      ['y/b > x/a TCP/80', 'allowed: ingress x/from-pods'],
      ['x/b > x/a TCP/80', 'allowed: ingress x/from-pods'],
      ['198.51.100.2 > x/a TCP/80', 'denied: ingress x/from-pods'],
    ],
  },
  {
    title: '237 ingress from one other namespace',
    policies: [policy('x/from-y', { podSelector: { matchLabels: { pod: 'a' } }, ingress: [{ from: [inNamespace('y')] }], policyTypes: ['Ingress'] })],
    rows: [
      ['y/a > x/a TCP/80', 'allowed: ingress x/from-y'],
      ['z/a > x/a TCP/80', 'denied: ingress x/from-y'],
      ['x/b > x/a TCP/80', 'denied: ingress x/from-y'],
    ],
  },
  {
    title: '238 match expressions for Pods',
    policies: [
      policy('x/expressions', {
        podSelector: { matchExpressions: [{ key: 'pod', operator: 'NotIn', values: ['c'] }] },
        ingress: [{ from: [{ podSelector: { matchExpressions: [{ key: 'pod', operator: 'In', values: ['b', 'd'] }] } }] }],
        policyTypes: ['Ingress'],
      }),
    ],
    rows: [
      ['x/b > x/a TCP/80', 'allowed: ingress x/expressions'],
      ['x/c > x/a TCP/80', 'denied: ingress x/expressions'],
      ['x/a > x/b TCP/80', 'denied: ingress x/expressions'],
      ['y/a > x/c TCP/80', 'allowed'],
    ],
  },
  {
    title: '239 match expressions for namespaces, and the label that every namespace has',
    policies: [
      policy('x/ns-expressions', {
        podSelector: { matchLabels: { pod: 'a' } },
        ingress: [{ from: [{ namespaceSelector: { matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'In', values: ['z'] }] } }] }],
        policyTypes: ['Ingress'],
      }),
    ],
    rows: [
      ['z/c > x/a TCP/80', 'allowed: ingress x/ns-expressions'],
      ['y/c > x/a TCP/80', 'denied: ingress x/ns-expressions'],
    ],
  },
  {
    title: '240 Pods or namespaces, as items of their own',
    policies: [policy('x/either', { podSelector: { matchLabels: { pod: 'a' } }, ingress: [{ from: [pods('b'), inNamespace('y')] }], policyTypes: ['Ingress'] })],
    rows: [
      ['x/b > x/a TCP/80', 'allowed: ingress x/either'],
      ['y/c > x/a TCP/80', 'allowed: ingress x/either'],
      ['z/b > x/a TCP/80', 'denied: ingress x/either'],
    ],
  },
  {
    title: '241 242 Pods of selected namespaces, in one item',
    policies: [policy('x/both', { podSelector: { matchLabels: { pod: 'a' } }, ingress: [{ from: [{ ...pods('b'), ...inNamespace('y') }] }], policyTypes: ['Ingress'] })],
    rows: [
      ['y/b > x/a TCP/80', 'allowed: ingress x/both'],
      ['y/a > x/a TCP/80', 'denied: ingress x/both'],
      ['x/b > x/a TCP/80', 'denied: ingress x/both'],
      ['z/b > x/a TCP/80', 'denied: ingress x/both'],
    ],
  },
  {
    title: '243 ports, for everyone and for some',
    policies: [
      policy('x/ports', {
        podSelector: { matchLabels: { pod: 'a' } },
        ingress: [{ ports: [tcp(80), udp(81)] }, { from: [inNamespace('z')], ports: [tcp(81)] }],
        policyTypes: ['Ingress'],
      }),
    ],
    rows: [
      ['y/a > x/a TCP/80', 'allowed: ingress x/ports'],
      ['y/a > x/a UDP/81', 'allowed: ingress x/ports'],
      ['y/a > x/a TCP/81', 'denied: ingress x/ports'],
      ['y/a > x/a UDP/80', 'denied: ingress x/ports'],
      ['z/a > x/a TCP/81', 'allowed: ingress x/ports'],
      ['198.51.100.2 > x/a TCP/80', 'allowed: ingress x/ports'],
    ],
  },
  {
    title: '244 policies that overlap add up',
    policies: [
      policy('x/port-80', { podSelector: { matchLabels: { pod: 'a' } }, ingress: [{ from: [inNamespace('y')], ports: [tcp(80)] }], policyTypes: ['Ingress'] }),
      policy('x/port-81', { podSelector: {}, ingress: [{ from: [inNamespace('y'), inNamespace('z')], ports: [tcp(81)] }], policyTypes: ['Ingress'] }),
    ],
    rows: [
      ['y/a > x/a TCP/80', 'allowed: ingress x/port-80'],
      ['y/a > x/a TCP/81', 'allowed: ingress x/port-81'],
      ['z/a > x/a TCP/80', 'denied: ingress x/port-80 x/port-81'],
      ['y/a > x/b TCP/80', 'denied: ingress x/port-81'],
    ],
  },
  {
    title: '245 251 an allow-all policy beside a default deny',
    policies: [denyIngress, allowIngress],
    rows: [
      ['y/a > x/a TCP/80', 'allowed: ingress x/allow-in'],
      ['198.51.100.2 > x/b UDP/80', 'allowed: ingress x/allow-in'],
    ],
  },
  {
    title: '246 named ports of the Pod that is connected to, ingress',
    policies: [policy('x/named', { podSelector: {}, ingress: [{ from: [inNamespace('y')], ports: [tcp('web')] }], policyTypes: ['Ingress'] })],
    rows: [
      ['y/a > x/a TCP/80', 'allowed: ingress x/named'],
      ['y/a > x/a TCP/81', 'denied: ingress x/named'],
      ['y/a > x/c TCP/81', 'allowed: ingress x/named'],
      ['y/a > x/c TCP/80', 'denied: ingress x/named'],
      ['z/a > x/c TCP/81', 'denied: ingress x/named'],
    ],
  },
  {
    title: '246 named ports of the Pod that is connected to, egress',
    policies: [policy('y/named-out', { podSelector: { matchLabels: { pod: 'a' } }, egress: [{ to: [inNamespace('x')], ports: [tcp('web')] }], policyTypes: ['Egress'] })],
    rows: [
      ['y/a > x/a TCP/80', 'allowed: egress y/named-out'],
      ['y/a > x/c TCP/80', 'denied: egress y/named-out'],
      ['y/a > x/c TCP/81', 'allowed: egress y/named-out'],
      ['y/a > z/a TCP/80', 'denied: egress y/named-out'],
      ['y/b > z/a TCP/81', 'allowed'],
    ],
  },
  {
    title: 'named ports without a peer reach every Pod that has the name, and nobody outside',
    policies: [policy('y/named-any', { podSelector: { matchLabels: { pod: 'a' } }, egress: [{ ports: [tcp('web')] }], policyTypes: ['Egress'] })],
    rows: [
      ['y/a > z/b TCP/80', 'allowed: egress y/named-any'],
      ['y/a > x/c TCP/81', 'allowed: egress y/named-any'],
      ['y/a > x/c TCP/80', 'denied: egress y/named-any'],
      ['y/a > 198.51.100.2 TCP/80', 'denied: egress y/named-any'],
    ],
  },
  {
    title: '247 labels of a Pod changed: it is let in',
    policies: [policy('x/from-d', { podSelector: { matchLabels: { pod: 'a' } }, ingress: [{ from: [pods('d')] }], policyTypes: ['Ingress'] })],
    change: (world) => labelled(world, 'x/b', { pod: 'd' }),
    rows: [
      ['x/b > x/a TCP/80', 'allowed: ingress x/from-d'],
      ['x/c > x/a TCP/80', 'denied: ingress x/from-d'],
    ],
  },
  {
    title: '247 labels of a namespace changed: its Pods are let in',
    policies: [policy('x/from-w', { podSelector: { matchLabels: { pod: 'a' } }, ingress: [{ from: [inNamespace('w')] }], policyTypes: ['Ingress'] })],
    change: (world) => labelled(world, 'y', { ns: 'w' }),
    rows: [
      ['y/b > x/a TCP/80', 'allowed: ingress x/from-w'],
      ['z/b > x/a TCP/80', 'denied: ingress x/from-w'],
    ],
  },
  {
    title: '247 labels of the target changed: the policy is about it no more',
    policies: [policy('x/about-a', { podSelector: { matchLabels: { pod: 'a' } }, policyTypes: ['Ingress'] })],
    change: (world) => labelled(world, 'x/a', { pod: 'free' }),
    rows: [['y/b > x/a TCP/80', 'allowed']],
  },
  {
    title: '248 no ingress from other namespaces',
    policies: [policy('x/own-only', { podSelector: {}, ingress: [{ from: [{ podSelector: {} }] }], policyTypes: ['Ingress'] })],
    rows: [
      ['x/b > x/a TCP/80', 'allowed: ingress x/own-only'],
      ['y/b > x/a TCP/80', 'denied: ingress x/own-only'],
    ],
  },
  {
    title: '248 no egress of selected Pods',
    policies: [policy('x/no-out', { podSelector: { matchLabels: { pod: 'a' } }, policyTypes: ['Egress'] })],
    rows: [
      ['x/a > y/b TCP/80', 'denied: egress x/no-out'],
      ['x/b > y/b TCP/80', 'allowed'],
      ['y/b > x/a TCP/80', 'allowed'],
    ],
  },
  {
    title: '249 ingress and egress in one policy',
    policies: [
      policy('x/two-ways', {
        podSelector: { matchLabels: { pod: 'a' } },
        ingress: [{ from: [inNamespace('y')], ports: [tcp(80)] }],
        egress: [{ to: [inNamespace('z')], ports: [tcp(81)] }],
        policyTypes: ['Ingress', 'Egress'],
      }),
    ],
    rows: [
      ['y/a > x/a TCP/80', 'allowed: ingress x/two-ways'],
      ['y/a > x/a TCP/81', 'denied: ingress x/two-ways'],
      ['x/a > z/a TCP/81', 'allowed: egress x/two-ways'],
      ['x/a > z/a TCP/80', 'denied: egress x/two-ways'],
    ],
  },
  {
    title: '250 egress to Pods of another namespace',
    policies: [policy('x/out-to', { podSelector: { matchLabels: { pod: 'a' } }, egress: [{ to: [{ ...pods('b'), ...inNamespace('y') }] }], policyTypes: ['Egress'] })],
    rows: [
      ['x/a > y/b TCP/80', 'allowed: egress x/out-to'],
      ['x/a > y/a TCP/80', 'denied: egress x/out-to'],
      ['x/a > x/b TCP/80', 'denied: egress x/out-to'],
    ],
  },
  {
    title: '253 egress to a range',
    policies: [policy('x/range', { podSelector: { matchLabels: { pod: 'a' } }, egress: [{ to: [{ ipBlock: { cidr: '198.51.100.0/24' } }], ports: [tcp(80)] }], policyTypes: ['Egress'] })],
    rows: [
      ['x/a > 198.51.100.2 TCP/80', 'allowed: egress x/range'],
      ['x/a > 198.51.100.200 TCP/80', 'allowed: egress x/range'],
      ['x/a > 198.51.100.2 TCP/81', 'denied: egress x/range'],
      ['x/a > y/a TCP/80', 'denied: egress x/range'],
    ],
  },
  {
    title: '253 ranges with exceptions, of Pods and of others',
    policies: [
      policy('x/except', {
        podSelector: { matchLabels: { pod: 'a' } },
        ingress: [{ from: [{ ipBlock: { cidr: '198.51.100.0/24', except: ['198.51.100.128/25', '198.51.100.192/26'] } }, { ipBlock: { cidr: '10.77.0.0/24', except: ['10.77.0.20/32'] } }] }],
        policyTypes: ['Ingress'],
      }),
    ],
    rows: [
      ['198.51.100.2 > x/a TCP/80', 'allowed: ingress x/except'],
      ['198.51.100.200 > x/a TCP/80', 'denied: ingress x/except'],
      ['y/b > x/a TCP/80', 'allowed: ingress x/except'],
      ['y/a > x/a TCP/80', 'denied: ingress x/except'],
    ],
  },
  {
    title: '253 what one range excepts, another policy may allow',
    policies: [
      policy('x/all-but', { podSelector: { matchLabels: { pod: 'a' } }, egress: [{ to: [{ ipBlock: { cidr: '0.0.0.0/0', except: ['10.77.0.20/30'] } }] }], policyTypes: ['Egress'] }),
      policy('x/and-one', { podSelector: { matchLabels: { pod: 'a' } }, egress: [{ to: [{ ipBlock: { cidr: '10.77.0.21/32' } }] }], policyTypes: ['Egress'] }),
    ],
    rows: [
      ['x/a > y/a TCP/80', 'denied: egress x/all-but x/and-one'],
      ['x/a > y/b TCP/80', 'allowed: egress x/and-one'],
      ['x/a > z/a TCP/80', 'allowed: egress x/all-but'],
      ['x/a > 198.51.100.2 UDP/80', 'allowed: egress x/all-but'],
    ],
  },
  {
    title: '254 both ends are asked, each on its own',
    policies: [
      policy('x/in-b', { podSelector: { matchLabels: { pod: 'a' } }, ingress: [{ from: [pods('b')] }], policyTypes: ['Ingress'] }),
      policy('x/out-b', { podSelector: { matchLabels: { pod: 'a' } }, egress: [{ to: [pods('c')] }], policyTypes: ['Egress'] }),
    ],
    rows: [
      ['x/b > x/a TCP/80', 'allowed: ingress x/in-b'],
      ['x/a > x/b TCP/80', 'denied: egress x/out-b'],
      ['x/a > x/c TCP/80', 'allowed: egress x/out-b'],
      ['x/c > x/a TCP/80', 'denied: ingress x/in-b'],
    ],
  },
  {
    title: '255 256 SCTP is not TCP, and isolates all the same',
    policies: [policy('x/sctp', { podSelector: { matchLabels: { pod: 'a' } }, ingress: [{ ports: [{ protocol: 'SCTP', port: 80 }] }], policyTypes: ['Ingress'] })],
    rows: [
      ['y/a > x/a TCP/80', 'denied: ingress x/sctp'],
      ['y/a > x/a UDP/80', 'denied: ingress x/sctp'],
      ['y/a > x/a SCTP/80', 'allowed: ingress x/sctp'],
      ['y/a > x/a SCTP/81', 'denied: ingress x/sctp'],
    ],
  },
  {
    title: '257 258 UDP is not TCP',
    policies: [policy('x/udp', { podSelector: { matchLabels: { pod: 'a' } }, ingress: [{ from: [inNamespace('y')], ports: [udp(80)] }], policyTypes: ['Ingress'] })],
    rows: [
      ['y/a > x/a UDP/80', 'allowed: ingress x/udp'],
      ['y/a > x/a TCP/80', 'denied: ingress x/udp'],
      ['z/a > x/a UDP/80', 'denied: ingress x/udp'],
    ],
  },
  {
    title: '259 the client may not, although the server lets it in',
    policies: [denyEgress, policy('y/from-x', { podSelector: {}, ingress: [{ from: [inNamespace('x')] }], policyTypes: ['Ingress'] })],
    rows: [
      ['x/a > y/a TCP/80', 'denied: egress x/deny-out'],
      ['z/a > y/a TCP/80', 'denied: ingress y/from-x'],
    ],
  },
  {
    title: '259 the client may, and the server does not let it in',
    policies: [policy('x/out-y', { podSelector: {}, egress: [{ to: [inNamespace('y')] }], policyTypes: ['Egress'] }), policy('y/no-in', { podSelector: { matchLabels: { pod: 'a' } }, policyTypes: ['Ingress'] })],
    rows: [
      ['x/a > y/a TCP/80', 'denied: ingress y/no-in'],
      ['x/a > y/b TCP/80', 'allowed: egress x/out-y'],
    ],
  },
  {
    title: '260 ranges of ports',
    policies: [policy('x/end-port', { podSelector: { matchLabels: { pod: 'a' } }, ingress: [{ ports: [{ protocol: 'TCP', port: 70, endPort: 80 }, { protocol: 'TCP', port: 75, endPort: 78 }, { protocol: 'UDP', port: 81, endPort: 65_535 }] }], policyTypes: ['Ingress'] })],
    rows: [
      ['y/a > x/a TCP/80', 'allowed: ingress x/end-port'],
      ['y/a > x/a TCP/81', 'denied: ingress x/end-port'],
      ['y/a > x/a UDP/81', 'allowed: ingress x/end-port'],
      ['y/a > x/a UDP/80', 'denied: ingress x/end-port'],
    ],
  },
  {
    title: 'all ports of one protocol',
    policies: [policy('x/any-udp', { podSelector: { matchLabels: { pod: 'a' } }, ingress: [{ ports: [{ protocol: 'UDP' }] }], policyTypes: ['Ingress'] })],
    rows: [
      ['y/a > x/a UDP/80', 'allowed: ingress x/any-udp'],
      ['y/a > x/a TCP/80', 'denied: ingress x/any-udp'],
    ],
  },
  {
    title: 'egress that allows nothing but cluster DNS',
    policies: [
      policy('x/dns-only', {
        podSelector: {},
        egress: [{ to: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } }, podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } } }], ports: [udp(53), tcp(53)] }],
        policyTypes: ['Egress'],
      }),
    ],
    rows: [
      ['x/a > dns UDP/53', 'allowed: egress x/dns-only'],
      ['x/a > dns TCP/53', 'allowed: egress x/dns-only'],
      ['x/a > y/a TCP/80', 'denied: egress x/dns-only'],
      ['x/a > 198.51.100.2 TCP/80', 'denied: egress x/dns-only'],
    ],
  },
  {
    title: 'types left out: ingress always, egress where there are rules of it',
    policies: [policy('x/plain', { podSelector: { matchLabels: { pod: 'a' } } }), policy('x/plain-out', { podSelector: { matchLabels: { pod: 'b' } }, egress: [{ to: [pods('c')] }] })],
    rows: [
      ['x/a > y/a TCP/80', 'allowed'],
      ['y/a > x/a TCP/80', 'denied: ingress x/plain'],
      ['x/b > y/a TCP/80', 'denied: egress x/plain-out'],
      ['x/b > x/c TCP/80', 'allowed: egress x/plain-out'],
      ['y/a > x/b TCP/80', 'denied: ingress x/plain-out'],
    ],
  },
];
