import { describe, expect, test } from '@jest/globals';
import { parseIpRange } from '../../../src/api/ip.ts';
import { NETWORK_SLOTS } from '../../../src/api/service/cluster-network.ts';
import { routedRanges, slotOrder } from '../../../src/daemon/slot-order.ts';

const ranges = (...cidrs: string[]) => cidrs.map((cidr) => parseIpRange(cidr)!);

describe('where a home looks first', () => {
  test.each([
    { name: 'the usual range', kept: [], reachable: [], first: [0, 1, 2] },
    { name: 'but not what another home keeps, stopped or not', kept: [0], reachable: [], first: [1, 2, 3] },
    { name: 'not where the host has a network', kept: [], reachable: ranges('10.96.5.0/24', '10.97.0.0/16'), first: [2, 3] },
    { name: 'nor where a larger network reaches', kept: [], reachable: ranges('10.96.0.0/15'), first: [2, 3] },
    { name: 'a network elsewhere, a default route, or one to all of them says nothing', kept: [], reachable: ranges('172.17.0.0/16', '0.0.0.0/0', '10.0.0.0/8', '::1/128'), first: [0, 1] },
  ])('$name', ({ first, kept, reachable }) => {
    expect(slotOrder({ kept: new Set(kept), reachable }).slice(0, first.length)).toEqual(first);
  });

  test('every slot comes once, also those that hide something or are kept', () => {
    const order = slotOrder({ kept: new Set([2]), reachable: ranges('10.100.0.0/16') });
    expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: NETWORK_SLOTS }, (_, slot) => slot));
    expect(order.slice(-2)).toEqual([4, 2]);
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
