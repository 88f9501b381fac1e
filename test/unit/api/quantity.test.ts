import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { canonicalQuantity, compareQuantities, formatBytes, formatMilli, parseQuantity, quantityMilli, quantityValue } from '../../../src/api/quantity.ts';

test.each<[text: string, nano: bigint | undefined]>([
  ['0', 0n],
  ['1', 1_000_000_000n],
  ['500m', 500_000_000n],
  ['0.5', 500_000_000n],
  ['.5', 500_000_000n],
  ['5.', 5_000_000_000n],
  ['1e3', 1_000_000_000_000n],
  ['1E3', 1_000_000_000_000n],
  ['1E', 10n ** 27n],
  ['2e-3', 2_000_000n],
  ['1.5Ki', 1_536_000_000_000n],
  ['64Mi', 67_108_864n * 1_000_000_000n],
  ['-5', -5_000_000_000n],
  ['+5', 5_000_000_000n],
  ['1n', 1n],
  ['0.1n', 1n],
  ['100u', 100_000n],
  ['9007199254740993', 9_007_199_254_740_993n * 1_000_000_000n],
  ['', undefined],
  ['.', undefined],
  ['Mi', undefined],
  ['1 Mi', undefined],
  ['1mi', undefined],
  ['1e', undefined],
  ['abc', undefined],
  ['1K', undefined],
])('%p is %p billionths', (text, nano) => {
  expect(parseQuantity(text)).toBe(nano);
});

test.each<[text: string, milli: number, value: number]>([
  ['250m', 250, 1],
  ['1.0001', 1001, 2],
  ['2', 2000, 2],
  ['64Mi', 67_108_864_000, 67_108_864],
  ['-1.5', -1500, -1],
])('%p is %p thousandths and %p whole, both rounded up', (text, milli, value) => {
  expect([quantityMilli(text), quantityValue(text)]).toEqual([milli, value]);
});

test.each<[a: string, b: string, sign: number]>([
  ['1', '1000m', 0],
  ['1Gi', '1G', 1],
  ['100m', '0.2', -1],
  ['1024Mi', '1Gi', 0],
])('%p against %p is %p', (a, b, sign) => {
  expect(Math.sign(compareQuantities(a, b))).toBe(sign);
});

test.each<[text: string, canonical: string]>([
  ['1', '1'],
  ['0', '0'],
  ['0Mi', '0'],
  ['0.5', '500m'],
  ['1000m', '1'],
  ['1500m', '1500m'],
  ['1024Mi', '1Gi'],
  ['1.5Gi', '1536Mi'],
  ['1025Ki', '1025Ki'],
  ['1024', '1024'],
  ['2000', '2k'],
  ['1e3', '1e3'],
  ['10e2', '1e3'],
  ['1.5e3', '1500'],
  ['0.1Mi', '104857600m'],
  ['-0.5', '-500m'],
  ['100000u', '100m'],
])('%p is written %p', (text, canonical) => {
  expect(canonicalQuantity(text)).toBe(canonical);
});

test('the written form has the same value, and is its own written form', () => {
  const suffix = fc.constantFrom('', 'm', 'u', 'n', 'k', 'M', 'G', 'Ki', 'Mi', 'Gi', 'e3', 'e-2');
  const text = fc.tuple(fc.integer({ min: -1_000_000, max: 1_000_000 }), fc.integer({ min: 0, max: 999 }), suffix).map(([whole, fraction, unit]) => `${whole}.${fraction}${unit}`);
  fc.assert(
    fc.property(text, (quantity) => {
      const written = canonicalQuantity(quantity);
      expect(parseQuantity(written)).toBe(parseQuantity(quantity));
      expect(canonicalQuantity(written)).toBe(written);
    }),
  );
});

test.each([
  [formatMilli(1500), '1500m'],
  [formatMilli(2000), '2'],
  [formatBytes(67_108_864), '64Mi'],
  [formatBytes(1_000), '1000'],
  [formatBytes(0), '0'],
])('%p is %p', (text, expected) => {
  expect(text).toBe(expected);
});
