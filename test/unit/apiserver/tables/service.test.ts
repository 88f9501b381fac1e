// What the tables show of Services, of what is behind them, and of policies.
import { describe, expect, test } from '@jest/globals';
import type { EndpointSlice, EndpointSubset, Service, ServiceSpec } from '../../../../src/api/generated/types.ts';
import { ENDPOINT_SLICES, ENDPOINTS, NETWORK_POLICIES, SERVICES, type Resource } from '../../../../src/api/kinds.ts';
import type { KubeObject } from '../../../../src/api/object.ts';
import { toTable } from '../../../../src/apiserver/tables/table.ts';
import { NOW } from '../../../support/builders.ts';

/** The cells between name and age, and those after it. */
function cells(resource: Resource, object: KubeObject): (string | number)[] {
  const shown = toTable(resource, [object], { now: NOW, includeObject: 'None', metadata: {} });
  return shown.columnDefinitions.flatMap(({ name }, at) => (name === 'Name' || name === 'Age' ? [] : [shown.rows[0]!.cells[at]!]));
}

describe('a Service', () => {
  const ports = [{ port: 80 }];
  const balanced = (...ingress: { ip?: string; hostname?: string }[]): Service['status'] => ({ loadBalancer: { ingress } });
  const rows: readonly (readonly [title: string, spec: ServiceSpec, shown: readonly string[], status?: Service['status']])[] = [
    ['of the cluster', { type: 'ClusterIP', clusterIPs: ['10.96.0.9'], ports, selector: { b: '2', a: '1' } }, ['ClusterIP', '10.96.0.9', '<none>', '80/TCP', 'a=1,b=2']],
    ['without an address', { type: 'ClusterIP', clusterIPs: ['None'] }, ['ClusterIP', 'None', '<none>', '<none>', '<none>']],
    ['with an address outside', { type: 'ClusterIP', clusterIPs: ['10.96.0.9'], externalIPs: ['192.0.2.1', '192.0.2.2'], ports }, ['ClusterIP', '10.96.0.9', '192.0.2.1,192.0.2.2', '80/TCP', '<none>']],
    ['on the node', { type: 'NodePort', clusterIPs: ['10.96.0.9'], ports: [{ port: 80, nodePort: 30_007 }, { port: 53, protocol: 'UDP', nodePort: 30_053 }] }, ['NodePort', '10.96.0.9', '<none>', '80:30007/TCP,53:30053/UDP', '<none>']],
    ['before its balancer', { type: 'LoadBalancer', clusterIPs: ['10.96.0.9'], ports }, ['LoadBalancer', '10.96.0.9', '<pending>', '80/TCP', '<none>']],
    ['behind its balancer', { type: 'LoadBalancer', clusterIPs: ['10.96.0.9'], ports, externalIPs: ['192.0.2.9'] }, ['LoadBalancer', '10.96.0.9', '127.96.0.2,web.localhost,192.0.2.9', '80/TCP', '<none>'], balanced({ hostname: 'web.localhost' }, { ip: '127.96.0.2' }, { ip: '127.96.0.2' })],
    ['of a name', { type: 'ExternalName', externalName: 'example.com' }, ['ExternalName', '<none>', 'example.com', '<none>', '<none>']],
  ];

  test.each(rows.map(([title, spec, shown, status]) => ({ title, spec, shown, status })))('$title', ({ spec, shown, status }) => {
    const service: Service = { metadata: { name: 'web' }, spec, status };
    expect(cells(SERVICES, service)).toEqual(shown);
  });
});

describe('Endpoints', () => {
  const at = (...ips: string[]): EndpointSubset => ({ addresses: ips.map((ip) => ({ ip })), ports: [{ port: 80 }] });
  test.each<[what: string, subsets: EndpointSubset[] | undefined, shown: string]>([
    ['of nobody', undefined, '<none>'],
    ['of one', [at('10.0.0.1')], '10.0.0.1:80'],
    ['of six', [at('fd00::1')], '[fd00::1]:80'],
    ['of three', [at('10.0.0.1', '10.0.0.2'), at('10.0.0.3')], '10.0.0.1:80,10.0.0.2:80,10.0.0.3:80'],
    ['of more', [at('10.0.0.1', '10.0.0.2', '10.0.0.3', '10.0.0.4', '10.0.0.5')], '10.0.0.1:80,10.0.0.2:80,10.0.0.3:80 + 2 more...'],
    ['of two ports', [{ addresses: [{ ip: '10.0.0.1' }], ports: [{ name: 'a', port: 80 }, { name: 'b', port: 81 }] }], '10.0.0.1:80,10.0.0.1:81'],
    ['without ports', [{ addresses: [{ ip: '10.0.0.1' }] }], '10.0.0.1'],
    ['of none that is ready', [{ notReadyAddresses: [{ ip: '10.0.0.1' }], ports: [{ port: 80 }] }], ''],
  ])('%s', (_what, subsets, shown) => {
    expect(cells(ENDPOINTS, { metadata: { name: 'web' }, ...{ subsets } })).toEqual([shown]);
  });
});

describe('an EndpointSlice', () => {
  const ready = (...addresses: string[]): EndpointSlice['endpoints'] => addresses.map((address) => ({ addresses: [address] }));
  test.each<[what: string, changes: Partial<EndpointSlice>, shown: string[]]>([
    ['of nothing', {}, ['IPv4', '<unset>', '<unset>']],
    ['of addresses', { ports: [{ port: 80 }], endpoints: ready('10.0.0.1', '10.0.0.2') }, ['IPv4', '80', '10.0.0.1,10.0.0.2']],
    ['of more', { ports: [80, 81, 82, 83].map((port) => ({ port })), endpoints: ready('10.0.0.1', '10.0.0.2', '10.0.0.3', '10.0.0.4') }, ['IPv4', '80,81,82 + 1 more...', '10.0.0.1,10.0.0.2,10.0.0.3 + 1 more...']],
    ['of a port with a name alone', { ports: [{ name: 'http' }] }, ['IPv4', 'http', '<unset>']],
    ['of any port', { ports: [{}] }, ['IPv4', '*', '<unset>']],
  ])('%s', (_what, changes, shown) => {
    const slice: EndpointSlice = { metadata: { name: 'web-1' }, addressType: 'IPv4', ...changes };
    expect(cells(ENDPOINT_SLICES, slice)).toEqual(shown);
  });
});

test.each([
  [{}, '<none>'],
  [{ matchLabels: { app: 'web' }, matchExpressions: [{ key: 'tier', operator: 'In', values: ['b', 'a'] }] }, 'app=web,tier in (a,b)'],
])('a policy for %p shows %s', (podSelector, shown) => {
  expect(cells(NETWORK_POLICIES, { metadata: { name: 'deny' }, ...{ spec: { podSelector } } })).toEqual([shown]);
});
