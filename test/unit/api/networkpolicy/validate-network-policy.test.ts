// What a NetworkPolicy must be, in upstream's words, and what it means where it says nothing.
import { describe, expect, test } from '@jest/globals';
import type { NetworkPolicy, NetworkPolicyPeer, NetworkPolicyPort, NetworkPolicySpec } from '../../../../src/api/generated/types.ts';
import { defaultNetworkPolicy } from '../../../../src/api/networkpolicy/defaults.ts';
import { validateNetworkPolicy, validateNetworkPolicyUpdate } from '../../../../src/api/networkpolicy/validate-network-policy.ts';
import { errorTexts } from '../../../support/error-texts.ts';

const policy = (spec: NetworkPolicySpec): NetworkPolicy => defaultNetworkPolicy({ metadata: { name: 'deny' }, spec });
const from = (peer: NetworkPolicyPeer): NetworkPolicySpec => ({ ingress: [{ from: [peer] }] });
const onPort = (port: NetworkPolicyPort): NetworkPolicySpec => ({ egress: [{ ports: [port] }] });
const all = {};

describe('a NetworkPolicy', () => {
  const rows: readonly (readonly [title: string, spec: NetworkPolicySpec, errors: readonly string[]])[] = [
    ['of nothing', {}, []],
    ['of Pods in other namespaces', from({ podSelector: all, namespaceSelector: all }), []],
    ['of addresses', from({ ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] } }), []],
    ['of addresses of six', from({ ipBlock: { cidr: 'fd00::/8', except: ['fd01::/16'] } }), []],
    ['of a peer that is nobody', from({}), ['spec.ingress[0].from[0]: Required value: must specify a peer']],
    ['of a peer that is two', { egress: [{ to: [{ podSelector: all, ipBlock: { cidr: '10.0.0.0/8' } }] }] }, ['spec.egress[0].to[0]: Forbidden: may not specify both ipBlock and another peer']],
    ['of no range', from({ ipBlock: { cidr: '' } }), ['spec.ingress[0].from[0].ipBlock.cidr: Required value']],
    ['of a bad range', from({ ipBlock: { cidr: '10.0.0.0' } }), ['spec.ingress[0].from[0].ipBlock.cidr: Invalid value: "10.0.0.0": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)']],
    ['of exceptions that lie elsewhere', from({ ipBlock: { cidr: '10.0.0.0/8', except: ['11.0.0.0/16', '10.0.0.0/8', '10.0.0.0/7', 'fd00::/64'] } }), [0, 1, 2, 3].map((row) => `spec.ingress[0].from[0].ipBlock.except[${row}]: Invalid value: "${['11.0.0.0/16', '10.0.0.0/8', '10.0.0.0/7', 'fd00::/64'][row]}": must be a strict subset of \`cidr\``)],
    ['of a bad exception', from({ ipBlock: { cidr: '10.0.0.0/8', except: ['x'] } }), ['spec.ingress[0].from[0].ipBlock.except[0]: Invalid value: "x": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)']],
    ['of a bad selector', { podSelector: { matchExpressions: [{ key: 'a', operator: 'Is' }] } }, ['spec.podSelector.matchExpressions[0].operator: Invalid value: "Is": not a valid selector operator']],
    ['of a bad selector of peers', from({ namespaceSelector: { matchLabels: { a: '-' } } }), [expect.stringContaining('spec.ingress[0].from[0].namespaceSelector.matchLabels: Invalid value: "-"') as unknown as string]],
    ['of a port with a name', onPort({ port: 'http' }), []],
    ['of ports in a row', onPort({ port: 8000, endPort: 9000 }), []],
    ['of a port that is none', onPort({ port: 0 }), ['spec.egress[0].ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive']],
    ['of a port with a bad name', onPort({ port: '-' }), expect.arrayContaining(['spec.egress[0].ports[0].port: Invalid value: "-": must not begin or end with a hyphen']) as unknown as string[]],
    ['of a row that ends before it begins', onPort({ port: 9000, endPort: 8000 }), ['spec.egress[0].ports[0].endPort: Invalid value: 8000: must be greater than or equal to `port`']],
    ['of a row that begins nowhere', onPort({ endPort: 8000 }), ['spec.egress[0].ports[0].endPort: Invalid value: 8000: may not be specified when `port` is not specified']],
    ['of a row that begins with a name', onPort({ port: 'http', endPort: 8000 }), ['spec.egress[0].ports[0].endPort: Invalid value: 8000: may not be specified when `port` is non-numeric']],
    ['of another protocol', onPort({ protocol: 'ICMP' }), ['spec.egress[0].ports[0].protocol: Unsupported value: "ICMP": supported values: "TCP", "UDP", "SCTP"']],
    ['of another type', { policyTypes: ['Sideways'] }, ['spec.policyTypes[0]: Unsupported value: "Sideways": supported values: "Ingress", "Egress"']],
    ['of three types', { policyTypes: ['Ingress', 'Egress', 'Ingress'] }, ['spec.policyTypes: Invalid value: ["Ingress","Egress","Ingress"]: may not specify more than two policyTypes']],
  ];

  test.each(rows.map(([title, spec, errors]) => ({ title, spec, errors })))('$title', ({ spec, errors }) => {
    expect(errorTexts(validateNetworkPolicy(policy(spec)))).toEqual(errors);
    expect(errorTexts(validateNetworkPolicyUpdate(policy(spec)))).toEqual(errors);
  });

  test.each<[what: string, spec: NetworkPolicySpec, types: string[]]>([
    ['no rules', {}, ['Ingress']],
    ['rules of ingress', { ingress: [{}] }, ['Ingress']],
    ['rules of egress', { egress: [{}] }, ['Ingress', 'Egress']],
    ['an empty list of egress', { egress: [] }, ['Ingress']],
    ['types of its own', { egress: [{}], policyTypes: ['Egress'] }, ['Egress']],
  ])('with %s is of the types %p', (_what, spec, types) => {
    expect(policy(spec).spec).toMatchObject({ podSelector: {}, policyTypes: types });
  });

  test('has ports of TCP unless they say so', () => {
    expect(policy({ ingress: [{ ports: [{ port: 80 }, { protocol: 'UDP' }] }] }).spec?.ingress?.[0]?.ports).toEqual([{ port: 80, protocol: 'TCP' }, { protocol: 'UDP' }]);
  });
});
