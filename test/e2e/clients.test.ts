// Other people's programs against the daemon, unchanged: kubectl's generators, helm 4, the official JavaScript client.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { CoreV1Api, Exec, KubeConfig, PortForward, makeInformer, Watch, type V1ConfigMap, type V1Status } from '@kubernetes/client-node';
import { execa } from 'execa';
import { eventually, TestCluster, type Ran } from '../support/cluster.ts';
import { ensureImages } from '../support/images.ts';
import { helmPath } from '../support/kubernetes-tools.ts';

let cluster: TestCluster;

beforeAll(async () => {
  await ensureImages('busybox:latest');
  cluster = await TestCluster.start();
}, 120_000);

afterAll(() => cluster.stop(), 90_000);

describe('kubectl create', () => {
  test.each([
    { words: ['job', 'hello', '--image=busybox', '--', 'echo', 'hi'], made: 'job.batch/hello created\n' },
    { words: ['configmap', 'settings', '--from-literal=a=b'], made: 'configmap/settings created\n' },
    { words: ['secret', 'generic', 'login', '--from-literal=password=hunter2'], made: 'secret/login created\n' },
    { words: ['namespace', 'team'], made: 'namespace/team created\n' },
    { words: ['serviceaccount', 'robot'], made: 'serviceaccount/robot created\n' },
  ])('$words.0', async ({ words, made }) => {
    expect(await cluster.kubectl(['create', ...words])).toMatchObject({ code: 0, stdout: made });
  });

  test('the Job runs, the Secret holds what was given', async () => {
    expect(await cluster.kubectl(['wait', 'job/hello', '--for=condition=complete', '--timeout=60s'], { timeoutMs: 70_000 })).toMatchObject({ code: 0 });
    expect((await cluster.kubectl(['logs', 'job/hello'])).stdout).toBe('hi\n');
    expect((await cluster.kubectl(['get', 'secret', 'login', '-o', 'jsonpath={.data.password}'])).stdout).toBe(Buffer.from('hunter2').toString('base64'));
  }, 90_000);
});

describe('helm', () => {
  const helm = async (...words: readonly string[]): Promise<Ran> => {
    const at = (name: string): string => join(cluster.home, 'helm', name);
    const env = { PATH: process.env['PATH'] ?? '', HOME: cluster.home, HELM_CACHE_HOME: at('cache'), HELM_CONFIG_HOME: at('config'), HELM_DATA_HOME: at('data') };
    const ran = await execa(helmPath(), ['--kubeconfig', join(cluster.home, 'kubeconfig'), ...words], { env, extendEnv: false, reject: false, timeout: 60_000 });
    return { code: ran.exitCode ?? 1, stdout: String(ran.stdout), stderr: String(ran.stderr) };
  };

  beforeAll(() => {
    const chart = join(cluster.home, 'chart');
    mkdirSync(join(chart, 'templates'), { recursive: true });
    writeFileSync(join(chart, 'Chart.yaml'), 'apiVersion: v2\nname: demo\nversion: 0.1.0\n');
    writeFileSync(join(chart, 'values.yaml'), 'greeting: hello\n');
    const objects = `apiVersion: v1
kind: ConfigMap
metadata: { name: "{{ .Release.Name }}-settings" }
data: { greeting: "{{ .Values.greeting }}" }
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: "{{ .Release.Name }}-data" }
spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } }
---
apiVersion: batch/v1
kind: Job
metadata: { name: "{{ .Release.Name }}-job" }
spec:
  template:
    spec:
      restartPolicy: Never
      containers: [{ name: main, image: busybox, imagePullPolicy: IfNotPresent, command: ["touch", "/data/file"], volumeMounts: [{ name: data, mountPath: /data }] }]
      volumes: [{ name: data, persistentVolumeClaim: { claimName: "{{ .Release.Name }}-data" } }]
`;
    writeFileSync(join(chart, 'templates', 'all.yaml'), objects);
  });

  test('installs, waits, upgrades, rolls back and uninstalls a release', async () => {
    const chart = join(cluster.home, 'chart');
    const greeting = async (): Promise<string> => (await cluster.minik(['get', 'cm', 'demo-settings', '-o', 'jsonpath={.data.greeting}'])).stdout;
    expect(await helm('install', 'demo', chart, '--server-side=false', '--wait', '--timeout=60s')).toMatchObject({ code: 0, stdout: expect.stringContaining('STATUS: deployed') });
    expect(await greeting()).toBe('hello');
    expect(await helm('upgrade', 'demo', chart, '--server-side=false', '--set', 'greeting=bye')).toMatchObject({ code: 0 });
    expect(await greeting()).toBe('bye');
    expect(await helm('rollback', 'demo', '1', '--server-side=false')).toMatchObject({ code: 0 });
    expect(await greeting()).toBe('hello');
    expect((await helm('list', '-o', 'json')).stdout).toContain('"revision":"3"');
    expect(await helm('uninstall', 'demo')).toMatchObject({ code: 0 });
    expect((await cluster.minik(['get', 'cm', 'demo-settings'])).code).toBe(1);
  }, 150_000);
});

describe('the official JavaScript client', () => {
  test('creates, lists, watches and deletes', async () => {
    const config = new KubeConfig();
    config.loadFromFile(join(cluster.home, 'kubeconfig'));
    const core = config.makeApiClient(CoreV1Api);
    const seen: string[] = [];
    const watch = await new Watch(config).watch('/api/v1/namespaces/default/configmaps', {}, (type, object: V1ConfigMap) => seen.push(`${type} ${object.metadata?.name}`), () => {});
    await core.createNamespacedConfigMap({ namespace: 'default', body: { metadata: { name: 'from-js' }, data: { a: 'b' } } });
    const list = await core.listNamespacedConfigMap({ namespace: 'default' });
    expect(list.items.find(({ metadata }) => metadata?.name === 'from-js')?.data).toEqual({ a: 'b' });
    await core.deleteNamespacedConfigMap({ namespace: 'default', name: 'from-js' });
    await eventually('the watch saw it come and go', async () => seen.includes('ADDED from-js') && seen.includes('DELETED from-js'));
    watch.abort();
  }, 60_000);

  test('its informer follows', async () => {
    const config = new KubeConfig();
    config.loadFromFile(join(cluster.home, 'kubeconfig'));
    const core = config.makeApiClient(CoreV1Api);
    const informer = makeInformer(config, '/api/v1/namespaces/default/configmaps', () => core.listNamespacedConfigMap({ namespace: 'default' }));
    const added: string[] = [];
    informer.on('add', (object) => added.push(object.metadata?.name ?? ''));
    await informer.start();
    await core.createNamespacedConfigMap({ namespace: 'default', body: { metadata: { name: 'followed' } } });
    await eventually('the informer saw it', async () => added.includes('followed'));
    await informer.stop();
  }, 60_000);
});

describe('the official JavaScript client, into a Pod', () => {
  const config = (): KubeConfig => {
    const kubeConfig = new KubeConfig();
    kubeConfig.loadFromFile(join(cluster.home, 'kubeconfig'));
    return kubeConfig;
  };

  beforeAll(async () => {
    const script = 'echo served > /tmp/index.html; exec httpd -f -p 8080 -h /tmp';
    await cluster.minik(['run', 'served', '--image=busybox', '--image-pull-policy=IfNotPresent', '--restart=Never', '--command', '--', 'sh', '-c', script]);
    await cluster.minik(['wait', 'pod/served', '--for=condition=Ready', '--timeout=30s'], { timeoutMs: 40_000 });
  }, 60_000);

  test('executes commands, with input, output, errors and a status', async () => {
    const [out, err, input] = [new PassThrough(), new PassThrough(), new PassThrough()];
    const texts = Promise.all([text(out), text(err)]);
    const status = await new Promise<V1Status>((resolve, reject) => {
      new Exec(config()).exec('default', 'served', 'served', ['sh', '-c', 'cat; echo oops >&2; exit 3'], out, err, input, false, resolve).catch(reject);
      input.end('hello');
    });
    expect(status).toMatchObject({ status: 'Failure', reason: 'NonZeroExitCode', details: { causes: [{ reason: 'ExitCode', message: '3' }] } });
    out.end();
    err.end();
    expect(await texts).toEqual(['hello', 'oops\n']);
  });

  test('forwards a port', async () => {
    const [out, input] = [new PassThrough(), new PassThrough()];
    const socket = await new PortForward(config()).portForward('default', 'served', [8080], out, null, input);
    input.write('GET / HTTP/1.0\r\n\r\n');
    let seen = '';
    out.on('data', (chunk: Buffer) => (seen += chunk.toString()));
    await eventually('the page', async () => seen.includes('served\n'));
    (socket as { close(): void }).close();
  });
});
