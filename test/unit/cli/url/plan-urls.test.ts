import { describe, expect, test } from '@jest/globals';
import type { Node, Service } from '../../../../src/api/generated/types.ts';
import { planUrls } from '../../../../src/cli/url/plan-urls.ts';
import { aService } from '../../../support/services.ts';

const node: Node = { metadata: { name: 'node' }, status: { addresses: [{ type: 'InternalIP', address: '172.17.0.1' }, { type: 'Hostname', address: 'node' }] } };
const urls = (service: Service, port?: string): string[][] => planUrls(service, { port, nodes: [node] }).map(({ places }) => places.map(({ url }) => url));
const balanced = (ingress: object, nodePort = 30080): Service => aService({ type: 'LoadBalancer', ports: [{ port: 80, nodePort, protocol: 'TCP' }] }, { status: { loadBalancer: { ingress: [ingress] } } });

describe('where a Service may be reached, best first', () => {
  test.each([
    { name: 'at its own address', service: aService(), urls: [['http://10.96.0.9']] },
    { name: 'at a port of this machine', service: aService({ type: 'NodePort', ports: [{ port: 80, nodePort: 30007 }] }), urls: [['http://127.0.0.1:30007', 'http://172.17.0.1:30007', 'http://10.96.0.9']] },
    { name: 'at its load balancer', service: balanced({ ip: '127.96.0.4', ipMode: 'VIP' }), urls: [['http://127.96.0.4', 'http://127.0.0.1:30080', 'http://172.17.0.1:30080', 'http://10.96.0.9']] },
    { name: 'at the name of a load balancer elsewhere', service: balanced({ hostname: 'lb.example.com' }), urls: [['http://lb.example.com', 'http://127.0.0.1:30080', 'http://172.17.0.1:30080', 'http://10.96.0.9']] },
    { name: 'not at a port that its load balancer could not open', service: balanced({ ip: '127.96.0.4', ports: [{ port: 80, protocol: 'TCP', error: 'minik.dev/PortInUse' }] }), urls: [['http://127.0.0.1:30080', 'http://172.17.0.1:30080', 'http://10.96.0.9']] },
    { name: 'at further addresses', service: aService({ externalIPs: ['192.0.2.9', 'fd00::1'], ports: [{ port: 8080 }] }), urls: [['http://192.0.2.9:8080', 'http://[fd00::1]:8080', 'http://10.96.0.9:8080']] },
    { name: 'at each of its ports', service: aService({ ports: [{ name: 'a', port: 80 }, { name: 'b', port: 81 }] }), urls: [['http://10.96.0.9'], ['http://10.96.0.9:81']] },
    { name: 'where its name leads', service: aService({ type: 'ExternalName', externalName: 'example.com', ports: undefined }), urls: [['http://example.com']] },
  ])('$name', ({ service, urls: expected }) => {
    expect(urls(service)).toEqual(expected);
  });

  test.each([
    [{ port: 443 }, 'https://10.96.0.9'],
    [{ port: 8443 }, 'https://10.96.0.9:8443'],
    [{ name: 'https-api', port: 6000 }, 'https://10.96.0.9:6000'],
    [{ port: 6000, appProtocol: 'https' }, 'https://10.96.0.9:6000'],
    [{ port: 53, protocol: 'UDP' }, 'udp://10.96.0.9:53'],
  ])('%j is %s', (port, url) => expect(urls(aService({ ports: [port] }))).toEqual([[url]]));
});

test('one port is picked by its number or its name', () => {
  const service = aService({ ports: [{ name: 'a', port: 80 }, { name: 'b', port: 81 }] });
  expect([urls(service, 'a'), urls(service, '81')]).toEqual([[['http://10.96.0.9']], [['http://10.96.0.9:81']]]);
  expect(() => urls(service, 'c')).toThrow('service web does not have a port c; it has a (80/TCP), b (81/TCP)');
});

test('a headless Service has no address', () => {
  expect(() => urls(aService({ clusterIP: 'None' }))).toThrow('service web is headless: it has no address of its own, its name leads to its pods; try minik port-forward svc/web 80');
});
