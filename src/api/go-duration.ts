// pure: reads durations as Go does ("1h30m", "500ms", "1.5s"), with Go's words for what is wrong.

export type ParsedDuration = { readonly ok: true; readonly ms: number } | { readonly ok: false; readonly problem: string };

const UNIT_NS: Readonly<Record<string, number>> = { ns: 1, us: 1e3, 'µs': 1e3, 'μs': 1e3, ms: 1e6, s: 1e9, m: 60e9, h: 3600e9 };
/** Go counts nanoseconds in 64 bits: some 292 years. */
const MOST_NS = 2n ** 63n;

/** Milliseconds, with a fraction for smaller units. */
export function parseGoDuration(text: string): ParsedDuration {
  const invalid: ParsedDuration = { ok: false, problem: `time: invalid duration ${quote(text)}` };
  const isNegative = text.startsWith('-');
  let rest = text.replace(/^[-+]/, '');
  if (rest === '0') return { ok: true, ms: 0 };
  if (rest === '') return invalid;
  let total = 0n;
  while (rest !== '') {
    const [number, whole, fraction] = /^(\d*)(?:\.(\d*))?/.exec(rest)!;
    if ((whole ?? '') === '' && (fraction ?? '') === '') return invalid;
    rest = rest.slice(number.length);
    const unit = /^[^\d.]*/.exec(rest)![0];
    if (BigInt(whole!) > MOST_NS) return invalid;
    if (unit === '') return { ok: false, problem: `time: missing unit in duration ${quote(text)}` };
    const unitNs = Object.hasOwn(UNIT_NS, unit) ? UNIT_NS[unit]! : undefined;
    if (unitNs === undefined) return { ok: false, problem: `time: unknown unit ${quote(unit)} in duration ${quote(text)}` };
    rest = rest.slice(unit.length);
    total += BigInt(whole!) * BigInt(unitNs) + BigInt(Math.floor(Number(`0.${fraction ?? ''}`) * unitNs));
    if (total > MOST_NS) return invalid;
  }
  if (isNegative) return { ok: true, ms: -Number(total) / 1e6 };
  return total === MOST_NS ? invalid : { ok: true, ms: Number(total) / 1e6 };
}

/** As package time quotes: bytes outside ASCII in hexadecimal. */
function quote(text: string): string {
  const bytes = (character: string): string => Array.from(new TextEncoder().encode(character), (byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('');
  const quoted = Array.from(text, (character) => (/[^\x20-\x7f]/.test(character) ? bytes(character) : /["\\]/.test(character) ? `\\${character}` : character));
  return `"${quoted.join('')}"`;
}
