// Claims and volumes over the real API, with the real controllers and folders: who gets what, and what becomes of it.
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { PersistentVolume, PersistentVolumeClaim, PersistentVolumeClaimSpec, PersistentVolumeSpec, Pod } from '../../../src/api/generated/types.ts';
import { EVENTS, EVENTS_V1, NAMESPACES, NODES, PERSISTENT_VOLUME_CLAIMS, PERSISTENT_VOLUMES, PODS, RESOURCES, STORAGE_CLASSES, type Resource } from '../../../src/api/kinds.ts';
import type { KubeObject } from '../../../src/api/object.ts';
import { isNotFound } from '../../../src/api/status-error.ts';
import { systemClock } from '../../../src/base/clock.ts';
import { silentLogger } from '../../../src/base/log.ts';
import type { Client } from '../../../src/client/client.ts';
import { BackgroundEventRecorder } from '../../../src/client/event-recorder.ts';
import { createGarbageController } from '../../../src/controllers/garbage/garbage-controller.ts';
import { startControllers, type RunningControllers } from '../../../src/controllers/runtime/run-controllers.ts';
import { createSchedulerController } from '../../../src/controllers/scheduler/scheduler-controller.ts';
import { createClaimController } from '../../../src/controllers/volume/claim-controller.ts';
import { createEphemeralVolumeController } from '../../../src/controllers/volume/ephemeral-controller.ts';
import { createVolumeController } from '../../../src/controllers/volume/volume-controller.ts';
import { startInformers, type Informers } from '../../../src/daemon/informers.ts';
import { VolumeFolders } from '../../../src/kubelet/volumes/volume-folders.ts';
import { startApi, type TestApi } from '../../support/api.ts';
import { eventually } from '../../support/eventually.ts';

let api: TestApi;
let root: string;
let informers: Informers;
let controllers: RunningControllers;
let recorder: BackgroundEventRecorder;

beforeEach(async () => {
  api = await startApi();
  root = mkdtempSync(join(tmpdir(), 'minik-volumes-'));
  await startAll();
});

afterEach(async () => {
  await stopAll();
  await api.close();
  rmSync(root, { recursive: true, force: true });
});

async function startAll(client: Client = api.client): Promise<void> {
  const clock = systemClock;
  informers = startInformers({ client, resources: RESOURCES.filter((row) => row !== (EVENTS as Resource) && row !== (EVENTS_V1 as Resource)), clock, log: silentLogger });
  await informers.synced;
  recorder = new BackgroundEventRecorder({ client, clock, log: silentLogger, component: 'test' });
  const [pods, nodes] = [informers.of(PODS), informers.of(NODES)];
  const storage = { claims: informers.of(PERSISTENT_VOLUME_CLAIMS), volumes: informers.of(PERSISTENT_VOLUMES), classes: informers.of(STORAGE_CLASSES) };
  const folders = new VolumeFolders({ root, openFolders: () => Promise.reject(new Error('nothing is closed here')) });
  const context = { ...storage, client, clock, recorder, folders };
  controllers = startControllers(
    [
      createClaimController({ ...context, pods, nodes, foldersPath: root }),
      createVolumeController(context),
      createEphemeralVolumeController({ client, pods, claims: storage.claims, recorder }),
      createSchedulerController({ client, pods, nodes, namespaces: informers.of(NAMESPACES), ...storage, recorder, clock }),
      createGarbageController({ client, informers: informers.all }),
    ],
    { clock, log: silentLogger },
  );
}

async function stopAll(): Promise<void> {
  await controllers.stop();
  await recorder.flush();
  await informers.stop();
}

const namespace = 'default';
const NODE = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'node-1', labels: { 'kubernetes.io/os': 'linux' } }, status: { allocatable: { cpu: '4', memory: '4Gi', pods: '110' } } };
const claim = (name: string, spec: PersistentVolumeClaimSpec = {}): PersistentVolumeClaim => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name, namespace },
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, ...spec },
});
const volume = (name: string, spec: PersistentVolumeSpec = {}): PersistentVolume => ({
  apiVersion: 'v1',
  kind: 'PersistentVolume',
  metadata: { name },
  spec: { accessModes: ['ReadWriteOnce'], capacity: { storage: '1Gi' }, hostPath: { path: join(root, name) }, ...spec },
});
const pod = (name: string, claimName: string): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace },
  spec: { containers: [{ name: 'main', image: 'busybox:1' }], volumes: [{ name: 'v', persistentVolumeClaim: { claimName } }] },
});

const immediately = (): Promise<unknown> =>
  api.client.create(STORAGE_CLASSES, { apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', metadata: { name: 'now' }, provisioner: 'minik.dev/directory', allowVolumeExpansion: true });
const claimOf = (name: string): Promise<PersistentVolumeClaim> => api.client.get(PERSISTENT_VOLUME_CLAIMS, { namespace, name });
const volumeOf = (name: string): Promise<PersistentVolume> => api.client.get(PERSISTENT_VOLUMES, { name });
const gone = <T extends KubeObject>(resource: Resource<T>, target: { readonly namespace?: string; readonly name: string }): Promise<boolean> => api.client.get(resource, target).then(() => false, isNotFound);
const inPhase = (name: string, phase: string): Promise<true> => eventually(`claim ${name} is ${phase}`, async () => (await claimOf(name)).status?.phase === phase);
const volumeInPhase = (name: string, phase: string): Promise<true> => eventually(`volume ${name} is ${phase}`, async () => (await volumeOf(name)).status?.phase === phase);
const told = (reason: string): Promise<true> => eventually(reason, async () => (await api.client.list(EVENTS, { namespace, fieldSelector: `reason=${reason}` })).items.length > 0);

/** Its only volume's folder. */
async function bound(name: string, spec: PersistentVolumeClaimSpec = { storageClassName: 'now' }): Promise<string> {
  await api.client.create(PERSISTENT_VOLUME_CLAIMS, claim(name, spec));
  await inPhase(name, 'Bound');
  return join(root, (await claimOf(name)).spec?.volumeName ?? '');
}

describe('a claim of the standard class', () => {
  test('waits for its first Pod, which then gets its node and its volume', async () => {
    await api.client.create(NODES, NODE);
    const { spec, metadata } = await api.client.create(PERSISTENT_VOLUME_CLAIMS, claim('data'));
    expect([spec?.storageClassName, metadata?.finalizers]).toEqual(['standard', ['kubernetes.io/pvc-protection']]);
    await told('WaitForFirstConsumer');
    expect((await claimOf('data')).status?.phase).toBe('Pending');
    await api.client.create(PODS, pod('web', 'data'));
    await eventually('the Pod is placed', async () => (await api.client.get(PODS, { namespace, name: 'web' })).spec?.nodeName === 'node-1');
    await inPhase('data', 'Bound');
    const made = await volumeOf((await claimOf('data')).spec?.volumeName ?? '');
    expect(made).toMatchObject({ status: { phase: 'Bound' }, spec: { persistentVolumeReclaimPolicy: 'Delete', capacity: { storage: '1Gi' } } });
    expect(existsSync(made.spec?.local?.path ?? '')).toBe(true);
    await told('ProvisioningSucceeded');
  });

  test('holds a Pod that names it before it is there', async () => {
    await api.client.create(NODES, NODE);
    await api.client.create(PODS, pod('web', 'data'));
    const conditionOf = async () => (await api.client.get(PODS, { namespace, name: 'web' })).status?.conditions?.[0];
    await eventually('the Pod is told', async () => (await conditionOf())?.message?.startsWith('0/1 nodes are available: persistentvolumeclaim "data" not found.') === true);
    await api.client.create(PERSISTENT_VOLUME_CLAIMS, claim('data'));
    await eventually('the Pod is placed', async () => (await api.client.get(PODS, { namespace, name: 'web' })).spec?.nodeName === 'node-1');
  });
});

describe('deleting', () => {
  test('a claim removes its volume and the folder', async () => {
    await immediately();
    const folder = await bound('data');
    writeFileSync(join(folder, 'file'), 'x');
    await api.client.delete(PERSISTENT_VOLUME_CLAIMS, { namespace, name: 'data' });
    await eventually('everything is gone', async () => readdirSync(root).length === 0 && (await api.client.list(PERSISTENT_VOLUMES)).items.length === 0);
    expect(await gone(PERSISTENT_VOLUME_CLAIMS, { namespace, name: 'data' })).toBe(true);
  });

  test('a claim that a Pod has waits for the Pod', async () => {
    await immediately();
    await api.client.create(NODES, NODE);
    await bound('data');
    await api.client.create(PODS, pod('web', 'data'));
    await eventually('the Pod is placed', async () => (await api.client.get(PODS, { namespace, name: 'web' })).spec?.nodeName === 'node-1');
    await api.client.delete(PERSISTENT_VOLUME_CLAIMS, { namespace, name: 'data' });
    // Whoever follows the claim has seen this by the time that another claim has come and gone.
    await bound('other');
    await api.client.delete(PERSISTENT_VOLUME_CLAIMS, { namespace, name: 'other' });
    await eventually('the other is gone', () => gone(PERSISTENT_VOLUME_CLAIMS, { namespace, name: 'other' }));
    expect((await claimOf('data')).metadata?.deletionTimestamp).toBeDefined();
    await api.client.delete(PODS, { namespace, name: 'web' }, { gracePeriodSeconds: 0 });
    await eventually('the claim is gone', () => gone(PERSISTENT_VOLUME_CLAIMS, { namespace, name: 'data' }));
  });

  test('a volume that is in use waits for its claim; a retained one keeps its folder', async () => {
    await immediately();
    const folder = await bound('data');
    const name = folder.slice(root.length + 1);
    await api.client.patch(PERSISTENT_VOLUMES, { name }, { type: 'merge', body: { spec: { persistentVolumeReclaimPolicy: 'Retain' } } });
    await api.client.delete(PERSISTENT_VOLUMES, { name });
    expect((await volumeOf(name)).status?.phase).toBe('Bound');
    await api.client.delete(PERSISTENT_VOLUME_CLAIMS, { namespace, name: 'data' });
    await eventually('both are gone', () => gone(PERSISTENT_VOLUMES, { name }));
    expect(existsSync(folder)).toBe(true);
  });
});

describe('a volume that was made by hand', () => {
  test('goes to the claim that it fits, is Released after it, and Available again when its claimRef is taken away', async () => {
    await api.client.create(PERSISTENT_VOLUMES, volume('large', { capacity: { storage: '9Gi' } }));
    await api.client.create(PERSISTENT_VOLUMES, volume('small'));
    await Promise.all(['large', 'small'].map((name) => volumeInPhase(name, 'Available')));
    await bound('data', { storageClassName: '' });
    expect(await claimOf('data')).toMatchObject({ spec: { volumeName: 'small' }, status: { capacity: { storage: '1Gi' } } });
    await api.client.delete(PERSISTENT_VOLUME_CLAIMS, { namespace, name: 'data' });
    await volumeInPhase('small', 'Released');
    await api.client.create(PERSISTENT_VOLUME_CLAIMS, claim('next', { storageClassName: '', volumeName: 'small' }));
    await told('FailedBinding');
    await api.client.patch(PERSISTENT_VOLUMES, { name: 'small' }, { type: 'merge', body: { spec: { claimRef: null } } });
    await inPhase('next', 'Bound');
  });

  test('goes to one of two claims, never to both', async () => {
    await api.client.create(PERSISTENT_VOLUMES, volume('one'));
    const names = ['a', 'b', 'c', 'd'];
    await Promise.all(names.map((name) => api.client.create(PERSISTENT_VOLUME_CLAIMS, claim(name, { storageClassName: '' }))));
    await volumeInPhase('one', 'Bound');
    await told('FailedBinding');
    const claims = await Promise.all(names.map(claimOf));
    await eventually('one is Bound', async () => (await Promise.all(names.map(claimOf))).filter(({ status }) => status?.phase === 'Bound').length === 1);
    expect(claims.filter(({ spec }) => spec?.volumeName === 'one').length).toBeLessThanOrEqual(1);
  });

  test('that should be deleted fails, and is left alone', async () => {
    await api.client.create(PERSISTENT_VOLUMES, volume('mine', { persistentVolumeReclaimPolicy: 'Delete' }));
    await bound('data', { storageClassName: '' });
    await api.client.delete(PERSISTENT_VOLUME_CLAIMS, { namespace, name: 'data' });
    await volumeInPhase('mine', 'Failed');
    expect((await volumeOf('mine')).status?.message).toBe('error getting deleter volume plugin for volume "mine": no deletable volume plugin matched');
  });

  test('that vanishes loses its claim', async () => {
    await api.client.create(PERSISTENT_VOLUMES, volume('pv'));
    await bound('data', { storageClassName: '' });
    await api.client.delete(PERSISTENT_VOLUMES, { name: 'pv' });
    await api.client.patch(PERSISTENT_VOLUMES, { name: 'pv' }, { type: 'merge', body: { metadata: { finalizers: null } } });
    await inPhase('data', 'Lost');
    await told('ClaimLost');
  });
});

describe('a bound claim', () => {
  test('grows where its class allows it, and nowhere else', async () => {
    await immediately();
    await bound('data');
    const grow = (name: string): Promise<PersistentVolumeClaim> => api.client.patch(PERSISTENT_VOLUME_CLAIMS, { namespace, name }, { type: 'merge', body: { spec: { resources: { requests: { storage: '2Gi' } } } } });
    await grow('data');
    await eventually('it is larger', async () => (await claimOf('data')).status?.capacity?.['storage'] === '2Gi');
    await api.client.create(PERSISTENT_VOLUMES, volume('pv'));
    await bound('fixed', { storageClassName: '' });
    await expect(grow('fixed')).rejects.toThrow('persistentvolumeclaims "fixed" is forbidden: only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize');
  });

  test('and everything else goes on where it was when the controllers begin anew', async () => {
    await immediately();
    const folder = await bound('data');
    await stopAll();
    await api.client.create(PERSISTENT_VOLUME_CLAIMS, claim('late', { storageClassName: 'now' }));
    await api.client.delete(PERSISTENT_VOLUME_CLAIMS, { namespace, name: 'data' });
    await startAll();
    await inPhase('late', 'Bound');
    await eventually('the folder is gone', async () => !existsSync(folder));
  });
});

describe('a reply that is lost', () => {
  const WRITES: ReadonlySet<string | symbol> = new Set(['create', 'update', 'updateStatus', 'patch', 'delete']);
  /** The write of that number is carried out, and nobody hears of it. */
  function losing(number: number): Client {
    let writes = 0;
    return new Proxy(api.client, {
      get(target, name, receiver) {
        const call: unknown = Reflect.get(target, name, receiver);
        if (!WRITES.has(name) || typeof call !== 'function') return call;
        return async (...args: unknown[]) => {
          const isLost = (writes += 1) === number;
          const answer: unknown = await call.apply(target, args);
          if (isLost) throw new Error('the reply was lost');
          return answer;
        };
      },
    });
  }

  test.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])('of write %d leaves nothing half bound and no folder behind', async (number) => {
    await stopAll();
    await immediately();
    await startAll(losing(number));
    const folder = await bound('data');
    expect(existsSync(folder)).toBe(true);
    await api.client.delete(PERSISTENT_VOLUME_CLAIMS, { namespace, name: 'data' });
    await eventually('everything is gone', async () => readdirSync(root).length === 0 && (await api.client.list(PERSISTENT_VOLUMES)).items.length === 0);
    expect(await gone(PERSISTENT_VOLUME_CLAIMS, { namespace, name: 'data' })).toBe(true);
  });
});

test('without a default class a claim waits for one', async () => {
  await api.client.delete(STORAGE_CLASSES, { name: 'standard' });
  await api.client.create(PERSISTENT_VOLUME_CLAIMS, claim('data'));
  await told('FailedBinding');
  expect((await claimOf('data')).spec?.storageClassName).toBeUndefined();
  const metadata = { name: 'mine', annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } };
  await api.client.create(STORAGE_CLASSES, { apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', metadata, provisioner: 'minik.dev/directory' });
  await inPhase('data', 'Bound');
});

test('an ephemeral volume has a claim of its own, which goes with its Pod', async () => {
  await api.client.create(NODES, NODE);
  const template = { spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } } };
  await api.client.create(PODS, { ...pod('web', 'none'), spec: { containers: [{ name: 'main', image: 'busybox:1' }], volumes: [{ name: 'tmp', ephemeral: { volumeClaimTemplate: template } }] } });
  await inPhase('web-tmp', 'Bound');
  await eventually('the Pod is placed', async () => (await api.client.get(PODS, { namespace, name: 'web' })).spec?.nodeName === 'node-1');
  await api.client.delete(PODS, { namespace, name: 'web' }, { gracePeriodSeconds: 0 });
  await eventually('its folder is gone', async () => (await gone(PERSISTENT_VOLUME_CLAIMS, { namespace, name: 'web-tmp' })) && readdirSync(root).length === 0);
});
