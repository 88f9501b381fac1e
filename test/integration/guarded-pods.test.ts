// Pods that policies select: the kubelet lets nothing of them run before their address is guarded.
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { PodNetwork } from '../../src/api/pod/pod-network.ts';
import { KubeletBench } from '../support/kubelet-bench.ts';
import { settle, soon } from '../support/virtual-clock.ts';

let bench: KubeletBench;
let guards: { readonly ip: string; readonly startedBefore: number; readonly done: PromiseWithResolvers<void> }[];

const guarding: PodNetwork = {
  needsGuard: () => true,
  guard: (_, ip) => {
    const done = Promise.withResolvers<void>();
    guards.push({ ip, startedBefore: mains(), done });
    return done.promise;
  },
};
const mains = (): number => bench.runtime.starts.filter((start) => start.includes('/main/')).length;

beforeEach(async () => {
  guards = [];
  bench = await KubeletBench.start();
  bench.network = guarding;
});

afterEach(() => bench.close());

test('the container waits for the guard of the address that it is to have', async () => {
  await bench.createPod('one', 'sleep 5');
  await soon('the guard is asked for', () => guards.length === 1);
  await settle();
  expect([guards[0]!.startedBefore, mains()]).toEqual([0, 0]);
  guards[0]!.done.resolve();
  const { status } = await bench.untilPhase('one', 'Running');
  expect([status?.podIP, mains()]).toEqual([guards[0]!.ip, 1]);
});

test('a guard that cannot be had is asked for again, and nothing starts meanwhile', async () => {
  await bench.createPod('one', 'sleep 5');
  await soon('the guard is asked for', () => guards.length === 1);
  guards[0]!.done.reject(new Error('network policies cannot be enforced: no room'));
  await soon('it is told', async () => (await bench.events('one')).includes('Warning FailedSync Error syncing pod, will be retried: network policies cannot be enforced: no room'));
  expect(mains()).toBe(0);
  await bench.clock.advance(10_000);
  await soon('the guard is asked for again', () => guards.length === 2);
  guards[1]!.done.resolve();
  await bench.untilPhase('one', 'Running');
  expect(mains()).toBe(1);
});

test('a Pod that nobody selects has no sandbox, and asks nobody', async () => {
  bench.network = { ...guarding, needsGuard: () => false };
  await bench.createPod('one', 'sleep 5');
  await bench.untilPhase('one', 'Running');
  expect([guards, bench.runtime.starts]).toEqual([[], ['one/main/0']]);
});
