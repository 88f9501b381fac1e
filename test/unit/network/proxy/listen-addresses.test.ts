import { expect, test } from '@jest/globals';
import { listenAddresses } from '../../../../src/network/proxy/listen-addresses.ts';

test.each([
  { name: 'the loopback while no node is known', asked: [], node: undefined, addresses: ['127.0.0.1', '::1'] },
  { name: "the node's, too", asked: [], node: '172.17.0.1', addresses: ['127.0.0.1', '::1', '172.17.0.1'] },
  { name: 'those that the user asks for, each once', asked: ['192.168.1.20', '127.0.0.1'], node: '172.17.0.1', addresses: ['127.0.0.1', '::1', '172.17.0.1', '192.168.1.20'] },
  { name: 'all of IPv4 in place of single ones', asked: ['0.0.0.0', '192.168.1.20'], node: '172.17.0.1', addresses: ['::1', '0.0.0.0'] },
  { name: 'all of both families by one', asked: ['::'], node: '172.17.0.1', addresses: ['::'] },
])('node ports are opened on $name', ({ asked, node, addresses }) => {
  expect(listenAddresses(asked, node)).toEqual(addresses);
});
