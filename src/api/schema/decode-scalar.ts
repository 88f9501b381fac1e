// pure: one scalar of the schema, checked; quantities, bytes and times in their stored form.
import { canonicalQuantity, parseQuantity, QUANTITY_PATTERN_TEXT } from '../quantity.ts';
import { decodeBase64 } from './decode-base64.ts';
import { decodeTime } from './decode-time.ts';

export type DecodedScalar =
  | { readonly ok: true; readonly value: unknown }
  /** Not of the type at all. */
  | { readonly ok: false }
  /** Of the type, but not a value of it. */
  | { readonly ok: false; readonly problem: string };

const WRONG: DecodedScalar = { ok: false };
const INT32 = 2 ** 31;
const INT64 = 2 ** 63;

export function decodeScalar(type: string, value: unknown): DecodedScalar {
  switch (type) {
    case 'string':
      return typeof value === 'string' ? accepted(value) : WRONG;
    case 'bool':
      return typeof value === 'boolean' ? accepted(value) : WRONG;
    case 'int32':
      return isWholeWithin(value, INT32) ? accepted(value) : WRONG;
    case 'int64':
      return isWholeWithin(value, INT64) ? accepted(value) : WRONG;
    case 'double':
      return typeof value === 'number' ? accepted(value) : WRONG;
    case 'intOrString':
      return typeof value === 'string' || isWholeWithin(value, INT32) ? accepted(value) : WRONG;
    case 'quantity':
      return decodeQuantity(value);
    case 'bytes':
      return typeof value === 'string' ? outcome(decodeBase64(value)) : WRONG;
    case 'date':
      return typeof value === 'string' ? outcome(decodeTime(value, 'seconds')) : WRONG;
    case 'microdate':
      return typeof value === 'string' ? outcome(decodeTime(value, 'microseconds')) : WRONG;
    default:
      return accepted(value);
  }
}

/** What stands for null where a list or a map has to hold something. */
export function zeroScalar(type: string): unknown {
  switch (type) {
    case 'bool':
      return false;
    case 'int32':
    case 'int64':
    case 'double':
    case 'intOrString':
      return 0;
    case 'quantity':
      return '0';
    case 'string':
    case 'bytes':
      return '';
    default:
      return null;
  }
}

function accepted(value: unknown): DecodedScalar {
  return { ok: true, value };
}

function outcome(decoded: { readonly ok: true; readonly text: string } | { readonly ok: false; readonly problem: string }): DecodedScalar {
  return decoded.ok ? accepted(decoded.text) : decoded;
}

function isWholeWithin(value: unknown, bound: number): boolean {
  return Number.isInteger(value) && (value as number) >= -bound && (value as number) < bound;
}

/** A number or its text; whatever else stands there, upstream complains of the text of a quantity. */
function decodeQuantity(value: unknown): DecodedScalar {
  const text = typeof value === 'number' ? String(value) : typeof value === 'string' ? value.trim() : '';
  return parseQuantity(text) === undefined ? { ok: false, problem: QUANTITY_PATTERN_TEXT } : accepted(canonicalQuantity(text));
}
