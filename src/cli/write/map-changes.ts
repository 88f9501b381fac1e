// pure: the words "a=b" and "c-" behind label and annotate, and what they change in an object's labels or annotations.
import { UsageError } from '../context.ts';

export interface MapChanges {
  readonly set: Readonly<Record<string, string>>;
  readonly remove: readonly string[];
}

/** Words up to the first that changes something name objects. */
export function splitChanges(
  words: readonly string[],
  { what, list }: { readonly what: 'label' | 'annotation'; readonly list: boolean },
): { readonly targets: readonly string[]; readonly changes: MapChanges } {
  const isChange = (word: string): boolean => word.indexOf('=') > 0 || (word.endsWith('-') && word.length > 1);
  const first = words.findIndex(isChange);
  const targets = first < 0 ? words : words.slice(0, first);
  const pairs = first < 0 ? [] : words.slice(first);
  const stray = pairs.find((word) => !isChange(word));
  if (stray !== undefined) throw new UsageError(`all resources must be specified before ${what} changes: ${stray}`);
  if (pairs.length === 0 && !list) throw new UsageError(`at least one ${what} update is required`);
  return { targets, changes: parseChanges(pairs, what) };
}

function parseChanges(pairs: readonly string[], what: string): MapChanges {
  const set: Record<string, string> = {};
  const remove: string[] = [];
  for (const pair of pairs) {
    const equals = pair.indexOf('=');
    if (equals > 0) set[pair.slice(0, equals)] = checkedValue(pair, what);
    else remove.push(pair.slice(0, -1));
  }
  if (remove.some((key) => key in set)) throw new UsageError(`can not both modify and remove ${what === 'label' ? 'a' : 'an'} ${what} in the same command`);
  return { set, remove };
}

function checkedValue(pair: string, what: string): string {
  const value = pair.slice(pair.indexOf('=') + 1);
  if (what === 'label' && !/^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/.test(value)) {
    throw new UsageError(
      `invalid label value: ${JSON.stringify(pair)}: a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')`,
    );
  }
  return value;
}

export interface MapPlan {
  /** For a merge patch: a key to its new value, null to take it away. Empty: nothing changes. */
  readonly patch: Readonly<Record<string, string | null>>;
  /** Keys that were to be removed and are not there. */
  readonly absent: readonly string[];
  /** Keys with another value now: an error unless overwriting was allowed. */
  readonly clashes: readonly { readonly key: string; readonly value: string }[];
}

export function planMapChanges(current: Readonly<Record<string, string>>, changes: MapChanges): MapPlan {
  const different = Object.entries(changes.set).filter(([key, value]) => current[key] !== value);
  const present = changes.remove.filter((key) => key in current);
  return {
    patch: { ...Object.fromEntries(different), ...Object.fromEntries(present.map((key) => [key, null])) },
    absent: changes.remove.filter((key) => !(key in current)),
    clashes: different.filter(([key]) => key in current).map(([key]) => ({ key, value: current[key]! })),
  };
}
