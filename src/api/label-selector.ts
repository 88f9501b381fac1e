// pure: label selectors, as text ("a=b,c in (d,e),!f") and as LabelSelector objects.
import { checkLabelValue, checkQualifiedName } from './dns-name.ts';
import type { LabelSelector } from './generated/types.ts';
import { labelTokens, type LabelToken, type LabelTokens } from './label-selector-tokens.ts';
import { badRequestError } from './status-error.ts';

export interface LabelRequirement {
  readonly key: string;
  readonly operator: '=' | '!=' | 'in' | 'notin' | 'exists' | '!exists' | 'gt' | 'lt';
  readonly values: readonly string[];
}

export function matchesLabels(requirements: readonly LabelRequirement[], labels: Readonly<Record<string, string>>): boolean {
  return requirements.every(({ key, operator, values }) => {
    const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
    switch (operator) {
      case '=':
      case 'in':
        return value !== undefined && values.includes(value);
      case '!=':
      case 'notin':
        return value === undefined || !values.includes(value);
      case 'exists':
        return value !== undefined;
      case '!exists':
        return value === undefined;
      case 'gt':
        return isWholeNumber(value) && BigInt(value) > BigInt(values[0]!);
      case 'lt':
        return isWholeNumber(value) && BigInt(value) < BigInt(values[0]!);
    }
  });
}

const OPERATORS = new Map<string, LabelRequirement['operator']>([
  ['In', 'in'],
  ['NotIn', 'notin'],
  ['Exists', 'exists'],
  ['DoesNotExist', '!exists'],
]);

/** Of a selector whose operators have been validated. */
export function labelSelectorToRequirements(selector: LabelSelector): LabelRequirement[] {
  const equal = Object.entries(selector.matchLabels ?? {}).map(([key, value]) => ({ key, operator: '=' as const, values: [value] }));
  const expressions = (selector.matchExpressions ?? []).flatMap(({ key, operator, values = [] }) => {
    const known = OPERATORS.get(operator);
    // An operator that validation refuses selects nothing: no pod has to suffer for it.
    return known === undefined ? [{ key, operator: 'in' as const, values: [] }] : [{ key, operator: known, values }];
  });
  return [...equal, ...expressions];
}

/** "a=b,c in (d,e)", keys in order; '' selects everything. */
export function formatLabelSelector(selector: LabelSelector | undefined): string {
  if (selector === undefined) return '';
  return labelSelectorToRequirements(selector)
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(formatRequirement)
    .join(',');
}

function formatRequirement({ key, operator, values }: LabelRequirement): string {
  switch (operator) {
    case '=':
    case '!=':
      return `${key}${operator}${values[0] ?? ''}`;
    case 'in':
    case 'notin':
      return `${key} ${operator} (${[...values].sort().join(',')})`;
    case 'exists':
      return key;
    case '!exists':
      return `!${key}`;
    case 'gt':
      return `${key}>${values[0] ?? ''}`;
    case 'lt':
      return `${key}<${values[0] ?? ''}`;
  }
}

/** Throws 400 with the text that tells which word was found and which was expected. */
export function parseLabelSelector(text: string): LabelRequirement[] {
  const tokens = labelTokens(text);
  const requirements: LabelRequirement[] = [];
  while (tokens.peek().type !== 'end') {
    if (!beginsRequirement(tokens.peek())) throw badRequestError(`${found(tokens.peek())}, expected: !, identifier, or 'end of string'`);
    requirements.push(readRequirement(tokens));
    const after = tokens.next();
    if (after.type === 'end') break;
    if (after.text !== ',') throw badRequestError(`${found(after)}, expected: ',' or 'end of string'`);
    if (!beginsRequirement(tokens.peek())) throw badRequestError(`${found(tokens.peek())}, expected: identifier after ','`);
  }
  return requirements;
}

function readRequirement(tokens: LabelTokens): LabelRequirement {
  const first = tokens.next();
  const negated = first.text === '!';
  const key = negated ? tokens.next() : first;
  if (key.type !== 'word') throw unparsable(`${found(key)}, expected: identifier`);
  const problems = checkQualifiedName(key.text);
  if (problems.length > 0) throw unparsable(`<nil>: Invalid value: ${JSON.stringify(key.text)}: ${problems.join('; ')}`);
  const ends = tokens.peek().type === 'end' || tokens.peek().text === ',';
  if (negated || ends) return { key: key.text, operator: negated ? '!exists' : 'exists', values: [] };
  const operator = readOperator(tokens.next());
  const isSet = operator === 'in' || operator === 'notin';
  return checkValues({ key: key.text, operator, values: isSet ? readValues(tokens) : [readValue(tokens)] });
}

const BINARY = new Map<string, LabelRequirement['operator']>([
  ['in', 'in'],
  ['notin', 'notin'],
  ['=', '='],
  ['==', '='],
  ['!=', '!='],
  ['>', 'gt'],
  ['<', 'lt'],
]);

function readOperator(token: LabelToken): LabelRequirement['operator'] {
  const operator = BINARY.get(token.text);
  if (operator === undefined) throw unparsable(`${found(token)}, expected: in, notin, =, ==, !=, gt, lt`);
  return operator;
}

/** "(a,b)"; an empty place, also the one in "()", is the empty value. */
function readValues(tokens: LabelTokens): string[] {
  const open = tokens.next();
  if (open.text !== '(') throw unparsable(`${found(open)} expected: '('`);
  const first = tokens.peek();
  if (first.type !== 'word' && first.text !== ',' && first.text !== ')') throw unparsable(`${found(first)}, expected: ',', ')' or identifier`);
  const values = new Set<string>();
  for (;;) {
    values.add(tokens.peek().type === 'word' ? tokens.next().text : '');
    const after = tokens.next();
    if (after.text === ')') return [...values].sort();
    if (after.text !== ',') throw unparsable(`${found(after)}, expected: ',' or ')'`);
  }
}

function readValue(tokens: LabelTokens): string {
  const token = tokens.peek();
  if (token.type === 'end' || token.text === ',') return '';
  if (token.type !== 'word') throw unparsable(`${found(token)}, expected: identifier`);
  return tokens.next().text;
}

function checkValues(requirement: LabelRequirement): LabelRequirement {
  const { key, operator, values } = requirement;
  values.forEach((value, at) => {
    if ((operator === 'gt' || operator === 'lt') && !isWholeNumber(value)) {
      throw unparsable(`values[${at}]: Invalid value: ${JSON.stringify(value)}: for 'Gt', 'Lt' operators, the value must be an integer`);
    }
    const problems = checkLabelValue(value);
    if (problems.length > 0) throw unparsable(`values[${at}][${key}]: Invalid value: ${JSON.stringify(value)}: ${problems.join('; ')}`);
  });
  return requirement;
}

function beginsRequirement(token: LabelToken): boolean {
  return token.type === 'word' || token.text === '!';
}

function isWholeNumber(value: string | undefined): value is string {
  return value !== undefined && /^[+-]?\d+$/.test(value);
}

function found({ text }: LabelToken): string {
  return `found '${text}'`;
}

function unparsable(problem: string): Error {
  return badRequestError(`unable to parse requirement: ${problem}`);
}
