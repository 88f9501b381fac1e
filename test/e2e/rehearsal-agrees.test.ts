// The rehearsal beside the real thing: the same schedule and the same failing Job by minik simulate's planners and by the
// daemon, in real containers. Both must tell each object the same, in the same order.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import type { CoreEvent, CronJob, Job, PodSpec } from '../../src/api/generated/types.ts';
import type { RehearsedObject } from '../../src/rehearsal/rehearse.ts';
import { eventually, TestCluster } from '../support/cluster.ts';
import { ensureImages } from '../support/images.ts';
import { asSubject, play } from '../support/rehearsals.ts';

const PLAYED_MS = 45_000;
const POLICIES = ['Forbid', 'Replace', 'Allow'] as const;

const FAILING: Job = { apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'failing', namespace: 'default' }, spec: { backoffLimit: 1, template: template('sleep 1; exit 3') } };

/** Each run is longer than the schedule's interval. */
const overlapping = (concurrencyPolicy: (typeof POLICIES)[number]): CronJob => ({
  apiVersion: 'batch/v1',
  kind: 'CronJob',
  metadata: { name: concurrencyPolicy.toLowerCase(), namespace: 'default' },
  spec: { schedule: `@every ${every}s`, concurrencyPolicy, jobTemplate: { spec: { template: template(`sleep ${every + 4}`) } } },
});

let cluster: TestCluster;
/** Seconds of the schedule. */
let every: number;

beforeAll(async () => {
  await ensureImages('busybox:latest');
  cluster = await TestCluster.start();
  await apply(FAILING);
  every = Math.ceil((60 - (await beforeFullMinute())) / 2) + 1;
  await apply(...POLICIES.map(overlapping));
}, 180_000);

afterAll(() => cluster.stop(), 90_000);

interface Told {
  readonly name: string;
  readonly reason: string;
  readonly message: string;
}

/** What each object is told of, each thing once, Pods by the order in which their Job made them. */
function byObject(told: readonly Told[]): Record<string, string[]> {
  const objects: Record<string, string[]> = {};
  for (const { name, reason, message } of told) {
    const own = (objects[name] ??= []);
    const made = own.filter((line) => line.startsWith('SuccessfulCreate: Created pod')).length;
    const line = `${reason}: ${reason === 'SuccessfulCreate' && message.startsWith('Created pod') ? `Created pod ${made + 1}` : message.replace(/pod: \S+/, 'pod')}`;
    if (!own.includes(line)) own.push(line);
  }
  return objects;
}

/** Events of Jobs and CronJobs whose names begin like this, in the order in which they were first recorded. */
async function toldByDaemon(prefix: string): Promise<Told[]> {
  const { items } = await cluster.get<{ items: CoreEvent[] }>(['events']);
  return items
    .filter(({ involvedObject: { kind, name = '' } }) => (kind === 'Job' || kind === 'CronJob') && name.startsWith(prefix))
    .sort((a, b) => (stampOf(a) < stampOf(b) ? -1 : 1))
    .map(({ involvedObject, reason = '', message = '' }) => ({ name: involvedObject.name ?? '', reason, message }));
}

/** Events are named after their object and the moment, in hexadecimal nanoseconds. */
function stampOf({ metadata }: CoreEvent): bigint {
  return BigInt(`0x${metadata.name?.split('.').at(-1)}`);
}

function toldByRehearsal(subject: RehearsedObject, { from, seconds, exitCode = 0 }: { readonly from: number; readonly seconds: number; readonly exitCode?: number }): Told[] {
  const length = { type: 'fixed', ms: seconds * 1000 } as const;
  const { occurrences } = play({ subject, from, until: from + PLAYED_MS, length, startMs: 500, stopMs: 60_000, failRate: exitCode === 0 ? 0 : 1, exitCode: exitCode || 1, seed: 1 });
  return occurrences.filter(({ isNote }) => !isNote).map(({ name, reason, message }) => ({ name, reason, message }));
}

function template(script: string): { readonly spec: PodSpec } {
  return { spec: { restartPolicy: 'Never', terminationGracePeriodSeconds: 1, containers: [{ name: 'main', image: 'busybox', imagePullPolicy: 'IfNotPresent', command: ['sh', '-c', script] }] } };
}

async function apply(...items: readonly object[]): Promise<void> {
  const ran = await cluster.minik(['apply', '-f', '-'], { input: JSON.stringify({ apiVersion: 'v1', kind: 'List', items }) });
  if (ran.code !== 0) throw new Error(`apply failed: ${ran.stderr}`);
}

/** Waits until the daemon has told all of it, and compares. */
async function expectAgreement(prefix: string, rehearsed: readonly Told[]): Promise<void> {
  const expected = byObject(rehearsed);
  const all = Object.values(expected).flat().length;
  await eventually(`${prefix} has told ${all} things`, async () => Object.values(byObject(await toldByDaemon(prefix))).flat().length >= all, { timeoutMs: 60_000 }).catch(() => undefined);
  expect(byObject(await toldByDaemon(prefix))).toEqual(expected);
}

/** A minute has one Job of a CronJob at most, so two times on both sides of a full minute are wanted. */
async function beforeFullMinute(): Promise<number> {
  for (;;) {
    const second = new Date().getUTCSeconds();
    if (second >= 40 && second <= 52) return second;
    await delay(200);
  }
}

test('a Job that fails, waits, tries again and fails for good', async () => {
  const from = Date.parse((await cluster.get<Job>(['job/failing'])).metadata?.creationTimestamp ?? '');
  await expectAgreement('failing', toldByRehearsal(asSubject(FAILING, from), { from, seconds: 1, exitCode: 3 }));
}, 90_000);

test.each(POLICIES)('a schedule whose runs overlap, under the policy %s', async (policy) => {
  const name = policy.toLowerCase();
  const from = Date.parse((await cluster.get<CronJob>([`cronjob/${name}`])).metadata?.creationTimestamp ?? '');
  await expectAgreement(name, toldByRehearsal(asSubject(overlapping(policy), from), { from, seconds: every + 4 }));
}, 90_000);
