// Claims on real Docker: what one Job writes another reads, across the daemon's end; and what is kept and what goes.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { PersistentVolume, PersistentVolumeClaim, Pod } from '../../src/api/generated/types.ts';
import { eventually, isAlive, TestCluster } from '../support/cluster.ts';
import { ensureImages } from '../support/images.ts';

let cluster: TestCluster;

beforeAll(async () => {
  await ensureImages('busybox:latest');
  cluster = await TestCluster.start();
}, 60_000);

afterAll(() => cluster.stop(), 60_000);

const claim = (name: string, spec: object = {}): object => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name },
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, ...spec },
});

interface Use {
  readonly mount?: object;
  readonly source?: object;
  readonly pod?: object;
}

const using = (claimName: string, script: string, { mount = {}, source = {}, pod = {} }: Use = {}): object => ({
  restartPolicy: 'Never',
  terminationGracePeriodSeconds: 0,
  ...pod,
  containers: [{ name: 'main', image: 'busybox', imagePullPolicy: 'IfNotPresent', command: ['sh', '-c', script], volumeMounts: [{ name: 'data', mountPath: '/data', ...mount }] }],
  volumes: [{ name: 'data', persistentVolumeClaim: { claimName, ...source } }],
});
const job = (name: string, spec: object): object => ({ apiVersion: 'batch/v1', kind: 'Job', metadata: { name }, spec: { backoffLimit: 0, template: { spec } } });
const pod = (name: string, spec: object): object => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name }, spec });

async function apply(...objects: object[]): Promise<void> {
  expect(await cluster.minik(['apply', '-f', '-'], { input: objects.map((one) => JSON.stringify(one)).join('\n---\n') })).toMatchObject({ code: 0, stderr: '' });
}

/** What the Job printed; it must have succeeded. */
async function run(name: string, spec: object): Promise<string> {
  await apply(job(name, spec));
  expect(await cluster.minik(['wait', `job/${name}`, '--for=condition=complete', '--timeout=20s'])).toMatchObject({ code: 0 });
  return (await cluster.minik(['logs', `job/${name}`])).stdout;
}

const claimOf = (name: string): Promise<PersistentVolumeClaim> => cluster.get(['pvc', name]);
const isGone = async (what: string): Promise<boolean> => (await cluster.minik(['get', what])).code === 1;
const folders = (): string[] => readdirSync(join(cluster.home, 'volumes'));
const eventOf = async (name: string, reason: string): Promise<string> => (await cluster.minik(['get', 'events', '--field-selector', `involvedObject.name=${name},reason=${reason}`, '-o', 'jsonpath={.items[*].message}'])).stdout;

test('what a Job wrote is read by the next, though the daemon was stopped and killed in between; it goes with the claim', async () => {
  await apply(claim('data'));
  await run('writer', using('data', 'mkdir /data/deep && echo kept > /data/deep/file && chmod 700 /data/deep'));
  const { spec, status } = await claimOf('data');
  expect(status).toMatchObject({ phase: 'Bound', capacity: { storage: '1Gi' } });
  const folder = join(cluster.home, 'volumes', spec?.volumeName ?? '');
  expect(readFileSync(join(folder, 'deep/file'), 'utf8')).toBe('kept\n');

  expect(await cluster.minik(['stop'])).toMatchObject({ code: 0 });
  expect(await cluster.minik(['start'])).toMatchObject({ code: 0 });
  expect(await run('reader', using('data', 'cat /data/deep/file', { source: { readOnly: true } }))).toContain('kept');

  const { pid } = await cluster.status();
  process.kill(pid, 'SIGKILL');
  await eventually('the daemon is dead', async () => !isAlive(pid));
  expect(await cluster.minik(['start'])).toMatchObject({ code: 0 });
  expect(await run('reader-2', using('data', 'ls /data', { mount: { subPath: 'deep' } }))).toContain('file');

  // kube: a Pod that has ended holds its claim until it is deleted.
  expect(await cluster.minik(['delete', 'pvc', 'data', '--wait=false'])).toMatchObject({ code: 0 });
  expect((await claimOf('data')).metadata?.deletionTimestamp).toBeDefined();
  expect(await cluster.minik(['delete', 'jobs', '--all'])).toMatchObject({ code: 0 });
  await eventually('the folder is gone', async () => !existsSync(folder) && (await isGone('pvc/data')) && (await isGone(`pv/${spec?.volumeName}`)));
}, 90_000);

test('a claim of a class that retains keeps its folder, even when the volume is deleted', async () => {
  await apply({ apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', metadata: { name: 'keep' }, provisioner: 'minik.dev/directory', reclaimPolicy: 'Retain' }, claim('kept', { storageClassName: 'keep' }));
  await eventually('it is Bound without a Pod', async () => (await claimOf('kept')).status?.phase === 'Bound');
  const name = (await claimOf('kept')).spec?.volumeName ?? '';
  await run('keeper', using('kept', 'echo kept > /data/file'));
  await cluster.minik(['delete', 'job/keeper', 'pvc/kept']);
  await eventually('the volume is Released', async () => (await cluster.get<PersistentVolume>(['pv', name])).status?.phase === 'Released');
  expect(await cluster.minik(['delete', 'pv', name])).toMatchObject({ code: 0 });
  expect(folders()).toContain(name);
  expect(readFileSync(join(cluster.home, 'volumes', name, 'file'), 'utf8')).toBe('kept\n');
}, 60_000);

test('a volume that was made by hand is a folder of the host, and stays', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'minik-made-'));
  try {
    writeFileSync(join(folder, 'input'), 'given');
    const spec = { capacity: { storage: '2Gi' }, accessModes: ['ReadWriteOnce'], storageClassName: 'manual', hostPath: { path: folder } };
    await apply({ apiVersion: 'v1', kind: 'PersistentVolume', metadata: { name: 'made' }, spec }, claim('made', { storageClassName: 'manual' }));
    expect(await run('user', using('made', 'cat /data/input; echo taken > /data/output'))).toContain('given');
    expect((await claimOf('made')).spec?.volumeName).toBe('made');
    await cluster.minik(['delete', 'job/user', 'pvc/made']);
    await eventually('the volume is Released', async () => (await cluster.get<PersistentVolume>(['pv', 'made'])).status?.phase === 'Released');
    expect(readFileSync(join(folder, 'output'), 'utf8')).toBe('taken\n');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 60_000);

describe('a Pod', () => {
  test('waits for its claim, says so, and runs when it comes', async () => {
    await apply(pod('early', using('late', 'sleep 600')));
    await eventually('it is told', async () => (await eventOf('early', 'FailedScheduling')) === '0/1 nodes are available: persistentvolumeclaim "late" not found. preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.');
    expect((await cluster.minik(['why', 'pod/early'])).stdout).toContain('✗ pod/early waits for persistentvolumeclaim "late", which is not there');
    await apply(claim('late'));
    await eventually('it runs', async () => (await cluster.get<Pod>(['pod', 'early'])).status?.phase === 'Running');
    await cluster.minik(['delete', 'pod/early', 'pvc/late']);
  }, 60_000);

  test('that was put on the node by hand waits there', async () => {
    const [node] = (await cluster.get<{ items: { metadata: { name: string } }[] }>(['nodes'])).items;
    await apply(pod('placed', using('soon', 'sleep 600', { pod: { nodeName: node?.metadata.name } })));
    const message = 'Unable to attach or mount volumes: unmounted volumes=[data], unattached volumes=[], failed to process volumes=[data]: error processing PVC default/soon: failed to fetch PVC from API server: persistentvolumeclaims "soon" not found';
    await eventually('it is told', async () => (await eventOf('placed', 'FailedMount')) === message);
    expect((await cluster.get<Pod>(['pod', 'placed'])).status?.containerStatuses?.[0]?.state?.waiting?.reason).toBe('ContainerCreating');
    await apply({ apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', metadata: { name: 'now' }, provisioner: 'minik.dev/directory' }, claim('soon', { storageClassName: 'now' }));
    await eventually('it runs', async () => (await cluster.get<Pod>(['pod', 'placed'])).status?.phase === 'Running');
    await cluster.minik(['delete', 'pod/placed', 'pvc/soon']);
  }, 60_000);

  test('of an ordinary user writes to its claim through its group, cannot write where it may only read, and has volumes of its own', async () => {
    await apply(claim('shared'));
    const script = 'touch /data/x && stat -c %g /data/x && touch /own/y && ! touch /fixed/z 2>/dev/null && echo fixed';
    const spec = using('shared', script, { pod: { securityContext: { runAsUser: 1234, fsGroup: 4321 } } }) as { containers: { volumeMounts: object[] }[]; volumes: object[] };
    spec.containers[0]!.volumeMounts.push({ name: 'fixed', mountPath: '/fixed' }, { name: 'own', mountPath: '/own' });
    const template = { spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Mi' } } } };
    spec.volumes.push({ name: 'fixed', persistentVolumeClaim: { claimName: 'shared', readOnly: true } }, { name: 'own', ephemeral: { volumeClaimTemplate: template } });
    await apply(pod('user', spec));
    await eventually('it has ended', async () => ['Succeeded', 'Failed'].includes((await cluster.get<Pod>(['pod', 'user'])).status?.phase ?? ''));
    // Only root may give folders to a group that is not its own; without that right they are open to all.
    const group = process.getuid!() === 0 ? 4321 : 0;
    expect((await cluster.minik(['logs', 'user'])).stdout).toBe(`${group}\nfixed\n`);
    const own = (await claimOf('user-own')).spec?.volumeName ?? '';
    await cluster.minik(['delete', 'pod/user', 'pvc/shared']);
    await eventually('what was its own is gone', async () => (await isGone('pvc/user-own')) && !folders().includes(own));
  }, 60_000);
});
