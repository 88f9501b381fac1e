// pure: the words "key=value:Effect" and "key:Effect-" behind taint, and what they make of a node's taints.
import { checkLabelValue, checkQualifiedName } from '../../api/dns-name.ts';
import type { Taint } from '../../api/generated/types.ts';
import { UsageError } from '../context.ts';

export interface TaintChanges {
  readonly add: readonly Taint[];
  /** Without an effect: whatever effects the key has. */
  readonly remove: readonly { readonly key: string; readonly effect?: string }[];
}

export type TaintPlan = { readonly taints: readonly Taint[]; readonly done: 'tainted' | 'untainted' | 'modified' } | { readonly errors: readonly string[] };

const EFFECTS = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

/** Words up to the first that is a taint name nodes. */
export function splitTaints(words: readonly string[]): { readonly targets: readonly string[]; readonly taints: readonly string[] } {
  const isTaint = (word: string): boolean => word.includes('=') || word.includes(':') || word.endsWith('-');
  const first = words.findIndex(isTaint);
  const [targets, taints] = first < 0 ? [words, []] : [words.slice(0, first), words.slice(first)];
  const stray = taints.find((word) => !isTaint(word));
  if (stray !== undefined) throw new UsageError(`all resources must be specified before taint changes: ${stray}`);
  if (targets.length === 0) throw new UsageError('one or more resources must be specified as <resource> <name>');
  if (taints.length === 0) throw new UsageError('at least one taint update is required');
  return { targets, taints };
}

export function parseTaints(words: readonly string[]): TaintChanges {
  const add: Taint[] = [];
  const remove: { key: string; effect?: string }[] = [];
  for (const word of words) {
    const { key, value, effect } = parseTaint(word.replace(/-$/, ''));
    if (word.endsWith('-')) {
      remove.push(effect === undefined ? { key } : { key, effect });
      continue;
    }
    if (effect === undefined) throw misused(`invalid taint spec: ${word}`);
    if (add.some((other) => other.key === key && other.effect === effect)) throw misused(`duplicated taints with the same key and effect: {${key} ${value} ${effect} <nil>}`);
    add.push({ key, effect, ...(value === '' ? {} : { value }) });
  }
  const clashes = remove.filter(({ key, effect }) => add.some((taint) => taint.key === key && (effect === undefined || effect === taint.effect)));
  if (clashes.length > 0) throw new UsageError(`can not both modify and remove the following taint(s) in the same command: ${clashes.map(({ key, effect = '' }) => `${key}=${effect}`).join(', ')}`);
  return { add, remove };
}

function parseTaint(text: string): { readonly key: string; readonly value: string; readonly effect?: string } {
  const parts = text.split(':');
  const pair = parts.length === 2 ? parts[0]!.split('=') : [parts[0]!];
  const [key = '', value = ''] = pair;
  if (parts.length > 2) throw misused(`invalid taint spec: ${text}`);
  const effect = parts[1];
  if (effect !== undefined && !EFFECTS.includes(effect)) throw misused(`invalid taint effect: ${effect}, unsupported taint effect`);
  if (pair.length > 2) throw misused(`invalid taint spec: ${text}`);
  const problems = [checkLabelValue(value), checkQualifiedName(key)].find((found) => found.length > 0);
  if (problems !== undefined) throw misused(`invalid taint spec: ${text}, ${problems.join('; ')}`);
  return { key, value, ...(effect === undefined ? {} : { effect }) };
}

function misused(message: string): UsageError {
  return new UsageError(`${message}\nSee 'minik taint -h' for help and examples`);
}

/** New taints first, then the old ones that stay. */
export function planTaints({ name, taints }: { readonly name: string; readonly taints: readonly Taint[] }, changes: TaintChanges, overwrite: boolean): TaintPlan {
  const { add, remove } = changes;
  const isSame = (a: Taint, b: Taint): boolean => a.key === b.key && a.effect === b.effect;
  const existing = add.filter((taint) => taints.some((old) => isSame(old, taint)));
  if (!overwrite && existing.length > 0) {
    return { errors: [`node ${name} already has ${existing.map(({ key }) => key).join(',')} taint(s) with same effect(s) and --overwrite is false`] };
  }
  const together = [...add, ...taints.filter((old) => !add.some((taint) => isSame(taint, old)))];
  const isRemoved = ({ key, effect }: Taint): boolean => remove.some((one) => one.key === key && (one.effect === undefined || one.effect === effect));
  const missing = remove.filter((one) => !together.some(({ key, effect }) => one.key === key && (one.effect === undefined || one.effect === effect)));
  if (missing.length > 0) return { errors: missing.map(({ key, effect }) => `taint ${JSON.stringify(effect === undefined ? key : `${key}:${effect}`)} not found`) };
  const left = together.filter((taint) => !isRemoved(taint));
  const [added, removed] = [together.length !== taints.length, left.length !== together.length];
  return { taints: left, done: overwrite || (added && removed) ? 'modified' : added ? 'tainted' : 'untainted' };
}
