// Names on real Docker: Pods find Services, endpoints and each other, and are called and told what they ask for.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { PodSpec } from '../../src/api/generated/types.ts';
import { eventually, TestCluster } from '../support/cluster.ts';
import { ensureImages } from '../support/images.ts';
import { ClusterPods, podOf, sh } from '../support/pods.ts';

let cluster: TestCluster;
let pods: ClusterPods;
let dnsIp: string;

const service = (name: string, spec: object, namespace = 'default'): object => ({ apiVersion: 'v1', kind: 'Service', metadata: { name, namespace }, spec });
/** Runs for as long as the test does, and ends at once. */
const stays = (name: string, spec: Partial<PodSpec> = {}): ReturnType<typeof podOf> =>
  podOf(name, { restartPolicy: 'Always', terminationGracePeriodSeconds: 0, containers: [sh('main', 'mkdir /www; hostname > /www/index.html; exec httpd -f -p 8080 -h /www')], ...spec });

async function inPod(pod: string, script: string): Promise<string> {
  const ran = await cluster.minik(['exec', pod, '--', 'sh', '-c', script]);
  if (ran.code !== 0) throw new Error(`${script}: exit ${ran.code}: ${ran.stdout}${ran.stderr}`);
  return ran.stdout;
}

/** busybox: addresses and names behind the server's own two lines. */
async function nslookup(name: string, type = 'a'): Promise<string> {
  return (await inPod('client', `nslookup -type=${type} ${name}`)).split('\n').slice(3).join('\n');
}

beforeAll(async () => {
  await ensureImages('busybox:latest');
  cluster = await TestCluster.start();
  pods = new ClusterPods(cluster);
  await cluster.minik(['create', 'namespace', 'other']);
  dnsIp = (await cluster.get<{ spec: { clusterIP: string } }>(['svc', 'kube-dns', '-n', 'kube-system'])).spec.clusterIP;
  await pods.apply(
    stays('client', { hostname: 'me', subdomain: 'peers', hostAliases: [{ ip: '123.45.67.89', hostnames: ['foo', 'bar'] }] }),
    { ...stays('server'), metadata: { name: 'server', namespace: 'default', labels: { app: 'web' } } },
    service('web', { selector: { app: 'web' }, ports: [{ name: 'http', port: 80, targetPort: 8080 }] }),
    service('bare', { clusterIP: 'None', selector: { app: 'web' }, ports: [{ name: 'http', port: 80, targetPort: 8080 }] }),
    service('web', { selector: { app: 'none' }, ports: [{ port: 80 }] }, 'other'),
    service('elsewhere', { type: 'ExternalName', externalName: 'web.other.svc.cluster.local' }),
  );
  await Promise.all(['client', 'server'].map((name) => pods.phase(name, 'Running')));
}, 120_000);

afterAll(() => cluster.stop(), 90_000);

test('Pods of an Indexed Job find each other by name', async () => {
  const script = 'for i in 0 1 2; do until ping -c 1 -W 1 ring-$i.ring; do sleep 0.1; done; done; hostname -f; sleep 1';
  const container = { name: 'c', image: 'busybox:latest', imagePullPolicy: 'IfNotPresent', command: ['sh', '-c', script] };
  await pods.apply(service('ring', { clusterIP: 'None', publishNotReadyAddresses: true, selector: { 'job-name': 'ring' } }), {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'ring' },
    spec: { completions: 3, parallelism: 3, completionMode: 'Indexed', backoffLimit: 0, template: { spec: { subdomain: 'ring', restartPolicy: 'Never', containers: [container] } } },
  });
  expect((await cluster.minik(['wait', 'job/ring', '--for=condition=complete', '--timeout=60s'], { timeoutMs: 70_000 })).code).toBe(0);
  const logs = (await cluster.minik(['logs', 'job/ring'])).stdout;
  for (const index of [0, 1, 2]) expect(logs).toContain(`ring-${index}.ring.default.svc.cluster.local`);
}, 120_000);

describe('a Pod finds', () => {
  test('the API by its name', async () => {
    const { spec } = await cluster.get<{ spec: { clusterIP: string } }>(['svc', 'kubernetes']);
    expect(await nslookup('kubernetes.default.svc.cluster.local')).toContain(`Address: ${spec.clusterIP}`);
  });

  test.each(['web', 'web.default', 'web.default.svc', 'web.default.svc.cluster.local', 'bare', 'bare.default'])('a Service by as much of its name as it takes: %s', async (name) => {
    const { spec } = await cluster.get<{ spec: { clusterIP: string } }>(['svc', 'web']);
    const ip = name.startsWith('web') ? spec.clusterIP : (await pods.get('server')).status!.podIP!;
    expect(await inPod('client', `ping -c 1 -W 1 ${name} | head -n 1 || true`)).toContain(`(${ip})`);
  });

  test('ports by SRV and names by PTR', async () => {
    const ip = (await pods.get('server')).status!.podIP!;
    const dashed = ip.replaceAll('.', '-');
    expect(await nslookup('_http._tcp.web.default.svc.cluster.local', 'srv')).toMatch(/service = 0 100 80 web\.default\.svc\.cluster\.local/);
    expect(await nslookup('_http._tcp.bare.default.svc.cluster.local', 'srv')).toContain(`service = 0 100 8080 ${dashed}.bare.default.svc.cluster.local`);
    expect(await nslookup(`${ip.split('.').reverse().join('.')}.in-addr.arpa`, 'ptr')).toContain(`name = ${dashed}.bare.default.svc.cluster.local`);
  });

  test('what an ExternalName stands for, and what it is changed to', async () => {
    const other = await cluster.get<{ spec: { clusterIP: string } }>(['svc', 'web', '-n', 'other']);
    const found = await nslookup('elsewhere.default.svc.cluster.local');
    expect(found).toContain('canonical name = web.other.svc.cluster.local');
    expect(found).toContain(`Address: ${other.spec.clusterIP}`);
    await cluster.minik(['patch', 'svc', 'elsewhere', '-p', '{"spec":{"externalName":"bare.default.svc.cluster.local"}}']);
    await eventually('the new name', async () => (await nslookup('elsewhere.default.svc.cluster.local')).includes('canonical name = bare.default.svc.cluster.local'));
    await cluster.minik(['patch', 'svc', 'elsewhere', '-p', '{"spec":{"type":"ClusterIP","externalName":null,"ports":[{"port":80}]}}']);
    await eventually('an address', async () => /Address: 10\./.test(await nslookup('elsewhere.default.svc.cluster.local')));
  }, 60_000);

  test('itself in its hosts file, in the form of every cluster', async () => {
    const ip = (await pods.get('client')).status!.podIP!;
    expect(await inPod('client', 'cat /etc/hosts; hostname; hostname -f')).toBe(
      [
        '# Kubernetes-managed hosts file.',
        '127.0.0.1\tlocalhost',
        '::1\tlocalhost ip6-localhost ip6-loopback',
        'fe00::0\tip6-localnet',
        'fe00::0\tip6-mcastprefix',
        'fe00::1\tip6-allnodes',
        'fe00::2\tip6-allrouters',
        `${ip}\tme.peers.default.svc.cluster.local\tme`,
        '',
        '# Entries added by HostAliases.',
        '123.45.67.89\tfoo\tbar',
        'me',
        'me.peers.default.svc.cluster.local',
        '',
      ].join('\n'),
    );
  });
});

describe('a Pod is given', () => {
  const show = 'cat /etc/resolv.conf /etc/hosts; hostname';

  test('the resolver, the name and the hosts file that it asks for', async () => {
    const own = { name: 'own', emptyDir: {} };
    await pods.apply(
      podOf('plain', { containers: [sh('main', show)] }),
      podOf('none', { dnsPolicy: 'None', dnsConfig: { nameservers: ['1.1.1.1'], searches: ['example.org'], options: [{ name: 'ndots', value: '2' }] }, containers: [sh('main', show)] }),
      podOf('more', { dnsConfig: { nameservers: ['1.1.1.1'], searches: ['example.org'], options: [{ name: 'ndots', value: '2' }, { name: 'rotate' }] }, containers: [sh('main', show)] }),
      podOf('whole', { hostname: 'db', subdomain: 'peers', setHostnameAsFQDN: true, containers: [sh('main', show)] }),
      podOf('override', { hostnameOverride: 'mail.example.com', containers: [sh('main', show)] }),
      podOf('node', { hostNetwork: true, containers: [sh('main', show)] }),
      podOf('ends', { volumes: [own], initContainers: [sh('init', 'echo mine > /own/hosts', { volumeMounts: [{ name: 'own', mountPath: '/own' }] })], containers: [sh('main', show, { volumeMounts: [{ name: 'own', mountPath: '/etc/hosts', subPath: 'hosts' }] }), sh('side', show)] }),
    );
    const names = ['plain', 'none', 'more', 'whole', 'override', 'node', 'ends'];
    await Promise.all(names.map((name) => pods.phase(name, 'Succeeded')));
    const logs = Object.fromEntries(await Promise.all(names.map(async (name) => [name, await pods.logs(name, '-c', 'main')] as const)));
    const searches = 'default.svc.cluster.local svc.cluster.local cluster.local';
    expect(logs['plain']).toMatch(new RegExp(`^search ${searches}.*\nnameserver ${dnsIp}\noptions ndots:5\n`));
    expect(logs['none']).toMatch(/^search example\.org\nnameserver 1\.1\.1\.1\noptions ndots:2\n/);
    expect(logs['more']).toMatch(new RegExp(`^search ${searches}.* example\\.org\nnameserver ${dnsIp}\nnameserver 1.1.1.1\noptions ndots:2 rotate\n`));
    expect(logs['whole']).toMatch(/\tdb\.peers\.default\.svc\.cluster\.local db\n(?:.*\n)*db\.peers\.default\.svc\.cluster\.local\n$/);
    expect(logs['override']).toMatch(/\nmail\.example\.com\n$/);
    expect(logs['node']).not.toContain(dnsIp);
    expect(logs['node']).not.toContain('# Kubernetes-managed hosts file.');
    expect(logs['ends']).toMatch(/\nmine\n/);
    expect(logs['ends']).not.toContain('Kubernetes-managed');
    expect(await pods.logs('ends', '-c', 'side')).toContain('# Kubernetes-managed hosts file.');
  }, 90_000);

  test('a reason when its whole name is too long for the kernel', async () => {
    await pods.apply(podOf('long', { hostname: 'a'.repeat(60), subdomain: 'peers', setHostnameAsFQDN: true, containers: [sh('main', show)] }));
    await pods.untilEvent('long', /is too long \(64 characters is the max, 92 characters requested\)/);
    await cluster.minik(['delete', 'pod', 'long', '--now']);
  }, 60_000);
});

describe('minik dns', () => {
  test('says where the server is and that it answers', async () => {
    const ran = await cluster.minik(['dns']);
    expect(ran.code).toBe(0);
    expect(ran.stdout).toContain(`address  ${dnsIp} port 53, UDP and TCP\n`);
    expect(ran.stdout).toContain('server   answers\n');
  });

  test('finds a name as a Pod does, and says where the answer comes from', async () => {
    const { spec } = await cluster.get<{ spec: { clusterIP: string } }>(['svc', 'web']);
    expect((await cluster.minik(['dns', 'web'])).stdout).toBe(`web.default.svc.cluster.local\n  ${spec.clusterIP}  service/web in default, ports 80/TCP\n`);
    const ip = (await pods.get('server')).status!.podIP!;
    expect((await cluster.minik(['dns', 'bare'])).stdout).toBe(`bare.default.svc.cluster.local\n  ${ip}  pod/server, an endpoint of service/bare in default\n`);
  });

  test('says what was tried, and why there is nothing', async () => {
    const ran = await cluster.minik(['dns', 'bare', '-n', 'other']);
    expect(ran.code).toBe(1);
    expect(ran.stderr).toMatch(/^error: a Pod in namespace other finds no A records of "bare"; tried:\n {2}bare\.other\.svc\.cluster\.local +no such name\n/);
    expect(ran.stderr).toContain('there is a service/bare in default: from other it is bare.default\n');
  });
});
