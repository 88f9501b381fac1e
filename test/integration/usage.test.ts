// What Pods and the node use, from a kubelet on the fake runtime up to the API.
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Node } from '../../src/api/generated/types.ts';
import { NODE_METRICS, NODES, POD_METRICS } from '../../src/api/kinds.ts';
import { toTime } from '../../src/api/time.ts';
import { RuntimeError } from '../../src/kubelet/runtime/container-runtime.ts';
import { KubeletBench, NODE } from '../support/kubelet-bench.ts';
import { settle } from '../support/virtual-clock.ts';

let bench: KubeletBench;
const namespace = 'default';

beforeEach(async () => {
  bench = await KubeletBench.start();
  await bench.kubelet.ready;
});
afterEach(() => bench.close());

/** Moves the clock over the half second between two readings. */
async function over<T>(question: Promise<T>): Promise<T> {
  let isOver = false;
  const end = (): void => void (isOver = true);
  question.then(end, end);
  for (await settle(); !isOver; await settle()) if (bench.clock.waits.includes(500)) await bench.clock.advance(500);
  return question;
}

test('a Pod is measured by the containers that run, without its sandbox', async () => {
  const container = (name: string, script: string) => ({ name, image: 'busybox', imagePullPolicy: 'IfNotPresent', command: ['sh', '-c', script] });
  await bench.createPodOf('two', { containers: [container('a', 'sleep 600'), container('b', 'sleep 600')], initContainers: [container('before', 'true')] });
  await bench.until('two', 'both run', ({ status }) => status?.containerStatuses?.every(({ state }) => state?.running !== undefined) === true);
  const [a] = bench.runtime.containers.filter(({ identity }) => identity.container === 'a');
  bench.runtime.load(a!.id, { cores: 0.5, memoryBytes: 64 * 2 ** 20 });
  const metrics = await over(bench.api.client.get(POD_METRICS, { namespace, name: 'two' }));
  expect(metrics.containers).toEqual([
    { name: 'a', usage: { cpu: '500m', memory: '64Mi' } },
    { name: 'b', usage: { cpu: '1m', memory: '1Mi' } },
  ]);
  expect(metrics).toMatchObject({ window: '500ms', timestamp: toTime(bench.clock.now()) });
});

test('a Pod that is over is not measured', async () => {
  await bench.createPod('done', 'true');
  await bench.untilPhase('done', 'Succeeded');
  expect((await over(bench.api.client.list(POD_METRICS, { namespace }))).items).toEqual([]);
  await expect(over(bench.api.client.get(POD_METRICS, { namespace, name: 'done' }))).rejects.toMatchObject({ code: 404, message: 'podmetrics.metrics.k8s.io "default/done" not found' });
});

test('the node is measured as a whole', async () => {
  const { items } = await over(bench.api.client.list(NODE_METRICS));
  expect(items).toMatchObject([{ metadata: { name: NODE }, window: '500ms', usage: { cpu: '250m', memory: '3Gi' } }]);
  const other: Node = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'elsewhere' } };
  await bench.api.client.create(NODES, other);
  await expect(over(bench.api.client.get(NODE_METRICS, { name: 'elsewhere' }))).rejects.toMatchObject({ code: 404 });
});

test('an engine that does not answer is told of', async () => {
  await bench.createPod('long', 'sleep 600');
  await bench.untilPhase('long', 'Running');
  bench.runtime.failNext('counters', new RuntimeError('Unavailable', 'cannot connect to the engine'));
  await expect(over(bench.api.client.list(POD_METRICS, { namespace }))).rejects.toMatchObject({ code: 503, message: 'the container engine does not answer: cannot connect to the engine' });
});
