// The daemon is killed with -9 in the middle of Jobs, again and again: nothing is lost, nothing runs twice.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execa } from 'execa';
import type { Job, Pod } from '../../src/api/generated/types.ts';
import { clusterId, eventually, TestCluster } from '../support/cluster.ts';
import { ensureImages } from '../support/images.ts';

let cluster: TestCluster;

beforeAll(async () => {
  await ensureImages('busybox:latest');
  cluster = await TestCluster.start();
}, 120_000);

afterAll(() => cluster.stop(), 90_000);

function manifest(name: string, options: { readonly completions: number; readonly parallelism: number; readonly seconds: number }): string {
  return JSON.stringify({
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name },
    spec: {
      completions: options.completions,
      parallelism: options.parallelism,
      template: {
        spec: {
          restartPolicy: 'Never',
          containers: [{ name: 'main', image: 'busybox', imagePullPolicy: 'IfNotPresent', command: ['sh', '-c', `echo ran; sleep ${options.seconds}`] }],
        },
      },
    },
  });
}

/** "uid/container/attempt" of every container that Docker has for this home. */
async function containers(): Promise<string[]> {
  const labels = ['pod-uid', 'container', 'attempt'].map((name) => `{{.Label "minik.dev/${name}"}}`).join('/');
  const { stdout } = await execa('docker', ['ps', '-a', '--filter', `label=minik.dev/cluster=${clusterId(cluster.home)}`, '--format', labels]);
  return stdout.split('\n').filter((line) => line !== '');
}

describe('kill -9', () => {
  test('a Job goes on and ends with exact counts, each of its pods run once', async () => {
    await cluster.minik(['apply', '-f', '-'], { input: manifest('survivor', { completions: 14, parallelism: 4, seconds: 1 }) });
    for (let round = 0; round < 4; round += 1) {
      await eventually('pods have started', async () => (await containers()).length > round * 2, { timeoutMs: 20_000 });
      await cluster.killDaemon();
      // Containers end while nobody watches.
      await new Promise((resolve) => setTimeout(resolve, 300 * round));
      expect((await cluster.minik(['start'])).code).toBe(0);
    }
    const waited = await cluster.minik(['wait', 'job/survivor', '--for=finished', '--timeout=90s'], { timeoutMs: 100_000 });
    expect(waited).toMatchObject({ code: 0 });
    const job = await cluster.get<Job>(['job/survivor']);
    expect(job.status).toMatchObject({ succeeded: 14, ready: 0, terminating: 0, uncountedTerminatedPods: {} });
    expect(job.status?.failed).toBeUndefined();
    const pods = await cluster.get<{ items: Pod[] }>(['pods', '-l', 'job-name=survivor']);
    expect(pods.items).toHaveLength(14);
    const ran = await containers();
    expect(new Set(ran).size).toBe(ran.length);
    expect(ran.map((line) => line.split('/')[0]).sort()).toEqual(pods.items.map(({ metadata }) => metadata?.uid).sort());
    const logs = await cluster.minik(['logs', 'job/survivor', '--no-prefix']);
    expect(logs.stdout.trim().split('\n')).toEqual(Array.from({ length: 14 }, () => 'ran'));
  }, 200_000);

  test('what was deleted while no daemon ran is cleaned away by the next', async () => {
    await cluster.minik(['apply', '-f', '-'], { input: manifest('orphan', { completions: 1, parallelism: 1, seconds: 600 }) });
    const pod = await eventually('its container runs', async () => (await cluster.get<{ items: Pod[] }>(['pods', '-l', 'job-name=orphan'])).items.find(({ status }) => status?.phase === 'Running'));
    // The deletion is on disk, but the daemon dies before it has stopped the container.
    await cluster.minik(['delete', 'job', 'orphan', '--wait=false']);
    await cluster.minik(['delete', 'pod', pod.metadata?.name ?? '', '--grace-period=0', '--force', '--wait=false']);
    await cluster.killDaemon();
    await cluster.minik(['start']);
    await eventually('its container is gone', async () => !(await containers()).some((line) => line.startsWith(pod.metadata?.uid ?? '?')), { timeoutMs: 45_000 });
  }, 90_000);

  test('stop and start in good order keep containers running', async () => {
    await cluster.minik(['apply', '-f', '-'], { input: manifest('patient', { completions: 1, parallelism: 1, seconds: 4 }) });
    const before = await eventually('its container runs', async () => (await cluster.get<{ items: Pod[] }>(['pods', '-l', 'job-name=patient'])).items.find(({ status }) => status?.phase === 'Running'));
    expect((await cluster.minik(['stop'])).stdout).toMatch(/^minik stopped/);
    expect((await cluster.minik(['start'])).code).toBe(0);
    await cluster.minik(['wait', 'job/patient', '--for=finished', '--timeout=60s'], { timeoutMs: 70_000 });
    const after = (await cluster.get<{ items: Pod[] }>(['pods', '-l', 'job-name=patient'])).items;
    expect(after.map(({ metadata, status }) => [metadata?.uid, status?.phase, status?.containerStatuses?.[0]?.restartCount])).toEqual([[before.metadata?.uid, 'Succeeded', 0]]);
  }, 120_000);
});
