import { expect, test } from '@jest/globals';
import { externalAddresses } from '../../../src/daemon/external-addresses.ts';

const card = (address: string, internal = false) => ({ address, internal, family: address.includes(':') ? 'IPv6' : 'IPv4' });
const interfaces = { lo: [card('127.0.0.1', true), card('::1', true)], eth0: [card('192.168.1.20'), card('fd00::20'), card('fe80::1')], docker0: [card('172.17.0.1')], wlan0: [card('169.254.3.4'), card('10.1.1.5')] };

test.each([
  { asked: [], addresses: [] },
  { asked: ['192.168.1.20'], addresses: ['192.168.1.20'] },
  { asked: ['203.0.113.9'], addresses: ['203.0.113.9'] },
  { asked: ['0.0.0.0', '10.1.1.5'], addresses: ['192.168.1.20', '10.1.1.5'] },
  { asked: ['::'], addresses: ['192.168.1.20', 'fd00::20', '10.1.1.5'] },
])('node ports on $asked are reached at $addresses', ({ asked, addresses }) => {
  expect(externalAddresses(asked, interfaces)).toEqual(addresses);
});
