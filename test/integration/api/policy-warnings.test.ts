// Whoever makes a NetworkPolicy where none is enforced is told so at once.
import { expect, test } from '@jest/globals';
import { NETWORK_POLICIES, PODS } from '../../../src/api/kinds.ts';
import { startApi } from '../../support/api.ts';

const namespace = 'default';

test.each([
  ['it is', async () => undefined, []],
  ['it is not', async () => 'nft is not installed. To turn it on: install it', ['this policy is not enforced: nft is not installed. To turn it on: install it']],
])('a policy is made: %s enforced', async (_, policyProblem: () => Promise<string | undefined>, warnings: string[]) => {
  const api = await startApi({ policyProblem });
  await api.client.create(NETWORK_POLICIES, { metadata: { name: 'deny', namespace }, spec: { podSelector: {} } });
  expect(api.warnings).toEqual(warnings);
  await api.close();
});

test('nothing but policies is warned of', async () => {
  const api = await startApi({ policyProblem: async () => 'no' });
  await api.client.create(PODS, { metadata: { name: 'a', namespace }, spec: { containers: [{ name: 'c', image: 'i' }] } });
  expect(api.warnings).toEqual([]);
  await api.close();
});
