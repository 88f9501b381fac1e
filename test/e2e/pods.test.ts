// Pods that do well, on real Docker: what their containers share, see and are bound by, and what is left of them at the end.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execa } from 'execa';
import { clusterId, eventually, TestCluster } from '../support/cluster.ts';
import { ensureImages } from '../support/images.ts';
import { ClusterPods, podOf, sh } from '../support/pods.ts';

const BUILT = 'minik.test/built:1';

let cluster: TestCluster;
let pods: ClusterPods;

const CONFIG = [
  { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' }, data: { mode: 'fast', 'app.conf': 'a=1\n' } },
  { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'login' }, stringData: { user: 'ann', password: 'hunter2' } },
];

const scratch = { volumes: [{ name: 'scratch', emptyDir: {} }] };
const mount = { volumeMounts: [{ name: 'scratch', mountPath: '/data' }] };
const onTerm = (what: string): string => `trap '${what}' TERM; echo up; while :; do sleep 0.1; done`;

const PODS = [
  podOf('pair', {
    ...scratch,
    containers: [
      sh('server', 'mkdir -m 700 /data/own; echo from-server > /data/index.html; hostname; exec httpd -f -p 8080 -h /data', mount),
      sh('client', 'until wget -qO- http://127.0.0.1:8080/; do sleep 0.1; done; hostname; echo from-client > /data/answer; exec sleep 600', mount),
    ],
    terminationGracePeriodSeconds: 1,
  }),
  podOf('alone', { containers: [sh('main', 'hostname; hostname -i')] }),
  podOf('flash', { containers: [sh('main', 'true')] }),
  podOf('again', {
    ...scratch,
    restartPolicy: 'OnFailure',
    containers: [sh('main', 'hostname -i; [ -f /data/seen ] && echo second && exit 0; touch /data/seen; echo first; exit 1', mount)],
  }),
  podOf('always', { restartPolicy: 'Always', containers: [sh('main', 'exec sleep 600')], terminationGracePeriodSeconds: 0 }),
  podOf('steps', {
    ...scratch,
    initContainers: [sh('one', 'echo one >> /data/log', mount), sh('two', 'echo two >> /data/log', mount)],
    containers: [sh('main', 'cat /data/log', mount)],
  }),
  podOf('told', {
    containers: [
      {
        ...sh('main', ''),
        command: ['sh', '-c', 'echo "$0 $1"; pwd; tr "\\0" "\\n" < /proc/1/environ | grep ^T_ | sort', '$(T_NAME)'],
        args: ['arg-$(T_MODE)-$$(T_MODE)'],
        workingDir: '/tmp',
        envFrom: [{ prefix: 'T_', configMapRef: { name: 'settings' } }, { prefix: 'T_LOGIN_', secretRef: { name: 'login' } }],
        env: [
          { name: 'T_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
          { name: 'T_IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
          { name: 'T_MODE', valueFrom: { configMapKeyRef: { name: 'settings', key: 'mode' } } },
          { name: 'T_PASSWORD', valueFrom: { secretKeyRef: { name: 'login', key: 'password' } } },
          { name: 'T_BOTH', value: '$(T_NAME)/$(T_MODE)/$(NOBODY)' },
        ],
      },
    ],
  }),
  podOf('mounted', {
    volumes: [
      { name: 'config', configMap: { name: 'settings', items: [{ key: 'app.conf', path: 'etc/app.conf' }] } },
      { name: 'secret', secret: { secretName: 'login', defaultMode: 0o400 } },
      ...scratch.volumes,
    ],
    containers: [
      sh('main', 'cat /config/etc/app.conf /secret/password; echo; stat -Lc %a /secret/password; touch /config/x || echo refused; echo mine > /data/own && cat /data/own', {
        volumeMounts: [{ name: 'config', mountPath: '/config' }, { name: 'secret', mountPath: '/secret' }, ...mount.volumeMounts],
      }),
    ],
  }),
  podOf('fresh', { volumes: [{ name: 'config', configMap: { name: 'settings' } }], containers: [sh('main', 'until grep slow /config/mode; do sleep 0.1; done', { volumeMounts: [{ name: 'config', mountPath: '/config' }] })] }),
  podOf('bound', {
    containers: [
      sh('main', 'cat /sys/fs/cgroup/memory.max 2>/dev/null || cat /sys/fs/cgroup/memory/memory.limit_in_bytes', {
        resources: { limits: { memory: '64Mi', cpu: '500m' }, requests: { memory: '32Mi', cpu: '250m' } },
      }),
    ],
  }),
  podOf('local', { containers: [{ name: 'main', image: BUILT, imagePullPolicy: 'Never' }] }),
  podOf('polite', { restartPolicy: 'Always', terminationGracePeriodSeconds: 20, containers: [sh('main', onTerm('echo bye; exit 0'))] }),
  podOf('stubborn', { restartPolicy: 'Always', terminationGracePeriodSeconds: 1, containers: [sh('main', onTerm('echo no'))] }),
];

beforeAll(async () => {
  await ensureImages('busybox:latest');
  await execa('docker', ['build', '-q', '-t', BUILT, '-'], { input: 'FROM busybox\nCMD ["echo", "built here"]\n' });
  cluster = await TestCluster.start();
  pods = new ClusterPods(cluster);
  await pods.apply(...CONFIG, ...PODS);
}, 120_000);

afterAll(async () => {
  await cluster.stop();
  await execa('docker', ['rmi', '-f', BUILT]);
}, 90_000);

describe('a running Pod', () => {
  test('has its containers share network, host name and an emptyDir', async () => {
    const pair = await pods.phase('pair', 'Running');
    await eventually('the client has asked', async () => (await pods.logs('pair', '-c', 'client')) === 'from-server\npair\n');
    expect(await pods.logs('pair', '-c', 'server')).toBe('pair\n');
    const { Id } = (await pods.containers(pair)).get('server')!;
    expect((await execa('docker', ['exec', Id, 'cat', '/data/answer'])).stdout).toBe('from-client');
    expect((await execa('docker', ['exec', Id, 'hostname', '-i'])).stdout).toBe(pair.status?.podIP);
  }, 40_000);

  test('carries the labels of minik on each container', async () => {
    const pair = await pods.phase('pair', 'Running');
    const containers = await pods.containers(pair);
    expect([...containers.keys()].sort()).toEqual(['POD', 'client', 'server']);
    for (const [name, { Config }] of containers) {
      expect(Config.Labels).toMatchObject({
        'minik.dev/cluster': clusterId(cluster.home),
        'minik.dev/namespace': 'default',
        'minik.dev/pod': 'pair',
        'minik.dev/pod-uid': pair.metadata?.uid,
        'minik.dev/container': name,
        'minik.dev/attempt': '0',
      });
    }
  }, 40_000);

  test('is named by its own host name and knows its address', async () => {
    const { status } = await pods.phase('alone', 'Succeeded');
    expect(await pods.logs('alone')).toBe(`alone\n${status?.podIP}\n`);
    expect(status?.podIPs).toEqual([{ ip: status?.podIP }]);
  }, 40_000);

  test('has an address also when it was over at once', async () => {
    const { status } = await pods.until('flash', 'has an address', (pod) => pod.status?.phase === 'Succeeded' && pod.status.podIP !== undefined);
    expect(status?.podIP).toMatch(/^\d+\.\d+\.\d+\.\d+$/);
  }, 40_000);

  test('keeps its address and its emptyDir when its container runs again, and the log of the run before', async () => {
    const { status } = await pods.phase('again', 'Succeeded');
    expect(status?.containerStatuses?.[0]).toMatchObject({ restartCount: 1, state: { terminated: { exitCode: 0, reason: 'Completed' } }, lastState: { terminated: { exitCode: 1, reason: 'Error' } } });
    expect(await pods.logs('again', '-p')).toBe(`${status?.podIP}\nfirst\n`);
    expect(await pods.logs('again')).toBe(`${status?.podIP}\nsecond\n`);
  }, 40_000);

  test('runs its init containers one after the other, before the others', async () => {
    const { status } = await pods.phase('steps', 'Succeeded');
    expect(await pods.logs('steps')).toBe('one\ntwo\n');
    expect(status?.initContainerStatuses?.map(({ name, ready, state }) => [name, ready, state?.terminated?.exitCode])).toEqual([['one', true, 0], ['two', true, 0]]);
  }, 40_000);
});

describe('a container', () => {
  test('gets command, args, working directory and environment, with references filled in', async () => {
    const { status } = await pods.phase('told', 'Succeeded');
    expect((await pods.logs('told')).split('\n')).toEqual([
      'told arg-fast-$(T_MODE)',
      '/tmp',
      'T_BOTH=told/fast/$(NOBODY)',
      `T_IP=${status?.podIP}`,
      'T_LOGIN_password=hunter2',
      'T_LOGIN_user=ann',
      'T_MODE=fast',
      'T_NAME=told',
      'T_PASSWORD=hunter2',
      'T_app.conf=a=1',
      'T_mode=fast',
      '',
    ]);
  }, 40_000);

  test('sees ConfigMaps and Secrets as files it cannot change, and may write to an emptyDir', async () => {
    await pods.phase('mounted', 'Succeeded');
    const lines = (await pods.logs('mounted')).split('\n');
    expect(lines.filter((line) => !line.startsWith('touch:'))).toEqual(['a=1', 'hunter2', '400', 'refused', 'mine', '']);
  }, 40_000);

  test('sees the change of a ConfigMap while it runs', async () => {
    await pods.phase('fresh', 'Running');
    await pods.apply({ ...CONFIG[0], data: { mode: 'slow' } });
    await pods.phase('fresh', 'Succeeded');
  }, 40_000);

  test('is bound by its limits for real', async () => {
    const bound = await pods.phase('bound', 'Succeeded');
    const { HostConfig } = (await pods.containers(bound)).get('main')!;
    const { Memory, MemorySwap, CpuQuota, CpuPeriod, CpuShares } = HostConfig;
    expect({ Memory, MemorySwap, CpuShares }).toEqual({ Memory: 64 * 2 ** 20, MemorySwap: 64 * 2 ** 20, CpuShares: 256 });
    expect(CpuQuota / CpuPeriod).toBe(0.5);
    expect(await pods.logs('bound')).toBe(`${64 * 2 ** 20}\n`);
    expect(bound.status?.qosClass).toBe('Burstable');
  }, 40_000);

  test('runs an image that was built here, with no step in between', async () => {
    await pods.phase('local', 'Succeeded');
    expect(await pods.logs('local')).toBe('built here\n');
  }, 40_000);

  test('of policy Always is replaced when it is removed behind the back of minik', async () => {
    const always = await pods.phase('always', 'Running');
    await execa('docker', ['rm', '-f', (await pods.containers(always)).get('main')!.Id]);
    const { status } = await pods.until('always', 'runs again', (pod) => pod.status?.containerStatuses?.[0]?.restartCount === 1 && pod.status.containerStatuses[0].state?.running !== undefined, { timeoutMs: 5_000 });
    expect(status).toMatchObject({ phase: 'Running', podIP: always.status?.podIP });
    expect(status?.containerStatuses?.[0]?.lastState?.terminated).toMatchObject({ exitCode: 137, reason: expect.stringMatching(/^(Error|ContainerStatusUnknown)$/) });
  }, 40_000);
});

describe('a Pod that is deleted', () => {
  test('may end by itself within its grace period', async () => {
    await eventually('it handles signals', async () => (await pods.logs('polite')) === 'up\n');
    const following = cluster.spawn('minik', ['logs', '-f', 'polite']);
    const deleting = cluster.minik(['delete', 'pod', 'polite']);
    const ended = await following;
    expect((await deleting).code).toBe(0);
    expect(String(ended.stdout).split('\n')).toContain('bye');
    expect((await cluster.minik(['get', 'pod', 'polite'])).stderr).toBe('Error from server (NotFound): pods "polite" not found\n');
  }, 40_000);

  test('is killed when the grace period is over', async () => {
    await eventually('it handles signals', async () => (await pods.logs('stubborn')) === 'up\n');
    const following = cluster.spawn('minik', ['logs', '-f', 'stubborn']);
    const began = Date.now();
    expect((await cluster.minik(['delete', 'pod', 'stubborn'])).code).toBe(0);
    expect(Date.now() - began).toBeGreaterThanOrEqual(1_000);
    expect(String((await following).stdout).split('\n')).toContain('no');
  }, 40_000);

  test('leaves no container and no folder', async () => {
    const pair = await pods.phase('pair', 'Running');
    const folder = join(cluster.home, 'pods', pair.metadata?.uid ?? '');
    expect(existsSync(folder)).toBe(true);
    expect(await cluster.minik(['delete', 'pod', 'pair'])).toMatchObject({ code: 0 });
    expect((await pods.containers(pair)).size).toBe(0);
    await eventually('its folder is gone', async () => !existsSync(folder), { timeoutMs: 5_000 });
  }, 40_000);
});
