// The node closed, emptied and opened again on real Docker: a Job's Pods go and come back when they may.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Job, Node } from '../../src/api/generated/types.ts';
import { eventually, TestCluster } from '../support/cluster.ts';
import { ensureImages } from '../support/images.ts';

let cluster: TestCluster;
let node: string;

beforeAll(async () => {
  await ensureImages('busybox:latest');
  cluster = await TestCluster.start();
  node = (await cluster.get<{ items: Node[] }>(['nodes'])).items[0]?.metadata?.name ?? '';
}, 60_000);
afterAll(() => cluster.stop(), 60_000);

const JOB = `
apiVersion: batch/v1
kind: Job
metadata: { name: long }
spec:
  template:
    spec:
      restartPolicy: Never
      terminationGracePeriodSeconds: 0
      containers: [{ name: main, image: busybox, imagePullPolicy: IfNotPresent, command: ["sleep", "600"] }]
`;
const podsOfJob = async (): Promise<string[]> => (await cluster.minik(['get', 'pods', '-l', 'job-name=long', '-o', 'jsonpath={range .items[*]}{.metadata.name}={.status.phase} {end}'])).stdout.trim().split(/\s+/).filter((text) => text !== '');

test.each(['minik', 'kubectl'] as const)('%s drains the node, and what must run waits until it is open again', async (program) => {
  expect((await cluster.minik(['apply', '-f', '-'], { input: JOB })).code).toBe(0);
  const before = await eventually('the Pod runs', async () => (await podsOfJob()).find((text) => text.endsWith('=Running')));
  const { code, stdout } = await cluster[program](['drain', node, '--timeout=20s']);
  expect(code).toBe(0);
  const [old] = before!.split('=');
  expect(stdout).toBe(`node/${node} cordoned\nevicting pod default/${old}\npod/${old} evicted\nnode/${node} drained\n`);
  await eventually('a new Pod waits', async () => (await podsOfJob()).some((text) => text.endsWith('=Pending')));
  expect((await cluster.get<Node>(['node', node])).spec).toMatchObject({ unschedulable: true });
  expect(await cluster[program](['uncordon', node])).toEqual({ code: 0, stdout: `node/${node} uncordoned\n`, stderr: '' });
  await eventually('it runs', async () => (await podsOfJob()).some((text) => text.endsWith('=Running')));
  expect((await cluster.get<Job>(['job', 'long'])).status?.failed).toBe(1);
  await cluster.minik(['delete', 'job', 'long']);
}, 60_000);

test('a taint keeps Pods off that do not tolerate it', async () => {
  expect((await cluster.minik(['taint', 'node', node, 'only=batch:NoSchedule'])).stdout).toBe(`node/${node} tainted\n`);
  await cluster.minik(['run', 'kept-off', '--image=busybox', '--restart=Never', '--', 'true']);
  await eventually('it is told why', async () => (await cluster.minik(['events'])).stdout.includes('untolerated taint'));
  expect((await cluster.kubectl(['taint', 'node', node, 'only-'])).stdout).toBe(`node/${node} untainted\n`);
  await eventually('it runs', async () => (await cluster.minik(['get', 'pod', 'kept-off', '-o', 'jsonpath={.status.phase}'])).stdout === 'Succeeded');
}, 60_000);
