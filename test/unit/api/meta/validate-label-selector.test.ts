import { expect, test } from '@jest/globals';
import type { LabelSelector } from '../../../../src/api/generated/types.ts';
import { validateLabelSelector } from '../../../../src/api/meta/validate-label-selector.ts';
import { errorTexts } from '../../../support/error-texts.ts';

test.each<[title: string, selector: LabelSelector | undefined, errors: readonly unknown[]]>([
  ['no selector is fine', undefined, []],
  ['every operator passes with what it needs', { matchLabels: { a: 'b' }, matchExpressions: [{ key: 'a', operator: 'In', values: ['b'] }, { key: 'c', operator: 'DoesNotExist' }] }, []],
  ['In needs values', { matchExpressions: [{ key: 'a', operator: 'In' }] }, ["s.matchExpressions[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn'"]],
  ['Exists takes no values', { matchExpressions: [{ key: 'a', operator: 'Exists', values: ['b'] }] }, ["s.matchExpressions[0].values: Forbidden: may not be specified when `operator` is 'Exists' or 'DoesNotExist'"]],
  ['an operator is one of four', { matchExpressions: [{ key: 'a', operator: 'Equals' }] }, ['s.matchExpressions[0].operator: Invalid value: "Equals": not a valid selector operator']],
  ['a key is a label name', { matchExpressions: [{ key: '', operator: 'Exists' }] }, ['s.matchExpressions[0].key: Invalid value: "": name part must be non-empty', expect.stringContaining('s.matchExpressions[0].key')]],
  ['labels are checked', { matchLabels: { a: '-' } }, [expect.stringMatching(/^s\.matchLabels: Invalid value: "-"/)]],
])('%s', (_title, selector, errors) => {
  expect(errorTexts(validateLabelSelector(selector, 's'))).toEqual(errors);
});
