// What real containers use, as kubectl top and minik top show it.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { TestCluster } from '../support/cluster.ts';
import { ensureImages } from '../support/images.ts';

let cluster: TestCluster;

const PODS = `
apiVersion: v1
kind: Pod
metadata: { name: busy, labels: { app: busy } }
spec:
  terminationGracePeriodSeconds: 0
  containers:
  - { name: spin, image: busybox, imagePullPolicy: IfNotPresent, command: ["sh", "-c", "while :; do :; done"], resources: { limits: { cpu: 200m } } }
  - { name: hold, image: busybox, imagePullPolicy: IfNotPresent, command: ["sh", "-c", "head -c 30000000 /dev/zero | tail -c 25000000 > /dev/shm/x; sleep 600"] }
`;

beforeAll(async () => {
  await ensureImages('busybox:latest');
  cluster = await TestCluster.start();
  await cluster.minik(['apply', '-f', '-'], { input: PODS });
  expect((await cluster.minik(['wait', 'pod/busy', '--for=condition=Ready', '--timeout=30s'])).code).toBe(0);
}, 60_000);
afterAll(() => cluster.stop(), 60_000);

test('the processor and memory that containers take are seen', async () => {
  const { stdout, stderr } = await cluster.kubectl(['top', 'pod', 'busy', '--containers', '--no-headers']);
  expect(stderr).toBe('');
  const rows = stdout.trim().split('\n').map((line) => line.split(/\s+/));
  expect(rows.map(([pod, name]) => `${pod}/${name}`)).toEqual(['busy/hold', 'busy/spin']);
  const [hold, spin] = rows.map(([, , cpu, memory]) => ({ cpu: Number.parseInt(cpu!), memory: Number.parseInt(memory!) }));
  expect(spin!.cpu).toBeGreaterThan(80);
  expect(spin!.cpu).toBeLessThan(300);
  expect(hold!.memory).toBeGreaterThanOrEqual(20);
  expect(hold!.memory).toBeLessThan(60);
}, 30_000);

test('kubectl and minik show the same within the two seconds that an answer holds', async () => {
  const shown = await Promise.all([cluster.kubectl(['top', 'pods']), cluster.minik(['top', 'pods'])]);
  const names = shown.map(({ stdout }) => stdout.split('\n').map((line) => line.split(/\s+/)[0]));
  expect(names[0]).toEqual(['NAME', 'busy', '']);
  expect(names[1]).toEqual(names[0]);
}, 30_000);

test('the node takes at least what its containers take', async () => {
  const { stdout, code } = await cluster.kubectl(['top', 'node', '--no-headers']);
  expect(code).toBe(0);
  const [, cpu, cpuPercent, memory, memoryPercent] = stdout.trim().split(/\s+/);
  expect(Number.parseInt(cpu!)).toBeGreaterThan(50);
  expect(Number.parseInt(memory!)).toBeGreaterThan(20);
  expect([cpuPercent, memoryPercent].every((text) => /^\d+%$/.test(text!))).toBe(true);
}, 30_000);
