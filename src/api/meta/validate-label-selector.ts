// pure: what a LabelSelector must be.
import { child, forbidden, index, invalid, required, type FieldError } from '../field-errors.ts';
import type { LabelSelector, LabelSelectorRequirement } from '../generated/types.ts';
import { validateLabelName, validateLabels } from './validate-meta.ts';

export function validateLabelSelector(selector: LabelSelector | undefined, path: string): FieldError[] {
  return [
    ...validateLabels(selector?.matchLabels, child(path, 'matchLabels')),
    ...(selector?.matchExpressions ?? []).flatMap((expression, at) => validateExpression(expression, index(child(path, 'matchExpressions'), at))),
  ];
}

function validateExpression({ key = '', operator, values = [] }: LabelSelectorRequirement, path: string): FieldError[] {
  return [...validateValues(operator, values, path), ...validateLabelName(key, child(path, 'key'))];
}

function validateValues(operator: string, values: readonly string[], path: string): FieldError[] {
  switch (operator) {
    case 'In':
    case 'NotIn':
      return values.length === 0 ? [required(child(path, 'values'), "must be specified when `operator` is 'In' or 'NotIn'")] : [];
    case 'Exists':
    case 'DoesNotExist':
      return values.length > 0 ? [forbidden(child(path, 'values'), "may not be specified when `operator` is 'Exists' or 'DoesNotExist'")] : [];
    default:
      return [invalid(child(path, 'operator'), operator, 'not a valid selector operator')];
  }
}
