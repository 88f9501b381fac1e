// Addresses and ranges as numbers.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { inIpRange, ipv4Text, parseIp, parseIpRange } from '../../../src/api/ip.ts';

describe('an address', () => {
  test.each<[text: string, value: bigint | undefined]>([
    ['0.0.0.0', 0n],
    ['10.96.0.1', 0x0a60_0001n],
    ['255.255.255.255', 0xffff_ffffn],
    ['::', 0n],
    ['::1', 1n],
    ['1::', 1n << 112n],
    ['2001:DB8::ff00:42:8329', 0x2001_0db8_0000_0000_0000_ff00_0042_8329n],
    ['1:2:3:4:5:6:7:8', 0x0001_0002_0003_0004_0005_0006_0007_0008n],
    ['::ffff:192.0.2.1', 0xffff_c000_0201n],
    ['1.2.3', undefined],
    ['1.2.3.4.5', undefined],
    ['1.2.3.256', undefined],
    ['01.2.3.4', undefined],
    ['1:2:3:4:5:6:7', undefined],
    ['1:2:3:4:5:6:7:8:9', undefined],
    ['1:2:3:4:5:6:7::8', undefined],
    ['1::2::3', undefined],
    ['::12345', undefined],
    ['::1.2.3.256', undefined],
    ['', undefined],
    ['localhost', undefined],
  ])('%s', (text, value) => {
    expect(parseIp(text)?.value).toBe(value);
  });

  test('of four octets is written as it was read', () => {
    fc.assert(fc.property(fc.ipV4(), (text) => ipv4Text(parseIp(text)!.value) === text));
  });

  test('of eight groups is read as the URL parser reads it', () => {
    const compressed = (text: string): string => new URL(`http://[${text}]`).hostname.slice(1, -1);
    fc.assert(fc.property(fc.ipV6(), (text) => parseIp(text)?.value === parseIp(compressed(text))?.value));
  });
});

describe('a range', () => {
  test.each<[text: string, first: string, last: string]>([
    ['10.0.0.0/8', '10.0.0.0', '10.255.255.255'],
    ['10.1.2.3/8', '10.0.0.0', '10.255.255.255'],
    ['192.0.2.7/32', '192.0.2.7', '192.0.2.7'],
    ['0.0.0.0/0', '0.0.0.0', '255.255.255.255'],
    ['fd00::/120', 'fd00::', 'fd00::ff'],
  ])('%s reaches from %s to %s', (text, first, last) => {
    const range = parseIpRange(text)!;
    expect([range.first, range.last]).toEqual([parseIp(first)!.value, parseIp(last)!.value]);
    expect([first, last].every((ip) => inIpRange(range, parseIp(ip)!))).toBe(true);
  });

  test.each(['10.0.0.0', '10.0.0.0/33', '10.0.0.0/-1', '10.0.0.0/08', '::/129', '/8', '10.0.0.0/'])('%s is none', (text) => {
    expect(parseIpRange(text)).toBeUndefined();
  });

  test('of one family holds no address of the other', () => {
    expect(inIpRange(parseIpRange('0.0.0.0/0')!, parseIp('::1')!)).toBe(false);
  });
});
