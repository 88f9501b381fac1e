// Finished Jobs and their time to live, over the real API on a clock that stands still until it is moved.
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Job } from '../../../src/api/generated/types.ts';
import { JOBS, type Resource } from '../../../src/api/kinds.ts';
import type { KubeObject } from '../../../src/api/object.ts';
import { toTime } from '../../../src/api/time.ts';
import { silentLogger } from '../../../src/base/log.ts';
import { startControllers, type RunningControllers } from '../../../src/controllers/runtime/run-controllers.ts';
import { createTtlController } from '../../../src/controllers/ttl-after-finished/ttl-controller.ts';
import { startInformers, type Informers } from '../../../src/daemon/informers.ts';
import { startApi, type TestApi } from '../../support/api.ts';
import { eventually } from '../../support/eventually.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

let api: TestApi;
let clock: VirtualClock;
let informers: Informers;
let controllers: RunningControllers;
const target = { namespace: 'default', name: 'pi' };

beforeEach(async () => {
  clock = new VirtualClock();
  api = await startApi({ clock });
  informers = startInformers({ client: api.client, resources: [JOBS as unknown as Resource<KubeObject>], clock, log: silentLogger });
  await informers.synced;
  controllers = startControllers([createTtlController({ client: api.client, jobs: informers.of(JOBS), clock })], { clock, log: silentLogger });
});

afterEach(async () => {
  await controllers.stop();
  await informers.stop();
  await api.close();
});

async function finishedJob(ttlSecondsAfterFinished: number | undefined, metadata: Job['metadata'] = {}): Promise<Job> {
  const template = { spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'busybox:1' }] } };
  const created = await api.client.create(JOBS, { apiVersion: 'batch/v1', kind: 'Job', metadata: { ...target, ...metadata }, spec: { template, ttlSecondsAfterFinished } });
  const time = toTime(clock.now());
  const end = (type: string) => ({ type, status: 'True', reason: 'CompletionsReached', message: '', lastProbeTime: time, lastTransitionTime: time });
  const updated = await api.client.updateStatus(JOBS, { ...created, status: { startTime: time, completionTime: time, succeeded: 1, conditions: [end('SuccessCriteriaMet'), end('Complete')], uncountedTerminatedPods: {} } });
  await eventually('the controller sees the end', async () => informers.of(JOBS).get('default/pi')?.status?.completionTime !== undefined);
  return updated;
}
/** The collector, which is not here, would take a Job away that was deleted in the foreground. */
const isDeleted = async (): Promise<boolean> => (await api.client.get(JOBS, target)).metadata?.deletionTimestamp !== undefined;

test('a Job stays until its time is over, and goes then', async () => {
  await finishedJob(60);
  await clock.advance(59_000);
  expect(await isDeleted()).toBe(false);
  await clock.advance(1_000);
  await eventually('it is deleted', isDeleted);
});

test('a time that is raised before it is over is a reprieve', async () => {
  await finishedJob(60);
  await clock.advance(30_000);
  await api.client.patch(JOBS, target, { type: 'merge', body: { spec: { ttlSecondsAfterFinished: 600 } } });
  await clock.advance(500_000);
  expect(await isDeleted()).toBe(false);
  await clock.advance(100_000);
  await eventually('it is deleted', isDeleted);
});

test('a time that is set after the end counts from the end', async () => {
  await finishedJob(undefined);
  await clock.advance(100_000);
  await api.client.patch(JOBS, target, { type: 'merge', body: { spec: { ttlSecondsAfterFinished: 90 } } });
  await eventually('it is deleted', isDeleted);
});

test('somebody else\'s finalizer holds the Job, which is marked as deleted in the foreground', async () => {
  await finishedJob(0, { finalizers: ['example.com/hold'] });
  await eventually('it is deleted', isDeleted);
  expect((await api.client.get(JOBS, target)).metadata?.finalizers?.sort()).toEqual(['example.com/hold', 'foregroundDeletion']);
});
