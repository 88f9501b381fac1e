import { describe, expect, test } from '@jest/globals';
import type { ServiceSpec } from '../../../../src/api/generated/types.ts';
import { answer } from '../../../../src/network/dns/answer.ts';
import { serviceChange, sliceChange } from '../../../../src/network/dns/zone-facts.ts';
import type { ZoneIndex } from '../../../../src/network/dns/zone-index.ts';
import { zoneOf, zoneService, zoneSlice } from '../../../support/dns-zone.ts';

const HEADLESS = { clusterIP: 'None' };
const webIs = (zone: ZoneIndex, spec: ServiceSpec | undefined): void => zone.apply(serviceChange('default/web', spec && zoneService('web', spec)));
const sliceIs = (zone: ZoneIndex, name: string, ips: readonly string[] | undefined): void =>
  zone.apply(sliceChange(`default/${name}`, ips && zoneSlice('web', { name, endpoints: ips.map((ip) => ({ addresses: [ip] })) })));
const data = (zone: ZoneIndex, name: string, type = 'A'): readonly unknown[] | undefined => {
  const found = answer({ name, type }, zone);
  return found === undefined || found.code === 'NXDOMAIN' ? undefined : found.answers.map((record) => record.data);
};
const web = (zone: ZoneIndex): readonly unknown[] | undefined => data(zone, 'web.default.svc.cluster.local');

describe('the zone follows', () => {
  test('a Service that comes, changes its kind and goes', () => {
    const zone = zoneOf({});
    expect(web(zone)).toBeUndefined();
    webIs(zone, { clusterIP: '10.96.0.20' });
    expect(web(zone)).toEqual(['10.96.0.20']);
    webIs(zone, { type: 'ExternalName', externalName: 'example.com' });
    expect(web(zone)).toEqual(['example.com']);
    webIs(zone, { type: 'ExternalName', externalName: 'example.org' });
    expect(web(zone)).toEqual(['example.org']);
    webIs(zone, { clusterIP: '10.96.0.21' });
    expect(web(zone)).toEqual(['10.96.0.21']);
    expect(data(zone, '20.0.96.10.in-addr.arpa', 'PTR')).toBeUndefined();
    expect(data(zone, '21.0.96.10.in-addr.arpa', 'PTR')).toEqual(['web.default.svc.cluster.local']);
    webIs(zone, undefined);
    expect(web(zone)).toBeUndefined();
    expect(data(zone, '21.0.96.10.in-addr.arpa', 'PTR')).toBeUndefined();
  });

  test('endpoints that come and go, in whichever order they and their Service are heard of', () => {
    const zone = zoneOf({});
    sliceIs(zone, 'web-1', ['172.17.0.2']);
    expect(web(zone)).toBeUndefined();
    webIs(zone, HEADLESS);
    expect(web(zone)).toEqual(['172.17.0.2']);
    sliceIs(zone, 'web-1', ['172.17.0.2', '172.17.0.3']);
    sliceIs(zone, 'web-2', ['172.17.0.4', '172.17.0.3']);
    expect(web(zone)).toEqual(['172.17.0.2', '172.17.0.3', '172.17.0.4']);
    sliceIs(zone, 'web-2', undefined);
    expect(web(zone)).toEqual(['172.17.0.2', '172.17.0.3']);
    expect(data(zone, '3.0.17.172.in-addr.arpa', 'PTR')).toEqual(['172-17-0-3.web.default.svc.cluster.local']);
    sliceIs(zone, 'web-1', undefined);
    expect(web(zone)).toBeUndefined();
    expect(data(zone, '3.0.17.172.in-addr.arpa', 'PTR')).toBeUndefined();
  });

  test('a slice that is given to another Service', () => {
    const zone = zoneOf({ services: [zoneService('web', HEADLESS), zoneService('api', HEADLESS)] });
    sliceIs(zone, 'one', ['172.17.0.2']);
    zone.apply(sliceChange('default/one', zoneSlice('api', { name: 'one', endpoints: [{ addresses: ['172.17.0.2'] }] })));
    expect(web(zone)).toBeUndefined();
    expect(data(zone, 'api.default.svc.cluster.local')).toEqual(['172.17.0.2']);
  });

  test('publishNotReadyAddresses when it is switched', () => {
    const zone = zoneOf({ slices: [zoneSlice('web', { endpoints: [{ addresses: ['172.17.0.2'], conditions: { ready: false } }] })] });
    webIs(zone, HEADLESS);
    expect(web(zone)).toBeUndefined();
    webIs(zone, { ...HEADLESS, publishNotReadyAddresses: true });
    expect(web(zone)).toEqual(['172.17.0.2']);
  });

  test('a Namespace that goes takes its names along', () => {
    const zone = zoneOf({ services: [zoneService('web', { clusterIP: '10.96.0.20' })] });
    zone.apply({ kind: 'namespace', key: 'default', exists: false });
    expect(web(zone)).toBeUndefined();
  });

  test('every change with a new serial number', () => {
    const zone = zoneOf({});
    const { serial } = zone;
    webIs(zone, HEADLESS);
    expect(zone.serial).toBeGreaterThan(serial);
  });
});

test('among a thousand Services of five endpoints each, a change leaves what is known of the others as it is', () => {
  const services = Array.from({ length: 1_000 }, (_, row) => zoneService(`s${row}`, HEADLESS));
  const slices = services.map(({ metadata }, row) => zoneSlice(metadata!.name!, { endpoints: Array.from({ length: 5 }, (_, at) => ({ addresses: [`10.${row >> 8}.${row & 255}.${at}`] })) }));
  const zone = zoneOf({ services, slices });
  const known = services.map(({ metadata }) => zone.endpoints(`default/${metadata!.name}`));
  zone.apply(sliceChange('default/s0-1', zoneSlice('s0', { endpoints: [{ addresses: ['10.0.0.9'] }] })));
  const after = services.map(({ metadata }) => zone.endpoints(`default/${metadata!.name}`));
  expect(after.filter((endpoints, row) => endpoints !== known[row])).toEqual([[{ hostname: '10-0-0-9', ip: '10.0.0.9', ports: [] }]]);
  expect(data(zone, 's999.default.svc.cluster.local')).toHaveLength(5);
});
