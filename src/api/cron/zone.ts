// pure: time zones of tzdata by name, as stretches of time with one offset from UTC.
import { ZONE_NAMES } from './zone-names.ts';

/** From `from` (inclusive) until `until` (exclusive), ms since the epoch, local time is UTC plus `offset` ms. */
export interface Span {
  readonly from: number;
  readonly until: number;
  readonly offset: number;
}

export interface Zone {
  readonly name: string;
  /** The span that holds this time. It may end without a change of offset, at the latest at the end of the year. */
  spanAt(time: number): Span;
}

export const UTC: Zone = { name: 'UTC', spanAt: () => ({ from: -Infinity, until: Infinity, offset: 0 }) };

const DAY = 86_400_000;
/** The shortest stay with an offset since 1970 was seven days (northern Brazil in 2000), so no change hides between two samples. */
const SAMPLE = 4 * DAY;

/** Zones by name: each keeps what it has found out of its offsets, which Intl tells slowly. */
const opened = new Map<string, Zone>([['UTC', UTC]]);

/** Undefined for a name that tzdata does not have in this spelling. */
export function openZone(name: string): Zone | undefined {
  const known = opened.get(name);
  if (known !== undefined) return known;
  // Intl takes names in any case and some of its own; upstream looks for a file of this very name.
  if (!ZONE_NAMES.has(name) && !Intl.supportedValuesOf('timeZone').includes(name)) return undefined;
  const zone = new TzdataZone(name);
  opened.set(name, zone);
  return zone;
}

class TzdataZone implements Zone {
  readonly name: string;
  readonly #format: Intl.DateTimeFormat;
  readonly #years = new Map<number, readonly Span[]>();

  constructor(name: string) {
    this.name = name;
    this.#format = new Intl.DateTimeFormat('en-US', {
      timeZone: name, calendar: 'gregory', hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric',
    });
  }

  spanAt(time: number): Span {
    const year = new Date(time).getUTCFullYear();
    let spans = this.#years.get(year);
    if (spans === undefined) {
      spans = this.#spansOf(year);
      this.#years.set(year, spans);
    }
    return spans.find((span) => time < span.until)!;
  }

  #spansOf(year: number): readonly Span[] {
    const end = Date.UTC(year + 1, 0, 1);
    const spans: Span[] = [];
    let from = Date.UTC(year, 0, 1);
    let offset = this.#offsetAt(from);
    for (let before = from; before < end; before += SAMPLE) {
      const after = Math.min(before + SAMPLE, end);
      const next = this.#offsetAt(after);
      if (next === offset) continue;
      const change = this.#changeBetween(before, after);
      if (change < end) {
        spans.push({ from, until: change, offset });
        from = change;
      }
      offset = next;
    }
    spans.push({ from, until: end, offset: this.#offsetAt(from) });
    return spans;
  }

  /** The first second of the new offset; offsets change on whole seconds. */
  #changeBetween(before: number, after: number): number {
    const old = this.#offsetAt(before);
    let low = before / 1000;
    let high = after / 1000;
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (this.#offsetAt(middle * 1000) === old) low = middle;
      else high = middle;
    }
    return high * 1000;
  }

  /** For whole seconds. */
  #offsetAt(time: number): number {
    const [month, day, year, hour, minute, second] = this.#format.format(time).match(/\d+/g)!.map(Number) as [number, number, number, number, number, number];
    return Date.UTC(year, month - 1, day, hour, minute, second) - time;
  }
}
