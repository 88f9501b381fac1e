// A control plane for one Job over a store in a file, which kills itself with SIGKILL after a number of the Job controller's
// writes: for the test that loses its accountant at every step. Prints the Job and its Pods once the Job is finished.
import { createApiServer } from '../../src/apiserver/server.ts';
import type { Job, Pod } from '../../src/api/generated/types.ts';
import { isFinished } from '../../src/api/job/conditions.ts';
import { JOBS, PODS, type Resource } from '../../src/api/kinds.ts';
import type { KubeObject } from '../../src/api/object.ts';
import { clusterNetwork } from '../../src/api/service/cluster-network.ts';
import { toTime } from '../../src/api/time.ts';
import { systemClock, type Clock } from '../../src/base/clock.ts';
import { randomIds } from '../../src/base/ids.ts';
import { silentLogger } from '../../src/base/log.ts';
import type { Client } from '../../src/client/client.ts';
import { createInProcessClient } from '../../src/client/in-process-client.ts';
import { createJobController } from '../../src/controllers/job/job-controller.ts';
import { startControllers } from '../../src/controllers/runtime/run-controllers.ts';
import { createBootstrapObjects } from '../../src/daemon/bootstrap-objects.ts';
import { startInformers } from '../../src/daemon/informers.ts';
import { versionInfo } from '../../src/daemon/version.ts';
import { newTokenKeys } from './api.ts';
import { openStore } from '../../src/store/sqlite/sqlite-store.ts';

const [path = '', dieAfter = '', manifest = ''] = process.argv.slice(2);
/** The delays of retries would be the test's. */
const HASTE = 1_000;

const started = systemClock.now();
const clock: Clock = {
  now: () => started + (systemClock.now() - started) * HASTE,
  setTimer: (delayMs, run) => systemClock.setTimer(delayMs / HASTE, run),
};
const store = openStore({ path, log: silentLogger });
const nothing = (): Promise<never> => Promise.reject(new Error('nothing runs here'));
const handle = createApiServer({
  store, clock, ids: randomIds, log: silentLogger, keys: newTokenKeys(), network: clusterNetwork(0), version: versionInfo(), serverAddress: '', healthChecks: [],
  podLogs: nothing,
  podStreams: { exec: nothing, attach: nothing, portForward: nothing },
  attempts: { list: async () => [], log: async () => undefined },
  usage: { pods: async () => [], nodes: async () => [] },
});
const kubelet = createInProcessClient(handle, { user: 'kubelet' });
await createBootstrapObjects(kubelet);

const informers = startInformers({ client: kubelet, resources: [JOBS, PODS] as unknown as Resource<KubeObject>[], clock, log: silentLogger });
await informers.synced;
const controller = createJobController({
  client: dyingAfter(Number(dieAfter), createInProcessClient(handle, { user: 'job-controller' })),
  jobs: informers.of(JOBS), pods: informers.of(PODS), recorder: { event: () => {} }, clock,
});
const target = { namespace: 'default', name: (JSON.parse(manifest) as Job).metadata?.name ?? '' };
await kubelet.create(JOBS, JSON.parse(manifest) as Job).catch(() => 'it is there from the last life');
startControllers([controller], { clock, log: silentLogger });

for (;;) {
  const job = await kubelet.get(JOBS, target);
  const { items } = await kubelet.list(PODS, { namespace: 'default' });
  if (isFinished(job) && items.every(({ metadata }) => (metadata?.finalizers ?? []).length === 0)) {
    process.stdout.write(JSON.stringify({ job, pods: items }), () => process.exit(0));
    await new Promise(() => {});
  }
  const pending = items.find(({ status }) => status?.phase === 'Pending');
  if (pending !== undefined) await kubelet.updateStatus(PODS, ended(pending, items));
  await new Promise((resolve) => setTimeout(resolve, 2));
}

/** The first two Pods fail. */
function ended(pod: Pod, all: readonly Pod[]): Pod {
  const phase = all.filter(({ status }) => status?.phase === 'Failed').length < 2 ? 'Failed' : 'Succeeded';
  const terminated = { exitCode: phase === 'Failed' ? 1 : 0, finishedAt: toTime(clock.now()) };
  return { ...pod, status: { phase, containerStatuses: [{ name: 'main', image: 'busybox', imageID: '', ready: false, restartCount: 0, state: { terminated } }] } };
}

/** Writes are acknowledged, and so on disk, when they count. */
function dyingAfter(limit: number, client: Client): Client {
  let writes = 0;
  const counted = <A extends unknown[], R>(call: (...args: A) => Promise<R>) => async (...args: A): Promise<R> => {
    const answer = await call(...args);
    writes += 1;
    if (writes >= limit) process.kill(process.pid, 'SIGKILL');
    return answer;
  };
  return { ...client, create: counted(client.create), updateStatus: counted(client.updateStatus), patch: counted(client.patch), delete: counted(client.delete) } as Client;
}
