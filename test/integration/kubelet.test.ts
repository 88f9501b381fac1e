// The kubelet on the real API and store, with the fake runtime and a clock that the test moves.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { KubeletBench } from '../support/kubelet-bench.ts';
import { soon } from '../support/virtual-clock.ts';

let bench: KubeletBench;

beforeEach(async () => {
  bench = await KubeletBench.start();
});

afterEach(async () => {
  await bench.close();
});

describe('a Pod that runs once', () => {
  test('succeeds, with exit code, times, address and events', async () => {
    await bench.createPod('one', 'echo hello; sleep 5');
    const running = await bench.untilPhase('one', 'Running');
    expect(running.status?.containerStatuses?.[0]).toMatchObject({ ready: true, started: true, restartCount: 0 });
    expect(running.status?.podIP).toMatch(/^172\.17\./);
    await bench.clock.advance(5_000);
    const { status } = await bench.untilPhase('one', 'Succeeded');
    expect(status?.containerStatuses?.[0]?.state?.terminated).toMatchObject({ exitCode: 0, reason: 'Completed' });
    expect(status?.containerStatuses?.[0]?.state?.terminated?.containerID).toMatch(/^fake:\/\//);
    expect(status?.conditions?.find(({ type }) => type === 'Ready')).toMatchObject({ status: 'False', reason: 'PodCompleted' });
    expect(status?.podIP).toBe(running.status?.podIP);
    await soon('events', async () => (await bench.events('one')).length === 3);
    expect(await bench.events('one')).toEqual([
      'Normal Pulled Container image "busybox" already present on machine',
      'Normal Created Container created',
      'Normal Started Container started',
    ]);
    expect(bench.runtime.starts).toEqual(['one/main/0']);
  });
});
