// pure: the flags of minik simulate, read: lengths of time, shares, moments.
import type { Offsets } from '../../rehearsal/report/local-time.ts';
import type { RunLength } from '../../rehearsal/run-length.ts';
import { UsageError } from '../context.ts';

export interface SimulationFlags {
  readonly filename?: string;
  readonly from?: string;
  readonly for?: string;
  readonly duration?: string;
  readonly durationFromHistory?: boolean;
  readonly startAfter: string;
  readonly stopAfter: string;
  readonly failRate: string;
  readonly exitCode: string;
  readonly seed: string;
  readonly output?: string;
  readonly all?: boolean;
}

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };
const SPAN = 'a duration such as 7d, 12h or 90s';

/** Milliseconds. */
export function spanOf(text: string, flag: string): number {
  if (!/^(?:\d+(?:\.\d+)?(?:ms|[smhdw]))+$/.test(text)) throw wrong(text, flag, SPAN);
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|[smhdw])/g)];
  return Math.round(parts.reduce((sum, [, count, unit]) => sum + Number(count) * UNIT_MS[unit!]!, 0));
}

/** "90s", or "60s-2m" for anything between. */
export function lengthOf(text: string): RunLength {
  const [least = '', most, ...rest] = text.split('-');
  if (rest.length > 0) throw wrong(text, '--duration', `${SPAN}, or two of them such as 60s-2m`);
  const leastMs = spanOf(least, '--duration');
  if (most === undefined) return { type: 'fixed', ms: leastMs };
  const mostMs = spanOf(most, '--duration');
  if (mostMs < leastMs) throw wrong(text, '--duration', 'the shorter duration first');
  return { type: 'between', leastMs, mostMs };
}

/** 0 to 1; percentages are taken, too. */
export function shareOf(text: string, flag: string): number {
  const match = /^(\d+(?:\.\d+)?|\.\d+)(%?)$/.exec(text);
  const share = match === null ? Number.NaN : Number(match[1]) / (match[2] === '%' ? 100 : 1);
  if (!(share >= 0 && share <= 1)) throw wrong(text, flag, 'a share from 0 to 1 such as 0.2, or 20%');
  return share;
}

export function wholeNumberOf(text: string, flag: string, { least, most }: { readonly least: number; readonly most: number }): number {
  const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!(number >= least && number <= most)) throw wrong(text, flag, `a whole number from ${least} to ${most}`);
  return number;
}

/** RFC 3339, or a date with or without a time of day by the clocks of the zone. Milliseconds since the epoch. */
export function momentOf(text: string, zone: Offsets): number {
  const expected = 'a time such as 2026-03-29, "2026-03-29 01:30" or 2026-03-29T01:30:00Z';
  const match = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d))?)?(Z|[-+]\d\d:\d\d)?$/.exec(text);
  if (match === null) throw wrong(text, '--from', expected);
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map((part) => Number(part ?? 0)) as [number, number, number, number, number, number];
  const wall = Date.UTC(year, month - 1, day, hour, minute, second);
  const read = new Date(wall);
  if (read.getUTCMonth() !== month - 1 || read.getUTCDate() !== day || hour > 23 || minute > 59 || second > 59) throw wrong(text, '--from', `${expected} that exists`);
  return wall - (match[7] === undefined ? offsetOfWall(wall, zone) : offsetOfText(match[7]));
}

/** A reading that the clocks show twice means the first, one that they skip is taken an hour on. */
function offsetOfWall(wall: number, zone: Offsets): number {
  const before = zone.spanAt(wall - UNIT_MS['d']!).offset;
  return zone.spanAt(wall - before).offset === before ? before : zone.spanAt(wall - zone.spanAt(wall + UNIT_MS['d']!).offset).offset;
}

function offsetOfText(text: string): number {
  if (text === 'Z') return 0;
  const [hours, minutes] = text.slice(1).split(':').map(Number) as [number, number];
  return (text.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}

function wrong(text: string, flag: string, expected: string): UsageError {
  return new UsageError(`invalid argument ${JSON.stringify(text)} for "${flag}" flag: expected ${expected}`);
}
