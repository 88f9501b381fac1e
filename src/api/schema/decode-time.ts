// pure: RFC 3339 text to its stored form, and what is wrong with text that is none, told as Go tells it.

export type DecodedTime = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly problem: string };

interface Element {
  readonly pattern: RegExp;
  /** As Go's layout "2006-01-02T15:04:05Z07:00" writes it. */
  readonly layout: string;
  readonly range?: readonly [name: string, low: number, high: number];
}

const TWO = /^\d\d/;
const ELEMENTS: readonly Element[] = [
  { pattern: /^\d{4}/, layout: '2006' },
  { pattern: /^-/, layout: '-' },
  { pattern: TWO, layout: '01', range: ['month', 1, 12] },
  { pattern: /^-/, layout: '-' },
  { pattern: TWO, layout: '02' },
  { pattern: /^T/, layout: 'T' },
  { pattern: TWO, layout: '15', range: ['hour', 0, 23] },
  { pattern: /^:/, layout: ':' },
  { pattern: TWO, layout: '04', range: ['minute', 0, 59] },
  { pattern: /^:/, layout: ':' },
  { pattern: TWO, layout: '05', range: ['second', 0, 59] },
  { pattern: /^(?:[.,]\d+)?/, layout: '' },
  { pattern: /^(?:Z|[+-]\d\d:\d\d)/, layout: 'Z07:00' },
];

const MINUTE = 60_000;

/** In UTC: whole seconds for metav1.Time, microseconds for metav1.MicroTime. */
export function decodeTime(text: string, precision: 'seconds' | 'microseconds'): DecodedTime {
  const read = readElements(text);
  if ('problem' in read) return { ok: false, problem: read.problem };
  const [year = '', , month = '', , day = '', , hour = '', , minute = '', , second = '', fraction = '', zone = ''] = read.parts;
  if (Number(day) < 1 || Number(day) > daysIn(Number(year), Number(month))) return { ok: false, problem: outOfRange(text, 'day') };
  const utc = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`) - offsetOf(zone);
  const stored = new Date(utc).toISOString().slice(0, -'.000Z'.length);
  if (stored.length !== '2006-01-02T15:04:05'.length) return { ok: false, problem: `Time.MarshalJSON: year outside of range [0,9999]` };
  const micros = precision === 'seconds' ? '' : `.${fraction.slice(1).padEnd(6, '0').slice(0, 6)}`;
  return { ok: true, text: `${stored}${micros}Z` };
}

function readElements(text: string): { readonly parts: readonly string[] } | { readonly problem: string } {
  const parts: string[] = [];
  let rest = text;
  for (const { pattern, layout, range } of ELEMENTS) {
    const part = pattern.exec(rest)?.[0];
    if (part === undefined) {
      return { problem: `parsing time ${JSON.stringify(text)} as "2006-01-02T15:04:05Z07:00": cannot parse ${JSON.stringify(rest)} as ${JSON.stringify(layout)}` };
    }
    if (range !== undefined && (Number(part) < range[1] || Number(part) > range[2])) return { problem: outOfRange(text, range[0]) };
    parts.push(part);
    rest = rest.slice(part.length);
  }
  return rest === '' ? { parts } : { problem: `parsing time ${JSON.stringify(text)}: extra text: ${JSON.stringify(rest)}` };
}

function outOfRange(text: string, what: string): string {
  return `parsing time ${JSON.stringify(text)}: ${what} out of range`;
}

function daysIn(year: number, month: number): number {
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return month === 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;
}

function offsetOf(zone: string): number {
  if (zone === 'Z') return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4, 6));
  return (zone.startsWith('-') ? -minutes : minutes) * MINUTE;
}
