// pure: the rules that many fields share: one of a list, not negative, a number in a range, a name of some grammar.
import { index, invalid, notSupported, required, duplicate, type FieldError } from './field-errors.ts';

export const MAX_INT32 = 2 ** 31 - 1;

/** Absent is Required, another value is Unsupported. */
export function oneOf(value: string | undefined, supported: readonly string[], field: string): FieldError[] {
  return (value ?? '') === '' ? [required(field)] : optionalOneOf(value, supported, field);
}

export function optionalOneOf(value: string | undefined, supported: readonly string[], field: string): FieldError[] {
  return value === undefined || supported.includes(value) ? [] : [notSupported(field, value, supported)];
}

export function notNegative(value: number | undefined, field: string): FieldError[] {
  return value !== undefined && value < 0 ? [invalid(field, value, 'must be greater than or equal to 0')] : [];
}

export function inRange(value: number | undefined, [low, high]: readonly [number, number], field: string): FieldError[] {
  return value !== undefined && (value < low || value > high) ? [invalid(field, value, `must be between ${low} and ${high}, inclusive`)] : [];
}

/** Every problem that `check` finds with the text. */
export function named(value: string, check: (text: string) => readonly string[], field: string): FieldError[] {
  return check(value).map((problem) => invalid(field, value, problem));
}

/** Absent is Required. */
export function requiredName(value: string | undefined, check: (text: string) => readonly string[], field: string): FieldError[] {
  return (value ?? '') === '' ? [required(field)] : named(value!, check, field);
}

/** Absent is fine. */
export function optionalName(value: string | undefined, check: (text: string) => readonly string[], field: string): FieldError[] {
  return (value ?? '') === '' ? [] : named(value!, check, field);
}

/** A value that an earlier item has; absent ones are another rule's concern. */
export function unique(values: readonly (string | undefined)[], at: (row: number) => string): FieldError[] {
  const seen = new Set<string>();
  return values.flatMap((value, row) => {
    if (value === undefined || value === '') return [];
    const again = seen.has(value);
    seen.add(value);
    return again ? [duplicate(at(row), value)] : [];
  });
}

/** The errors of each item under its own path. */
export function eachItem<T>(items: readonly T[] | undefined, path: string, validate: (item: T, at: string, row: number) => readonly FieldError[]): FieldError[] {
  return (items ?? []).flatMap((item, row) => validate(item, index(path, row), row));
}
