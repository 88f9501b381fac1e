// The real kubectl on Services, on what is behind them and on policies: it makes them in every way it knows, and minik shows
// them as it does.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { Service } from '../../src/api/generated/types.ts';
import { SERVICES } from '../../src/api/kinds.ts';
import { FIXTURES } from '../support/cluster.ts';
import { startKubectlHome, type KubectlHome } from '../support/kubectl-home.ts';
import { helmPath, kubectlPath } from '../support/kubernetes-tools.ts';

// Every call of kubectl's is a program of its own: on a busy machine a few of them take a while.
jest.setTimeout(60_000);

let home: KubectlHome;

const OBJECTS = `
apiVersion: v1
kind: Node
metadata: { name: here }
status: { addresses: [{ type: InternalIP, address: 172.17.0.1 }], nodeInfo: { kubeletVersion: v1.35.0+minik, architecture: x, bootID: x, containerRuntimeVersion: x, kernelVersion: x, kubeProxyVersion: x, machineID: x, operatingSystem: x, osImage: x, systemUUID: x } }
---
apiVersion: v1
kind: Service
metadata: { name: plain, labels: { tier: web }, annotations: { note: one } }
spec: { selector: { app: web, tier: front }, clusterIP: 10.96.0.20, ports: [{ name: http, port: 80, targetPort: web }, { name: dns, port: 53, protocol: UDP }] }
---
apiVersion: v1
kind: Service
metadata: { name: on-node }
spec: { type: NodePort, clusterIP: 10.96.0.21, sessionAffinity: ClientIP, externalIPs: [192.0.2.1, 192.0.2.2], trafficDistribution: PreferSameNode, ports: [{ port: 80, nodePort: 30007 }] }
---
apiVersion: v1
kind: Service
metadata: { name: balanced }
spec: { type: LoadBalancer, clusterIP: 10.96.0.22, externalTrafficPolicy: Local, healthCheckNodePort: 30010, loadBalancerSourceRanges: [10.0.0.0/8, 192.0.2.0/24], ports: [{ port: 80, nodePort: 30008 }] }
---
apiVersion: v1
kind: Service
metadata: { name: waiting }
spec: { type: LoadBalancer, clusterIP: 10.96.0.23, loadBalancerIP: 192.0.2.7, ports: [{ port: 80, nodePort: 30009 }] }
---
apiVersion: v1
kind: Service
metadata: { name: headless }
spec: { clusterIP: None, selector: { app: web } }
---
apiVersion: v1
kind: Service
metadata: { name: by-name }
spec: { type: ExternalName, externalName: example.com }
---
apiVersion: v1
kind: Endpoints
metadata: { name: on-node, labels: { endpointslice.kubernetes.io/skip-mirror: "true" } }
subsets:
- { addresses: [{ ip: 10.0.0.1 }, { ip: 10.0.0.2 }, { ip: 10.0.0.3 }, { ip: 10.0.0.4 }], notReadyAddresses: [{ ip: 10.0.0.5 }], ports: [{ port: 8080 }] }
- { addresses: [{ ip: 10.0.0.6 }] }
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: { name: plain-1, labels: { kubernetes.io/service-name: plain } }
addressType: IPv4
ports: [{ name: http, port: 8080 }, { name: dns, port: 5353, protocol: UDP }]
endpoints:
- { addresses: [10.0.0.1], conditions: { ready: true }, nodeName: here, zone: a, hostname: one, targetRef: { kind: Pod, name: web-1, namespace: default } }
- { addresses: [10.0.0.2], conditions: { ready: false } }
- { addresses: [10.0.0.3] }
- { addresses: [10.0.0.4] }
- { addresses: [10.0.0.5] }
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: { name: headless-1, labels: { kubernetes.io/service-name: headless } }
addressType: IPv4
endpoints: []
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: deny-all, labels: { a: b } }
spec: { podSelector: {}, policyTypes: [Ingress, Egress] }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: rich }
spec:
  podSelector: { matchLabels: { app: web }, matchExpressions: [{ key: tier, operator: In, values: [front, back] }] }
  ingress:
  - from: [{ podSelector: { matchLabels: { app: client } }, namespaceSelector: {} }, { namespaceSelector: { matchLabels: { team: a } } }]
    ports: [{ port: 80 }, { port: dns, protocol: UDP }, { protocol: SCTP }]
  - {}
  egress:
  - to: [{ ipBlock: { cidr: 10.0.0.0/8, except: [10.1.0.0/16, 10.2.0.0/16] } }, { podSelector: {} }]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: open }
spec: { podSelector: { matchLabels: { app: web } }, ingress: [{}] }
`;

const at = (name: string) => ({ namespace: 'default', name });
const get = (name: string): Promise<Service> => home.api.client.get(SERVICES, at(name));

beforeAll(async () => {
  home = await startKubectlHome();
  expect(await home.kubectl(['apply', '-f', '-'], OBJECTS)).toMatchObject({ code: 0 });
  const { metadata, spec } = await get('balanced');
  await home.api.client.updateStatus(SERVICES, { metadata, spec, status: { loadBalancer: { ingress: [{ ip: '127.96.0.2' }, { hostname: 'balanced.localhost' }] } } });
});

afterAll(() => home.close());

const masked = (text: string): string => text.replaceAll(/\b\d+s\b/g, 'Ns');

describe('minik shows as kubectl does', () => {
  test.each([
    'get svc',
    'get svc -o wide',
    'get services -A --show-labels',
    'get svc plain -o yaml',
    'get svc --field-selector spec.type=NodePort',
    'get svc --field-selector spec.clusterIP=None',
    'get endpoints',
    'get ep on-node -o yaml',
    'get endpointslices',
    'get endpointslice plain-1 -o json',
    'get netpol',
    'get networkpolicy rich -o yaml',
    'get all',
    'get netpol,cm',
    'describe svc plain',
    'describe svc headless',
    'describe svc by-name',
    'describe endpoints on-node',
    'describe endpointslice plain-1',
    'describe endpointslice headless-1',
    'describe netpol deny-all',
    'describe netpol rich',
    'describe netpol open',
    'describe netpol',
  ])('%s', async (line) => {
    const words = line.split(' ');
    const [ours, theirs] = await Promise.all([home.minik(words), home.kubectl(words)]);
    expect(masked(ours.out)).toBe(masked(theirs.out));
    expect(ours.out).not.toBe('');
    expect(ours).toMatchObject({ code: 0, err: theirs.err });
  });

  test.each<[service: string, more: string]>([
    ['on-node', 'NodePort Open On:  127.0.0.1 and ::1 (this machine), 172.17.0.1 (this machine and its containers)\n'],
    ['balanced', 'NodePort Open On:  127.0.0.1 and ::1 (this machine), 172.17.0.1 (this machine and its containers)\n'],
  ])('describe svc %s, and says who reaches its node port', async (name, more) => {
    const [ours, theirs] = await Promise.all([home.minik(['describe', 'svc', name]), home.kubectl(['describe', 'svc', name])]);
    expect(ours.out).toBe(theirs.out + more);
  });
});

describe('the Services of the notes', () => {
  const seed = (name: string): string => join(FIXTURES, 'seeds', `${name}.yaml`);

  test.each(['my-clusterip-service', 'my-nodeport-service', 'my-loadbalancer-service', 'my-externalname-service'])('%s is applied twice, the second time for nothing', async (name) => {
    expect(await home.kubectl(['apply', '-f', seed(name)])).toMatchObject({ code: 0 });
    const first = await get(name);
    expect((await home.kubectl(['apply', '-f', seed(name)])).out).toMatch(/unchanged\n$/);
    expect(await get(name)).toEqual(first);
    await home.kubectl(['delete', '-f', seed(name)]);
  });

  test('for AWS are told what they would get there', async () => {
    await home.kubectl(['apply', '-f', seed('nlb-service')]);
    const { out } = await home.minik(['describe', 'svc', 'my-nlb-service']);
    expect(out).toMatch(/^On AWS: +load balancer of type nlb, scheme internet-facing, target type ip \(traffic goes straight to the Pods\)$/m);
  });
});

describe('kubectl create service', () => {
  test.each<[words: string, spec: object]>([
    ['clusterip c --tcp=80:8080 --tcp=443', { type: 'ClusterIP', selector: { app: 'c' }, ports: [{ name: '80-8080', port: 80, targetPort: 8080, protocol: 'TCP' }, { name: '443', port: 443, targetPort: 443, protocol: 'TCP' }] }],
    ['clusterip h --clusterip=None', { clusterIP: 'None', clusterIPs: ['None'] }],
    ['nodeport n --tcp=80 --node-port=30500', { type: 'NodePort', ports: [{ name: '80', port: 80, targetPort: 80, nodePort: 30_500, protocol: 'TCP' }] }],
    ['loadbalancer l --tcp=80', { type: 'LoadBalancer', allocateLoadBalancerNodePorts: true, externalTrafficPolicy: 'Cluster' }],
    ['externalname e --external-name=example.com', { type: 'ExternalName', externalName: 'example.com' }],
  ])('%s', async (line, spec) => {
    const words = line.split(' ');
    expect(await home.kubectl(['create', 'service', ...words])).toMatchObject({ code: 0, err: '', out: `service/${words[1]} created\n` });
    expect((await get(words[1]!)).spec).toMatchObject(spec);
  });
});

describe('kubectl', () => {
  test('exposes a Pod, and a Service again under another port', async () => {
    await home.kubectl(['apply', '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web', labels: { app: 'web' } }, spec: { containers: [{ name: 'main', image: 'nginx', ports: [{ containerPort: 80 }] }] } }));
    expect(await home.kubectl(['expose', 'pod', 'web', '--name=first', '--type=NodePort'])).toMatchObject({ code: 0, out: 'service/first exposed\n' });
    expect((await get('first')).spec).toMatchObject({ type: 'NodePort', selector: { app: 'web' }, ports: [{ port: 80, targetPort: 80 }] });
    expect(await home.kubectl(['expose', 'service', 'first', '--name=second', '--port=8080', '--target-port=80'])).toMatchObject({ code: 0 });
    expect((await get('second')).spec).toMatchObject({ type: 'ClusterIP', selector: { app: 'web' }, ports: [{ port: 8080, targetPort: 80 }] });
  });

  test('keeps a node port through an apply that does not name it', async () => {
    const manifest = (port: number) => JSON.stringify({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'kept' }, spec: { type: 'NodePort', ports: [{ name: 'http', port }] } });
    await home.kubectl(['apply', '-f', '-'], manifest(80));
    const before = await get('kept');
    await home.kubectl(['apply', '-f', '-'], manifest(81));
    const after = await get('kept');
    expect(after.spec?.ports).toEqual([{ ...before.spec?.ports?.[0], port: 81, targetPort: 81 }]);
    expect(after.spec?.clusterIP).toBe(before.spec?.clusterIP);
  });

  test('patches ports one by one, by number', async () => {
    const twin = (name: string, protocol: string) => ({ name, port: 53, protocol });
    await home.kubectl(['apply', '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'dns' }, spec: { ports: [twin('tcp', 'TCP'), twin('udp', 'UDP'), { name: 'http', port: 80 }] } }));
    expect(await home.kubectl(['patch', 'svc', 'dns', '-p', '{"spec":{"ports":[{"port":80,"targetPort":8080}]}}'])).toMatchObject({ code: 0 });
    const { spec } = await get('dns');
    expect(spec?.ports?.map(({ name, targetPort }) => `${name}:${targetPort}`).sort()).toEqual(['http:8080', 'tcp:53', 'udp:53']);
  });

  test('says of a Service that is refused what is wrong with it', async () => {
    expect((await home.kubectl(['create', 'service', 'clusterip', '1web', '--tcp=80'])).err).toMatch(/^error: failed to create ClusterIP service: Service "1web" is invalid: metadata\.name: Invalid value: "1web": a DNS-1035 label must consist/);
    expect((await home.kubectl(['create', 'service', 'nodeport', 'far', '--tcp=80', '--node-port=29999'])).err).toBe(
      'error: failed to create NodePort service: Service "far" is invalid: spec.ports[0].nodePort: Invalid value: 29999: provided port is not in the valid range. The range of valid ports is 30000-32767\n',
    );
  });

  test('warns of what has a newer word', async () => {
    expect((await home.kubectl(['get', 'endpoints', 'on-node'])).err).toBe('Warning: v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice\n');
  });
});

test('kubectl proxy leads to the API through a port of its own', async () => {
  const kubeconfig = join(home.directory, 'kubectl-config');
  const child = spawn(kubectlPath(), ['proxy', '--port=0'], { env: { HOME: home.directory, KUBECONFIG: kubeconfig } });
  try {
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    const at = /^Starting to serve on (.*)\n$/.exec(line.toString())?.[1];
    expect(await (await fetch(`http://${at}/api/v1/namespaces/default/services/plain`)).json()).toMatchObject({ kind: 'Service', metadata: { name: 'plain' } });
  } finally {
    child.kill();
    await once(child, 'exit');
  }
});

test('helm installs, upgrades and removes a Service, which keeps its address and its node port', async () => {
  const chart = join(home.directory, 'chart');
  mkdirSync(join(chart, 'templates'), { recursive: true });
  writeFileSync(join(chart, 'Chart.yaml'), 'apiVersion: v2\nname: demo\nversion: 0.1.0\n');
  writeFileSync(join(chart, 'values.yaml'), 'port: 80\ntype: NodePort\n');
  writeFileSync(join(chart, 'templates', 'service.yaml'), 'apiVersion: v1\nkind: Service\nmetadata: { name: "{{ .Release.Name }}" }\nspec: { type: "{{ .Values.type }}", selector: { app: demo }, ports: [{ name: http, port: {{ .Values.port }} }] }\n');
  const helm = async (...words: readonly string[]): Promise<void> => {
    const env = { PATH: process.env['PATH'], HOME: home.directory };
    await promisify(execFile)(helmPath(), ['--kubeconfig', join(home.directory, 'kubectl-config'), ...words], { env });
  };
  await helm('install', 'helmed', chart, '--server-side=false');
  const installed = await get('helmed');
  await helm('upgrade', 'helmed', chart, '--server-side=false', '--set', 'port=81');
  const upgraded = await get('helmed');
  expect(upgraded.spec?.clusterIP).toBe(installed.spec?.clusterIP);
  expect(upgraded.spec?.ports).toEqual([{ ...installed.spec?.ports?.[0], port: 81, targetPort: 81 }]);
  await helm('upgrade', 'helmed', chart, '--server-side=false', '--set', 'type=ClusterIP');
  expect((await get('helmed')).spec?.ports?.[0]).not.toHaveProperty('nodePort');
  await helm('uninstall', 'helmed');
  await expect(get('helmed')).rejects.toThrow('services "helmed" not found');
});
