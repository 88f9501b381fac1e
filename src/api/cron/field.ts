// pure: one field of a schedule ("*/15", "mon-fri", "1,15/2") read as robfig/cron v3 reads it, in its words and order of checks.
import { goQuote } from '../go-quote.ts';

export interface FieldKind {
  readonly min: number;
  readonly max: number;
  /** Lower-case names and their values. */
  readonly names?: Readonly<Record<string, number>>;
  /** A value past max that stands for min where it is written out: 7 as Sunday. */
  readonly alias?: number;
}

export interface Field {
  /** Ascending. Empty for a field of commas only, which is accepted and never matches. */
  readonly values: readonly number[];
  /** Has a `*` or `?` without a step above 1: it restricts nothing. */
  readonly isStar: boolean;
  readonly usesAlias: boolean;
}

export type ParsedField = ({ readonly ok: true } & Field) | { readonly ok: false; readonly problem: string };

/** Go's int, in which robfig reads numbers. */
const MOST = 2n ** 63n - 1n;

class FieldError extends Error {
  readonly code = 'bad-field';
}

export function parseField(text: string, kind: FieldKind): ParsedField {
  try {
    const parts = text.split(',').filter((part) => part !== '').map((part) => parseRange(part, kind));
    const values = new Set(parts.flatMap((part) => part.values));
    return { ok: true, values: [...values].sort((a, b) => a - b), isStar: parts.some((part) => part.isStar), usesAlias: parts.some((part) => part.usesAlias) };
  } catch (error) {
    if (error instanceof FieldError) return { ok: false, problem: error.message };
    throw error;
  }
}

function parseRange(text: string, kind: FieldKind): Field {
  const slashes = text.split('/');
  const ends = slashes[0]!.split('-');
  // What follows a star is not looked at upstream either: "*-5" is "*".
  const isStar = ends[0] === '*' || ends[0] === '?';
  const start = isStar ? BigInt(kind.min) : numberOrName(ends[0]!, kind);
  let end = isStar ? BigInt(kind.max) : ends.length === 1 ? start : rangeEnd(ends, text, kind);
  if (slashes.length > 2) throw new FieldError(`too many slashes: ${text}`);
  const step = slashes.length === 2 ? natural(slashes[1]!) : 1n;
  const usesAlias = !isStar && kind.alias !== undefined && (start === BigInt(kind.alias) || end === BigInt(kind.alias));
  const max = usesAlias ? kind.alias! : kind.max;
  // "N/step" is "N-max/step".
  if (slashes.length === 2 && ends.length === 1) end = BigInt(max);
  check({ start, end, step, max }, text, kind);
  const values: number[] = [];
  // A step beyond the field takes its first value only.
  const stride = step > BigInt(max) ? max + 1 : Number(step);
  for (let value = Number(start); value <= Number(end); value += stride) values.push(value > kind.max ? kind.min : value);
  return { values, isStar: isStar && step === 1n, usesAlias };
}

function rangeEnd(ends: readonly string[], text: string, kind: FieldKind): bigint {
  if (ends.length > 2) throw new FieldError(`too many hyphens: ${text}`);
  return numberOrName(ends[1]!, kind);
}

interface Range {
  readonly start: bigint;
  readonly end: bigint;
  readonly step: bigint;
  readonly max: number;
}

function check({ start, end, step, max }: Range, text: string, kind: FieldKind): void {
  if (start < BigInt(kind.min)) throw new FieldError(`beginning of range (${start}) below minimum (${kind.min}): ${text}`);
  if (end > BigInt(max)) throw new FieldError(`end of range (${end}) above maximum (${kind.max}): ${text}`);
  if (start > end) throw new FieldError(`beginning of range (${start}) beyond end of range (${end}): ${text}`);
  if (step === 0n) throw new FieldError(`step of range should be a positive number: ${text}`);
}

function numberOrName(text: string, kind: FieldKind): bigint {
  const name = text.toLowerCase();
  if (kind.names !== undefined && Object.hasOwn(kind.names, name)) return BigInt(kind.names[name]!);
  return natural(text);
}

function natural(text: string): bigint {
  const fail = (why: string): FieldError => new FieldError(`failed to parse int from ${text}: strconv.Atoi: parsing ${goQuote(text)}: ${why}`);
  if (!/^[-+]?\d+$/.test(text)) throw fail('invalid syntax');
  const value = BigInt(text.replace(/^\+/, ''));
  if (value > MOST || value < -MOST - 1n) throw fail('value out of range');
  if (value < 0n) throw new FieldError(`negative number (${value}) not allowed: ${text}`);
  return value;
}
