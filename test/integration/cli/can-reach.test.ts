// minik can-reach over a real API: Services are looked through, policies are named, and the exit code is the answer.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { EndpointSlice, NetworkPolicySpec, Node, Pod } from '../../../src/api/generated/types.ts';
import { ENDPOINT_SLICES, NETWORK_POLICIES, NODES, PODS, SERVICES } from '../../../src/api/kinds.ts';
import { startCliHome, type CliHome } from '../../support/cli-home.ts';

let home: CliHome;
let enforced = true;
const namespace = 'default';

beforeAll(async () => {
  home = await startCliHome({ networkStatus: { capabilities: () => [{ name: 'network policies', state: enforced ? 'on' : 'off', why: 'nft is not installed', howToTurnOn: '' }] } });
  const { client } = home.api;
  const pod = async (name: string, ip: string, ports: NonNullable<NonNullable<Pod['spec']>['containers'][number]['ports']>, change: Partial<NonNullable<Pod['spec']>> = {}): Promise<void> => {
    const made = await client.create(PODS, { metadata: { name, namespace, labels: { app: name.replace(/-\d$/, '') } }, spec: { containers: [{ name: 'c', image: 'i', ports }], ...change } } as Pod);
    await client.updateStatus(PODS, { ...made, status: { phase: 'Running', podIP: ip } });
  };
  const policy = (name: string, spec: NetworkPolicySpec): Promise<unknown> => client.create(NETWORK_POLICIES, { metadata: { name, namespace }, spec });
  const node = await client.create(NODES, { metadata: { name: 'n' } } as Node);
  await client.updateStatus(NODES, { ...node, status: { addresses: [{ type: 'InternalIP', address: '172.17.0.1' }, { type: 'Hostname', address: 'n' }] } });
  await pod('client', '10.1.0.1', []);
  await pod('stranger', '10.1.0.2', []);
  await pod('db-0', '10.1.0.3', [{ name: 'sql', containerPort: 5432 }]);
  await pod('db-1', '10.1.0.4', [{ name: 'sql', containerPort: 5433 }]);
  await pod('on-host', '172.17.0.1', [], { hostNetwork: true });
  await client.create(SERVICES, { metadata: { name: 'db', namespace }, spec: { type: 'NodePort', selector: { app: 'db' }, ports: [{ name: 'sql', port: 80, targetPort: 'sql', nodePort: 30007 }] } });
  await client.create(SERVICES, { metadata: { name: 'kube-dns', namespace: 'kube-system' }, spec: { clusterIP: '10.96.0.10', ports: [{ name: 'dns', port: 53, protocol: 'UDP' }] } });
  await client.create(SERVICES, { metadata: { name: 'empty', namespace }, spec: { selector: { app: 'none' }, ports: [{ port: 80 }] } });
  await client.create(SERVICES, { metadata: { name: 'away', namespace }, spec: { type: 'ExternalName', externalName: 'example.com' } });
  const slice = (name: string, ip: string, port: number): Promise<unknown> =>
    client.create(ENDPOINT_SLICES, { metadata: { name, namespace, labels: { 'kubernetes.io/service-name': 'db' } }, addressType: 'IPv4', endpoints: [{ addresses: [ip] }], ports: [{ name: 'sql', port, protocol: 'TCP' }] } as EndpointSlice);
  await slice('db-a', '10.1.0.3', 5432);
  await slice('db-b', '10.1.0.4', 5433);
  await policy('db-from-client', { podSelector: { matchLabels: { app: 'db' } }, ingress: [{ from: [{ podSelector: { matchLabels: { app: 'client' } } }], ports: [{ port: 'sql' }] }] });
  await policy('stranger-out', { podSelector: { matchLabels: { app: 'stranger' } }, egress: [{ to: [{ ipBlock: { cidr: '192.0.2.0/24' } }] }], policyTypes: ['Egress'] });
});

afterAll(() => home.close());

const ask = (...words: readonly string[]) => home.minik(['can-reach', ...words]);

test('a Service is looked through to Pods and their ports', async () => {
  expect(await ask('pod/client', 'service/db')).toEqual({
    code: 0,
    err: '',
    out: [
      'pod/client -> service/db: allowed',
      '  allowed pod default/db-0 (10.1.0.3) port 5432/TCP by Service port 80',
      '          egress:  no policy is about it',
      '          ingress: allowed by default/db-from-client',
      '  allowed pod default/db-1 (10.1.0.4) port 5433/TCP by Service port 80',
      '          egress:  no policy is about it',
      '          ingress: allowed by default/db-from-client',
      '',
    ].join('\n'),
  });
});

test('both directions are told, with every policy that isolates', async () => {
  const { code, out } = await ask('pod/stranger', 'pod/db-0:sql');
  expect([code, out]).toEqual([
    1,
    [
      'pod/stranger -> pod/db-0:sql: denied',
      '  denied  pod default/db-0 (10.1.0.3) port 5432/TCP',
      '          egress:  denied: isolated by default/stranger-out, and nothing allows it',
      '          ingress: denied: isolated by default/db-from-client, and nothing allows it',
      '',
    ].join('\n'),
  ]);
});

test.each([
  ['pod/client', 'pod/db-0:5433', 1],
  ['pod/client', 'service/db:sql', 0],
  ['pod/client', 'host:30007', 0],
  ['pod/stranger', 'host:30007', 1],
  ['pod/stranger', '172.17.0.1:30007', 1],
  ['pod/stranger', 'host:22', 0],
  ['pod/stranger', '192.0.2.7:443', 0],
  ['pod/stranger', '198.51.100.1:443', 1],
  ['pod/stranger', 'service/kube-system/kube-dns:dns/udp', 1],
  ['198.51.100.1', 'pod/db-0:5432', 1],
  ['10.1.0.1', '10.1.0.3:5432', 0],
  ['host', 'pod/db-0:22', 0],
  ['pod/on-host', 'pod/db-0:22', 0],
  ['pod/db-0', 'pod/db-0:22', 0],
])('%s to %s ends with %i', async (from, to, code) => {
  expect(await ask(from, to)).toMatchObject({ code, err: '' });
});

test('for machines: each path with both directions', async () => {
  const { out } = await ask('pod/client', 'pod/db-0:5432', '-o', 'json');
  expect(JSON.parse(out)).toEqual({
    kind: 'Reach',
    from: 'pod/client',
    to: 'pod/db-0:5432',
    allowed: true,
    paths: [{ to: 'pod default/db-0', ip: '10.1.0.3', protocol: 'TCP', port: 5432, allowed: true, egress: { type: 'open' }, ingress: { type: 'allowed', policies: ['default/db-from-client'] } }],
  });
});

test('where policies are not enforced, what they say is not passed off as what happens', async () => {
  enforced = false;
  const [text, json] = [await ask('pod/stranger', 'pod/db-0:sql'), await ask('pod/stranger', 'pod/db-0:sql', '-o', 'json')];
  enforced = true;
  expect(text.out).toMatch(/\n  This is what policies say, not what happens: they are not enforced here \(nft is not installed\)\.\n$/);
  expect(JSON.parse(json.out)).toMatchObject({ allowed: false, enforced: false, notEnforced: 'nft is not installed' });
});

test('nobody behind a Service is no policy\'s doing, and is told', async () => {
  expect(await ask('pod/client', 'service/empty')).toEqual({ code: 1, err: '', out: 'pod/client -> service/empty: not reached\n  service/empty has no endpoint that is ready\n' });
});

test.each([
  [['pod/none', 'service/db'], 'Error from server (NotFound): pods "none" not found\n'],
  [['pod/client', 'service/none'], 'Error from server (NotFound): services "none" not found\n'],
  [['pod/client', 'service/db:443'], 'error: service/db has no TCP port "443"; it has sql 80/TCP\n'],
  [['pod/client', 'service/away'], 'error: service/away is only a name for example.com: ask for the address behind it\n'],
  [['pod/client', 'pod/stranger'], 'error: pod/stranger tells of no port: name one, pod/stranger:80\n'],
  [['pod/client', 'pod/db-0:http'], 'error: pod/db-0 names no TCP port "http"\n'],
])('%s is answered with a clear error', async (words, err) => {
  expect(await ask(...words)).toEqual({ code: 1, out: '', err });
});
