// The rules as the kernel lists them: changes one after the other end where writing everything afresh ends, and are quick.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { silentLogger } from '../../src/base/log.ts';
import type { Backend, ForwardingRule } from '../../src/network/forwarding/forwarding-table.ts';
import type { KernelAccess } from '../../src/network/kernel/kernel-access.ts';
import { createKernelForwarder, type KernelForwarder } from '../../src/network/kernel/kernel-forwarder.ts';
import { aRule } from '../support/forwarding-rules.ts';
import { seededRandom } from '../support/drawn-schedules.ts';
import { NetworkLab, SERVICE_CIDR } from '../support/network-lab.ts';

let changed: Home;
let fresh: Home;
const homes: Home[] = [];

interface Home {
  readonly lab: NetworkLab;
  readonly access: KernelAccess;
  readonly forwarder: () => KernelForwarder;
}

beforeAll(async () => {
  changed = await aHome();
  fresh = await aHome();
}, 20_000);
afterAll(async () => {
  for (const { lab, access } of homes) {
    await access.stop();
    await lab.close();
  }
});

async function aHome(): Promise<Home> {
  const lab = await NetworkLab.create();
  const access = lab.access();
  const [session, held] = [await access.session(), await access.routed()];
  const facts = { ...held.facts, serviceCidr: SERVICE_CIDR, listeners: [] };
  const home = { lab, access, forwarder: () => createKernelForwarder({ session, facts, keeper: { allowHairpin: async () => {}, forgetFlows: async () => {} }, log: silentLogger }) };
  homes.push(home);
  return home;
}

describe('random changes, one after the other', () => {
  const pick = seededRandom(20_261_121);
  const random = (): number => pick(1000) / 1000;
  const some = <T>(items: readonly T[]): T[] => items.filter(() => random() < 0.5);

  const backends: readonly Backend[] = Array.from({ length: 5 }, (_, at) => ({ ip: `10.200.0.${10 + at}`, port: 8080 + (at % 2) }));
  const aRandomRule = (service: number): ForwardingRule => {
    const internal = some(backends);
    return aRule({
      service: `s${service}`,
      clusterIp: `10.96.0.${20 + service}`,
      protocol: random() < 0.7 ? 'TCP' : 'UDP',
      port: 80 + pick(2),
      ...(random() < 0.5 ? { nodePort: 30_100 + service } : {}),
      externalIps: random() < 0.3 ? ['192.0.2.50'] : [],
      loadBalancerIps: random() < 0.4 ? [`127.96.0.${1 + service}`] : [],
      sourceRanges: random() < 0.5 ? ['127.0.0.0/8', `10.${pick(3)}.0.0/16`] : [],
      ...(random() < 0.3 ? { affinityMs: random() < 0.5 ? 10_000 : 20_000 } : {}),
      internal,
      external: random() < 0.5 ? internal : some(backends),
      withoutInternal: random() < 0.5 ? 'reject' : 'drop',
      withoutExternal: random() < 0.5 ? 'reject' : 'drop',
    });
  };

  test('leave in the kernel what writing everything afresh leaves', async () => {
    const forwarder = changed.forwarder();
    let rules = new Map<string, ForwardingRule>();
    let reserved = new Set<string>();
    for (let round = 1; round <= 60; round += 1) {
      const services = some([0, 1, 2, 3, 4, 5]);
      const next = new Map([...rules].filter(() => random() < 0.6));
      for (const rule of services.map(aRandomRule)) {
        // One rule a Service: its port is TCP or UDP.
        for (const key of [...next.keys()]) if (key.split(':')[0] === rule.key.split(':')[0]) next.delete(key);
        next.set(rule.key, rule);
      }
      rules = next;
      reserved = new Set(some([...rules.keys()]));
      await forwarder.apply({ rules, reserved });
      if (round % 6 > 0) continue;
      const whole = fresh.forwarder();
      await whole.apply({ rules, reserved });
      expect(await listed(changed)).toEqual(await listed(fresh));
      await whole.apply({ rules: new Map(), reserved: new Set() });
      await emptied(fresh);
      whole.stop();
    }
    forwarder.stop();
  }, 60_000);
});

describe('a thousand Services with five thousand endpoints', () => {
  const endpoints = (first: number): Backend[] => Array.from({ length: 5 }, (_, at) => ({ ip: `10.200.0.${2 + ((first * 5 + at) % 250)}`, port: 8000 + at }));
  const service = (at: number, first = at): ForwardingRule => aRule({ service: `s${at}`, clusterIp: `10.96.${1 + (at >> 8)}.${at & 255}`, nodePort: 30_000 + at, backends: endpoints(first) });

  test('take a change within 100 ms', async () => {
    const home = await aHome();
    const forwarder = home.forwarder();
    const rules = new Map(Array.from({ length: 1000 }, (_, at) => service(at)).map((rule) => [rule.key, rule]));
    const reserved = new Set(rules.keys());
    await forwarder.apply({ rules, reserved });
    const took: number[] = [];
    for (let at = 0; at < 15; at += 1) {
      const rule = service(at * 50, at + 1);
      rules.set(rule.key, rule);
      const start = performance.now();
      await forwarder.apply({ rules: new Map(rules), reserved });
      took.push(performance.now() - start);
    }
    const median = took.sort((a, b) => a - b)[7]!;
    expect(median).toBeLessThan(100);
    forwarder.stop();
  }, 30_000);
});

/** Made with the table, not by the forwarder. */
const SETTINGS = /"(?:guard-loopback|lent-\w+)"/;

/** Everything that nft tells of a home's rules for Services, but for the kernel's own numbers and order. */
async function listed({ lab }: Home): Promise<string[]> {
  const { nftables } = JSON.parse(await lab.host.run('nft', '-j', 'list', 'table', 'ip', 'minik-lab')) as { nftables: Record<string, Record<string, unknown>>[] };
  const items = nftables.filter((item) => item['metainfo'] === undefined && item['table'] === undefined).map(plain);
  const rules = items.filter((item) => item['rule'] !== undefined);
  // The order of rules counts within their chain.
  const ruled = [...Map.groupBy(rules, (item) => item['rule']!['chain'])].map(([chain, group]) => JSON.stringify([chain, group]));
  return [...items.filter((item) => item['rule'] === undefined).map((item) => JSON.stringify(item)), ...ruled].filter((line) => !SETTINGS.test(line)).sort();
}

function plain(item: Record<string, Record<string, unknown>>): Record<string, Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(item).map(([kind, { handle: _handle, elem, ...rest }]) => [kind, { ...rest, ...(Array.isArray(elem) ? { elem: elem.map((element) => JSON.stringify(element)).sort() } : {}) }]),
  );
}

/** Back to nothing: the forwarder that comes next writes everything. */
async function emptied({ access }: Home): Promise<void> {
  const session = await access.session();
  await session.run(`delete table ${session.table}\nadd table ${session.table} { flags owner; }`);
}
