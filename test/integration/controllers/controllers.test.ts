// Garbage collection, namespaces, scheduling and accounts over the real API: what is promised to whoever deletes something.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { ConfigMap, Job, Pod } from '../../../src/api/generated/types.ts';
import { CONFIG_MAPS, EVENTS, EVENTS_V1, JOBS, NAMESPACES, NODES, PERSISTENT_VOLUME_CLAIMS, PERSISTENT_VOLUMES, PODS, RESOURCES, SERVICE_ACCOUNTS, STORAGE_CLASSES, type Resource } from '../../../src/api/kinds.ts';
import type { KubeObject } from '../../../src/api/object.ts';
import { isNotFound } from '../../../src/api/status-error.ts';
import { systemClock } from '../../../src/base/clock.ts';
import { silentLogger } from '../../../src/base/log.ts';
import { BackgroundEventRecorder } from '../../../src/client/event-recorder.ts';
import { createGarbageController } from '../../../src/controllers/garbage/garbage-controller.ts';
import { createJobController, createOrphanPodController } from '../../../src/controllers/job/job-controller.ts';
import { createNamespaceController } from '../../../src/controllers/namespace/namespace-controller.ts';
import { startControllers, type RunningControllers } from '../../../src/controllers/runtime/run-controllers.ts';
import { createSchedulerController } from '../../../src/controllers/scheduler/scheduler-controller.ts';
import { createServiceAccountController } from '../../../src/controllers/serviceaccount/serviceaccount-controller.ts';
import { startInformers, type Informers } from '../../../src/daemon/informers.ts';
import { startApi, type TestApi } from '../../support/api.ts';
import { eventually } from '../../support/eventually.ts';

let api: TestApi;
let informers: Informers;
let controllers: RunningControllers;
let recorder: BackgroundEventRecorder;

beforeEach(async () => {
  api = await startApi();
  const { client } = api;
  const clock = systemClock;
  const resources = RESOURCES.filter((row) => row !== (EVENTS as Resource) && row !== (EVENTS_V1 as Resource));
  informers = startInformers({ client, resources, clock, log: silentLogger });
  await informers.synced;
  recorder = new BackgroundEventRecorder({ client, clock, log: silentLogger, component: 'test' });
  const [jobs, pods] = [informers.of(JOBS), informers.of(PODS)];
  const storage = { claims: informers.of(PERSISTENT_VOLUME_CLAIMS), volumes: informers.of(PERSISTENT_VOLUMES), classes: informers.of(STORAGE_CLASSES) };
  controllers = startControllers(
    [
      createJobController({ client, jobs, pods, recorder, clock }),
      createOrphanPodController({ client, jobs, pods }),
      createGarbageController({ client, informers: informers.all }),
      createNamespaceController({ client, namespaces: informers.of(NAMESPACES), clock }),
      createSchedulerController({ client, pods, nodes: informers.of(NODES), namespaces: informers.of(NAMESPACES), ...storage, recorder, clock }),
      createServiceAccountController({ client, namespaces: informers.of(NAMESPACES), accounts: informers.of(SERVICE_ACCOUNTS), configMaps: informers.of(CONFIG_MAPS), rootCa: 'the CA' }),
    ],
    { clock, log: silentLogger },
  );
});

afterEach(async () => {
  await controllers.stop();
  await recorder.flush();
  await informers.stop();
  await api.close();
});

const at = (name: string, namespace = 'default') => ({ namespace, name });
const owned = (name: string, owner: KubeObject, fields: { readonly block?: boolean } = {}): ConfigMap => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: {
    name,
    namespace: 'default',
    ownerReferences: [{ apiVersion: owner.apiVersion ?? '', kind: owner.kind ?? '', name: owner.metadata?.name ?? '', uid: owner.metadata?.uid ?? '', blockOwnerDeletion: fields.block ?? false }],
  },
});
const map = (name: string): ConfigMap => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'default' } });

async function gone<T extends KubeObject>(resource: Resource<T>, target: { readonly namespace?: string; readonly name: string }): Promise<boolean> {
  return api.client.get(resource, target).then(() => false, isNotFound);
}

describe('garbage collection', () => {
  test('in the background: the owner goes at once, its dependents after it', async () => {
    const owner = await api.client.create(CONFIG_MAPS, map('owner'));
    await api.client.create(CONFIG_MAPS, owned('child', owner));
    await api.client.delete(CONFIG_MAPS, at('owner'), { propagationPolicy: 'Background' });
    await eventually('the child is gone', () => gone(CONFIG_MAPS, at('child')));
  });

  test('in the foreground: the owner waits for its dependents', async () => {
    const owner = await api.client.create(CONFIG_MAPS, map('owner'));
    const child = owned('child', owner, { block: true });
    await api.client.create(CONFIG_MAPS, { ...child, metadata: { ...child.metadata, finalizers: ['example.com/hold'] } });
    await api.client.delete(CONFIG_MAPS, at('owner'), { propagationPolicy: 'Foreground' });
    await eventually('the child is being deleted', async () => (await api.client.get(CONFIG_MAPS, at('child'))).metadata?.deletionTimestamp !== undefined);
    expect((await api.client.get(CONFIG_MAPS, at('owner'))).metadata?.finalizers).toEqual(['foregroundDeletion']);
    await api.client.patch(CONFIG_MAPS, at('child'), { type: 'merge', body: { metadata: { finalizers: null } } });
    await eventually('both are gone', async () => (await gone(CONFIG_MAPS, at('child'))) && (await gone(CONFIG_MAPS, at('owner'))));
  });

  test('orphaned: dependents lose their owner and stay', async () => {
    const owner = await api.client.create(CONFIG_MAPS, map('owner'));
    await api.client.create(CONFIG_MAPS, owned('child', owner));
    await api.client.delete(CONFIG_MAPS, at('owner'), { propagationPolicy: 'Orphan' });
    await eventually('the owner is gone', () => gone(CONFIG_MAPS, at('owner')));
    expect((await api.client.get(CONFIG_MAPS, at('child'))).metadata?.ownerReferences ?? []).toEqual([]);
  });

  test('a dependent with another living owner stays, without the dead one', async () => {
    const [first, second] = [await api.client.create(CONFIG_MAPS, map('first')), await api.client.create(CONFIG_MAPS, map('second'))];
    const child = owned('child', first);
    await api.client.create(CONFIG_MAPS, { ...child, metadata: { ...child.metadata, ownerReferences: [...child.metadata!.ownerReferences!, ...owned('x', second).metadata!.ownerReferences!] } });
    await api.client.delete(CONFIG_MAPS, at('first'), { propagationPolicy: 'Background' });
    await eventually('the dead owner is dropped', async () => (await api.client.get(CONFIG_MAPS, at('child'))).metadata?.ownerReferences?.length === 1);
    expect((await api.client.get(CONFIG_MAPS, at('child'))).metadata?.ownerReferences?.[0]?.name).toBe('second');
  });

  test('a dependent that is created after its owner went is collected, too', async () => {
    const owner = await api.client.create(CONFIG_MAPS, map('owner'));
    await api.client.delete(CONFIG_MAPS, at('owner'), { propagationPolicy: 'Background' });
    await api.client.create(CONFIG_MAPS, owned('late', owner));
    await eventually('it is gone', () => gone(CONFIG_MAPS, at('late')));
  });

  test('owners in a circle go with the first of them', async () => {
    const a = await api.client.create(CONFIG_MAPS, map('a'));
    const b = await api.client.create(CONFIG_MAPS, owned('b', a));
    await api.client.patch(CONFIG_MAPS, at('a'), { type: 'merge', body: { metadata: { ownerReferences: owned('x', b).metadata!.ownerReferences } } });
    await api.client.delete(CONFIG_MAPS, at('a'), { propagationPolicy: 'Background' });
    await eventually('both are gone', async () => (await gone(CONFIG_MAPS, at('a'))) && (await gone(CONFIG_MAPS, at('b'))));
  });
});

const job = (name: string): Job => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name, namespace: 'default' },
  spec: { parallelism: 2, completions: 2, template: { spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'busybox:1' }] } } },
});

async function podsOf(name: string, count: number): Promise<readonly Pod[]> {
  return eventually(`${name} has ${count} pods`, async () => {
    const { items } = await api.client.list(PODS, { namespace: 'default', labelSelector: `job-name=${name}` });
    return items.length === count ? items : undefined;
  });
}

describe('Jobs', () => {
  test('deleting a Job takes its pods along, finalizers and all', async () => {
    await api.client.create(JOBS, job('a'));
    await podsOf('a', 2);
    await api.client.delete(JOBS, at('a'), { propagationPolicy: 'Background' });
    await podsOf('a', 0);
    expect(await gone(JOBS, at('a'))).toBe(true);
  });

  test('orphaned pods are freed of the finalizer that nobody else would take', async () => {
    await api.client.create(JOBS, job('a'));
    await podsOf('a', 2);
    await api.client.delete(JOBS, at('a'), { propagationPolicy: 'Orphan' });
    await eventually('the Job is gone', () => gone(JOBS, at('a')));
    await eventually('the pods are free', async () => (await podsOf('a', 2)).every(({ metadata }) => (metadata?.finalizers ?? []).length === 0 && (metadata?.ownerReferences ?? []).length === 0));
  });

  test('a pod without an owner is adopted, one without the labels is released', async () => {
    await api.client.create(JOBS, job('a'));
    const [first, second] = await podsOf('a', 2);
    await api.client.patch(PODS, at(first!.metadata!.name!), { type: 'merge', body: { metadata: { ownerReferences: null } } });
    await eventually('it is adopted', async () => (await api.client.get(PODS, at(first!.metadata!.name!))).metadata?.ownerReferences?.[0]?.name === 'a');
    await api.client.patch(PODS, at(second!.metadata!.name!), { type: 'merge', body: { metadata: { labels: null } } });
    await eventually('it is released', async () => ((await api.client.get(PODS, at(second!.metadata!.name!))).metadata?.ownerReferences ?? []).length === 0);
    await podsOf('a', 2);
  });

  test('what pods come to is counted, and told in events', async () => {
    await api.client.create(JOBS, job('a'));
    for (const pod of await podsOf('a', 2)) await api.client.updateStatus(PODS, { ...pod, status: { ...pod.status, phase: 'Succeeded' } });
    const done = await eventually('it is complete', async () => {
      const current = await api.client.get(JOBS, at('a'));
      return current.status?.conditions?.some(({ type }) => type === 'Complete') ? current : undefined;
    });
    expect(done.status).toMatchObject({ succeeded: 2, ready: 0, terminating: 0, completionTime: expect.any(String) });
    await recorder.flush();
    const { items } = await api.client.list(EVENTS, { namespace: 'default', fieldSelector: 'involvedObject.kind=Job' });
    expect(items.map(({ reason }) => reason)).toEqual(['SuccessfulCreate', 'SuccessfulCreate', 'Completed']);
  });
});

describe('namespaces', () => {
  test('have their account and CA, which come back when they are deleted or changed', async () => {
    await api.client.create(NAMESPACES, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'team' } });
    await eventually('the account is there', () => api.client.get(SERVICE_ACCOUNTS, at('default', 'team')));
    const ca = await eventually('the CA is there', () => api.client.get(CONFIG_MAPS, at('kube-root-ca.crt', 'team')));
    await api.client.update(CONFIG_MAPS, { ...ca, data: { 'ca.crt': 'forged' } });
    await eventually('it is put right', async () => (await api.client.get(CONFIG_MAPS, at('kube-root-ca.crt', 'team'))).data?.['ca.crt'] === 'the CA');
    await api.client.delete(SERVICE_ACCOUNTS, at('default', 'team'));
    await eventually('it is made again', () => api.client.get(SERVICE_ACCOUNTS, at('default', 'team')));
  });

  test('go when everything in them has gone', async () => {
    await api.client.create(NAMESPACES, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'team' } });
    await api.client.create(CONFIG_MAPS, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'held', namespace: 'team', finalizers: ['example.com/hold'] } });
    await api.client.delete(NAMESPACES, { name: 'team' });
    const waiting = await eventually('it says what it waits for', async () => {
      const current = await api.client.get(NAMESPACES, { name: 'team' });
      return current.status?.conditions?.some(({ type, status }) => type === 'NamespaceFinalizersRemaining' && status === 'True') ? current : undefined;
    });
    expect(waiting.status?.conditions?.find(({ type }) => type === 'NamespaceFinalizersRemaining')?.message).toBe('Some content in the namespace has finalizers remaining: example.com/hold in 1 resource instances');
    await api.client.patch(CONFIG_MAPS, at('held', 'team'), { type: 'merge', body: { metadata: { finalizers: null } } });
    await eventually('it is gone', () => gone(NAMESPACES, { name: 'team' }));
  });
});

describe('scheduling', () => {
  test('a pod waits, and says why, until there is a node for it', async () => {
    const pod: Pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p', namespace: 'default' }, spec: { nodeSelector: { disk: 'ssd' }, containers: [{ name: 'main', image: 'busybox:1' }] } };
    await api.client.create(NODES, { apiVersion: 'v1', kind: 'Node', metadata: { name: 'node-1' } });
    await api.client.create(PODS, pod);
    const message = "0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector. preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.";
    await eventually('it says so', async () => (await api.client.get(PODS, at('p'))).status?.conditions?.some((condition) => condition.reason === 'Unschedulable' && condition.message === message));
    await api.client.patch(NODES, { name: 'node-1' }, { type: 'merge', body: { metadata: { labels: { disk: 'ssd' } } } });
    await eventually('it is bound', async () => (await api.client.get(PODS, at('p'))).spec?.nodeName === 'node-1');
  });

  test('a pod that finds no room goes as soon as another has ended', async () => {
    const asking = (name: string): Pod => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'default' }, spec: { containers: [{ name: 'main', image: 'busybox:1', resources: { requests: { cpu: '600m' } } }] } });
    await api.client.create(NODES, { apiVersion: 'v1', kind: 'Node', metadata: { name: 'node-1' }, status: { allocatable: { cpu: '1', pods: '10' } } });
    await Promise.all(['a', 'b'].map((name) => api.client.create(PODS, asking(name))));
    const [first, second] = await eventually('one has a place, the other waits', async () => {
      const found = (await api.client.list(PODS, { namespace: 'default' })).items;
      const placed = found.filter(({ spec }) => spec?.nodeName === 'node-1');
      const waiting = found.filter(({ status }) => status?.conditions?.some(({ message }) => message?.startsWith('0/1 nodes are available: 1 Insufficient cpu.') === true));
      return placed.length === 1 && waiting.length === 1 ? [placed[0]!, waiting[0]!] : undefined;
    });
    await api.client.updateStatus(PODS, { ...first!, status: { ...first!.status, phase: 'Succeeded' } });
    await eventually('the other is bound', async () => (await api.client.get(PODS, at(second!.metadata!.name!))).spec?.nodeName === 'node-1');
  });
});
