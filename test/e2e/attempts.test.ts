// What containers left, on real Docker: read after their Jobs and Pods are gone, through kill -9, within limits, until reset.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execa } from 'execa';
import { clusterId, containersOf, eventually, isAlive, TestCluster } from '../support/cluster.ts';
import { ensureImages } from '../support/images.ts';

let cluster: TestCluster;

beforeAll(async () => {
  await ensureImages('busybox:latest');
  cluster = await TestCluster.start();
}, 120_000);

afterAll(() => cluster.stop(), 90_000);

function job(name: string, script: string, spec: object = {}, podSpec: object = {}): string {
  const containers = [{ name: 'main', image: 'busybox', imagePullPolicy: 'IfNotPresent', command: ['sh', '-c', script] }];
  return JSON.stringify({ apiVersion: 'batch/v1', kind: 'Job', metadata: { name }, spec: { ...spec, template: { spec: { restartPolicy: 'Never', terminationGracePeriodSeconds: 1, ...podSpec, containers } } } });
}

const out = async (at: TestCluster, ...words: string[]): Promise<string> => {
  const ran = await at.minik(words);
  if (ran.code !== 0) throw new Error(`minik ${words.join(' ')} failed: ${ran.stderr}`);
  return ran.stdout;
};
const apply = (manifest: string, at = cluster) => at.minik(['apply', '-f', '-'], { input: manifest });
const finish = (name: string, at = cluster) => at.minik(['wait', `job/${name}`, '--for=finished', '--timeout=60s'], { timeoutMs: 70_000 });
const remove = async (name: string, at = cluster): Promise<void> => {
  await out(at, 'delete', 'job', name);
  await eventually('its containers are gone', async () => !(await containersOf(clusterId(at.home))).some((container) => container.includes(name)));
};

async function killDaemon(): Promise<void> {
  const { pid } = await cluster.status();
  process.kill(pid, 'SIGKILL');
  await eventually('the daemon is gone', async () => !isAlive(pid));
}

describe('a Job that failed twice and was deleted', () => {
  beforeAll(async () => {
    await apply(job('twice', 'echo "out of $HOSTNAME"; exit 3', { backoffLimit: 1 }));
    await finish('twice');
    await remove('twice');
  }, 60_000);

  test('has left the log and the exit of each attempt', async () => {
    const table = (await out(cluster, 'logs', 'job/twice', '--attempts')).trim().split('\n').map((line) => line.split(/ {2,}/));
    expect(table.map((row) => [row[0], row[2], row[5], row[6]])).toEqual([['ATTEMPT', 'CONTAINER', 'EXIT', 'REASON'], ['1', 'main', '3', 'Error'], ['2', 'main', '3', 'Error']]);
    const [first, second] = [table[1]![1]!, table[2]![1]!];
    expect(await out(cluster, 'logs', 'job/twice', '--attempt', '1')).toBe(`out of ${first}\n`);
    expect(await out(cluster, 'logs', 'job/twice', '--attempt', '2')).toBe(`out of ${second}\n`);
    expect(await out(cluster, 'logs', 'job/twice', '--previous')).toBe(`out of ${first}\n`);
    expect(await out(cluster, 'logs', 'job/twice', '--archived')).toBe([first, second].map((pod) => `[pod/${pod}/main] out of ${pod}\n`).join(''));
    expect(await out(cluster, 'logs', second, '--archived', '--timestamps')).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z out of twice-\w+\n$/);
  });

  test('is read over TLS too, by whoever has the token', async () => {
    expect(await out(cluster, '--kubeconfig', join(cluster.home, 'kubeconfig'), 'logs', 'job/twice', '--attempt', '2')).toMatch(/^out of twice-\w+\n$/);
    const raw = ['get', '--raw', '/minik/v1/attempts?job=twice'];
    expect(JSON.parse((await cluster.kubectl(raw)).stdout)).toMatchObject({ items: [{ exitCode: 3 }, { exitCode: 3 }] });
    expect((await cluster.kubectl([...raw, '--token=wrong'])).stderr).toContain('Unauthorized');
  });

  test('is not found by kubectl, as ever', async () => {
    const absence = 'error: error from server (NotFound): jobs.batch "twice" not found in namespace "default"';
    expect((await cluster.kubectl(['logs', 'job/twice'])).stderr).toBe(`${absence}\n`);
    expect((await cluster.minik(['logs', 'job/twice'])).stderr).toBe(`${absence}; what it wrote is archived: add --archived (2 attempts, listed by --attempts)\n`);
  });
});

test('each restart under OnFailure is read while the Job is there, and when it is gone', async () => {
  const script = 'echo x >> /data/runs; runs=$(wc -l < /data/runs); echo "run $runs"; test $runs -ge 3';
  const containers = { volumes: [{ name: 'data', emptyDir: {} }], restartPolicy: 'OnFailure' };
  const manifest = JSON.parse(job('again', script, {}, containers)) as { spec: { template: { spec: { containers: { volumeMounts?: object[] }[] } } } };
  manifest.spec.template.spec.containers[0]!.volumeMounts = [{ name: 'data', mountPath: '/data' }];
  await apply(JSON.stringify(manifest));
  expect((await finish('again')).code).toBe(0);
  const runs = async (): Promise<string[]> => Promise.all(['1', '2', '3'].map((number) => out(cluster, 'logs', 'job/again', '--attempt', number)));
  expect(await runs()).toEqual(['run 1\n', 'run 2\n', 'run 3\n']);
  await remove('again');
  expect(await runs()).toEqual(['run 1\n', 'run 2\n', 'run 3\n']);
  const { code, stderr } = await cluster.minik(['logs', 'job/again', '--attempt', '4']);
  expect([code, stderr.split('\n')[0]]).toEqual([1, 'error: job/again has no attempt 4; there are attempts 1 to 3:']);
}, 90_000);

test('each index of an Indexed Job counts its own attempts', async () => {
  await apply(job('indexed', 'echo "index $JOB_COMPLETION_INDEX"', { completionMode: 'Indexed', completions: 2, parallelism: 2 }));
  await finish('indexed');
  await remove('indexed');
  const lines = (await out(cluster, 'logs', 'job/indexed', '--attempt', '1')).trim().split('\n').sort();
  expect(lines.map((line) => line.replace(/-\w+\/main/, ''))).toEqual(['[pod/indexed-0] index 0', '[pod/indexed-1] index 1']);
}, 60_000);

test('attempts that ended, and whose deletion was cut off, by kill -9 are neither lost nor doubled', async () => {
  await apply(job('survivor', 'sleep 2; echo "after all"', { completions: 6, parallelism: 6 }));
  await eventually('all run', async () => (await containersOf(clusterId(cluster.home))).filter((name) => name.includes('survivor')).length === 6, { timeoutMs: 30_000 });
  await killDaemon();
  await new Promise((resolve) => setTimeout(resolve, 2_500));
  expect((await cluster.minik(['start'])).code).toBe(0);
  expect((await finish('survivor')).code).toBe(0);
  await out(cluster, 'delete', 'job', 'survivor', '--wait=false');
  await killDaemon();
  expect((await cluster.minik(['start'])).code).toBe(0);
  await eventually('the containers are gone', async () => !(await containersOf(clusterId(cluster.home))).some((name) => name.includes('survivor')), { timeoutMs: 30_000 });
  const table = (await out(cluster, 'logs', 'job/survivor', '--attempts')).trim().split('\n');
  expect(table).toHaveLength(7);
  expect(await out(cluster, 'logs', 'job/survivor', '--archived', '--no-prefix')).toBe('after all\n'.repeat(6));
}, 120_000);

test('a container that somebody else removed has left its exit', async () => {
  await apply(job('robbed', 'echo gone; exit 0'));
  await finish('robbed');
  const [name] = (await containersOf(clusterId(cluster.home))).filter((container) => container.includes('robbed'));
  await execa('docker', ['rm', name!]);
  await remove('robbed');
  const { stdout, stderr } = await cluster.minik(['logs', 'job/robbed', '--archived']);
  expect([stdout, stderr]).toEqual(['', expect.stringMatching(/^The log of container main \(restart 0\) of pod robbed-\w+ was not kept: its container was not removed by minik/)]);
  expect(await out(cluster, 'logs', 'job/robbed', '--attempts')).toMatch(/ 0 +Completed\n$/);
}, 60_000);

test('a line that the engine keeps in parts has one time', async () => {
  await apply(job('long', 'head -c 40000 /dev/zero | tr "\\0" x; echo; echo end'));
  await finish('long');
  const live = await out(cluster, 'logs', 'job/long', '--timestamps', '--no-prefix');
  expect(live.replace(/^\S+Z /gm, '')).toBe(`${'x'.repeat(40_000)}\nend\n`);
  await remove('long');
  expect(await out(cluster, 'logs', 'job/long', '--archived', '--timestamps', '--no-prefix')).toBe(live);
}, 60_000);

test('limits hold: a long log keeps its end, the oldest attempts go, and reset leaves nothing', async () => {
  const small = TestCluster.inNewHome();
  try {
    expect((await small.minik(['start', '--attempt-log-limit=64Ki', '--attempts-limit=200Ki'])).code).toBe(0);
    for (const name of ['one', 'two', 'three', 'four']) {
      await apply(job(name, `i=0; while [ $i -lt 4000 ]; do i=$((i+1)); echo "${name} line $i"; done`), small);
      expect((await finish(name, small)).code).toBe(0);
      await remove(name, small);
    }
    const log = await out(small, 'logs', 'job/four', '--archived', '--no-prefix', '--timestamps');
    expect(log.length).toBeLessThanOrEqual(64 * 1_024);
    expect(log.length).toBeGreaterThan(63 * 1_024);
    expect(log.endsWith(' four line 4000\n')).toBe(true);
    expect((await small.minik(['logs', 'job/four', '--archived'])).stderr).toMatch(/^Only the end of the log of container main \(restart 0\) of pod four-\w+ was kept\n$/);
    expect((await small.minik(['logs', 'job/one', '--archived'])).stderr).toBe('error: no job named one is there, and none has left attempts\n');
    expect((await small.minik(['start', '--attempts-limit=1Gi'])).stderr).toBe('error: the daemon runs with other settings: stop it first (minik stop), then start it with these\n');
    // The limits outlive the daemon.
    expect((await small.minik(['stop'])).code).toBe(0);
    expect((await small.minik(['start', '--attempts-limit=200Ki'])).code).toBe(0);
    expect(readdirSync(join(small.home, 'attempts', 'default')).length).toBeLessThan(4);
    await small.minik(['reset', '--yes']);
    expect(existsSync(join(small.home, 'attempts'))).toBe(false);
  } finally {
    await small.stop();
  }
}, 120_000);
