// The truth table of NetworkPolicies with real packets: the kernel, given the rules that are rendered from the plan, lets
// through what the evaluator allows, and nothing else. From scenario to scenario only what changed is written.
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { renderChange } from '../../src/network/kernel/table-content.ts';
import { NO_RULES, planRuleset, type Ruleset } from '../../src/network/policy/plan-ruleset.ts';
import { canMakeNamespaces, PacketLab } from '../support/packet-lab.ts';
import { SCENARIOS, worldOf } from '../support/policy-table.ts';
import { allProbes, DNS_IP, judge, planOf, policy, probeOf, worldWith, type Probe, type World } from '../support/policy-world.ts';

jest.setTimeout(60_000);

const TABLE = 'ip minik-lab';
const real = canMakeNamespaces ? describe : describe.skip;

real('with real packets', () => {
  let lab: PacketLab;
  let ruleset: Ruleset = NO_RULES;

  beforeAll(async () => {
    lab = await PacketLab.build();
    await lab.apply([`add table ${TABLE} { flags owner; }`]);
  });

  afterAll(() => lab.close());

  const enforce = async (world: World): Promise<void> => {
    const after = planRuleset(ruleset, planOf(world), { dnsIp: DNS_IP });
    const script = renderChange(TABLE, ruleset.content, after.content);
    if (script !== '') await lab.apply(script.split('\n'));
    ruleset = after;
  };

  /** Probes that fare otherwise than the evaluator says. */
  const differing = async (world: World, probes: readonly Probe[]): Promise<string[]> => {
    const expected = (probe: Probe): boolean => judge(world, probe).allowed;
    const reached = await lab.play(probes, expected);
    return probes.flatMap((probe, at) => (reached[at] === expected(probe) ? [] : [`${probe.from} > ${probe.to} ${probe.protocol}/${probe.port} ${reached[at] ? 'arrives' : 'does not arrive'}`]));
  };

  test.each(SCENARIOS)('$title', async (scenario) => {
    const world = worldOf(scenario);
    await enforce(world);
    const rows = scenario.rows.map(([probe]) => probeOf(probe)).filter(({ protocol }) => protocol !== 'SCTP');
    expect(await differing(world, [...rows, ...allProbes(world)])).toEqual([]);
  });

  test('nothing is left of policies that are gone', async () => {
    const world = worldWith([]);
    await enforce(world);
    expect(ruleset.content).toEqual({ sets: new Map(), chains: new Map(), elements: new Map() });
    expect(await differing(world, allProbes(world))).toEqual([]);
  });

  test('many policies at once', async () => {
    const world = worldWith(SCENARIOS.flatMap(({ policies }, at) => policies.map(({ metadata, spec }) => policy(`${metadata?.namespace}/${metadata?.name}-${at}`, spec!))));
    await enforce(world);
    expect(await differing(world, allProbes(world))).toEqual([]);
  });
});
