// A look into running Pods with a container of another image: kubectl debug and minik debug on real Docker.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Pod } from '../../src/api/generated/types.ts';
import { eventually, TestCluster } from '../support/cluster.ts';
import { ensureImages } from '../support/images.ts';

let cluster: TestCluster;

const PODS = `
apiVersion: v1
kind: Pod
metadata: { name: alone }
spec:
  restartPolicy: Never
  terminationGracePeriodSeconds: 0
  containers: [{ name: main, image: busybox, imagePullPolicy: IfNotPresent, command: ["sleep", "617"] }]
---
apiVersion: v1
kind: Pod
metadata: { name: pair }
spec:
  terminationGracePeriodSeconds: 0
  containers:
  - { name: main, image: busybox, imagePullPolicy: IfNotPresent, command: ["sleep", "618"] }
  - { name: side, image: busybox, imagePullPolicy: IfNotPresent, command: ["sleep", "619"] }
`;

beforeAll(async () => {
  await ensureImages('busybox:latest');
  cluster = await TestCluster.start();
  await cluster.minik(['apply', '-f', '-'], { input: PODS });
  expect((await cluster.minik(['wait', 'pod/alone', 'pod/pair', '--for=condition=Ready', '--timeout=30s'])).code).toBe(0);
}, 60_000);
afterAll(() => cluster.stop(), 60_000);

const logs = (pod: string, container: string): Promise<string> =>
  eventually(`${container} is over`, async () => {
    const { status } = await cluster.get<Pod>(['pod', pod]);
    const over = status?.ephemeralContainerStatuses?.find(({ name }) => name === container)?.state?.terminated !== undefined;
    return over ? (await cluster.kubectl(['logs', pod, '-c', container])).stdout : undefined;
  });

/** kubectl warns of its own default. */
const profileOf = (program: 'kubectl' | 'minik'): string[] => (program === 'kubectl' ? ['--profile=general'] : []);

test.each([
  ['kubectl', 'alone', '617'],
  ['kubectl', 'pair', '618'],
  ['minik', 'alone', '617'],
  ['minik', 'pair', '618'],
] as const)('%s sees the processes of the target in %s, and the network of the Pod', async (program, pod, seconds) => {
  const name = `look-${program}`;
  const script = 'ps; hostname -i; hostname';
  const { code, stderr } = await cluster[program](['debug', pod, ...profileOf(program), '--image=busybox', '--image-pull-policy=IfNotPresent', '--target=main', '-c', name, '--', 'sh', '-c', script]);
  expect({ code, stderr: stderr.replace(/^Targeting .*\n/, '') }).toEqual({ code: 0, stderr: '' });
  const text = await logs(pod, name);
  expect(text).toContain(`sleep ${seconds}`);
  const { status } = await cluster.get<Pod>(['pod', pod]);
  expect(text.trim().split('\n').slice(-2)).toEqual([status?.podIP, pod]);
  expect(status?.phase).toBe('Running');
}, 60_000);

test.each(['kubectl', 'minik'] as const)('%s joins the container that it has made', async (program) => {
  const args = ['debug', 'pair', ...profileOf(program), '--image=busybox', '--image-pull-policy=IfNotPresent', '-i', '-c', `talk-${program}`, '--', 'sh', '-c', 'read line; echo "heard $line"'];
  const { stdout, stderr } = await cluster[program](args, { input: 'hello\n' });
  expect({ stdout, stderr }).toEqual({ stdout: expect.stringContaining('heard hello'), stderr: expect.any(String) });
}, 60_000);

test('describe tells of them, the same from kubectl and minik', async () => {
  const shown = await Promise.all([cluster.kubectl(['describe', 'pod', 'pair']), cluster.minik(['describe', 'pod', 'pair'])]);
  const part = shown.map(({ stdout }) => stdout.slice(stdout.indexOf('Ephemeral Containers:'), stdout.indexOf('Conditions:')));
  expect(part[0]).toContain('look-kubectl:');
  expect(part[1]).toBe(part[0]);
}, 30_000);
