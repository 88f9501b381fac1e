// pure: label selectors, as text ("a=b,c in (d,e),!f") and as LabelSelector objects.
import type { LabelSelector } from './generated/types.ts';
import { badRequestError } from './status-error.ts';

export interface LabelRequirement {
  readonly key: string;
  readonly operator: '=' | '!=' | 'in' | 'notin' | 'exists' | '!exists';
  readonly values: readonly string[];
}

export function parseLabelSelector(text: string): LabelRequirement[] {
  return splitOutsideParentheses(text)
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => parseRequirement(part, text));
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
    }
  });
}

const OPERATORS = { In: 'in', NotIn: 'notin', Exists: 'exists', DoesNotExist: '!exists' } as const;

export function labelSelectorToRequirements(selector: LabelSelector): LabelRequirement[] {
  const equal = Object.entries(selector.matchLabels ?? {}).map(([key, value]) => ({ key, operator: '=' as const, values: [value] }));
  const expressions = (selector.matchExpressions ?? []).map(({ key, operator, values = [] }) => ({
    key,
    operator: OPERATORS[operator as keyof typeof OPERATORS] ?? 'exists',
    values,
  }));
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
  }
}

const KEY = String.raw`[A-Za-z0-9](?:[-A-Za-z0-9_./]*[A-Za-z0-9])?`;
const VALUE = String.raw`(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?)?`;
const EQUALITY = new RegExp(`^(${KEY})\\s*(==|=|!=)\\s*(${VALUE})$`);
const SET = new RegExp(`^(${KEY})\\s+(in|notin)\\s*\\(([^()]*)\\)$`);
const EXISTENCE = new RegExp(`^(!?)\\s*(${KEY})$`);

function parseRequirement(part: string, whole: string): LabelRequirement {
  const equality = EQUALITY.exec(part);
  if (equality) return { key: equality[1]!, operator: equality[2] === '!=' ? '!=' : '=', values: [equality[3]!] };
  const set = SET.exec(part);
  if (set) return { key: set[1]!, operator: set[2] as 'in' | 'notin', values: setValues(set[3]!, part, whole) };
  const existence = EXISTENCE.exec(part);
  if (existence) return { key: existence[2]!, operator: existence[1] === '!' ? '!exists' : 'exists', values: [] };
  throw unparsable(part, whole);
}

function setValues(text: string, part: string, whole: string): string[] {
  const values = text.split(',').map((value) => value.trim());
  if (values.some((value) => !new RegExp(`^${VALUE}$`).test(value))) throw unparsable(part, whole);
  return values;
}

function unparsable(part: string, whole: string): Error {
  return badRequestError(
    `unable to parse requirement: found '${part}' in label selector ${JSON.stringify(whole)}, expected: 'key', '!key', 'key=value', 'key!=value', 'key in (a,b)' or 'key notin (a,b)'`,
  );
}

function splitOutsideParentheses(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '(') depth += 1;
    else if (text[at] === ')') depth -= 1;
    else if (text[at] === ',' && depth === 0) {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  }
  return [...parts, text.slice(start)];
}
