// The Lease of the node: on the real API and store, with the fake runtime and a clock that the test moves.
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Lease } from '../../src/api/generated/types.ts';
import { LEASES, NODES } from '../../src/api/kinds.ts';
import { KubeletBench, NODE } from '../support/kubelet-bench.ts';
import { soon } from '../support/virtual-clock.ts';

const PLACE = { namespace: 'kube-node-lease', name: NODE };
let bench: KubeletBench;
const lease = (): Promise<Lease | undefined> => bench.api.client.get(LEASES, PLACE).catch(() => undefined);
const renewedAt = async (): Promise<number> => Date.parse((await lease())?.spec?.renewTime ?? '');

beforeEach(async () => {
  bench = await KubeletBench.start();
  await soon('there is a lease', async () => (await lease()) !== undefined);
});
afterEach(() => bench.close());

test('is held by the node, and belongs to it', async () => {
  const { metadata, spec } = (await lease())!;
  const node = await bench.api.client.get(NODES, { name: NODE });
  expect(spec).toEqual({ holderIdentity: NODE, leaseDurationSeconds: 40, renewTime: expect.stringMatching(/\.\d{6}Z$/) });
  expect(metadata?.ownerReferences).toEqual([{ apiVersion: 'v1', kind: 'Node', name: NODE, uid: node.metadata?.uid }]);
});

test('is renewed long before it runs out, and not all the time', async () => {
  const first = await bench.api.client.get(LEASES, PLACE);
  for (let second = 0; second < 100; second += 1) {
    await bench.clock.advance(1_000);
    expect(bench.clock.now() - (await renewedAt())).toBeLessThan(25_000);
  }
  expect(Number((await lease())?.metadata?.resourceVersion) - Number(first.metadata?.resourceVersion)).toBeLessThan(12);
});

test('comes back when it was deleted or changed', async () => {
  await bench.api.client.delete(LEASES, PLACE);
  await bench.clock.advance(61_000);
  await soon('it is back', async () => (await lease()) !== undefined);
  await bench.api.client.patch(LEASES, PLACE, { type: 'merge', body: { spec: { holderIdentity: 'somebody' } } });
  await bench.clock.advance(61_000);
  await soon('it is ours', async () => (await lease())?.spec?.holderIdentity === NODE);
});

test('is renewed also while the engine is away', async () => {
  bench.runtime.down();
  const before = await renewedAt();
  for (let second = 0; second < 40; second += 1) await bench.clock.advance(1_000);
  await soon('it is renewed', async () => (await renewedAt()) > before);
});
