// Every call to the engine that a Job's life makes, met by every kind of fault: afterwards the status is true, nothing has run
// twice, nothing is left.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execa } from 'execa';
import type { Job, Pod } from '../../src/api/generated/types.ts';
import { clusterId, eventually, TestCluster } from '../support/cluster.ts';
import { EngineProxy, type EngineFault } from '../support/engine-proxy.ts';
import { ensureImages } from '../support/images.ts';
import { sh } from '../support/pods.ts';

const HELD_MS = 1_500;
/** An image that the engine denies is pulled, in vain; the next try comes after the usual wait. */
const PULL_RETRY_MS = 10_000;
const IMAGE = 'minik.test/faults';
const FAULTS: Readonly<Record<string, EngineFault>> = {
  'an error': { type: 'status', status: 500 },
  'not found': { type: 'status', status: 404 },
  'a conflict': { type: 'status', status: 409 },
  'a lost reply': { type: 'lost' },
  'half a reply': { type: 'cut' },
  'a hang': { type: 'hang', ms: HELD_MS },
  'a slow reply': { type: 'slow', ms: HELD_MS },
};
/** The rest of the table takes a minute more: `npm run test:faults` plays all of it. */
const PLAYED = process.env['FAULTS'] === 'all' ? Object.keys(FAULTS) : ['an error', 'not found', 'a lost reply', 'a hang'];
const CALLS: Readonly<Record<string, readonly [method: string, path: RegExp]>> = {
  'looking for the image': ['GET', /^\/images\/.+\/json$/],
  'creating the container': ['POST', /^\/containers\/create$/],
  'starting it': ['POST', /^\/containers\/[^/]+\/start$/],
  'looking at it': ['GET', /^\/containers\/[^/]+\/json$/],
};
const LAST_CALLS: Readonly<Record<string, readonly [method: string, path: RegExp]>> = {
  'stopping the container': ['POST', /^\/containers\/[^/]+\/stop$/],
  'reading its log': ['GET', /^\/containers\/[^/]+\/logs$/],
  'removing it': ['DELETE', /^\/containers\/[^/]+$/],
};

let cluster: TestCluster;
let proxy: EngineProxy;
let scratch: string;
let serial = 0;

const all = (calls: Readonly<Record<string, readonly [string, RegExp]>>) =>
  Object.entries(calls).flatMap(([what, [method, path]]) => PLAYED.map((how) => ({ what, how, method, path, fault: FAULTS[how]! })));

/** Each Job has an image name of its own: what is known to be here is not looked for again. */
function job(name: string, script: string): Job {
  const container = sh('main', `echo ran >> /scratch/${name}; ${script}`, { image: `${IMAGE}:${name}`, volumeMounts: [{ name: 'scratch', mountPath: '/scratch' }] });
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name },
    spec: { backoffLimit: 0, template: { spec: { restartPolicy: 'Never', terminationGracePeriodSeconds: 1, containers: [container], volumes: [{ name: 'scratch', hostPath: { path: scratch } }] } } },
  };
}

async function apply(one: Job): Promise<void> {
  await execa('docker', ['tag', 'busybox:latest', `${IMAGE}:${one.metadata?.name}`]);
  const ran = await cluster.minik(['apply', '-f', '-'], { input: JSON.stringify(one) });
  if (ran.code !== 0) throw new Error(ran.stderr);
}

async function containersOf(name: string): Promise<string[]> {
  const { stdout } = await execa('docker', ['ps', '-a', '--filter', `label=minik.dev/cluster=${clusterId(cluster.home)}`, '--format', '{{.Label "minik.dev/pod"}}']);
  return stdout.split('\n').filter((pod) => pod.startsWith(`${name}-`));
}

/** A call that is never made would make its case say nothing. */
async function metSoon(met: Promise<void>): Promise<void> {
  const tooLate = new Promise<never>((_resolve, reject) => setTimeout(() => reject(new Error('the call was never made')), 10_000).unref());
  await Promise.race([met, tooLate]).finally(() => proxy.forget());
}

async function removeJob(name: string): Promise<void> {
  expect((await cluster.minik(['delete', 'job', name])).code).toBe(0);
  await eventually(`nothing of ${name} is left`, async () => (await containersOf(name)).length === 0, { timeoutMs: 20_000 });
  await execa('docker', ['rmi', `${IMAGE}:${name}`]);
}

beforeAll(async () => {
  await ensureImages('busybox:latest');
  scratch = mkdtempSync(join(tmpdir(), 'minik-test-faults-'));
  proxy = await EngineProxy.start(join(scratch, 'engine.sock'));
  cluster = TestCluster.inNewHome();
  const started = await cluster.minik(['start'], { env: { DOCKER_HOST: `unix://${proxy.socketPath}` } });
  if (started.code !== 0) throw new Error(started.stderr);
}, 120_000);

afterAll(async () => {
  await cluster.stop();
  await proxy.close();
  rmSync(scratch, { recursive: true, force: true });
}, 90_000);

describe('a Job completes after a single run', () => {
  test.each(all(CALLS))('$what meets $how', async ({ how, method, path, fault }) => {
    const name = `job-${(serial += 1)}`;
    const met = proxy.next(method, path, fault);
    await apply(job(name, 'exit 0'));
    await metSoon(met);
    const done = await eventually(`${name} is over`, async () => {
      const found = await cluster.get<Job>([`job/${name}`]);
      return found.status?.conditions?.some(({ type }) => type === 'Complete' || type === 'Failed') === true ? found : undefined;
    }, { timeoutMs: (how === 'not found' ? PULL_RETRY_MS : HELD_MS) + 8_000 });
    expect(done.status).toMatchObject({ succeeded: 1, ready: 0, terminating: 0 });
    expect(readFileSync(join(scratch, name), 'utf8')).toBe('ran\n');
    await removeJob(name);
  }, 60_000);
});

describe('a running Pod is deleted, and leaves nothing', () => {
  test.each(all(LAST_CALLS))('$what meets $how', async ({ method, path, fault }) => {
    const name = `job-${(serial += 1)}`;
    await apply(job(name, 'exec sleep 600'));
    await eventually(`${name} runs`, async () => (await cluster.get<Job>([`job/${name}`])).status?.ready === 1, { timeoutMs: 20_000 });
    const met = proxy.next(method, path, fault);
    await removeJob(name);
    await metSoon(met);
    expect((await cluster.get<{ items: Pod[] }>(['pods', '-l', `job-name=${name}`])).items).toEqual([]);
    expect(readFileSync(join(scratch, name), 'utf8')).toBe('ran\n');
  }, 60_000);
});

test('every connection to the engine breaks while containers end: their ends are found', async () => {
  const name = `job-${(serial += 1)}`;
  await apply(job(name, 'sleep 2'));
  await eventually(`${name} runs`, async () => (await cluster.get<Job>([`job/${name}`])).status?.ready === 1, { timeoutMs: 20_000 });
  for (let round = 0; round < 25; round += 1) {
    proxy.cutAll();
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await eventually(`${name} is complete`, async () => (await cluster.get<Job>([`job/${name}`])).status?.succeeded === 1, { timeoutMs: 10_000 });
  await removeJob(name);
}, 60_000);
