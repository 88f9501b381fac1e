// What upstream's conformance tests ask of Pods and their volumes, in words of our own, on real Docker. The Pods run side
// by side; each title begins with the lines of the list of those tests that it covers.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execa } from 'execa';
import type { Container, Node, PodSpec } from '../../src/api/generated/types.ts';
import { eventually, TestCluster } from '../support/cluster.ts';
import { ensureImages } from '../support/images.ts';
import { ClusterPods, podOf, sh } from '../support/pods.ts';

const SPOKEN = 'minik.test/spoken:1';
const NOBODY = 65_534;

let cluster: TestCluster;
let pods: ClusterPods;

const spoken = (name: string, change: Partial<Container>): Container => ({ name, image: SPOKEN, imagePullPolicy: 'Never', ...change });
const field = (name: string, fieldPath: string) => ({ name, valueFrom: { fieldRef: { fieldPath } } });
const amount = (name: string, resource: string) => ({ name, valueFrom: { resourceFieldRef: { resource } } });
const at = (mountPath: string, name: string, more: object = {}) => ({ name, mountPath, ...more });
const STAT = 'stat -Lc "%a %u:%g"';

const CONFIG = [
  { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'words' }, data: { one: 'first', two: 'second' }, binaryData: { bytes: Buffer.from([0xff, 0x00, 0xfe]).toString('base64') } },
  { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'key' }, stringData: { password: 'hunter2' } },
];

const volumes: NonNullable<PodSpec['volumes']> = [
  { name: 'plain', configMap: { name: 'words' } },
  { name: 'strict', configMap: { name: 'words', defaultMode: 0o400 } },
  { name: 'mapped', configMap: { name: 'words', items: [{ key: 'two', path: 'path/to/two', mode: 0o440 }] } },
  { name: 'secret', secret: { secretName: 'key', defaultMode: 0o440 } },
  { name: 'about', downwardAPI: { items: [{ path: 'name', fieldRef: { fieldPath: 'metadata.name' } }, { path: 'labels', fieldRef: { fieldPath: 'metadata.labels' } }, { path: 'cpu', mode: 0o400, resourceFieldRef: { containerName: 'main', resource: 'limits.cpu', divisor: '1m' } }] } },
  { name: 'all', projected: { sources: [{ secret: { name: 'key' } }, { configMap: { name: 'words', items: [{ key: 'one', path: 'word' }] } }, { downwardAPI: { items: [{ path: 'name', fieldRef: { fieldPath: 'metadata.name' } }] } }] } },
  { name: 'disk', emptyDir: {} },
  { name: 'memory', emptyDir: { medium: 'Memory' } },
];

const PODS = [
  podOf('spoken', { containers: [spoken('blank', {}), spoken('args', { args: ['mine'] }), spoken('command', { command: ['echo', 'own'] }), spoken('both', { command: ['echo', 'own'], args: ['mine'] })] }),
  podOf('told', {
    containers: [
      sh('main', 'env | grep ^T_ | sort', {
        resources: { requests: { cpu: '250m', memory: '32Mi' }, limits: { memory: '64Mi' } },
        env: [field('T_NAME', 'metadata.name'), field('T_NAMESPACE', 'metadata.namespace'), field('T_UID', 'metadata.uid'), field('T_IP', 'status.podIP'), field('T_HOST', 'status.hostIP'), field('T_NODE', 'spec.nodeName'), field('T_ACCOUNT', 'spec.serviceAccountName'), amount('T_CPU', 'limits.cpu'), amount('T_MEMORY', 'limits.memory'), amount('T_CPU_ASKED', 'requests.cpu'), amount('T_MEMORY_ASKED', 'requests.memory')],
      }),
    ],
  }),
  podOf('mounted', {
    volumes,
    containers: [
      sh('main', [`cd /v; cat plain/one twice/one mapped/path/to/two secret/password about/name all/password all/word all/name; echo`, 'od -An -tx1 plain/bytes', `for f in plain/one strict/one mapped/path/to/two secret/password about/cpu; do ${STAT} $f; done`, 'cat about/cpu; echo; cat about/labels', 'ls mapped mapped/path/to all | tr "\\n" " "'].join('; '), {
        resources: { limits: { cpu: '500m' } },
        volumeMounts: [at('/v/plain', 'plain'), at('/v/twice', 'plain'), at('/v/strict', 'strict'), at('/v/mapped', 'mapped'), at('/v/secret', 'secret'), at('/v/about', 'about'), at('/v/all', 'all')],
      }),
    ],
  }),
  podOf('ordinary', {
    volumes,
    securityContext: { runAsUser: NOBODY, runAsGroup: 1_000, fsGroup: 2_000, runAsNonRoot: true },
    containers: [
      sh('main', `id -u; id -g; cat /v/secret/password; echo; ${STAT} /v/secret/password; for d in disk memory; do touch /v/$d/f; ${STAT} /v/$d/f; stat -c %a /v/$d; done; grep " /v/memory " /proc/mounts | cut -d" " -f3; touch /nowhere 2>/dev/null || echo refused`, {
        securityContext: { allowPrivilegeEscalation: false },
        volumeMounts: [at('/v/secret', 'secret'), at('/v/disk', 'disk'), at('/v/memory', 'memory')],
      }),
    ],
  }),
  podOf('parts', {
    volumes,
    containers: [
      sh('main', 'cat /etc/issue; cat /etc/one; echo; echo mine > /work/file; cat /pass; echo; cat /etc/hosts | grep -c 10.9.8.7; touch /etc/x 2>/dev/null || echo read-only; cat /disk/parts/file', {
        env: [field('POD', 'metadata.name')],
        securityContext: { readOnlyRootFilesystem: true },
        volumeMounts: [at('/etc/issue', 'plain', { subPath: 'two' }), at('/etc/one', 'plain', { subPath: 'one' }), at('/pass', 'secret', { subPath: 'password' }), at('/work', 'disk', { subPathExpr: '$(POD)' }), at('/disk', 'disk')],
      }),
    ],
    hostAliases: [{ ip: '10.9.8.7', hostnames: ['far.away'] }],
  }),
  podOf('last-words', {
    securityContext: { runAsUser: NOBODY },
    containers: [
      sh('file', 'echo -n from-file > /dev/said', { terminationMessagePath: '/dev/said' }),
      sh('log', 'echo -n from-log; exit 1', { terminationMessagePolicy: 'FallbackToLogsOnError' }),
      sh('well', 'echo -n from-log', { terminationMessagePolicy: 'FallbackToLogsOnError' }),
      sh('prefers', 'echo -n from-log; echo -n from-file > /dev/termination-log; exit 1', { terminationMessagePolicy: 'FallbackToLogsOnError' }),
    ],
  }),
  podOf('no-start', { initContainers: [sh('i', 'exit 1')], containers: [sh('main', 'true')] }),
  podOf('no-end', { restartPolicy: 'Always', terminationGracePeriodSeconds: 0, initContainers: [sh('i', 'exit 1'), sh('j', 'true')], containers: [sh('main', 'true')] }),
  podOf('aside', {
    terminationGracePeriodSeconds: 0,
    volumes: [{ name: 'maybe', configMap: { name: 'later', optional: true } }, { name: 'gone', secret: { secretName: 'soon-gone', optional: true } }],
    containers: [sh('main', 'until test -f /maybe/word; do sleep 0.1; done; cat /maybe/word; while test -f /gone/word; do sleep 0.1; done', { volumeMounts: [at('/maybe', 'maybe'), at('/gone', 'gone')] })],
  }),
  podOf('limited', { terminationGracePeriodSeconds: 0, containers: [sh('main', 'exec sleep 600')] }),
  podOf('healed', {
    terminationGracePeriodSeconds: 0,
    volumes: [{ name: 'disk', emptyDir: {} }],
    containers: [sh('main', 'test -d /work', { env: [field('WHERE', "metadata.annotations['where']")], volumeMounts: [at('/work', 'disk', { subPathExpr: '$(WHERE)' })] })],
  }),
];

beforeAll(async () => {
  await ensureImages('busybox:latest');
  await execa('docker', ['build', '-q', '-t', SPOKEN, '-'], { input: 'FROM busybox\nENTRYPOINT ["echo", "entry"]\nCMD ["cmd"]\n' });
  cluster = await TestCluster.start();
  pods = new ClusterPods(cluster);
  const marked = PODS.map((pod) => (pod.metadata?.name === 'healed' ? { ...pod, metadata: { ...pod.metadata, annotations: { where: '/absolute' } } } : { ...pod, metadata: { ...pod.metadata, labels: { kind: 'conformance' } } }));
  await pods.apply(...CONFIG, { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'soon-gone' }, stringData: { word: 'w' } }, ...marked);
}, 120_000);

afterAll(async () => {
  await cluster.stop();
  await execa('docker', ['rmi', '-f', SPOKEN]);
}, 90_000);

describe('a container', () => {
  test('74-77: runs what its image says, what it says itself, or both', async () => {
    await pods.phase('spoken', 'Succeeded');
    const said = await Promise.all(['blank', 'args', 'command', 'both'].map((name) => pods.logs('spoken', '-c', name)));
    expect(said).toEqual(['entry cmd\n', 'entry mine\n', 'own\n', 'own mine\n']);
  }, 60_000);

  test('136-140: learns names, addresses and sizes; without a limit it has the node\'s', async () => {
    const { metadata, status, spec } = await pods.phase('told', 'Succeeded');
    const node = await cluster.get<Node>(['node', spec!.nodeName!]);
    expect((await pods.logs('told')).split('\n')).toEqual([
      'T_ACCOUNT=default',
      `T_CPU=${node.status?.allocatable?.['cpu']}`,
      'T_CPU_ASKED=1',
      `T_HOST=${status?.hostIP}`,
      `T_IP=${status?.podIP}`,
      `T_MEMORY=${64 * 2 ** 20}`,
      `T_MEMORY_ASKED=${32 * 2 ** 20}`,
      'T_NAME=told',
      'T_NAMESPACE=default',
      `T_NODE=${spec?.nodeName}`,
      `T_UID=${metadata?.uid}`,
      '',
    ]);
  }, 60_000);

  test('69-72: leaves a message, in its file or in its log', async () => {
    const { status } = await pods.phase('last-words', 'Failed');
    const messages = Object.fromEntries((status?.containerStatuses ?? []).map(({ name, state }) => [name, state?.terminated?.message ?? '']));
    expect(messages).toEqual({ file: 'from-file', log: 'from-log', well: '', prefers: 'from-file' });
  }, 60_000);

  test('118, 158, 159: is the user that it is told to be, may gain nothing, and writes to its emptyDirs', async () => {
    await pods.phase('ordinary', 'Succeeded');
    const [uid, gid, password, secret, ...rest] = (await pods.logs('ordinary')).trimEnd().split('\n');
    expect([uid, gid, password]).toEqual([String(NOBODY), '1000', 'hunter2']);
    expect(secret).toMatch(/^440 \d+:2000$/);
    expect(rest).toEqual([`644 ${NOBODY}:2000`, '2777', `644 ${NOBODY}:2000`, '2777', 'tmpfs', 'refused']);
  }, 60_000);
});

describe('volumes', () => {
  test('142-149, 153-157: have what their sources have, under the names and with the rights that are asked for', async () => {
    await pods.phase('mounted', 'Succeeded');
    expect((await pods.logs('mounted')).split('\n')).toEqual([
      'firstfirstsecondhunter2mountedhunter2firstmounted',
      ' ff 00 fe',
      '644 0:0',
      '400 0:0',
      '440 0:0',
      '440 0:0',
      '400 0:0',
      '500',
      'kind="conformance"all: name password word  mapped: path  mapped/path/to: two ',
    ]);
  }, 60_000);

  test('105, 106, 110, 111, 115, 162: parts of them are mounted by name, on files that are there and by a path from the environment', async () => {
    await pods.phase('parts', 'Succeeded');
    expect((await pods.logs('parts')).split('\n')).toEqual(['secondfirst', 'hunter2', '1', 'read-only', 'mine', '']);
  }, 60_000);

  test('145, 151: sources that need not be there come and go', async () => {
    await pods.phase('aside', 'Running');
    await pods.apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'later' }, data: { word: 'came' } });
    await cluster.minik(['delete', 'secret', 'soon-gone']);
    await pods.phase('aside', 'Succeeded');
    expect(await pods.logs('aside')).toBe('came');
  }, 60_000);

  test('112-114: a path that leads out of the volume keeps the container waiting until it is mended', async () => {
    await pods.waiting('healed', 'CreateContainerConfigError');
    expect((await cluster.minik(['annotate', 'pod', 'healed', 'where=inside', '--overwrite'])).code).toBe(0);
    await pods.phase('healed', 'Succeeded');
  }, 60_000);
});

describe('a Pod', () => {
  test('81: has failed when an init container did, and what comes after it never runs', async () => {
    const { status } = await pods.phase('no-start', 'Failed');
    expect(status?.containerStatuses?.[0]?.state).toEqual({ waiting: { reason: 'PodInitializing' } });
    expect(status?.conditions?.find(({ type }) => type === 'Initialized')).toMatchObject({ status: 'False', reason: 'ContainersNotInitialized', message: 'containers with incomplete status: [i]' });
  }, 60_000);

  test('80, 104: that restarts tries its init container again, and can be deleted while it does', async () => {
    const { status } = await pods.until('no-end', 'has tried again', (pod) => (pod.status?.initContainerStatuses?.[0]?.restartCount ?? 0) >= 1);
    expect(status?.phase).toBe('Pending');
    expect(status?.containerStatuses?.[0]?.state).toEqual({ waiting: { reason: 'PodInitializing' } });
    expect((await cluster.minik(['delete', 'pod', 'no-end'])).code).toBe(0);
  }, 60_000);

  test('46: is over when a deadline that it was given later has passed', async () => {
    await pods.phase('limited', 'Running');
    expect((await cluster.kubectl(['patch', 'pod', 'limited', '-p', '{"spec":{"activeDeadlineSeconds":1}}'])).code).toBe(0);
    expect((await pods.phase('limited', 'Failed')).status).toMatchObject({ reason: 'DeadlineExceeded' });
  }, 60_000);

  test('45, 50: are found by their labels, and deleted together', async () => {
    expect((await cluster.kubectl(['label', 'pod', 'told', 'spoken', 'when=now'])).code).toBe(0);
    const named = async (): Promise<string> => (await cluster.kubectl(['get', 'pods', '-l', 'when=now', '-o', 'name'])).stdout;
    expect(await named()).toBe('pod/spoken\npod/told\n');
    expect((await cluster.kubectl(['delete', 'pods', '-l', 'when=now'])).code).toBe(0);
    expect(await named()).toBe('');
  }, 60_000);

  test('is asked to stop with the signal that its container names', async () => {
    await pods.apply(podOf('signalled', { os: { name: 'linux' }, terminationGracePeriodSeconds: 20, containers: [sh('main', "trap 'echo got USR1; exit 0' USR1; echo up; while :; do sleep 0.1; done", { lifecycle: { stopSignal: 'SIGUSR1' } })] }));
    const { status } = await pods.until('signalled', 'runs', (pod) => pod.status?.containerStatuses?.[0]?.ready);
    expect(status?.containerStatuses?.[0]?.stopSignal).toBe('SIGUSR1');
    const following = cluster.spawn('minik', ['logs', '-f', 'signalled']);
    // It shows what there is: from here on nothing is missed.
    await new Promise((resolve) => following.stdout?.once('data', resolve));
    expect((await cluster.minik(['delete', 'pod', 'signalled'])).code).toBe(0);
    expect(String((await following).stdout)).toBe('up\ngot USR1');
  }, 60_000);

  // The last, as it empties the node.
  test('126: leaves a node for its taint, at once or when its tolerance is over, or stays', async () => {
    const sleeping = (name: string, tolerations: PodSpec['tolerations']) => podOf(name, { terminationGracePeriodSeconds: 0, tolerations, containers: [sh('main', 'exec sleep 600')] });
    const tolerance = { key: 'stop', operator: 'Exists', effect: 'NoExecute' };
    await pods.apply(sleeping('guest', []), sleeping('patient', [{ ...tolerance, tolerationSeconds: 2 }]), sleeping('owner', [tolerance]));
    const running = await Promise.all(['guest', 'patient', 'owner'].map((name) => pods.phase(name, 'Running')));
    const node = running[0]!.spec!.nodeName!;
    const isGone = (name: string) => async (): Promise<boolean> => (await cluster.minik(['get', 'pod', name])).code === 1;
    expect((await cluster.minik(['taint', 'node', node, 'stop=now:NoExecute'])).code).toBe(0);
    await eventually('the guest has left', isGone('guest'));
    expect((await pods.get('patient')).metadata?.deletionTimestamp).toBeUndefined();
    await eventually('so has the patient one', isGone('patient'));
    expect((await pods.get('owner')).status?.phase).toBe('Running');
    await pods.untilEvent('patient', /^Normal TaintManagerEviction Marking for deletion Pod default\/patient$/);
    expect((await cluster.minik(['taint', 'node', node, 'stop-'])).code).toBe(0);
  }, 60_000);
});
