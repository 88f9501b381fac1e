import { describe, expect, test } from '@jest/globals';
import { parseIpRange } from '../../../src/api/ip.ts';
import { NETWORK_SLOTS } from '../../../src/api/service/cluster-network.ts';
import { routedRanges, slotOrder } from '../../../src/daemon/slot-order.ts';

const ranges = (...cidrs: string[]) => cidrs.map((cidr) => parseIpRange(cidr)!);
const clusterId = '00000000001f';

describe('where a home looks first', () => {
  test.each([
    { name: 'the usual home: the usual range', isUsualHome: true, clusterId, reachable: [], first: [0, 1, 2] },
    { name: 'another home: one of its own', isUsualHome: false, clusterId, reachable: [], first: [1, 2, 3] },
    { name: 'yet another home: another', isUsualHome: false, clusterId: '00000000001c', reachable: [], first: [29, 30, 31, 1] },
    { name: 'not where the host has a network', isUsualHome: true, clusterId, reachable: ranges('10.96.5.0/24', '10.97.0.0/16'), first: [2, 3] },
    { name: 'nor where a larger network reaches', isUsualHome: true, clusterId, reachable: ranges('10.96.0.0/15'), first: [2, 3] },
    { name: 'a network elsewhere, a default route, or one to all of them says nothing', isUsualHome: true, clusterId, reachable: ranges('172.17.0.0/16', '0.0.0.0/0', '10.0.0.0/8', '::1/128'), first: [0, 1] },
  ])('$name', ({ first, ...wish }) => {
    expect(slotOrder(wish).slice(0, first.length)).toEqual(first);
  });

  test.each([true, false])('every slot comes once, also those that hide something (usual home: %s)', (isUsualHome) => {
    const order = slotOrder({ clusterId: 'ffffffffffff', isUsualHome, reachable: ranges('10.100.0.0/16') });
    expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: NETWORK_SLOTS }, (_, slot) => slot));
    expect(order.at(-1)).toBe(4);
  });
});

test('the routes of the host are read from the kernel\'s table', () => {
  const table = [
    'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT',
    'eth0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0',
    'docker0\t000011AC\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0',
    'tun0\t0000600A\t00000000\t0001\t0\t0\t0\t0000F0FF\t0\t0\t0',
    'garbage',
    '',
  ].join('\n');
  expect(routedRanges(table)).toEqual(ranges('0.0.0.0/0', '172.17.0.0/16', '10.96.0.0/12'));
  expect(routedRanges('')).toEqual([]);
});
