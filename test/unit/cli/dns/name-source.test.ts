import { describe, expect, test } from '@jest/globals';
import { sourceOf, whyMissing, type KnownServices } from '../../../../src/cli/dns/name-source.ts';
import { zoneService, zoneSlice } from '../../../support/dns-zone.ts';

const known: KnownServices = {
  services: [
    zoneService('web', { clusterIP: '10.96.0.20', ports: [{ port: 80 }, { port: 53, protocol: 'UDP' }] }),
    zoneService('peers', { clusterIP: 'None' }),
    zoneService('waiting', { clusterIP: 'None' }),
    zoneService('outside', { type: 'ExternalName', externalName: 'example.com' }),
    zoneService('db', { clusterIP: '10.96.0.21' }, 'data'),
  ],
  slices: [
    zoneSlice('peers', { endpoints: [{ addresses: ['172.17.0.4'], hostname: 'peer-0', targetRef: { kind: 'Pod', name: 'peer-0-x' } }, { addresses: ['172.17.0.5'] }] }),
    zoneSlice('waiting', { endpoints: [{ addresses: ['172.17.0.6'], conditions: { ready: false } }] }),
    zoneSlice('db', { namespace: 'data', endpoints: [{ addresses: ['172.17.0.4'] }] }),
  ],
};

describe('an answer comes from', () => {
  test.each([
    ['web.default.svc.cluster.local', '10.96.0.20', 'service/web in default, ports 80/TCP, 53/UDP'],
    ['WEB.default.svc.cluster.local', '10.96.0.20', 'service/web in default, ports 80/TCP, 53/UDP'],
    ['peers.default.svc.cluster.local', '172.17.0.4', 'pod/peer-0-x, an endpoint of service/peers in default'],
    ['peer-0.peers.default.svc.cluster.local', '172.17.0.4', 'pod/peer-0-x, an endpoint of service/peers in default'],
    ['172-17-0-5.peers.default.svc.cluster.local', '172.17.0.5', 'an endpoint of service/peers in default'],
    ['outside.default.svc.cluster.local', '192.0.2.1', 'service/outside in default, another name for example.com'],
    ['_http._tcp.web.default.svc.cluster.local', '', 'service/web in default'],
    ['1-2-3-4.default.pod.cluster.local', '1.2.3.4', ''],
    ['example.com', '192.0.2.1', ''],
  ])('%s %s: %s', (name, ip, wants) => {
    expect(sourceOf(name, ip, known)).toBe(wants);
  });
});

describe('a name is missing because', () => {
  test.each([
    ['db', ['db.default.svc.cluster.local', 'db.svc.cluster.local'], ['there is a service/db in data: from default it is db.data']],
    ['waiting', ['waiting.default.svc.cluster.local'], ['service/waiting in default is headless, and none of its 1 endpoints is ready']],
    ['peer-9.peers', ['peer-9.peers.default.svc.cluster.local'], ['service/peers in default has no ready endpoint named peer-9, it has peer-0']],
    ['x.waiting', ['x.waiting.default.svc.cluster.local'], ['service/waiting in default has no ready endpoint named x: its Pods need a hostname and subdomain']],
    ['_x._tcp.web', ['_x._tcp.web.default.svc.cluster.local'], ['service/web in default has no port _x._tcp']],
    ['web', ['web.default.svc.cluster.local'], []],
    ['nothing', ['nothing.default.svc.cluster.local', 'nothing'], []],
  ])('%s', (_name, candidates, wants) => {
    expect(whyMissing(candidates, 'default', known)).toEqual(wants);
  });
});
