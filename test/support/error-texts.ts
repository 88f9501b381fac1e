// Validation findings as kubectl prints them, one line each.
import type { FieldError } from '../../src/api/field-errors.ts';

export function errorTexts(errors: readonly FieldError[]): string[] {
  return errors.map(({ field, body }) => `${field}: ${body}`);
}
