// Resizes in place over the real API, carried out by a kubelet on the fake runtime: a node of 4 cores and 8 GiB.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Container, CoreEvent, Pod, PodCondition, ResourceRequirements } from '../../src/api/generated/types.ts';
import { EVENTS, PODS } from '../../src/api/kinds.ts';
import type { PatchType } from '../../src/client/client.ts';
import { RuntimeError } from '../../src/kubelet/runtime/container-runtime.ts';
import { KubeletBench } from '../support/kubelet-bench.ts';
import { soon } from '../support/virtual-clock.ts';

let bench: KubeletBench;
const namespace = 'default';

beforeEach(async () => {
  bench = await KubeletBench.start();
});
afterEach(() => bench.close());

const size = (cpu: string, memory: string): ResourceRequirements => ({ requests: { cpu, memory }, limits: { cpu, memory } });
const sh = (name: string, resources: ResourceRequirements, more: Partial<Container> = {}): Container => ({ name, image: 'busybox', imagePullPolicy: 'IfNotPresent', command: ['sh', '-c', "trap 'exit 0' TERM; sleep 6000"], resources, ...more });
const run = async (name: string, containers: Container[], restartPolicy = 'Always'): Promise<Pod> => {
  await bench.createPodOf(name, { restartPolicy, containers });
  return bench.untilPhase(name, 'Running');
};
const resize = (name: string, containers: readonly { readonly name: string; readonly resources: ResourceRequirements }[], type: PatchType = 'strategic'): Promise<Pod> =>
  bench.api.client.patch(PODS, { namespace, name }, { type, body: { spec: { containers } } }, { subresource: 'resize' });
const containerOf = (pod: string, name = 'a') => bench.runtime.containers.filter(({ identity }) => identity.pod === pod && identity.container === name).at(-1)!;
const conditionOf = ({ status }: Pod, type: string): PodCondition | undefined => status?.conditions?.find((one) => one.type === type);
const given = ({ status }: Pod, at = 0) => ({ resources: status?.containerStatuses?.[at]?.resources, allocated: status?.containerStatuses?.[at]?.allocatedResources });
/** Tries come one after another as the clock goes on. */
const untilSettled = (test: (pod: Pod) => boolean): Promise<Pod> =>
  soon('it has the size', async () => {
    await bench.clock.advance(1_000);
    const now = await bench.pod('p');
    return test(now) && conditionOf(now, 'PodResizeInProgress') === undefined ? now : undefined;
  });
const eventsOf = async (pod: string, reason: string): Promise<readonly CoreEvent[]> => (await bench.api.client.list(EVENTS, { namespace })).items.filter((event) => event.involvedObject.name === pod && event.reason === reason);

describe('a size that fits', () => {
  test('is given to the container as it runs, told in status and events', async () => {
    await run('p', [sh('a', size('100m', '64Mi'))]);
    await resize('p', [{ name: 'a', resources: size('500m', '128Mi') }]);
    const pod = await bench.until('p', 'it has the size', (one) => given(one).resources?.limits?.['memory'] === '128Mi' && conditionOf(one, 'PodResizeInProgress') === undefined);
    expect(given(pod)).toEqual({ resources: size('500m', '128Mi'), allocated: { cpu: '500m', memory: '128Mi' } });
    expect(containerOf('p').resources).toEqual({ memoryLimitBytes: 2 ** 27, cpuLimitMillis: 500, cpuRequestMillis: 500 });
    expect(pod.status).toMatchObject({ observedGeneration: 2, containerStatuses: [{ restartCount: 0 }] });
    const [completed] = await soon('the event', async () => (await eventsOf('p', 'ResizeCompleted')).length > 0 && eventsOf('p', 'ResizeCompleted'));
    expect(completed).toMatchObject({ type: 'Normal', message: `Pod resize completed: {"containers":[{"name":"a","resources":{"limits":{"cpu":"500m","memory":"128Mi"},"requests":{"cpu":"500m","memory":"128Mi"}}}],"generation":2}` });
    expect((await eventsOf('p', 'ResizeStarted'))[0]?.message).toMatch(/^Pod resize started: \{"containers":/);
  });

  test('comes with a restart where the container wants one, at once and counted', async () => {
    await run('p', [sh('a', size('100m', '64Mi'), { resizePolicy: [{ resourceName: 'memory', restartPolicy: 'RestartContainer' }] })]);
    await resize('p', [{ name: 'a', resources: size('200m', '64Mi') }]);
    await bench.until('p', 'cpu came without', (one) => given(one).resources?.limits?.['cpu'] === '200m');
    expect((await bench.pod('p')).status?.containerStatuses?.[0]?.restartCount).toBe(0);
    await resize('p', [{ name: 'a', resources: size('200m', '128Mi') }]);
    const pod = await bench.until('p', 'it runs again', (one) => one.status?.containerStatuses?.[0]?.restartCount === 1 && one.status.containerStatuses[0].state?.running !== undefined);
    expect(given(pod).resources).toEqual(size('200m', '128Mi'));
    expect(containerOf('p')).toMatchObject({ identity: { attempt: 1 }, resources: { memoryLimitBytes: 2 ** 27 } });
    expect((await eventsOf('p', 'Killing')).map(({ message }) => message)).toEqual(['Container a resize requires restart']);
  });

  test('of one container leaves the others alone, in a Pod that runs once too', async () => {
    await run('p', [sh('a', size('100m', '64Mi')), sh('b', size('100m', '64Mi'))], 'Never');
    await resize('p', [{ name: 'b', resources: size('300m', '64Mi') }]);
    const pod = await bench.until('p', 'it has the size', (one) => given(one, 1).resources?.limits?.['cpu'] === '300m');
    expect(given(pod).resources).toEqual(size('100m', '64Mi'));
    expect(bench.runtime.calls.filter((call) => call.startsWith('resize'))).toHaveLength(1);
  });
});

describe('a size that does not fit', () => {
  test('now, waits until another Pod has gone; a kubelet that comes after knows what was given', async () => {
    await run('big', [sh('a', size('3', '1Gi'))]);
    await run('p', [sh('a', size('500m', '64Mi'))]);
    await resize('p', [{ name: 'a', resources: size('2', '64Mi') }]);
    const waiting = await bench.until('p', 'it waits', (one) => conditionOf(one, 'PodResizePending') !== undefined);
    expect(conditionOf(waiting, 'PodResizePending')).toMatchObject({ status: 'True', reason: 'Deferred', message: "Node didn't have enough resource: cpu, requested: 2000, used: 3000, capacity: 4000", observedGeneration: 2 });
    expect(given(waiting)).toEqual({ resources: size('500m', '64Mi'), allocated: { cpu: '500m', memory: '64Mi' } });
    await bench.stopKubelet();
    bench.startKubelet();
    await bench.kubelet.ready;
    expect(given(await bench.pod('p')).allocated).toEqual({ cpu: '500m', memory: '64Mi' });
    await bench.api.client.delete(PODS, { namespace, name: 'big' }, { gracePeriodSeconds: 0 });
    const pod = await bench.until('p', 'it has the size', (one) => given(one).resources?.limits?.['cpu'] === '2');
    expect(conditionOf(pod, 'PodResizePending')).toBeUndefined();
    expect(await eventsOf('p', 'ResizeDeferred')).not.toEqual([]);
  });

  test('ever, is called infeasible, and may be taken back', async () => {
    await run('p', [sh('a', size('500m', '64Mi'))]);
    await resize('p', [{ name: 'a', resources: size('500m', '20Gi') }]);
    const pod = await bench.until('p', 'it is judged', (one) => conditionOf(one, 'PodResizePending') !== undefined);
    expect(conditionOf(pod, 'PodResizePending')).toMatchObject({ reason: 'Infeasible', message: `Node didn't have enough capacity: memory, requested: ${20 * 2 ** 30}, capacity: ${8 * 2 ** 30}` });
    await resize('p', [{ name: 'a', resources: size('500m', '64Mi') }]);
    await bench.until('p', 'nothing is pending', (one) => conditionOf(one, 'PodResizePending') === undefined);
    expect(bench.runtime.calls.filter((call) => call.startsWith('resize'))).toEqual([]);
  });

  test('into what is in use is not tried, and said so', async () => {
    await run('p', [sh('a', size('500m', '64Mi'))]);
    bench.runtime.load(containerOf('p').id, { cores: 0, memoryBytes: 40 * 2 ** 20 });
    await resize('p', [{ name: 'a', resources: size('500m', '32Mi') }]);
    const pod = await bench.until('p', 'it is in trouble', (one) => conditionOf(one, 'PodResizeInProgress')?.reason === 'Error');
    expect(conditionOf(pod, 'PodResizeInProgress')?.message).toMatch(/below current usage \(41943040\)$/);
    expect(given(pod).resources).toEqual(size('500m', '64Mi'));
    bench.runtime.load(containerOf('p').id, { cores: 0, memoryBytes: 2 ** 20 });
    await untilSettled((one) => given(one).resources?.limits?.['memory'] === '32Mi');
  });
});

describe('an engine in trouble', () => {
  test.each([['its reply is lost', 'lost'], ['it refuses', new RuntimeError('Failed', 'update failed')], ['it is away', new RuntimeError('Unavailable', 'gone')]] as const)('is asked again: %s', async (_what, fault) => {
    await run('p', [sh('a', size('500m', '64Mi'))]);
    bench.runtime.failNext('resize', fault);
    await resize('p', [{ name: 'a', resources: size('1', '64Mi') }]);
    const pod = await untilSettled((one) => given(one).resources?.limits?.['cpu'] === '1');
    expect(pod.status?.containerStatuses?.[0]?.restartCount).toBe(0);
  });
});

describe('the subresource', () => {
  test.each<[PatchType, unknown]>([
    ['json', [{ op: 'replace', path: '/spec/containers/0/resources/limits/cpu', value: '1' }, { op: 'replace', path: '/spec/containers/0/resources/requests/cpu', value: '1' }, { op: 'replace', path: '/spec/containers/0/image', value: 'other' }]],
    ['strategic', { spec: { containers: [{ name: 'a', image: 'other', resources: size('1', '64Mi') }] } }],
  ])('takes a %s patch, and changes nothing but sizes', async (type, body) => {
    await run('p', [sh('a', size('500m', '64Mi'))]);
    const { spec } = await bench.api.client.patch(PODS, { namespace, name: 'p' }, { type, body }, { subresource: 'resize' });
    expect(spec?.containers[0]).toMatchObject({ image: 'busybox', resources: size('1', '64Mi') });
  });

  test('takes a whole Pod', async () => {
    const pod = await run('p', [sh('a', size('500m', '64Mi'))]);
    const { spec } = await bench.api.client.update(PODS, { ...pod, metadata: { ...pod.metadata, resourceVersion: undefined }, spec: { ...pod.spec!, containers: [sh('a', size('1', '64Mi'))] } }, { subresource: 'resize' });
    expect(spec?.containers[0]?.resources).toEqual(size('1', '64Mi'));
  });

  test('refuses what is no resize, in upstream\'s words', async () => {
    await run('p', [sh('a', size('500m', '64Mi'))]);
    await expect(resize('p', [{ name: 'a', resources: { requests: { cpu: '100m' } } }])).rejects.toThrow('Pod "p" is invalid: spec: Invalid value: "Guaranteed": Pod QOS Class may not change as a result of resizing');
  });

  test('is the only way: on the Pod itself it is refused', async () => {
    await run('p', [sh('a', size('500m', '64Mi'))]);
    await expect(bench.api.client.patch(PODS, { namespace, name: 'p' }, { type: 'strategic', body: { spec: { containers: [{ name: 'a', resources: size('1', '64Mi') }] } } })).rejects.toThrow('pod updates may not change fields other than');
  });
});
