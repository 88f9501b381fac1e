// Real packets through the kernel's rules: a host, a bridge and Pods in network namespaces.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { silentLogger } from '../../src/base/log.ts';
import type { Backend, ForwardingRule } from '../../src/network/forwarding/forwarding-table.ts';
import type { KernelAccess } from '../../src/network/kernel/kernel-access.ts';
import { createKernelForwarder, type KernelForwarder } from '../../src/network/kernel/kernel-forwarder.ts';
import { eventually } from '../support/eventually.ts';
import { aRule } from '../support/forwarding-rules.ts';
import { killProgramsOfThisProcess, NetworkLab, SERVICE_CIDR, type LabHost } from '../support/network-lab.ts';

const VIP = '10.96.0.9';
/** The value that chi-square with two degrees of freedom exceeds once in a thousand times. */
const CHI_SQUARE_2 = 13.8;

let lab: NetworkLab;
let access: KernelAccess;
let forwarder: KernelForwarder;
let host: LabHost;
let pods: readonly LabHost[];
let client: LabHost;

beforeAll(async () => {
  lab = await NetworkLab.create();
  host = lab.host;
  pods = [await lab.pod('a'), await lab.pod('b'), await lab.pod('c')];
  client = await lab.pod('client');
  for (const pod of pods) await Promise.all([pod.serve('TCP', 8080), pod.serve('UDP', 8080)]);
  access = lab.access();
  const [session, held] = [await access.session(), await access.routed()];
  const facts = { ...held.facts, serviceCidr: SERVICE_CIDR, listeners: [{ ip: '10.96.0.10', port: 53, protocol: 'UDP' as const }] };
  forwarder = createKernelForwarder({ session, facts, keeper: held, log: silentLogger });
}, 30_000);
afterAll(async () => {
  await access?.stop();
  await lab.close();
});
beforeEach(() => forward());

/** Node ports are reserved unless told otherwise. */
const forward = (...rules: readonly ForwardingRule[]): Promise<void> =>
  forwarder.apply({ rules: new Map(rules.map((rule) => [rule.key, rule])), reserved: new Set(rules.map(({ key }) => key)) });
const backends = (...chosen: readonly LabHost[]): Backend[] => chosen.map(({ ip }) => ({ ip, port: 8080 }));
const names = (answers: readonly string[]): string[] => answers.map((answer) => answer.split(' ')[0]!);

describe('a cluster address', () => {
  test('leads from the host and from a Pod to a backend, and the backend sees the Pod\'s own address', async () => {
    await forward(aRule({ backends: backends(pods[0]!) }));
    expect(await host.ask('TCP', VIP, 80)).toEqual([`a ${host.ip}`]);
    expect(await client.ask('TCP', VIP, 80)).toEqual([`a ${client.ip}`]);
  });

  test.each([{ from: 'the host' }, { from: 'a Pod' }])('spreads the connections of $from evenly', async ({ from }) => {
    await forward(aRule({ backends: backends(...pods) }));
    const asker = from === 'the host' ? host : client;
    const answers = names(await asker.ask('TCP', VIP, 80, { times: 600 }));
    const counts = ['a', 'b', 'c'].map((name) => answers.filter((answer) => answer === name).length);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(600);
    expect(counts.reduce((sum, count) => sum + (count - 200) ** 2 / 200, 0)).toBeLessThan(CHI_SQUARE_2);
  });

  test('leads a Pod to itself', async () => {
    await forward(aRule({ backends: backends(pods[0]!) }));
    expect(await pods[0]!.ask('TCP', VIP, 80)).toEqual([`a ${host.ip}`]);
  });

  test('serves UDP, also of a Pod that asks itself', async () => {
    await forward(aRule({ protocol: 'UDP', backends: backends(pods[0]!) }));
    expect(await host.ask('UDP', VIP, 80)).toEqual([`a ${host.ip}`]);
    expect(await client.ask('UDP', VIP, 80)).toEqual([`a ${client.ip}`]);
    expect(await pods[0]!.ask('UDP', VIP, 80)).toEqual([`a ${host.ip}`]);
  });

  test('follows its backends with the next connection', async () => {
    await forward(aRule({ backends: backends(pods[0]!) }));
    await forward(aRule({ backends: backends(pods[1]!) }));
    expect(names(await client.ask('TCP', VIP, 80, { times: 20 }))).toEqual(Array(20).fill('b'));
  });

  test('leads to a backend outside of the cluster, as the host', async () => {
    await host.serve('TCP', 9090, host.ip);
    await forward(aRule({ backends: [{ ip: host.ip, port: 9090 }] }));
    expect(names(await host.ask('TCP', VIP, 80))).toEqual(['host']);
    expect(await client.ask('TCP', VIP, 80)).toEqual([`host ${client.ip}`]);
  });

  test('knows ports apart, and protocols', async () => {
    await forward(aRule({ backends: backends(pods[0]!) }), aRule({ key: 'default/web:dns/UDP', protocol: 'UDP', backends: backends(pods[1]!) }), aRule({ key: 'default/web:more/TCP', port: 81, backends: backends(pods[2]!) }));
    expect(names([...(await client.ask('TCP', VIP, 80)), ...(await client.ask('UDP', VIP, 80)), ...(await client.ask('TCP', VIP, 81))])).toEqual(['a', 'b', 'c']);
  });
});

describe('without a backend', () => {
  // Whatever listens on every address of the host has no part in it.
  beforeAll(() => host.serve('TCP', 8081));

  test.each([
    { what: 'a Service without backends', rules: [aRule()], port: 80 },
    { what: 'a port that the Service does not have', rules: [aRule()], port: 8081 },
    { what: 'an address that no Service has', rules: [], port: 80 },
  ])('$what refuses at once, TCP and UDP, the host and Pods', async ({ rules, port }) => {
    await forward(...rules);
    const answers = await Promise.all([host, client].flatMap((asker) => [asker.ask('TCP', VIP, port), asker.ask('UDP', VIP, port)]));
    expect(answers.flat()).toEqual(['refused', 'refused', 'refused', 'refused']);
  });

  test('a Service whose policy leaves out backends elsewhere says nothing', async () => {
    await forward(aRule({ withoutInternal: 'drop' }));
    expect(await client.ask('TCP', VIP, 80, { waitMs: 300 })).toEqual(['silent']);
  });

  test('node ports refuse too, also where a socket holds them', async () => {
    await host.serve('TCP', 30_011);
    await forward(aRule({ nodePort: 30_011 }));
    expect([...(await host.ask('TCP', '127.0.0.1', 30_011)), ...(await host.ask('TCP', host.ip, 30_011)), ...(await client.ask('TCP', host.ip, 30_011))]).toEqual(['refused', 'refused', 'refused']);
  });

  test('sockets of the home on cluster addresses are reached all the same', async () => {
    await host.serve('TCP', 53, '10.96.0.10');
    await host.serve('UDP', 53, '10.96.0.10');
    expect(names(await client.ask('UDP', '10.96.0.10', 53))).toEqual(['host']);
    expect(await client.ask('TCP', '10.96.0.10', 53)).toEqual(['refused']);
  });
});

describe('a node port', () => {
  const rule = (change: Partial<ForwardingRule> = {}) => aRule({ nodePort: 30_007, backends: backends(pods[0]!), ...change });

  test('answers on 127.0.0.1 and on the node\'s address, from the host and from Pods', async () => {
    await forward(rule());
    expect(await host.ask('TCP', '127.0.0.1', 30_007)).toEqual([`a ${host.ip}`]);
    expect(await host.ask('TCP', host.ip, 30_007)).toEqual([`a ${host.ip}`]);
    expect(await client.ask('TCP', host.ip, 30_007)).toEqual([`a ${client.ip}`]);
  });

  test('is left alone while this home does not hold the port', async () => {
    await host.serve('TCP', 30_008);
    const held = rule({ nodePort: 30_008 });
    await forwarder.apply({ rules: new Map([[held.key, held]]), reserved: new Set() });
    expect(names([...(await host.ask('TCP', '127.0.0.1', 30_008)), ...(await client.ask('TCP', host.ip, 30_008))])).toEqual(['host', 'host']);
  });

  test('does not let a Pod reach what listens on the host\'s own 127.0.0.1', async () => {
    await host.serve('TCP', 7070, '127.0.0.1');
    await client.run('ip', 'route', 'add', '127.0.0.1/32', 'via', host.ip, 'table', 'local').catch(() => '');
    await client.run('sysctl', '-qw', 'net.ipv4.conf.eth0.route_localnet=1');
    await client.run('ip', 'address', 'del', '127.0.0.1/8', 'dev', 'lo');
    await client.run('ip', 'route', 'add', '127.0.0.1/32', 'via', host.ip, 'src', client.ip);
    expect(await client.ask('TCP', '127.0.0.1', 7070, { waitMs: 500 })).toEqual(['silent']);
    await client.run('ip', 'route', 'del', '127.0.0.1/32', 'via', host.ip);
    await client.run('ip', 'address', 'add', '127.0.0.1/8', 'dev', 'lo');
  });
});

describe('the address of a load balancer', () => {
  const LB = '127.96.0.5';
  const rule = (sourceRanges: readonly string[]) => aRule({ loadBalancerIps: [LB], sourceRanges, backends: backends(pods[0]!) });

  test('leads the host to a backend', async () => {
    await forward(rule([]));
    expect(await host.ask('TCP', LB, 80)).toEqual([`a ${host.ip}`]);
  });

  test.each([
    { ranges: ['127.0.0.0/8'], answers: ['a'] },
    { ranges: ['192.0.2.0/24', '127.0.0.1/32'], answers: ['a'] },
    { ranges: ['192.0.2.7/24'], answers: ['silent'] },
    { ranges: ['fd00::/8'], answers: ['silent'] },
  ])('answers $answers to the host when $ranges may use it', async ({ ranges, answers }) => {
    await forward(rule(ranges));
    expect(names(await host.ask('TCP', LB, 80, { waitMs: 300 }))).toEqual(answers);
  });

  test('has two Services apart on the same port', async () => {
    await forward(rule([]), aRule({ service: 'other', clusterIp: '10.96.0.11', loadBalancerIps: ['127.96.0.6'], backends: backends(pods[1]!) }));
    expect(names([...(await host.ask('TCP', LB, 80)), ...(await host.ask('TCP', '127.96.0.6', 80))])).toEqual(['a', 'b']);
  });
});

describe('an external address', () => {
  const rule = (service: string, pod: LabHost) => aRule({ service, clusterIp: service === 'web' ? VIP : '10.96.0.11', externalIps: ['192.0.2.50'], backends: backends(pod) });

  test('leads Pods to a backend', async () => {
    await forward(rule('web', pods[0]!));
    expect(await client.ask('TCP', '192.0.2.50', 80)).toEqual([`a ${client.ip}`]);
  });

  test('that two Services claim belongs to the first by name, and to the other when that is gone', async () => {
    await forward(rule('web', pods[0]!), rule('api', pods[1]!));
    expect(names(await client.ask('TCP', '192.0.2.50', 80))).toEqual(['b']);
    await forward(rule('web', pods[0]!));
    expect(names(await client.ask('TCP', '192.0.2.50', 80))).toEqual(['a']);
  });
});

describe('affinity', () => {
  const sticky = (affinityMs: number, ...chosen: readonly LabHost[]) => aRule({ affinityMs, backends: backends(...chosen) });

  test('keeps each client at one backend', async () => {
    await forward(sticky(60_000, ...pods));
    for (const asker of [host, client, ...pods]) expect(new Set(names(await asker.ask('TCP', VIP, 80, { times: 20 }))).size).toBe(1);
  });

  test('survives that other backends come and go', async () => {
    await forward(sticky(60_000, ...pods));
    const [chosen] = names(await client.ask('TCP', VIP, 80));
    const kept = pods['abc'.indexOf(chosen!)]!;
    const other = pods.find((pod) => pod !== kept)!;
    await forward(sticky(60_000, ...[kept, other].sort((a, b) => (a.ip < b.ip ? -1 : 1))));
    expect(new Set(names(await client.ask('TCP', VIP, 80, { times: 20 })))).toEqual(new Set([chosen]));
    await forward(sticky(60_000, other));
    expect(names(await client.ask('TCP', VIP, 80))).not.toEqual([chosen]);
  });

  test('is forgotten after its time, and extended by each connection', async () => {
    await forward(sticky(1_000, ...pods));
    const chosen = new Set<string>();
    for (let at = 0; at < 5; at += 1) {
      chosen.add(names(await client.ask('TCP', VIP, 80))[0]!);
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    expect(chosen.size).toBe(1);
    const clients = async (): Promise<string> => (await host.run('nft', 'list', 'sets', 'ip')).match(/elements = \{[^}]*\}/g)?.join() ?? '';
    expect(await clients()).toContain(client.ip);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(await clients()).not.toContain(client.ip);
  });
});

describe('UDP', () => {
  const rule = (...chosen: readonly LabHost[]) => aRule({ protocol: 'UDP', nodePort: 30_009, backends: backends(...chosen) });

  test.each([
    { what: 'a cluster address', from: 'Pod', to: () => ({ ip: VIP, port: 80 }) },
    { what: 'a node port', from: 'Pod', to: () => ({ ip: host.ip, port: 30_009 }) },
    { what: 'a cluster address', from: 'host', to: () => ({ ip: VIP, port: 80 }) },
    { what: 'the loopback node port', from: 'host', to: () => ({ ip: '127.0.0.1', port: 30_009 }) },
  ])('of a flow through $what, from the $from, goes on to the next backend when its own is gone', async ({ from, to }) => {
    const asker = from === 'Pod' ? client : host;
    const { ip, port } = to();
    const ask = async (): Promise<string[]> => names(await asker.ask('UDP', ip, port, { fromPort: 45_000, times: 3 }));
    await forward(rule(pods[0]!));
    expect(await ask()).toEqual(['a', 'a', 'a']);
    await forward(rule(pods[1]!));
    expect(await ask()).toEqual(['b', 'b', 'b']);
    await forward(rule());
    expect(await ask()).toEqual(['refused', 'refused', 'refused']);
    await forward(rule(pods[2]!));
    expect(await ask()).toEqual(['c', 'c', 'c']);
  });
});

describe('when nft dies', () => {
  test('the rules are back without anybody asking', async () => {
    await forward(aRule({ backends: backends(pods[0]!) }));
    killProgramsOfThisProcess('nft');
    await eventually('the rules are written anew', async () => names(await client.ask('TCP', VIP, 80))[0] === 'a');
  });
});
