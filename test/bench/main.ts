// `npm run bench`: minik beside its peers in one run, one JSON line a row. Arguments pick rows by a part of their name.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createHttpClient } from '../../src/client/http-client.ts';
import { TestCluster } from '../support/cluster.ts';
import { ensureImages } from '../support/images.ts';
import { dnsChange, dnsQuestions } from './dns-bench.ts';
import { jobManifest, removeJob, runOnDocker, timeJob } from './job-runs.ts';
import { alternate, elapsed, median, printRow, type Measured } from './measure.ts';
import { policyChange } from './policy-bench.ts';
import { serviceBench } from './service-rows.ts';

const BUDGET = 'budget';
/** Timers, caches and the garbage of the start have settled by then. */
const SETTLE_MS = 5000;
const ONE_POD = { completions: 1, parallelism: 1 };
const HUNDRED_PODS = { completions: 100, parallelism: 10 };

/** In this order: the first leave the cluster as they found it, memory is read before the heavy work and after it. */
const ROWS: Readonly<Record<string, () => Promise<Measured | undefined>>> = {
  'daemon cold start, empty state': coldStart,
  'idle RSS of the daemon': idleMemory,
  'one-pod Job, created to complete': onePodJob,
  'one-pod Job with the CLI, apply and wait': onePodJobWithCli,
  'get pods, 20 pods': getPods,
  'simulate a month of a 5-minute schedule': simulateMonth,
  '100 pods, 10 in parallel': hundredPods,
  'daemon CPU a pod, 100 pods, 10 in parallel': cpuPerPod,
  'RSS of the daemon after the work': idleMemory,
  'DNS, 1000 questions, 32 at once': dnsQuestions,
  'DNS, a change among 1000 Services with 5000 endpoints, until it is answered': dnsChange,
  'NetworkPolicies, a change among 1000 Pods with 200 policies, until the kernel has it': policyChange,
};

const scratch = mkdtempSync(join(tmpdir(), 'minik-bench-'));
await ensureImages('busybox:latest', 'nginx:latest');
const cluster = await TestCluster.start();
const client = createHttpClient({ socketPath: join(cluster.home, 'minik.sock') });
const services = serviceBench(client, async () => (await cluster.status()).pid);
try {
  const picked = process.argv.slice(2);
  for (const [name, measure] of Object.entries({ ...ROWS, ...services.rows })) {
    if (picked.length > 0 && !picked.some((part) => name.includes(part))) continue;
    const measured = await measure();
    if (measured !== undefined) printRow({ ...measured, name });
  }
} finally {
  await services.close();
  client.close();
  await cluster.stop();
  rmSync(scratch, { recursive: true, force: true });
}

async function coldStart(): Promise<Measured> {
  const times: number[] = [];
  for (let round = 0; round < 7; round += 1) {
    const fresh = TestCluster.inNewHome();
    times.push(await elapsed(() => succeed(fresh.minik(['start']))));
    await fresh.stop();
  }
  return { name: '', value: median(times) / 1000, unit: 's', peer: BUDGET, peerValue: 0.35 };
}

async function idleMemory(): Promise<Measured> {
  await delay(SETTLE_MS);
  const { pid } = await cluster.status();
  const kilobytes = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
  return { name: '', value: kilobytes / 1024, unit: 'MB', peer: BUDGET, peerValue: 90 };
}

async function onePodJob(): Promise<Measured> {
  const times = await alternate(11, () => timedJob('one', ONE_POD), () => elapsed(() => runOnDocker(ONE_POD)));
  return { name: '', ...times, unit: 'ms', peer: 'docker run --rm' };
}

/** What a person waits for: two commands against one. */
async function onePodJobWithCli(): Promise<Measured> {
  const manifest = join(scratch, 'job.json');
  writeFileSync(manifest, JSON.stringify(jobManifest('cli', ONE_POD)));
  const own = async (): Promise<number> => {
    const took = await elapsed(async () => {
      await succeed(cluster.minik(['apply', '-f', manifest]));
      await succeed(cluster.minik(['wait', '--for=condition=complete', 'job/cli', '--timeout=60s']));
    });
    await removeJob(client, 'cli');
    return took;
  };
  const times = await alternate(7, own, () => elapsed(() => runOnDocker(ONE_POD)));
  return { name: '', ...times, unit: 'ms', peer: 'docker run --rm' };
}

async function getPods(): Promise<Measured> {
  const work = { completions: 20, parallelism: 10 };
  await timeJob(client, 'pods', work);
  const times = await alternate(
    21,
    () => elapsed(() => succeed(cluster.minik(['get', 'pods']))),
    () => elapsed(() => succeed(cluster.kubectl(['get', 'pods']))),
  );
  await removeJob(client, 'pods');
  return { name: '', ...times, unit: 'ms', peer: 'kubectl get pods' };
}

/** 8,640 Jobs, in virtual time. */
async function simulateMonth(): Promise<Measured> {
  const manifest = join(scratch, 'cron-job.json');
  const spec = { schedule: '*/5 * * * *', jobTemplate: { spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'busybox' }] } } } } };
  writeFileSync(manifest, JSON.stringify({ apiVersion: 'batch/v1', kind: 'CronJob', metadata: { name: 'month' }, spec }));
  const times: number[] = [];
  for (let round = 0; round < 5; round += 1) times.push(await elapsed(() => succeed(cluster.minik(['simulate', '-f', manifest, '--for', '30d']))));
  return { name: '', value: median(times) / 1000, unit: 's', peer: BUDGET, peerValue: 2 };
}

async function hundredPods(): Promise<Measured> {
  const times = await alternate(3, () => timedJob('hundred', HUNDRED_PODS), () => elapsed(() => runOnDocker(HUNDRED_PODS)));
  return { name: '', value: times.value / 1000, peerValue: times.peerValue / 1000, unit: 's', peer: 'xargs -P10 docker run --rm' };
}

/** From the create request until the Pods are gone: what the daemon itself computes, the engine's own work left out. */
async function cpuPerPod(): Promise<Measured> {
  const times: number[] = [];
  for (let round = 0; round < 3; round += 1) {
    const before = await cpuMs();
    await timedJob('cpu', HUNDRED_PODS);
    times.push(((await cpuMs()) - before) / HUNDRED_PODS.completions);
  }
  return { name: '', value: median(times), unit: 'ms', peer: BUDGET, peerValue: 15 };
}

/** User and system time of the daemon; the kernel counts in hundredths of a second. */
async function cpuMs(): Promise<number> {
  const { pid } = await cluster.status();
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /, '').split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

async function timedJob(name: string, work: typeof ONE_POD): Promise<number> {
  const took = await timeJob(client, name, work);
  await removeJob(client, name);
  return took;
}

async function succeed(running: Promise<{ readonly code: number; readonly stderr: string }>): Promise<void> {
  const { code, stderr } = await running;
  if (code !== 0) throw new Error(`exit code ${code}: ${stderr}`);
}
