// Which connections NetworkPolicies allow, and which of them say so.
import { describe, expect, test } from '@jest/globals';
import { SCENARIOS, worldOf } from '../../../support/policy-table.ts';
import { judge, judgementText, probeOf } from '../../../support/policy-world.ts';

describe.each(SCENARIOS)('$title', (scenario) => {
  test.each(scenario.rows)('%s is %s', (probe, outcome) => {
    expect(judgementText(judge(worldOf(scenario), probeOf(probe)))).toBe(outcome);
  });
});

test('the table has rows enough', () => {
  expect(SCENARIOS.flatMap(({ rows }) => rows).length).toBeGreaterThanOrEqual(60);
});
