import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Container, PersistentVolume, PersistentVolumeClaim, Pod, Volume } from '../../../../src/api/generated/types.ts';
import type { Claimed, ConfigObjects } from '../../../../src/kubelet/config-objects.ts';
import { VolumeFolders } from '../../../../src/kubelet/volumes/volume-folders.ts';
import { VolumeStore } from '../../../../src/kubelet/volumes/volume-store.ts';
import { becomeNobody, becomeOneselfAgain } from '../../../support/nobody.ts';
import { aContainer, aPod } from '../../../support/pod-seen.ts';

let root: string;
let store: VolumeStore;
let data: Record<string, string>;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'minik-volumes-'));
  mkdirSync(join(root, 'memory'));
  store = new VolumeStore({ podsDir: join(root, 'pods'), memoryDir: join(root, 'memory'), openFolders: () => Promise.reject(new Error('nothing is closed here')) });
  data = { one: '1', two: '2' };
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

/** By name. */
const claims = new Map<string, Claimed>();
const config: ConfigObjects = {
  configMap: (name) => (name === 'cm' ? { data, binaryData: { bin: btoa('\x00\xff') } } : undefined),
  secret: (name) => (name === 'sec' ? { data: { key: btoa('s3cret') } } : undefined),
  claim: (name) => claims.get(name),
};

function podWith(volume: Partial<Volume>, mount: Partial<NonNullable<Container['volumeMounts']>[number]> = {}): Pod {
  const container = aContainer('c', { volumeMounts: [{ name: 'v', mountPath: '/v', ...mount }] });
  return aPod({ volumes: [{ name: 'v', ...volume }], containers: [container] }, { metadata: { name: 'p', namespace: 'ns', uid: 'u1', labels: { b: '2', a: 'say "hi"' } } });
}

const prepare = (pod: Pod): Promise<void> =>
  store.prepare(pod, { facts: { pod, podIp: '172.17.0.2', hostIp: '10.0.0.1', allocatable: { cpuMillis: 1_000, memoryBytes: 1 } }, config, tokens: { text: ({ audience = 'api' }) => `token for ${audience}` } });

async function mountOf(pod: Pod): Promise<string> {
  await prepare(pod);
  const mounts = await store.mounts(pod, pod.spec!.containers[0]!, { attempt: 0, env: new Map([['SUB', 'deep/er']]) });
  return mounts.find(({ containerPath }) => containerPath === '/v')!.hostPath;
}

const visible = (folder: string): string[] => readdirSync(folder).filter((name) => !name.startsWith('..')).sort();
const modeOf = (path: string): number => statSync(path).mode & 0o7777;

describe('a token', () => {
  const token: Partial<Volume> = { projected: { sources: [{ serviceAccountToken: { path: 'token', expirationSeconds: 3607 } }, { serviceAccountToken: { path: 'vault/token', audience: 'vault' } }] } };
  const secured = (securityContext: NonNullable<Pod['spec']>['securityContext']): Pod => {
    const pod = podWith(token);
    return { ...pod, spec: { ...pod.spec!, securityContext } };
  };

  test('is a file for each that is asked for', async () => {
    const folder = await mountOf(podWith(token));
    expect(readFileSync(join(folder, 'token'), 'utf8')).toBe('token for api');
    expect(readFileSync(join(folder, 'vault/token'), 'utf8')).toBe('token for vault');
    expect(modeOf(join(folder, 'token'))).toBe(0o644);
  });

  test('is nobody else\'s where all containers run as one user', async () => {
    const path = join(await mountOf(secured({ runAsUser: 1234 })), 'token');
    expect([modeOf(path), statSync(path).uid]).toEqual([0o600, 1234]);
  });

  test('is the group\'s too where the Pod has one', async () => {
    const path = join(await mountOf(secured({ fsGroup: 5678 })), 'token');
    expect([modeOf(path), statSync(path).gid]).toEqual([0o640, 5678]);
  });
});

describe('files from the API', () => {
  test('a ConfigMap gives a file a key, text and bytes, mode 0644', async () => {
    const folder = await mountOf(podWith({ configMap: { name: 'cm' } }));
    expect(visible(folder)).toEqual(['bin', 'one', 'two']);
    expect(readFileSync(join(folder, 'one'), 'utf8')).toBe('1');
    expect([...readFileSync(join(folder, 'bin'))]).toEqual([0, 255]);
    expect(modeOf(join(folder, 'one'))).toBe(0o644);
  });

  test('items choose keys, paths and modes', async () => {
    const folder = await mountOf(podWith({ configMap: { name: 'cm', defaultMode: 0o400, items: [{ key: 'one', path: 'a/b' }, { key: 'two', path: 'c', mode: 0o640 }] } }));
    expect(visible(folder)).toEqual(['a', 'c']);
    expect([modeOf(join(folder, 'a/b')), modeOf(join(folder, 'c'))]).toEqual([0o400, 0o640]);
  });

  test('labels are written one a line, sorted and quoted', async () => {
    const folder = await mountOf(podWith({ downwardAPI: { items: [{ path: 'labels', fieldRef: { fieldPath: 'metadata.labels' } }] } }));
    expect(readFileSync(join(folder, 'labels'), 'utf8')).toBe('a="say \\"hi\\""\nb="2"');
  });

  test('a projected volume joins its sources', async () => {
    const sources = [{ configMap: { name: 'cm', items: [{ key: 'one', path: 'one' }] } }, { secret: { name: 'sec' } }, { secret: { name: 'none', optional: true } }];
    expect(visible(await mountOf(podWith({ projected: { sources } })))).toEqual(['key', 'one']);
  });

  test('a change swaps all files at once and takes away what is gone', async () => {
    const pod = podWith({ configMap: { name: 'cm' } });
    const folder = await mountOf(pod);
    const before = readlinkSync(join(folder, '..data'));
    await prepare(pod);
    expect(readlinkSync(join(folder, '..data'))).toBe(before);
    data = { one: 'new', three: '3' };
    await prepare(pod);
    expect(readlinkSync(join(folder, '..data'))).not.toBe(before);
    expect(visible(folder)).toEqual(['bin', 'one', 'three']);
    expect(readFileSync(join(folder, 'one'), 'utf8')).toBe('new');
    expect(readdirSync(folder).filter((name) => name.startsWith('..files-'))).toHaveLength(1);
  });

  test('fsGroup may read what the mode keeps from it, also where minik cannot give it the file', async () => {
    const pod = podWith({ secret: { secretName: 'sec', defaultMode: 0o400 } });
    const grouped = { ...pod, spec: { ...pod.spec!, securityContext: { fsGroup: 1234 } } };
    const fileOf = async (): Promise<{ mode: number; gid: number }> => statSync(join(await mountOf(grouped), 'key'));
    const canGive = process.getuid?.() === 0;
    if (canGive) {
      const { mode, gid } = await fileOf();
      expect([mode & 0o777, gid]).toEqual([0o440, 1234]);
      await store.remove('u1');
      chmodSync(root, 0o777);
      rmSync(join(root, 'pods'), { recursive: true });
    }
    becomeNobody();
    try {
      expect((await fileOf()).mode & 0o777).toBe(0o444);
    } finally {
      becomeOneselfAgain();
    }
  });

  test.each([
    ['a ConfigMap', { configMap: { name: 'none' } }, 'MountVolume.SetUp failed for volume "v" : configmap "none" not found'],
    ['a key', { configMap: { name: 'cm', items: [{ key: 'none', path: 'x' }] } }, 'MountVolume.SetUp failed for volume "v" : configmap references non-existent config key: none'],
    ['a Secret', { secret: { secretName: 'none' } }, 'MountVolume.SetUp failed for volume "v" : secret "none" not found'],
    ['a kind of volume', { nfs: { server: 's', path: '/' } }, 'MountVolume.SetUp failed for volume "v" : volumes of type nfs are not supported'],
  ])('%s that is not there is told', async (_title, volume, message) => {
    await expect(prepare(podWith(volume))).rejects.toThrow(message);
  });
});

describe('folders', () => {
  test('an emptyDir is open to all', async () => {
    expect(modeOf(await mountOf(podWith({ emptyDir: {} })))).toBe(0o777);
  });

  test('an emptyDir of medium Memory lies in memory, and goes with the Pod', async () => {
    const folder = await mountOf(podWith({ emptyDir: { medium: 'Memory' } }));
    expect(folder.startsWith(join(root, 'memory'))).toBe(true);
    await prepare(podWith({ emptyDir: { medium: 'Memory' } }));
    await store.remove('u1');
    expect(readdirSync(join(root, 'memory'))).toEqual([]);
    expect(await store.podUids()).toEqual([]);
  });

  test('subPath and subPathExpr lead into the volume', async () => {
    expect(await mountOf(podWith({ emptyDir: {} }, { subPath: 'a/b' }))).toMatch(/\/v\/a\/b$/);
    expect(await mountOf(podWith({ emptyDir: {} }, { subPathExpr: '$(SUB)' }))).toMatch(/\/v\/deep\/er$/);
  });

  test('a file of a ConfigMap can be mounted by subPath', async () => {
    expect(readFileSync(await mountOf(podWith({ configMap: { name: 'cm' } }, { subPath: 'one' })), 'utf8')).toBe('1');
  });

  test('subPath never leads out of the volume', async () => {
    await expect(mountOf(podWith({ emptyDir: {} }, { subPath: '../x' }))).rejects.toThrow("must not contain '..'");
    await expect(mountOf(podWith({ emptyDir: {} }, { subPath: '/etc' }))).rejects.toThrow('must not be an absolute path');
    await expect(mountOf(podWith({ emptyDir: {} }, { subPathExpr: '$(NONE)' }))).rejects.toThrow('missing value for "NONE"');
    const folder = await mountOf(podWith({ emptyDir: {} }));
    symlinkSync('/etc', join(folder, 'trap'));
    await expect(mountOf(podWith({ emptyDir: {} }, { subPath: 'trap/x' }))).rejects.toThrow('leads out of the volume');
  });

  test.each([
    ['Directory', 'folder', undefined],
    ['Directory', 'file', 'is not a directory'],
    ['File', 'folder', 'is not a file'],
    ['Socket', 'file', 'is not a socket file'],
    ['Directory', 'none', 'is not a directory'],
    ['DirectoryOrCreate', 'none', undefined],
    ['FileOrCreate', 'none', undefined],
  ])('a hostPath of type %s on a %s', async (type, what, message) => {
    mkdirSync(join(root, 'folder'));
    writeFileSync(join(root, 'file'), '');
    const done = prepare(podWith({ hostPath: { path: join(root, what), type } }));
    if (message === undefined) await done;
    else await expect(done).rejects.toThrow(`hostPath type check failed: ${join(root, what)} ${message}`);
  });
});

test('a termination message is read up to its limit', async () => {
  const pod = podWith({ emptyDir: {} });
  await prepare(pod);
  const mounts = await store.mounts(pod, pod.spec!.containers[0]!, { attempt: 1, env: new Map() });
  const file = mounts.find(({ containerPath }) => containerPath === '/dev/termination-log')!.hostPath;
  expect(modeOf(file)).toBe(0o666);
  writeFileSync(file, 'x'.repeat(5_000));
  expect(await store.terminationMessage(pod, 'c', 1)).toHaveLength(4_096);
  expect(await store.terminationMessage(pod, 'c', 0)).toBe('');
});

describe('a claim', () => {
  const bound = (spec: PersistentVolume['spec'], change: Partial<PersistentVolumeClaim> = {}): Claimed => ({
    claim: { spec: { volumeName: 'pv' }, ...change, metadata: { name: 'data', namespace: 'ns', annotations: { 'pv.kubernetes.io/bind-completed': 'yes' }, ...change.metadata } },
    volume: { metadata: { name: 'pv' }, spec },
  });
  const claimed: Partial<Volume> = { persistentVolumeClaim: { claimName: 'data' } };
  const PROCESSING = 'Unable to attach or mount volumes: unmounted volumes=[v], unattached volumes=[], failed to process volumes=[v]: error processing PVC ns/data: ';
  const folder = (): string => {
    const path = join(root, 'data');
    mkdirSync(path);
    return path;
  };

  afterEach(() => claims.clear());

  test('is mounted where its volume is, and stays when the Pod goes', async () => {
    const path = folder();
    claims.set('data', bound({ local: { path } }));
    expect(await mountOf(podWith(claimed))).toBe(path);
    expect(await mountOf(podWith(claimed, { subPath: 'a/b' }))).toBe(join(path, 'a/b'));
    await store.remove('u1');
    expect(existsSync(join(path, 'a/b'))).toBe(true);
  });

  test('of a folder of the host is made and judged as a hostPath is', async () => {
    claims.set('data', bound({ hostPath: { path: join(root, 'new'), type: 'DirectoryOrCreate' } }));
    expect(await mountOf(podWith(claimed))).toBe(join(root, 'new'));
    claims.set('data', bound({ hostPath: { path: join(root, 'none'), type: 'Directory' } }));
    await expect(prepare(podWith(claimed))).rejects.toThrow(`MountVolume.SetUp failed for volume "pv" : hostPath type check failed: ${join(root, 'none')} is not a directory`);
  });

  test('may be mounted to be read only', async () => {
    claims.set('data', bound({ local: { path: folder() } }));
    const pod = podWith({ persistentVolumeClaim: { claimName: 'data', readOnly: true } });
    await prepare(pod);
    expect(await store.mounts(pod, pod.spec!.containers[0]!, { attempt: 0, env: new Map() })).toContainEqual(expect.objectContaining({ containerPath: '/v', readOnly: true }));
  });

  test('is given to the Pod\'s group, with all that is in it', async () => {
    const path = folder();
    writeFileSync(join(path, 'file'), '', { mode: 0o600 });
    claims.set('data', bound({ local: { path } }));
    const pod = podWith(claimed);
    // One's own group: another one only root could give it to.
    pod.spec!.securityContext = { fsGroup: process.getgid!() };
    await mountOf(pod);
    expect([modeOf(path) & 0o2070, modeOf(join(path, 'file')) & 0o060]).toEqual([0o2070, 0o060]);
  });

  test.each<[title: string, found: Claimed | undefined, why: string]>([
    ['that is not there', undefined, `${PROCESSING}failed to fetch PVC from API server: persistentvolumeclaims "data" not found`],
    ['that is not bound', bound({}, { spec: {} }), `${PROCESSING}PVC is not bound`],
    ['that is going', bound({}, { metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' } }), `${PROCESSING}PVC is being deleted`],
    ['whose volume is gone', { ...bound({}), volume: undefined }, `${PROCESSING}failed to fetch PV pv from API server: persistentvolumes "pv" not found`],
    ['whose folder is gone', bound({ local: { path: '/no/such/folder' } }), 'MountVolume.NewMounter initialization failed for volume "pv" : path "/no/such/folder" does not exist'],
    ['of a volume that nobody can mount', bound({ nfs: { server: 's', path: '/' } }), 'MountVolume.SetUp failed for volume "pv" : its source is neither hostPath nor local, the only ones that minik mounts'],
  ])('%s is not mounted', async (_title, found, why) => {
    if (found !== undefined) claims.set('data', found);
    await expect(prepare(podWith(claimed))).rejects.toThrow(why);
  });

  test('of an ephemeral volume must be the Pod\'s own', async () => {
    const path = folder();
    const owner = { apiVersion: 'v1', kind: 'Pod', name: 'p', controller: true };
    claims.set('p-v', bound({ local: { path } }, { metadata: { ownerReferences: [{ ...owner, uid: 'u1' }] } }));
    expect(await mountOf(podWith({ ephemeral: {} }))).toBe(path);
    claims.set('p-v', bound({ local: { path } }, { metadata: { ownerReferences: [{ ...owner, uid: 'u2' }] } }));
    await expect(prepare(podWith({ ephemeral: {} }))).rejects.toThrow('error processing ephemeral PVC ns/p-v: PVC was not created for pod (pod is not owner)');
  });
});

test('the folders of volumes are made once, open to all, and removed with what is in them', async () => {
  const folders = new VolumeFolders({ root: join(root, 'volumes'), openFolders: () => Promise.reject(new Error('nothing is closed here')) });
  const path = join(root, 'volumes', 'pvc-1');
  await folders.make('pvc-1');
  expect(modeOf(path)).toBe(0o777);
  writeFileSync(join(path, 'kept'), 'x');
  chmodSync(path, 0o2770);
  await folders.make('pvc-1');
  expect([readFileSync(join(path, 'kept'), 'utf8'), modeOf(path)]).toEqual(['x', 0o2770]);
  await folders.make('pvc-2');
  await folders.remove('pvc-1');
  await folders.remove('pvc-1');
  expect(readdirSync(join(root, 'volumes'))).toEqual(['pvc-2']);
  await folders.removeAll();
  expect(readdirSync(join(root, 'volumes'))).toEqual([]);
});
