// Forwarding rules as commands for nft: what each kind of rule puts into the table, and that a change touches only what differs.
import { describe, expect, test } from '@jest/globals';
import { parseIpRange } from '../../../../src/api/ip.ts';
import type { ForwardingRule } from '../../../../src/network/forwarding/forwarding-table.ts';
import { forwardingContents, type Forwarded } from '../../../../src/network/kernel/forwarding-content.ts';
import type { KernelFacts } from '../../../../src/network/kernel/kernel-facts.ts';
import { EMPTY_CONTENT, renderChange } from '../../../../src/network/kernel/table-content.ts';
import { aRule } from '../../../support/forwarding-rules.ts';

const FACTS: KernelFacts = {
  bridge: { name: 'docker0', gateway: '172.17.0.1', range: parseIpRange('172.17.0.0/16')! },
  serviceCidr: '10.96.0.0/16',
  listeners: [{ ip: '10.96.0.10', port: 53, protocol: 'UDP' }],
  loopback: true,
  bridgeFiltered: true,
  udp: true,
  lent: [],
};
const [one, two] = [
  { ip: '172.17.0.2', port: 8080 },
  { ip: '172.17.0.3', port: 8080 },
];
const elsewhere = { ip: '192.0.2.7', port: 80 };

const state = (rules: readonly ForwardingRule[], reserved = rules.map(({ key }) => key)): Forwarded => ({ rules: new Map(rules.map((rule) => [rule.key, rule])), reserved: new Set(reserved) });

/** The commands that lead from one state to the next, without the table's name. */
function commands(before: Forwarded, after: Forwarded, facts: Partial<KernelFacts> = {}): string[] {
  const contentOf = forwardingContents({ ...FACTS, ...facts });
  return renderChange('T', contentOf(before), contentOf(after)).split('\n').filter((line) => line !== '').map((line) => line.replace(' T ', ' '));
}

const added = (rule: ForwardingRule, facts?: Partial<KernelFacts>): string[] => commands(state([]), state([rule]), facts);

describe('a rule that is new', () => {
  test.each<{ title: string; rule: ForwardingRule; facts?: Partial<KernelFacts>; lines: readonly string[] }>([
    { title: 'without backends needs nothing: every cluster address that leads nowhere is refused', rule: aRule(), lines: [] },
    {
      title: 'with one backend leads there',
      rule: aRule({ backends: [one] }),
      lines: [
        'add chain internal/default/web//TCP',
        'add rule internal/default/web//TCP meta l4proto tcp dnat ip to 172.17.0.2:8080',
        'add element service-addresses { 10.96.0.9 . tcp . 80 : goto internal/default/web//TCP }',
        'add element own-backends { 172.17.0.2 . 172.17.0.2 }',
      ],
    },
    {
      title: 'with two backends leads to either',
      rule: aRule({ protocol: 'UDP', backends: [one, two] }),
      lines: [
        'add chain internal/default/web//UDP',
        'add rule internal/default/web//UDP meta l4proto udp dnat ip addr . port to numgen random mod 2 map { 0 : 172.17.0.2 . 8080, 1 : 172.17.0.3 . 8080 }',
        'add element service-addresses { 10.96.0.9 . udp . 80 : goto internal/default/web//UDP }',
        'add element own-backends { 172.17.0.2 . 172.17.0.2, 172.17.0.3 . 172.17.0.3 }',
      ],
    },
    {
      title: 'with other backends for the outside has a chain for those',
      rule: aRule({ nodePort: 30007, internal: [one, two], external: [two] }),
      lines: [
        'add chain internal/default/web//TCP',
        'add chain external/default/web//TCP',
        'add rule internal/default/web//TCP meta l4proto tcp dnat ip addr . port to numgen random mod 2 map { 0 : 172.17.0.2 . 8080, 1 : 172.17.0.3 . 8080 }',
        'add rule external/default/web//TCP meta l4proto tcp dnat ip to 172.17.0.3:8080',
        'add element service-addresses { 10.96.0.9 . tcp . 80 : goto internal/default/web//TCP }',
        'add element node-ports { tcp . 30007 : goto external/default/web//TCP }',
        'add element loopback-ports { tcp . 30007 : goto external/default/web//TCP }',
        'add element own-backends { 172.17.0.2 . 172.17.0.2, 172.17.0.3 . 172.17.0.3 }',
      ],
    },
    {
      title: 'with a backend elsewhere leaves the loopback to sockets: its packets could not leave this host',
      rule: aRule({ nodePort: 30007, loadBalancerIps: ['127.96.0.1'], backends: [elsewhere] }),
      lines: [
        'add chain internal/default/web//TCP',
        'add rule internal/default/web//TCP meta l4proto tcp dnat ip to 192.0.2.7:80',
        'add element service-addresses { 10.96.0.9 . tcp . 80 : goto internal/default/web//TCP }',
        'add element node-ports { tcp . 30007 : goto internal/default/web//TCP }',
      ],
    },
    {
      title: 'leaves the loopback to sockets where the host does not let its packets out',
      rule: aRule({ nodePort: 30007, backends: [one] }),
      facts: { loopback: false },
      lines: [
        'add chain internal/default/web//TCP',
        'add rule internal/default/web//TCP meta l4proto tcp dnat ip to 172.17.0.2:8080',
        'add element service-addresses { 10.96.0.9 . tcp . 80 : goto internal/default/web//TCP }',
        'add element node-ports { tcp . 30007 : goto internal/default/web//TCP }',
        'add element own-backends { 172.17.0.2 . 172.17.0.2 }',
      ],
    },
    {
      title: 'without backends refuses at its node port and its other addresses',
      rule: aRule({ nodePort: 30007, externalIps: ['192.0.2.50', 'fd00::5'], loadBalancerIps: ['127.96.0.1'] }),
      lines: [
        'add element unserved-addresses { 192.0.2.50 . tcp . 80 : goto refuse, 127.96.0.1 . tcp . 80 : goto refuse }',
        'add element unserved-ports { tcp . 30007 : goto refuse }',
        'add element unserved-loopback-ports { tcp . 30007 : goto refuse }',
      ],
    },
    {
      title: 'whose backends are elsewhere by policy says nothing',
      rule: aRule({ nodePort: 30007, withoutInternal: 'drop', withoutExternal: 'drop' }),
      lines: ['add element unserved-addresses { 10.96.0.9 . tcp . 80 : drop }', 'add element unserved-ports { tcp . 30007 : drop }', 'add element unserved-loopback-ports { tcp . 30007 : drop }'],
    },
    {
      title: 'lets only its source ranges to its load balancer address',
      rule: aRule({ loadBalancerIps: ['127.96.0.1'], sourceRanges: ['10.1.2.3/8', '127.0.0.1/32', 'fd00::/8'], backends: [one] }),
      lines: [
        'add chain internal/default/web//TCP',
        'add chain sources/default/web//TCP',
        'add rule internal/default/web//TCP meta l4proto tcp dnat ip to 172.17.0.2:8080',
        'add rule sources/default/web//TCP ip saddr 10.0.0.0/8 return',
        'add rule sources/default/web//TCP ip saddr 127.0.0.1/32 return',
        'add rule sources/default/web//TCP drop',
        'add element service-addresses { 10.96.0.9 . tcp . 80 : goto internal/default/web//TCP, 127.96.0.1 . tcp . 80 : goto internal/default/web//TCP }',
        'add element firewalled-addresses { 127.96.0.1 . tcp . 80 : goto sources/default/web//TCP }',
        'add element own-backends { 172.17.0.2 . 172.17.0.2 }',
      ],
    },
    {
      title: 'with affinity remembers clients for each backend',
      rule: aRule({ affinityMs: 10_000, backends: [one, two] }),
      lines: [
        'add set clients/default/web//TCP/10000/172.17.0.2/8080 { type ipv4_addr; flags dynamic,timeout; timeout 10000ms; }',
        'add set clients/default/web//TCP/10000/172.17.0.3/8080 { type ipv4_addr; flags dynamic,timeout; timeout 10000ms; }',
        'add chain internal/default/web//TCP',
        'add chain backend/default/web//TCP/10000/172.17.0.2/8080',
        'add chain backend/default/web//TCP/10000/172.17.0.3/8080',
        'add rule internal/default/web//TCP ip saddr @clients/default/web//TCP/10000/172.17.0.2/8080 goto backend/default/web//TCP/10000/172.17.0.2/8080',
        'add rule internal/default/web//TCP ip saddr @clients/default/web//TCP/10000/172.17.0.3/8080 goto backend/default/web//TCP/10000/172.17.0.3/8080',
        'add rule internal/default/web//TCP numgen random mod 2 vmap { 0 : goto backend/default/web//TCP/10000/172.17.0.2/8080, 1 : goto backend/default/web//TCP/10000/172.17.0.3/8080 }',
        'add rule backend/default/web//TCP/10000/172.17.0.2/8080 update @clients/default/web//TCP/10000/172.17.0.2/8080 { ip saddr }',
        'add rule backend/default/web//TCP/10000/172.17.0.2/8080 meta l4proto tcp dnat ip to 172.17.0.2:8080',
        'add rule backend/default/web//TCP/10000/172.17.0.3/8080 update @clients/default/web//TCP/10000/172.17.0.3/8080 { ip saddr }',
        'add rule backend/default/web//TCP/10000/172.17.0.3/8080 meta l4proto tcp dnat ip to 172.17.0.3:8080',
        'add element service-addresses { 10.96.0.9 . tcp . 80 : goto internal/default/web//TCP }',
        'add element own-backends { 172.17.0.2 . 172.17.0.2, 172.17.0.3 . 172.17.0.3 }',
      ],
    },
    {
      title: 'that leads to this host itself is no Pod that could reach itself',
      rule: aRule({ backends: [{ ip: '172.17.0.1', port: 6443 }] }),
      lines: ['add chain internal/default/web//TCP', 'add rule internal/default/web//TCP meta l4proto tcp dnat ip to 172.17.0.1:6443', 'add element service-addresses { 10.96.0.9 . tcp . 80 : goto internal/default/web//TCP }'],
    },
  ])('$title', ({ rule, facts, lines }) => expect(added(rule, facts)).toEqual(lines));
});

describe('a change', () => {
  const web = aRule({ nodePort: 30007, backends: [one] });

  test('of nothing is nothing', () => expect(commands(state([web]), state([{ ...web }]))).toEqual([]));

  test('of backends rewrites one chain', () => {
    expect(commands(state([web, aRule({ service: 'other', backends: [one] })]), state([{ ...web, internal: [two], external: [two] }, aRule({ service: 'other', backends: [one] })]))).toEqual([
      'flush chain internal/default/web//TCP',
      'add rule internal/default/web//TCP meta l4proto tcp dnat ip to 172.17.0.3:8080',
      'add element own-backends { 172.17.0.3 . 172.17.0.3 }',
    ]);
  });

  test('to a node port that this home does not hold takes its packets back to the socket', () => {
    expect(commands(state([web]), state([web], []))).toEqual(['delete element node-ports { tcp . 30007 }', 'delete element loopback-ports { tcp . 30007 }']);
  });

  test('to no backend removes what led there after all that referred to it', () => {
    expect(commands(state([web]), state([{ ...web, internal: [], external: [] }]))).toEqual([
      'flush chain internal/default/web//TCP',
      'delete element service-addresses { 10.96.0.9 . tcp . 80 }',
      'delete element node-ports { tcp . 30007 }',
      'delete element loopback-ports { tcp . 30007 }',
      'delete element own-backends { 172.17.0.2 . 172.17.0.2 }',
      'add element unserved-ports { tcp . 30007 : goto refuse }',
      'add element unserved-loopback-ports { tcp . 30007 : goto refuse }',
      'delete chain internal/default/web//TCP',
    ]);
  });

  test('of an address that two Services claim passes it on by name', () => {
    const claims = (service: string): ForwardingRule => aRule({ service, clusterIp: service === 'api' ? '10.96.0.8' : '10.96.0.9', externalIps: ['192.0.2.50'], backends: [one] });
    const lines = commands(state([claims('api'), claims('web')]), state([claims('web')]));
    expect(lines).toContain('delete element service-addresses { 10.96.0.8 . tcp . 80, 192.0.2.50 . tcp . 80 }');
    expect(lines).toContain('add element service-addresses { 192.0.2.50 . tcp . 80 : goto internal/default/web//TCP }');
  });
});

describe('the table without Services', () => {
  const base = (facts: Partial<KernelFacts> = {}): string => renderChange('T', EMPTY_CONTENT, forwardingContents({ ...FACTS, ...facts })(state([])));

  test('spares the sockets of the home on cluster addresses', () => expect(base()).toContain('add element T sockets { 10.96.0.10 . udp . 53 }'));

  test('leaves the source of Pods alone where answers pass the filter', () => expect(base()).not.toContain('172.17.0.0/16'));

  test('gives Pods this host\'s address where answers would go past the filter', () => {
    expect(base({ bridgeFiltered: false })).toContain('oifname "docker0" ct status dnat ip saddr 172.17.0.0/16 ip saddr != 172.17.0.1 masquerade');
  });

  test('leaves UDP on cluster addresses to sockets where its flows cannot be steered anew', () => {
    expect(base({ udp: false })).toContain('unserved meta l4proto tcp ip daddr 10.96.0.0/16');
  });
});
