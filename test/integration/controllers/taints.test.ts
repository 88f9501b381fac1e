// Taints over the real API on a clock that stands still until it is moved: who has to leave, and when.
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Pod, Taint, Toleration } from '../../../src/api/generated/types.ts';
import { NODES, PODS, type Resource } from '../../../src/api/kinds.ts';
import type { KubeObject } from '../../../src/api/object.ts';
import { isNotFound } from '../../../src/api/status-error.ts';
import { silentLogger } from '../../../src/base/log.ts';
import { createNodeTaintsController } from '../../../src/controllers/node-taints/node-taints-controller.ts';
import { startControllers, type RunningControllers } from '../../../src/controllers/runtime/run-controllers.ts';
import { createTaintEvictionController } from '../../../src/controllers/taint-eviction/taint-eviction-controller.ts';
import { startInformers, type Informers } from '../../../src/daemon/informers.ts';
import { startApi, type TestApi } from '../../support/api.ts';
import { eventually } from '../../support/eventually.ts';
import { settle, VirtualClock } from '../../support/virtual-clock.ts';

let api: TestApi;
let clock: VirtualClock;
let informers: Informers;
let controllers: RunningControllers;
let told: string[];
const STOP: Taint = { key: 'stop', effect: 'NoExecute' };

beforeEach(async () => {
  clock = new VirtualClock();
  told = [];
  api = await startApi({ clock });
  await api.client.create(NODES, { apiVersion: 'v1', kind: 'Node', metadata: { name: 'n' } });
  informers = startInformers({ client: api.client, resources: [PODS, NODES] as unknown as Resource<KubeObject>[], clock, log: silentLogger });
  await informers.synced;
  const [pods, nodes] = [informers.of(PODS), informers.of(NODES)];
  const recorder = { event: (_about: KubeObject, { message }: { readonly message: string }) => void told.push(message) };
  controllers = startControllers([createNodeTaintsController({ client: api.client, nodes, clock }), createTaintEvictionController({ client: api.client, pods, nodes, recorder, clock })], { clock, log: silentLogger });
});

afterEach(async () => {
  await controllers.stop();
  await informers.stop();
  await api.close();
});

const create = (name: string, tolerations: Toleration[] = []): Promise<Pod> =>
  api.client.create(PODS, { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'default' }, spec: { nodeName: 'n', tolerations, containers: [{ name: 'main', image: 'busybox:1' }] } });
const taint = (taints: Taint[]) => api.client.patch(NODES, { name: 'n' }, { type: 'merge', body: { spec: { taints } } });
const pod = (name: string): Promise<Pod | undefined> => api.client.get(PODS, { namespace: 'default', name }).catch((error: unknown) => (isNotFound(error) ? undefined : Promise.reject(error)));
const isGoing = async (name: string): Promise<boolean> => (await pod(name))?.metadata?.deletionTimestamp !== undefined;
const forSeconds = (tolerationSeconds: number): Toleration[] => [{ key: 'stop', operator: 'Exists', effect: 'NoExecute', tolerationSeconds }];

test('Pods leave a node that does not want them, with the reason in a condition; those that tolerate it stay', async () => {
  await create('guest');
  await create('host', [{ operator: 'Exists' }]);
  await taint([STOP]);
  await eventually('it has to go', () => isGoing('guest'));
  expect((await pod('guest'))?.status?.conditions?.find(({ type }) => type === 'DisruptionTarget')).toMatchObject({ status: 'True', reason: 'DeletionByTaintManager', message: 'Taint manager: deleting due to NoExecute taint' });
  expect(told).toEqual(['Marking for deletion Pod default/guest']);
  await create('late');
  await eventually('who comes later has to go too', () => isGoing('late'));
  expect(await isGoing('host')).toBe(false);
});

test('a Pod stays as long as it tolerates the taint; a taint that goes before is forgotten', async () => {
  await create('short', forSeconds(5));
  await create('long', forSeconds(10));
  await taint([STOP]);
  await eventually('its time runs', async () => clock.waits.includes(5_000));
  await settle();
  await clock.advance(5_000);
  await eventually('the first has to go', () => isGoing('short'));
  expect(await isGoing('long')).toBe(false);
  await taint([]);
  await eventually('the other is let off', async () => told.includes('Cancelling deletion of Pod default/long'));
  await clock.advance(60_000);
  await settle();
  expect(await isGoing('long')).toBe(false);
});

test('a node that is cordoned has the taint of it', async () => {
  const taints = async () => (await api.client.get(NODES, { name: 'n' })).spec?.taints;
  await api.client.patch(NODES, { name: 'n' }, { type: 'merge', body: { spec: { unschedulable: true } } });
  await eventually('it is tainted', async () => (await taints())?.[0]?.key === 'node.kubernetes.io/unschedulable');
  await api.client.patch(NODES, { name: 'n' }, { type: 'merge', body: { spec: { unschedulable: null } } });
  await eventually('it is not', async () => ((await taints()) ?? []).length === 0);
});
