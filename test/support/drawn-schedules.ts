// Draws random schedules: each as the text a person would write and, made beside it, the values that it should mean.
import type { DrawnField, DrawnSchedule } from './cron-oracle.ts';

interface Kind {
  readonly min: number;
  readonly max: number;
  readonly names?: readonly string[];
  /** How often of ten the field is left open. */
  readonly open: number;
  readonly likely: readonly number[];
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const MINUTE: Kind = { min: 0, max: 59, open: 1, likely: [0, 15, 30, 45, 59] };
/** The hours in which clocks are changed are likely. */
const HOUR: Kind = { min: 0, max: 23, open: 2, likely: [0, 1, 2, 3, 23] };
const DAY_OF_MONTH: Kind = { min: 1, max: 31, open: 6, likely: [1, 15, 28, 29, 30, 31] };
const MONTH: Kind = { min: 1, max: 12, names: MONTHS, open: 7, likely: [2, 3, 4, 10, 11] };
const DAY_OF_WEEK: Kind = { min: 0, max: 6, names: DAYS, open: 6, likely: [0, 5, 6] };

/** The same schedules for the same seed. */
export function drawSchedules(count: number, seed: number): DrawnSchedule[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => ({
    minute: drawField(MINUTE, random),
    hour: drawField(HOUR, random),
    dayOfMonth: drawField(DAY_OF_MONTH, random),
    month: drawField(MONTH, random),
    dayOfWeek: drawField(DAY_OF_WEEK, random),
  }));
}

type Random = (below: number) => number;

/** Whole numbers from 0; a small generator of George Marsaglia's xorshift family. */
export function seededRandom(seed: number): Random {
  let state = (seed ^ 0x9e3779b9) >>> 0 || 1;
  return (below) => {
    state ^= state << 13;
    state >>>= 0;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state % below;
  };
}

function drawField(kind: Kind, random: Random): DrawnField {
  if (random(10) < kind.open) return { text: random(4) === 0 ? '?' : '*', values: range(kind.min, kind.max, 1), isStar: true };
  const parts = Array.from({ length: random(4) === 0 ? 2 + random(2) : 1 }, () => drawPart(kind, random));
  return {
    text: parts.map((part) => part.text).join(','),
    values: new Set(parts.flatMap((part) => [...part.values])),
    isStar: parts.some((part) => part.isStar),
  };
}

function drawPart(kind: Kind, random: Random): DrawnField {
  const span = kind.max - kind.min + 1;
  const value = (): number => (random(2) === 0 ? kind.likely[random(kind.likely.length)]! : kind.min + random(span));
  const name = (number: number): string => (kind.names !== undefined && random(2) === 0 ? kind.names[number - kind.min]! : String(number));
  const step = 2 + random(Math.max(2, Math.floor(span / 2)));
  const [low, high] = [value(), value()].sort((a, b) => a - b) as [number, number];
  switch (random(9)) {
    case 0:
      return { text: `*/${step}`, values: range(kind.min, kind.max, step), isStar: false };
    case 1:
      return { text: `${name(low)}-${name(high)}`, values: range(low, high, 1), isStar: false };
    case 2:
      return { text: `${name(low)}-${name(high)}/${step}`, values: range(low, high, step), isStar: false };
    case 3:
      return { text: `${name(low)}/${step}`, values: range(low, kind.max, step), isStar: false };
    default:
      return { text: name(low), values: new Set([low]), isStar: false };
  }
}

function range(from: number, to: number, step: number): ReadonlySet<number> {
  const values = new Set<number>();
  for (let value = from; value <= to; value += step) values.add(value);
  return values;
}
