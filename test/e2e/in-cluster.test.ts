// Programs inside Pods that talk to the API, as they would anywhere: kubectl and the official JavaScript client find token,
// authority and address by themselves.
import { existsSync, mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { createPublicKey, verify } from 'node:crypto';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ConfigMap, Pod, ServiceAccount } from '../../src/api/generated/types.ts';
import { eventually, TestCluster, type Ran } from '../support/cluster.ts';
import { ensureImages } from '../support/images.ts';
import { kubectlPath } from '../support/kubernetes-tools.ts';

const FOLDER = '/var/run/secrets/kubernetes.io/serviceaccount';
let cluster: TestCluster;

/** A node binary needs the libraries that it was linked with: the host's, where the image has none. */
const LIBRARIES = ['/lib', '/lib64', '/usr/lib', '/usr/lib64'].filter((path) => existsSync(path));
const MODULES = resolve(import.meta.dirname, '..', '..', 'node_modules');

const hostFiles = (): readonly (readonly [name: string, path: string, mountPath: string])[] => [
  ['kubectl', realpathSync(kubectlPath()), '/tools/kubectl'],
  ['node', realpathSync(process.execPath), '/tools/node'],
  ['modules', realpathSync(MODULES), '/tools/node_modules'],
  ['scripts', join(cluster.home, 'scripts'), '/tools/scripts'],
  ...LIBRARIES.map((path, at) => [`lib${at}`, realpathSync(path), path] as const),
];

const SCRIPT = `
import { CoreV1Api, KubeConfig } from '/tools/node_modules/@kubernetes/client-node/dist/index.js';
const config = new KubeConfig();
config.loadFromCluster();
const api = config.makeApiClient(CoreV1Api);
const made = await api.createNamespacedConfigMap({ namespace: 'default', body: { metadata: { name: 'from-inside' }, data: { host: process.env.HOSTNAME } } });
const pods = await api.listNamespacedPod({ namespace: 'default' });
console.log(JSON.stringify({ made: made.metadata.name, pods: pods.items.map((pod) => pod.metadata.name) }));
`;

const exec = (pod: string, ...command: readonly string[]): Promise<Ran> => cluster.minik(['exec', pod, '--', ...command], { timeoutMs: 60_000 });
const apply = async (object: object): Promise<void> => {
  const ran = await cluster.minik(['apply', '-f', '-'], { input: JSON.stringify(object) });
  if (ran.code !== 0) throw new Error(ran.stderr);
};
const sleeper = (name: string, spec: object = {}, container: object = {}): object => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name },
  spec: { terminationGracePeriodSeconds: 0, containers: [{ name: 'main', image: 'busybox', imagePullPolicy: 'IfNotPresent', command: ['sleep', '600'], ...container }], ...spec },
});
const running = async (...names: readonly string[]): Promise<void> => {
  const ran = await cluster.minik(['wait', '--for=condition=Ready', '--timeout=60s', ...names.map((name) => `pod/${name}`)], { timeoutMs: 70_000 });
  if (ran.code !== 0) throw new Error(ran.stderr);
};

beforeAll(async () => {
  await ensureImages('busybox:latest');
  cluster = await TestCluster.start();
  mkdirSync(join(cluster.home, 'scripts'));
  writeFileSync(join(cluster.home, 'scripts', 'client.mjs'), SCRIPT);
  await apply({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'foo-service' }, spec: { ports: [{ port: 8765, targetPort: 8080 }], selector: { app: 'foo' } } });
  await apply({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'robot' } });
  await apply({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'shy' }, automountServiceAccountToken: false });
  const mounts = hostFiles();
  await apply(
    sleeper(
      'client',
      { serviceAccountName: 'robot', volumes: mounts.map(([name, path]) => ({ name, hostPath: { path } })) },
      { volumeMounts: mounts.map(([name, , mountPath]) => ({ name, mountPath, readOnly: true })) },
    ),
  );
  await apply(sleeper('shy', { serviceAccountName: 'shy' }));
  await apply(sleeper('shy-no-more', { serviceAccountName: 'shy', automountServiceAccountToken: true }));
  await apply(sleeper('refused', { automountServiceAccountToken: false, enableServiceLinks: false }));
  const projected = { name: 'own', projected: { defaultMode: 0o440, sources: [{ serviceAccountToken: { path: 'deep/vault-token', audience: 'vault', expirationSeconds: 600 } }] } };
  await apply(sleeper('owner', { securityContext: { runAsUser: 1234, fsGroup: 5678 }, volumes: [projected] }, { volumeMounts: [{ name: 'own', mountPath: '/own' }] }));
  await running('client', 'shy', 'shy-no-more', 'refused', 'owner');
}, 180_000);

afterAll(() => cluster.stop(), 90_000);

describe('in a Pod', () => {
  test('kubectl finds the API and says who it is', async () => {
    const { stdout } = await exec('client', '/tools/kubectl', 'auth', 'whoami', '-o', 'json');
    const pod = await cluster.get<Pod>(['pod', 'client']);
    expect((JSON.parse(stdout) as { status: { userInfo: object } }).status.userInfo).toMatchObject({
      username: 'system:serviceaccount:default:robot',
      groups: ['system:serviceaccounts', 'system:serviceaccounts:default', 'system:authenticated'],
      extra: { 'authentication.kubernetes.io/pod-name': ['client'], 'authentication.kubernetes.io/pod-uid': [pod.metadata!.uid] },
    });
    expect((await exec('client', '/tools/kubectl', 'get', 'pod', 'client', '-o', 'name')).stdout).toBe('pod/client\n');
  });

  test('the JavaScript client reads and writes', async () => {
    const ran = await exec('client', '/tools/node', '/tools/scripts/client.mjs');
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(ran.stdout)).toEqual({ made: 'from-inside', pods: expect.arrayContaining(['client', 'owner']) });
    expect((await cluster.get<ConfigMap>(['cm', 'from-inside'])).data).toEqual({ host: 'client' });
  });

  test('the API answers at its Service, where addresses of Services lead somewhere, and on the node', async () => {
    const { spec } = await cluster.get<{ spec: { clusterIP: string } }>(['service', 'kubernetes']);
    const [node] = (await cluster.get<{ subsets: { addresses: { ip: string }[]; ports: { port: number }[] }[] }>(['endpoints', 'kubernetes'])).subsets;
    const onNode = `${node!.addresses[0]!.ip}:${node!.ports[0]!.port}`;
    const { stdout: told } = await exec('client', 'sh', '-c', 'echo -n $KUBERNETES_SERVICE_HOST:$KUBERNETES_SERVICE_PORT');
    expect([`${spec.clusterIP}:443`, onNode]).toContain(told);
    const version = (server: string): Promise<Ran> => exec('client', 'sh', '-c', `/tools/kubectl --server https://${server} --certificate-authority ${FOLDER}/ca.crt --token $(cat ${FOLDER}/token) get --raw /version`);
    const hasDns = (await exec('client', 'cat', '/etc/resolv.conf')).stdout.includes('svc.cluster.local');
    for (const server of new Set([told, onNode, ...(hasDns ? ['kubernetes.default', 'kubernetes.default.svc.cluster.local'] : [])])) expect(JSON.parse((await version(server)).stdout)).toMatchObject({ gitVersion: expect.stringContaining('minik') });
  });

  test('a token without the authority is of no use, and the other way round', async () => {
    const { stdout: address } = await exec('client', 'sh', '-c', 'echo -n $KUBERNETES_SERVICE_HOST:$KUBERNETES_SERVICE_PORT');
    const noAuthority = await exec('client', '/tools/kubectl', '--server', `https://${address}`, '--token', 'x', 'get', 'pods');
    expect(noAuthority.stderr).toContain('certificate');
    const noToken = await exec('client', '/tools/kubectl', '--server', `https://${address}`, '--certificate-authority', `${FOLDER}/ca.crt`, '--token', 'x', 'get', 'pods');
    expect(noToken.stderr).toContain('You must be logged in to the server');
  });

  test('a token is checked with what the issuer publishes', async () => {
    const raw = async (path: string): Promise<Record<string, unknown>> => JSON.parse((await exec('client', '/tools/kubectl', 'get', '--raw', path)).stdout) as Record<string, unknown>;
    const { issuer, jwks_uri: keysUrl } = await raw('/.well-known/openid-configuration');
    const { keys } = (await raw(new URL(keysUrl as string).pathname)) as { keys: [Record<string, string>] };
    const [header, payload, signature] = (await exec('client', 'cat', `${FOLDER}/token`)).stdout.split('.') as [string, string, string];
    expect(JSON.parse(Buffer.from(payload, 'base64url').toString())).toMatchObject({ iss: issuer, sub: 'system:serviceaccount:default:robot' });
    const key = createPublicKey({ key: keys[0], format: 'jwk' });
    expect(verify('sha256', Buffer.from(`${header}.${payload}`), { key, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url'))).toBe(true);
  });
});

describe('what a container finds', () => {
  test('are token, authority and namespace', async () => {
    const { stdout } = await exec('client', 'sh', '-c', `cd ${FOLDER}; ls; cat namespace; head -1 ca.crt`);
    expect(stdout).toBe('ca.crt\nnamespace\ntoken\ndefault-----BEGIN CERTIFICATE-----\n');
  });

  test.each([
    ['shy', false],
    ['shy-no-more', true],
    ['refused', false],
  ])('%s has a token: %s', async (name, has) => {
    expect((await exec(name, 'test', '-e', `${FOLDER}/token`)).code).toBe(has ? 0 : 1);
  });

  test('a token of its own is for whom it asked, and only for its user and group', async () => {
    const { stdout } = await exec('owner', 'sh', '-c', 'stat -Lc "%a %u %g" /own/deep/vault-token; cat /own/deep/vault-token');
    const [facts, token] = stdout.split('\n') as [string, string];
    expect(facts).toBe(process.getuid?.() === 0 ? '640 1234 5678' : expect.stringMatching(/^644 /));
    const review = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', spec: { token, audiences: ['vault'] } };
    const { stdout: judged } = await cluster.minik(['create', '-o', 'json', '-f', '-'], { input: JSON.stringify(review) });
    expect(JSON.parse(judged)).toMatchObject({ status: { authenticated: true, audiences: ['vault'], user: { username: 'system:serviceaccount:default:default' } } });
  });

  test('are the addresses of Services, and of the API alone where it wants no more', async () => {
    const ip = (await cluster.get<{ spec: { clusterIP: string } }>(['service', 'foo-service'])).spec.clusterIP;
    const { stdout } = await exec('owner', 'env');
    for (const line of [`FOO_SERVICE_SERVICE_HOST=${ip}`, 'FOO_SERVICE_SERVICE_PORT=8765', `FOO_SERVICE_PORT=tcp://${ip}:8765`, `FOO_SERVICE_PORT_8765_TCP=tcp://${ip}:8765`, 'FOO_SERVICE_PORT_8765_TCP_PROTO=tcp', 'FOO_SERVICE_PORT_8765_TCP_PORT=8765', `FOO_SERVICE_PORT_8765_TCP_ADDR=${ip}`]) {
      expect(stdout.split('\n')).toContain(line);
    }
    const refused = (await exec('refused', 'env')).stdout;
    expect(refused).toMatch(/^KUBERNETES_SERVICE_HOST=\d/m);
    expect(refused).not.toContain('FOO_SERVICE');
  });
});

test('minik and kubectl say the same of a caller', async () => {
  const { stdout: token } = await cluster.minik(['create', 'token', 'robot']);
  const { endpoint } = await cluster.status();
  const as = ['--server', endpoint, '--insecure-skip-tls-verify', '--token', token, 'auth', 'whoami'];
  const shown = (ran: Ran): string => ran.stdout.replace(/JTI=[-0-9a-f]+/, 'JTI=<id>');
  const ofMinik = shown(await cluster.minik(as));
  expect(ofMinik).toContain('system:serviceaccount:default:robot');
  // Without a kubeconfig of an administrator behind the token.
  const bare = await cluster.shell(`kubectl --kubeconfig /dev/null ${as.join(' ')}`);
  expect(shown(bare)).toBe(ofMinik);
});

describe('a ServiceAccount', () => {
  test('and the authority come to every namespace, and come back', async () => {
    await cluster.minik(['create', 'namespace', 'team']);
    const present = async (): Promise<boolean> => (await cluster.minik(['get', 'sa/default', 'cm/kube-root-ca.crt', '-n', 'team'])).code === 0;
    await eventually('both are there', present);
    await cluster.minik(['delete', 'sa/default', 'cm/kube-root-ca.crt', '-n', 'team']);
    await eventually('both are back', present);
    await cluster.minik(['patch', 'cm', 'kube-root-ca.crt', '-n', 'team', '-p', '{"data":{"ca.crt":"forged"}}']);
    await eventually('the certificate is put right', async () => (await cluster.get<ConfigMap>(['cm', 'kube-root-ca.crt', '-n', 'team'])).data!['ca.crt']!.startsWith('-----BEGIN'));
  });

  test('is made, changed, listed by label and deleted', async () => {
    await cluster.kubectl(['create', 'sa', 'short']);
    await cluster.kubectl(['label', 'sa', 'short', 'life=short']);
    await cluster.kubectl(['patch', 'sa', 'short', '-p', '{"automountServiceAccountToken":false,"imagePullSecrets":[{"name":"registry"}]}']);
    const [found] = (await cluster.get<{ items: ServiceAccount[] }>(['sa', '-A', '-l', 'life=short'])).items;
    expect(found).toMatchObject({ metadata: { name: 'short' }, automountServiceAccountToken: false, imagePullSecrets: [{ name: 'registry' }] });
    expect((await cluster.kubectl(['delete', 'sa', '-l', 'life=short'])).stdout).toBe('serviceaccount "short" deleted from default namespace\n');
  });

  test('that is missing keeps a Pod out', async () => {
    const { code, stderr } = await cluster.minik(['apply', '-f', '-'], { input: JSON.stringify(sleeper('lost', { serviceAccountName: 'nobody' })) });
    expect(code).toBe(1);
    expect(stderr).toContain('pods "lost" is forbidden: error looking up service account default/nobody: serviceaccount "nobody" not found');
  });

  test('lends its name to whoever has a token of it, as long as it is there', async () => {
    const { stdout: token } = await cluster.minik(['create', 'token', 'shy']);
    const review = async (): Promise<{ status: { error?: string; authenticated?: boolean } }> =>
      JSON.parse((await cluster.minik(['create', '-o', 'json', '-f', '-'], { input: JSON.stringify({ apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', spec: { token } }) })).stdout) as never;
    expect((await review()).status.authenticated).toBe(true);
    await cluster.minik(['delete', 'sa', 'shy']);
    expect((await review()).status.error).toBe('[invalid bearer token, serviceaccounts "shy" not found]');
  });
});
