// The plan that is enforced says of every connection what the evaluator says.
import { describe, expect, test } from '@jest/globals';
import { planAllows } from '../../../../src/network/policy/policy-plan.ts';
import { SCENARIOS, worldOf } from '../../../support/policy-table.ts';
import { addressOf, allProbes, judge, planOf, policy, worldWith } from '../../../support/policy-world.ts';

describe.each(SCENARIOS)('$title', (scenario) => {
  test('every Pod reaches whom it may, and nobody else', () => {
    const world = worldOf(scenario);
    const plan = planOf(world);
    const wrong = allProbes(world).filter((probe) => {
      const { protocol, port } = probe;
      return planAllows(plan, { from: addressOf(world, probe.from), to: addressOf(world, probe.to), protocol, port }) !== judge(world, probe).allowed;
    });
    expect(wrong).toEqual([]);
  });
});

test('Pods that are treated alike share one chain, and peers that are selected alike one set', () => {
  const from = [{ namespaceSelector: { matchLabels: { ns: 'y' } } }];
  const plan = planOf(worldWith([policy('x/p', { podSelector: {}, ingress: [{ from }] }), policy('z/p', { podSelector: {}, ingress: [{ from }] })]));
  expect([plan.chains.size, plan.sets.size, plan.ingress.size]).toEqual([1, 1, 6]);
});
