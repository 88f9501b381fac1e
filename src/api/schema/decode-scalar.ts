// pure: one scalar of the schema, checked; quantities and dates in their stored form.

export type DecodedScalar =
  | { readonly ok: true; readonly value: unknown }
  /** Not of the type at all. */
  | { readonly ok: false }
  /** Of the type, but not a value of it. */
  | { readonly ok: false; readonly problem: string };

const WRONG: DecodedScalar = { ok: false };
const INT32 = 2 ** 31;
const QUANTITY = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[KMGTPE]i|[numkMGTPE]|[eE][+-]?\d+)?$/;
const DATE = /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:[Zz]|[+-]\d{2}:\d{2})$/;

export function decodeScalar(type: string, value: unknown): DecodedScalar {
  switch (type) {
    case 'string':
      return typeof value === 'string' ? accepted(value) : WRONG;
    case 'bool':
      return typeof value === 'boolean' ? accepted(value) : WRONG;
    case 'int32':
      return Number.isInteger(value) && (value as number) >= -INT32 && (value as number) < INT32 ? accepted(value) : WRONG;
    case 'int64':
      return Number.isInteger(value) ? accepted(value) : WRONG;
    case 'double':
      return typeof value === 'number' ? accepted(value) : WRONG;
    case 'intOrString':
      return typeof value === 'string' || Number.isInteger(value) ? accepted(value) : WRONG;
    case 'quantity':
      return decodeQuantity(value);
    case 'bytes':
      return decodeBytes(value);
    case 'date':
    case 'microdate':
      return decodeDate(value, type === 'microdate');
    default:
      return accepted(value);
  }
}

function accepted(value: unknown): DecodedScalar {
  return { ok: true, value };
}

function decodeQuantity(value: unknown): DecodedScalar {
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text !== 'string') return WRONG;
  if (QUANTITY.test(text)) return accepted(text);
  return {
    ok: false,
    problem: `quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'`,
  };
}

function decodeBytes(value: unknown): DecodedScalar {
  if (typeof value !== 'string') return WRONG;
  const text = value.replace(/[\r\n]/g, '');
  const broken = /[^A-Za-z0-9+/=]/.exec(text)?.index ?? (text.length % 4 === 0 && /^[^=]*={0,2}$/.test(text) ? undefined : text.length);
  if (broken === undefined) return accepted(text);
  return { ok: false, problem: `illegal base64 data at input byte ${broken}` };
}

/** Stored in UTC: whole seconds for Time, microseconds for MicroTime. */
function decodeDate(value: unknown, micro: boolean): DecodedScalar {
  if (typeof value !== 'string') return WRONG;
  const ms = DATE.test(value) ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(ms)) return { ok: false, problem: `parsing time ${JSON.stringify(JSON.stringify(value))} as "2006-01-02T15:04:05Z07:00": cannot parse it` };
  const text = new Date(ms).toISOString();
  if (!micro) return accepted(text.replace(/\.\d+Z$/, 'Z'));
  const fraction = (/\.(\d+)/.exec(value)?.[1] ?? '').padEnd(6, '0').slice(0, 6);
  return accepted(text.replace(/\.\d+Z$/, `.${fraction}Z`));
}
