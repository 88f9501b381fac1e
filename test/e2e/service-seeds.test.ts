// The Services of the notes, as written there, in front of real nginx: each type, and each way to it.
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Node, Service } from '../../src/api/generated/types.ts';
import { eventually, FIXTURES, TestCluster } from '../support/cluster.ts';
import { visit, visits } from '../support/http-visits.ts';
import { ensureImages } from '../support/images.ts';

let cluster: TestCluster;
const seed = (name: string): string => join(FIXTURES, 'seeds', `${name}.yaml`);

/** Both demos call their Service nginx-service: each has a namespace of its own here. */
async function apply(name: string, namespace = 'default'): Promise<string> {
  const { code, stdout, stderr } = await cluster.minik(['apply', '-n', namespace, '-f', seed(name)]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout;
}

async function ready(pods: string, namespace = 'default'): Promise<void> {
  const waited = await cluster.minik(['wait', 'pod', '-n', namespace, '-l', pods, '--for=condition=Ready', '--timeout=60s'], { timeoutMs: 70_000 });
  expect(waited).toMatchObject({ code: 0 });
}

const serviceOf = (name: string, namespace = 'default'): Promise<Service> => cluster.get<Service>(['service', name, '-n', namespace]);

/** Starts a port-forward, asks once through it, and ends it. `program`: "minik" or "kubectl". */
async function throughForward(program: string, words: string): Promise<string> {
  const line = `exec 3< <(exec "$(declare -f ${program} | sed -n 's/^ *"\\([^"]*\\)".*/\\1/p')" ${program === 'kubectl' ? '--kubeconfig "$MINIK_HOME/kubeconfig" ' : ''}port-forward ${words} --address 127.0.0.1 2>&1); pid=$!
    read -r -u 3 said; port=$(echo "$said" | sed 's/.*127.0.0.1:\\([0-9]*\\) .*/\\1/'); curl -s --max-time 10 http://127.0.0.1:$port/; kill $pid`;
  return (await cluster.shell(line, { timeoutMs: 30_000 })).stdout;
}

beforeAll(async () => {
  await ensureImages('nginx:latest');
  cluster = await TestCluster.start();
  for (const namespace of ['inside', 'outside']) await cluster.minik(['create', 'namespace', namespace]);
  await Promise.all([apply('nginx-clusterip', 'inside'), apply('nginx-nodeport', 'outside')]);
  await Promise.all([ready('app=nginx', 'inside'), ready('app=nginx', 'outside')]);
}, 120_000);

afterAll(() => cluster.stop(), 90_000);

describe('three Pods with three ConfigMaps behind node port 30007', () => {
  const pages = ['1', '2', '3'].map((number) => `<html><body><h1>Welcome to Pod ${number}</h1></body></html>\n`);

  test('curl shows all three pages, at the loopback address and at the address of the node', async () => {
    const { items } = await cluster.get<{ items: Node[] }>(['nodes']);
    const nodeIp = items[0]!.status!.addresses!.find(({ type }) => type === 'InternalIP')!.address;
    for (const host of ['127.0.0.1', nodeIp]) {
      const seen = await eventually(`all pages at ${host}:30007`, async () => {
        const { stdout } = await cluster.shell(`for visit in $(seq 20); do curl -s --max-time 2 http://${host}:30007/; done`);
        return pages.every((page) => stdout.includes(page)) && stdout;
      });
      expect([...new Set(seen.split(/(?<=\n)/))].sort()).toEqual(pages);
    }
  }, 60_000);

  test('a Pod that goes is not asked again, and its successor is', async () => {
    expect((await cluster.minik(['delete', 'pod', 'nginx-pod-2', '-n', 'outside', '--grace-period=1'])).code).toBe(0);
    await eventually('two are left', async () => [...(await visits('http://127.0.0.1:30007/', 12)).keys()].every((page) => !page.includes('Pod 2')));
    await apply('nginx-nodeport', 'outside');
    await eventually('three again', async () => (await visits('http://127.0.0.1:30007/', 12)).size === 3);
  }, 60_000);
});

describe('one Pod behind a cluster address', () => {
  const page = '<html><body><h1>Welcome to My Nginx Pod</h1></body></html>\n';

  test('is reached there from a Pod', async () => {
    const { spec } = await serviceOf('nginx-service', 'inside');
    const seen = await cluster.minik(['exec', '-n', 'outside', 'nginx-pod-1', '--', 'wget', '-qO-', `http://${spec?.clusterIP}:80/`]);
    expect(seen).toMatchObject({ code: 0, stdout: page });
  });

  test.each(['minik', 'kubectl'])('is reached through %s port-forward, by the Service and by the Pod', async (program) => {
    expect(await throughForward(program, '-n inside svc/nginx-service :80')).toBe(page);
    expect(await throughForward(program, '-n inside pod/nginx-pod :80')).toBe(page);
  }, 60_000);
});

test('Service1 answers on 30001, Service2 on 30002, made from the command line', async () => {
  for (const [name, port] of [['service1', '30001'], ['service2', '30002']] as const) {
    const script = `echo ${name} > /usr/share/nginx/html/index.html; exec nginx -g 'daemon off;'`;
    expect(await cluster.minik(['run', name, '--image=nginx', '--image-pull-policy=IfNotPresent', '--port=80', `--labels=app=${name}`, '--command', '--', 'sh', '-c', script])).toMatchObject({ code: 0 });
    expect(await cluster.minik(['create', 'service', 'nodeport', name, '--tcp=80', `--node-port=${port}`])).toMatchObject({ code: 0, stdout: `service/${name} created\n` });
    expect(await eventually(`${name} answers`, () => visit(`http://127.0.0.1:${port}/`))).toMatch(name);
    expect(await cluster.minik(['url', name])).toMatchObject({ code: 0, stdout: `http://127.0.0.1:${port}\n`, stderr: '' });
  }
  expect(await cluster.minik(['expose', 'pod', 'service1', '--name=again', '--type=NodePort'])).toMatchObject({ code: 0, stdout: 'service/again exposed\n' });
  const url = await eventually('the exposed Pod answers', async () => {
    const { stdout, stderr } = await cluster.minik(['url', 'again']);
    return stderr === '' ? stdout.trim() : undefined;
  });
  expect(await visit(url)).toMatch('service1');
  await cluster.minik(['delete', 'service,pod', 'service1', 'service2', '--grace-period=0', '--force']);
}, 90_000);

test('one of each type is made as the notes write them', async () => {
  expect(await apply('services-of-each-type')).toBe(['my-clusterip-service', 'my-nodeport-service', 'my-loadbalancer-service', 'my-externalname-service'].map((name) => `service/${name} created\n`).join(''));
  await eventually('the load balancer has an address', async () => (await serviceOf('my-loadbalancer-service')).status?.loadBalancer?.ingress?.[0]?.ip);
  const { stdout } = await cluster.minik(['get', 'services']);
  expect(stdout).toMatch(/^my-clusterip-service +ClusterIP +10\.\d+\.\d+\.\d+ +<none> +80\/TCP /m);
  expect(stdout).toMatch(/^my-nodeport-service +NodePort +10\.\d+\.\d+\.\d+ +<none> +80:30001\/TCP /m);
  expect(stdout).toMatch(/^my-loadbalancer-service +LoadBalancer +10\.\d+\.\d+\.\d+ +127\.\d+\.\d+\.\d+ +80:3\d{4}\/TCP /m);
  expect(stdout).toMatch(/^my-externalname-service +ExternalName +<none> +external\.example\.com +<none> /m);
  expect((await cluster.kubectl(['get', 'services'])).stdout.replace(/\d+s/g, '')).toBe(stdout.replace(/\d+s/g, ''));
});

test('the load balancer that EKS would make has an address and a name here, and says what it would be there', async () => {
  await apply('nlb-service');
  await cluster.minik(['run', 'my-app', '--image=nginx', '--image-pull-policy=IfNotPresent', '--labels=app=my-app']);
  const [ingress] = await eventually('its address', async () => (await serviceOf('my-nlb-service')).status?.loadBalancer?.ingress);
  expect(ingress).toMatchObject({ ip: expect.stringMatching(/^127\./), hostname: 'my-nlb-service.default.localhost' });
  expect(await eventually('the page', () => visit(`http://${ingress!.ip}/`))).toMatch('nginx');
  expect(await cluster.minik(['url', 'my-nlb-service'])).toMatchObject({ stdout: `http://${ingress!.ip}\n`, stderr: '' });
  const nodePort = (await serviceOf('my-nlb-service')).spec?.ports?.[0]?.nodePort;
  expect((await cluster.shell(`curl -s --max-time 5 http://${ingress!.hostname}:${nodePort}/`)).stdout).toMatch('nginx');
  const { stdout } = await cluster.minik(['describe', 'service', 'my-nlb-service']);
  expect(stdout).toMatch(/EnsuringLoadBalancer .*\n.* EnsuredLoadBalancer /);
  expect(stdout).toMatch(/On AWS: +load balancer of type nlb, scheme internet-facing, target type ip/);
}, 60_000);

test("cluster-info tells where the API and the cluster's own Services are, as kubectl does", async () => {
  const { stdout } = await cluster.minik(['cluster-info']);
  expect(stdout).toMatch(/^Kubernetes control plane is running at (https:\S+)\nCoreDNS is running at \1\/api\/v1\/namespaces\/kube-system\/services\/kube-dns:dns\/proxy\n$/);
  expect((await cluster.kubectl(['cluster-info'])).stdout.startsWith(stdout)).toBe(true);
});
