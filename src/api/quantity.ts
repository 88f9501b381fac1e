// pure: resource quantities ("500m", "64Mi", "1e3"), exact to the nano.

const NANO = 9;
const BINARY: Readonly<Record<string, bigint>> = {
  Ki: 1n << 10n,
  Mi: 1n << 20n,
  Gi: 1n << 30n,
  Ti: 1n << 40n,
  Pi: 1n << 50n,
  Ei: 1n << 60n,
};
const DECIMAL: Readonly<Record<string, number>> = { n: -9, u: -6, m: -3, '': 0, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 };
/** The largest first. */
const DECIMAL_SUFFIXES = Object.entries(DECIMAL).sort(([, a], [, b]) => b - a);
const UNIT = 1_000_000_000n;
const PATTERN = /^([+-]?)(\d*)(?:\.(\d*))?(Ki|Mi|Gi|Ti|Pi|Ei|n|u|m|k|M|G|T|P|E|[eE]([+-]?\d+))?$/;

export const QUANTITY_PATTERN_TEXT = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

/** In units of 10^-9; finer fractions are rounded up, as upstream does. Undefined when the text is no quantity. */
export function parseQuantity(text: string): bigint | undefined {
  const match = PATTERN.exec(text);
  if (match === null) return undefined;
  const [, sign, whole = '', fraction = '', suffix = '', exponent] = match;
  if (whole === '' && fraction === '') return undefined;
  const digits = BigInt(`${whole}${fraction}` || '0');
  const binary = BINARY[suffix];
  const power = NANO - fraction.length + (exponent === undefined ? (DECIMAL[suffix] ?? 0) : Number(exponent));
  const scaled = scale(digits * (binary ?? 1n), power);
  return sign === '-' ? -scaled : scaled;
}

/** In thousandths, rounded up: the unit of CPU. */
export function quantityMilli(text: string): number {
  return Number(ceilDiv(parseQuantity(text) ?? 0n, 1_000_000n));
}

/** In whole units, rounded up: bytes, counts. */
export function quantityValue(text: string): number {
  return Number(ceilDiv(parseQuantity(text) ?? 0n, 1_000_000_000n));
}

/** Negative, zero or positive, as a sort wants it. */
export function compareQuantities(a: string, b: string): number {
  const [left, right] = [parseQuantity(a) ?? 0n, parseQuantity(b) ?? 0n];
  return left < right ? -1 : left > right ? 1 : 0;
}

/** The one text that upstream writes for a value: "0.5" is "500m", "1024Mi" is "1Gi"; the kind of suffix stays as it was. */
export function canonicalQuantity(text: string): string {
  const nano = parseQuantity(text);
  if (nano === undefined) return text;
  if (nano === 0n) return '0';
  const isWhole = nano % UNIT === 0n;
  // A fraction of a byte, or a binary amount below its first suffix, is written in decimal.
  if (/i$/.test(text) && isWhole && (nano >= 1024n * UNIT || nano <= -1024n * UNIT)) return `${binaryText(nano / UNIT)}`;
  return /[eE][+-]?\d+$/.test(text) && isWhole ? exponentText(nano / UNIT) : decimalText(nano);
}

function binaryText(value: bigint): string {
  const suffix = SUFFIXES.find((name) => value % BINARY[name]! === 0n);
  return suffix === undefined ? String(value) : `${value / BINARY[suffix]!}${suffix}`;
}

function decimalText(nano: bigint): string {
  const [suffix, power] = DECIMAL_SUFFIXES.find(([, candidate]) => nano % 10n ** BigInt(candidate + NANO) === 0n)!;
  return `${nano / 10n ** BigInt(power + NANO)}${suffix}`;
}

/** Exponents go in threes: 10e2 is 1e3, 1.5e3 is 1500. */
function exponentText(value: bigint): string {
  let [digits, exponent] = [value, 0];
  while (digits % 1000n === 0n) [digits, exponent] = [digits / 1000n, exponent + 3];
  return exponent === 0 ? String(digits) : `${digits}e${exponent}`;
}

/** Millicores as text: 1500 -> "1500m", 2000 -> "2". */
export function formatMilli(milli: number): string {
  return milli % 1000 === 0 ? String(milli / 1000) : `${milli}m`;
}

const SUFFIXES = ['Ei', 'Pi', 'Ti', 'Gi', 'Mi', 'Ki'] as const;

/** Bytes with the largest binary suffix that divides them: 67108864 -> "64Mi". */
export function formatBytes(bytes: number): string {
  const exact = BigInt(Math.trunc(bytes));
  const suffix = SUFFIXES.find((name) => exact !== 0n && exact % BINARY[name]! === 0n);
  return suffix === undefined ? exact.toString() : `${exact / BINARY[suffix]!}${suffix}`;
}

function scale(digits: bigint, power: number): bigint {
  return power >= 0 ? digits * 10n ** BigInt(Math.min(power, 60)) : ceilDiv(digits, 10n ** BigInt(Math.min(-power, 60)));
}

function ceilDiv(value: bigint, by: bigint): bigint {
  return value > 0n ? (value + by - 1n) / by : value / by;
}
