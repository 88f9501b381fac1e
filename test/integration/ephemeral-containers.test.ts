// Ephemeral containers over the real API, run by a kubelet on the fake runtime.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { EphemeralContainer, Pod } from '../../src/api/generated/types.ts';
import { EVENTS, PODS } from '../../src/api/kinds.ts';
import type { PatchType } from '../../src/client/client.ts';
import { KubeletBench } from '../support/kubelet-bench.ts';
import { soon } from '../support/virtual-clock.ts';

let bench: KubeletBench;
const namespace = 'default';

beforeEach(async () => {
  bench = await KubeletBench.start();
});
afterEach(() => bench.close());

const sh = (name: string, script: string) => ({ name, image: 'busybox', imagePullPolicy: 'IfNotPresent', command: ['sh', '-c', script] });
const add = (pod: string, container: EphemeralContainer): Promise<Pod> =>
  bench.api.client.patch(PODS, { namespace, name: pod }, { type: 'strategic', body: { spec: { ephemeralContainers: [container] } } }, { subresource: 'ephemeralcontainers' });
const statusOf = ({ status }: Pod, name: string) => status?.ephemeralContainerStatuses?.find((one) => one.name === name);
const specOf = (name: string) => bench.runtime.specOf(bench.runtime.containers.find(({ identity }) => identity.container === name)!.id);
const idOf = (name: string): string => bench.runtime.containers.find(({ identity }) => identity.container === name)!.id;

describe('in a Pod that is its own sandbox', () => {
  test('joins the network of its container, and its processes where it is the target', async () => {
    await bench.createPod('p', 'sleep 600');
    await bench.untilPhase('p', 'Running');
    await add('p', { ...sh('look', 'sleep 100'), targetContainerName: 'main' });
    const pod = await bench.until('p', 'it runs', (one) => statusOf(one, 'look')?.state?.running !== undefined);
    expect(specOf('look')).toMatchObject({ network: { type: 'join', containerId: idOf('main') }, shareProcessNamespaceWith: idOf('main') });
    expect(statusOf(pod, 'look')).toMatchObject({ name: 'look', ready: false, restartCount: 0, lastState: {}, image: 'busybox' });
    expect(pod.status?.containerStatuses).toHaveLength(1);
    expect(pod.status?.conditions?.find(({ type }) => type === 'Ready')?.status).toBe('True');
    expect(pod.metadata?.generation).toBe(2);
    const about = await soon('the events', async () => {
      const { items } = await bench.api.client.list(EVENTS, { namespace });
      const own = items.filter(({ involvedObject }) => involvedObject.fieldPath === 'spec.ephemeralContainers{look}');
      return own.length === 3 && own;
    });
    expect(about.map(({ reason, message }) => `${reason}: ${message}`).sort()).toEqual(['Created: Container created', 'Pulled: Container image "busybox" already present on machine', 'Started: Container started']);
  });

  test('goes down with it, and does not change how the Pod ended', async () => {
    await bench.createPod('p', 'sleep 5');
    await bench.untilPhase('p', 'Running');
    await add('p', sh('look', 'sleep 1000'));
    await bench.until('p', 'it runs', (one) => statusOf(one, 'look')?.state?.running !== undefined);
    const pod = await soon('the Pod has succeeded', async () => {
      await bench.clock.advance(10_000);
      const now = await bench.pod('p');
      return now.status?.phase === 'Succeeded' ? now : undefined;
    });
    expect(statusOf(pod, 'look')?.state?.terminated).toBeDefined();
  });
});

describe('beside several containers', () => {
  const pair = async (): Promise<void> => {
    await bench.createPodOf('p', { restartPolicy: 'Always', containers: [sh('a', 'sleep 600'), sh('b', 'sleep 600')] });
    await bench.untilPhase('p', 'Running');
  };

  test('joins the sandbox, without the processes of anybody', async () => {
    await pair();
    await add('p', sh('look', 'sleep 100'));
    await bench.until('p', 'it runs', (one) => statusOf(one, 'look')?.state?.running !== undefined);
    expect(specOf('look')).toMatchObject({ network: { type: 'join', containerId: idOf('POD') } });
    expect(specOf('look').shareProcessNamespaceWith).toBeUndefined();
  });

  test('is never restarted, whatever the policy of the Pod, also by a kubelet that comes after', async () => {
    await pair();
    await add('p', sh('look', 'exit 3'));
    await bench.until('p', 'it is over', (one) => statusOf(one, 'look')?.state?.terminated?.exitCode === 3);
    await bench.clock.advance(600_000);
    await bench.stopKubelet();
    bench.startKubelet();
    await bench.kubelet.ready;
    await bench.clock.advance(10_000);
    expect(bench.runtime.starts.filter((start) => start.includes('/look/'))).toEqual(['p/look/0']);
    expect((await bench.pod('p')).status?.phase).toBe('Running');
  });

  test('one after the other may come', async () => {
    await pair();
    await add('p', sh('one', 'sleep 100'));
    await add('p', sh('two', 'sleep 100'));
    const pod = await bench.until('p', 'both run', (one) => one.status?.ephemeralContainerStatuses?.every(({ state }) => state?.running !== undefined) === true && one.status.ephemeralContainerStatuses.length === 2);
    expect(pod.spec?.ephemeralContainers?.map(({ name }) => name).sort()).toEqual(['one', 'two']);
  });

  test('waits with the reason for an image that cannot be had', async () => {
    await pair();
    await add('p', { ...sh('look', 'true'), image: 'none.test/nothing:1', imagePullPolicy: 'Never' });
    const pod = await bench.until('p', 'it waits', (one) => statusOf(one, 'look')?.state?.waiting?.reason === 'ErrImageNeverPull');
    expect(pod.status?.phase).toBe('Running');
  });
});

describe('the subresource', () => {
  const look = { ...sh('look', 'true') };

  test.each<[PatchType, unknown]>([
    ['json', [{ op: 'add', path: '/spec/ephemeralContainers', value: [look] }]],
    ['merge', { spec: { ephemeralContainers: [look] } }],
    ['strategic', { spec: { ephemeralContainers: [look], containers: [{ name: 'main', image: 'other' }] } }],
  ])('takes a %s patch, and changes nothing else', async (type, body) => {
    await bench.createPod('p', 'sleep 600');
    const { spec } = await bench.api.client.patch(PODS, { namespace, name: 'p' }, { type, body }, { subresource: 'ephemeralcontainers' });
    expect(spec?.ephemeralContainers).toMatchObject([{ name: 'look', terminationMessagePath: '/dev/termination-log', terminationMessagePolicy: 'File' }]);
    expect(spec?.containers[0]?.image).toBe('busybox');
  });

  test('takes a whole Pod', async () => {
    const pod = await bench.createPod('p', 'sleep 600');
    const { spec } = await bench.api.client.update(PODS, { ...pod, spec: { ...pod.spec!, ephemeralContainers: [look] } }, { subresource: 'ephemeralcontainers' });
    expect(spec?.ephemeralContainers).toHaveLength(1);
  });

  test('is the only way: on the Pod itself it is refused', async () => {
    const pod = await bench.createPod('p', 'sleep 600');
    await expect(bench.api.client.update(PODS, { ...pod, spec: { ...pod.spec!, ephemeralContainers: [look] } })).rejects.toMatchObject({ code: 422, message: expect.stringContaining('pod updates may not change fields other than') });
  });
});
