// Whatever the policies: the evaluator and the plan that is enforced say what the oracle says, and commands from any plan to
// any other leave the kernel with the second one.
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { LabelSelector, NetworkPolicy, NetworkPolicyPeer, NetworkPolicyPort } from '../../../../src/api/generated/types.ts';
import { planAllows } from '../../../../src/network/policy/policy-plan.ts';
import { renderChange } from '../../../../src/network/kernel/table-content.ts';
import { NO_RULES, planRuleset, type Ruleset } from '../../../../src/network/policy/plan-ruleset.ts';
import { oracleAllows } from '../../../support/policy-oracle.ts';
import { addressOf, allProbes, judge, labelled, planOf, policy, worldWith, type World } from '../../../support/policy-world.ts';
import { tableAfter } from '../../../support/nft-table.ts';

const name = fc.constantFrom('a', 'b', 'c', 'x', 'y');
const selectorOn = (key: string): fc.Arbitrary<LabelSelector> =>
  fc.oneof(
    fc.constant({}),
    name.map((value) => ({ matchLabels: { [key]: value } })),
    fc.record({ operator: fc.constantFrom('In', 'NotIn'), values: fc.array(name, { minLength: 1, maxLength: 3 }) }).map((expression) => ({ matchExpressions: [{ key, ...expression }] })),
    fc.record({ key: fc.constantFrom(key, 'other'), operator: fc.constantFrom('Exists', 'DoesNotExist') }).map((expression) => ({ matchExpressions: [expression] })),
  );
const pods = selectorOn('pod');
const namespaces = selectorOn('ns');
const cidr = fc.constantFrom('10.77.0.0/24', '10.77.0.20/30', '10.77.0.11/32', '0.0.0.0/0', '198.51.100.0/24', '198.51.100.128/25', '10.0.0.9/8');
const peer: fc.Arbitrary<NetworkPolicyPeer> = fc.oneof(
  pods.map((podSelector) => ({ podSelector })),
  namespaces.map((namespaceSelector) => ({ namespaceSelector })),
  fc.record({ podSelector: pods, namespaceSelector: namespaces }),
  fc.record({ cidr, except: fc.array(fc.constantFrom('10.77.0.20/32', '10.77.0.0/28', '198.51.100.200/32'), { maxLength: 2 }) }).map((ipBlock) => ({ ipBlock })),
);
const port: fc.Arbitrary<NetworkPolicyPort> = fc.oneof(
  fc.record({ protocol: fc.constantFrom('TCP', 'UDP', 'SCTP') }),
  fc.record({ protocol: fc.constantFrom('TCP', 'UDP'), port: fc.constantFrom<number | string>(80, 81, 'web', 'udp-80', 'nothing') }),
  fc.record({ port: fc.integer({ min: 70, max: 81 }), endPort: fc.integer({ min: 81, max: 90 }) }),
);
const few = <T>(arbitrary: fc.Arbitrary<T>) => fc.array(arbitrary, { maxLength: 2 });
const spec = fc.record(
  {
    podSelector: pods,
    ingress: few(fc.record({ from: few(peer), ports: few(port) }, { requiredKeys: [] })),
    egress: few(fc.record({ to: few(peer), ports: few(port) }, { requiredKeys: [] })),
    policyTypes: fc.subarray(['Ingress', 'Egress'], { minLength: 1 }),
  },
  { requiredKeys: ['podSelector'] },
);
const policies: fc.Arbitrary<NetworkPolicy[]> = fc
  .array(fc.tuple(fc.constantFrom('x', 'y'), spec), { maxLength: 4 })
  .map((all) => all.map(([namespace, each], at) => policy(`${namespace}/p${at}`, each)));
const world: fc.Arbitrary<World> = fc
  .record({ policies, relabelled: fc.array(fc.tuple(fc.constantFrom('x/a', 'y/b', 'x/c'), name), { maxLength: 2 }) })
  .map(({ policies: all, relabelled }) => relabelled.reduce((made, [key, value]) => labelled(made, key, { pod: value }), worldWith(all)));

test('evaluator and plan agree with the oracle on every connection', () => {
  fc.assert(
    fc.property(world, (drawn) => {
      const plan = planOf(drawn);
      const wrong = allProbes(drawn).filter((probe) => {
        const expected = oracleAllows(drawn, probe);
        const packet = { ...probe, from: addressOf(drawn, probe.from), to: addressOf(drawn, probe.to) };
        return judge(drawn, probe).allowed !== expected || planAllows(plan, packet) !== expected;
      });
      expect(wrong).toEqual([]);
    }),
    { numRuns: 60 },
  );
});

test('step by step, the kernel ends up with what it would have got at once', () => {
  const table = 'ip t';
  fc.assert(
    fc.property(fc.array(world, { minLength: 1, maxLength: 4 }), (steps) => {
      let ruleset: Ruleset = NO_RULES;
      const scripts = steps.map((step) => {
        const after = planRuleset(ruleset, planOf(step));
        const script = renderChange(table, ruleset.content, after.content);
        ruleset = after;
        return script;
      });
      const atOnce = renderChange(table, NO_RULES.content, planRuleset(NO_RULES, planOf(steps.at(-1)!)).content);
      expect(tableAfter(commandsOf(scripts.join('\n')))).toEqual(tableAfter(commandsOf(atOnce)));
    }),
    { numRuns: 100 },
  );
});

test('nothing changed means nothing to do', () => {
  fc.assert(
    fc.property(world, (drawn) => {
      const ruleset = planRuleset(NO_RULES, planOf(drawn));
      expect(renderChange('ip t', ruleset.content, planRuleset(ruleset, planOf({ ...drawn })).content)).toBe('');
    }),
    { numRuns: 30 },
  );
});

function commandsOf(script: string): string[] {
  return script.split('\n').filter((line) => line !== '');
}
