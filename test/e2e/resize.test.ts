// Resizes in place on real Docker: the kernel's limits change under a process that runs on, or that is started anew where it wants.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Pod, ResourceRequirements } from '../../src/api/generated/types.ts';
import { TestCluster } from '../support/cluster.ts';
import { ensureImages } from '../support/images.ts';
import { ClusterPods, podOf, sh } from '../support/pods.ts';

let cluster: TestCluster;
let pods: ClusterPods;

beforeAll(async () => {
  await ensureImages('busybox:latest');
  cluster = await TestCluster.start();
  pods = new ClusterPods(cluster);
}, 120_000);

afterAll(() => cluster.stop(), 90_000);

const MiB = 2 ** 20;
const size = (cpu: string, memory: string): ResourceRequirements => ({ requests: { cpu, memory }, limits: { cpu, memory } });
const isSettled = ({ status }: Pod): boolean => status?.conditions?.every(({ type }) => !type.startsWith('PodResize')) === true;
const patch = (name: string, containers: readonly object[]): string[] => ['patch', 'pod', name, '--subresource', 'resize', '-p', JSON.stringify({ spec: { containers } })];
/** What the process itself reads, with either version of control groups. */
const limitInside = async (pod: string): Promise<string> => (await cluster.minik(['exec', pod, '-c', 'main', '--', 'sh', '-c', 'cat /sys/fs/cgroup/memory.max 2>/dev/null || cat /sys/fs/cgroup/memory/memory.limit_in_bytes'])).stdout.trim();

test('kubectl and minik make a running container larger and smaller; the process goes on', async () => {
  await pods.apply(podOf('live', { restartPolicy: 'Always', terminationGracePeriodSeconds: 1, containers: [sh('main', 'exec sleep 600', { resources: size('100m', '32Mi') }), sh('side', 'exec sleep 600', { resources: size('50m', '16Mi') })] }));
  const before = await pods.phase('live', 'Running');
  expect(await limitInside('live')).toBe(String(32 * MiB));
  expect(await cluster.kubectl(patch('live', [{ name: 'main', resources: size('300m', '64Mi') }]))).toMatchObject({ code: 0, stdout: 'pod/live patched\n' });
  const larger = await pods.until('live', 'is larger', (pod) => isSettled(pod) && pod.status?.containerStatuses?.[0]?.resources?.limits?.['memory'] === '64Mi');
  expect(await limitInside('live')).toBe(String(64 * MiB));
  expect((await pods.containers(larger)).get('main')?.HostConfig).toMatchObject({ Memory: 64 * MiB, MemorySwap: 64 * MiB, CpuQuota: 30_000, CpuShares: 307 });
  expect((await cluster.minik(patch('live', [{ name: 'main', resources: size('100m', '24Mi') }]))).code).toBe(0);
  const smaller = await pods.until('live', 'is smaller', (pod) => isSettled(pod) && pod.status?.containerStatuses?.[0]?.resources?.limits?.['memory'] === '24Mi');
  expect(await limitInside('live')).toBe(String(24 * MiB));
  expect(smaller.status?.containerStatuses?.map(({ containerID, restartCount }) => ({ containerID, restartCount }))).toEqual(before.status?.containerStatuses?.map(({ containerID }) => ({ containerID, restartCount: 0 })));
  await pods.untilEvent('live', /^Normal ResizeCompleted Pod resize completed: /);
}, 60_000);

test('a container that wants a restart for more memory gets one; what no node can give is refused with the reason', async () => {
  const resizePolicy = [{ resourceName: 'memory', restartPolicy: 'RestartContainer' }];
  await pods.apply(podOf('anew', { restartPolicy: 'Always', terminationGracePeriodSeconds: 1, containers: [sh('main', 'trap "exit 0" TERM; while :; do sleep 0.1; done', { resources: size('100m', '32Mi'), resizePolicy })] }));
  await pods.phase('anew', 'Running');
  expect((await cluster.minik(patch('anew', [{ name: 'main', resources: size('100m', '48Mi') }]))).code).toBe(0);
  await pods.until('anew', 'runs again', ({ status }) => status?.containerStatuses?.[0]?.restartCount === 1 && status.containerStatuses[0].state?.running !== undefined);
  expect(await limitInside('anew')).toBe(String(48 * MiB));
  await pods.untilEvent('anew', /^Normal Killing Container main resize requires restart$/);
  expect((await cluster.minik(patch('anew', [{ name: 'main', resources: size('900', '48Mi') }]))).code).toBe(0);
  const pod = await pods.until('anew', 'is refused', ({ status }) => status?.conditions?.some(({ type, reason }) => type === 'PodResizePending' && reason === 'Infeasible'));
  expect(pod.status?.containerStatuses?.[0]?.allocatedResources).toEqual({ cpu: '100m', memory: '48Mi' });
  await pods.untilEvent('anew', /^Warning ResizeInfeasible Pod resize Infeasible: .*Node didn't have enough capacity: cpu, requested: 900000/);
  const refused = await cluster.minik(patch('anew', [{ name: 'main', resources: { requests: { cpu: '10m' } } }]));
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain('Pod QOS Class may not change as a result of resizing');
}, 60_000);
