// pure: what --for asks for, and whether an object has come to it.
import type { Job, Pod } from '../../api/generated/types.ts';
import type { KubeObject } from '../../api/object.ts';
import { UsageError } from '../context.ts';
import { parseRelaxedPath, type JsonPath } from '../printers/jsonpath-parser.ts';
import { findAll, valueText } from '../printers/jsonpath.ts';

export type Goal =
  | { readonly type: 'condition'; readonly name: string; readonly status: string }
  | { readonly type: 'jsonpath'; readonly path: readonly JsonPath[]; readonly value: string | undefined }
  | { readonly type: 'delete' }
  | { readonly type: 'create' }
  /** minik's own: a Job that is complete or failed, a Pod that has ended. */
  | { readonly type: 'finished' };

export type Verdict =
  | { readonly type: 'met' }
  /** It ended, but badly: only `finished` tells. */
  | { readonly type: 'failed'; readonly why: string }
  | { readonly type: 'waiting' };

const MET: Verdict = { type: 'met' };
const WAITING: Verdict = { type: 'waiting' };

export function parseGoal(text: string): Goal {
  const lower = text.toLowerCase();
  if (lower === 'delete' || lower === 'create' || lower === 'finished') return { type: lower };
  if (lower.startsWith('condition=')) {
    const [, name = '', status = 'true'] = text.split('=');
    return { type: 'condition', name, status };
  }
  if (lower.startsWith('jsonpath=')) return parseJsonPathGoal(text.slice('jsonpath='.length));
  throw new UsageError(`unrecognized condition: ${JSON.stringify(text)}`);
}

function parseJsonPathGoal(text: string): Goal {
  const input = text.replace(/^'(.*)'$/s, '$1');
  const match = /^(\{.*\}|[^=]+)(?:=(.*))?$/s.exec(input);
  if (match === null) throw new UsageError(`jsonpath wait format must be --for=jsonpath='{.status.readyReplicas}'=3 or --for=jsonpath='{.status.readyReplicas}'`);
  const [, path = '', value] = match;
  if (value === '') throw new UsageError('jsonpath wait has to have a value after equal sign, like --for=jsonpath=\'{.status.readyReplicas}\'=3');
  return { type: 'jsonpath', path: parseRelaxedPath(path.replace(/^'(.*)'$/s, '$1')), value: value?.replace(/^(['"])(.*)\1$/s, '$2') };
}

/** `object`: undefined when it does not exist. */
export function judge(goal: Goal, object: KubeObject | undefined): Verdict {
  if (goal.type === 'delete') return object === undefined ? MET : WAITING;
  if (object === undefined) return WAITING;
  switch (goal.type) {
    case 'create':
      return MET;
    case 'condition':
      return hasCondition(object, goal.name, goal.status) ? MET : WAITING;
    case 'jsonpath':
      return matchesPath(object, goal.path, goal.value) ? MET : WAITING;
    case 'finished':
      return object.kind === 'Pod' ? judgePod(object as Pod) : judgeJob(object as Job);
  }
}

interface Conditioned extends KubeObject {
  readonly status?: { readonly conditions?: readonly { readonly type?: string; readonly status?: string; readonly observedGeneration?: number }[]; readonly observedGeneration?: number };
}

/** A condition of an older generation of the spec says nothing about this one. */
function hasCondition(object: Conditioned, name: string, status: string): boolean {
  const condition = object.status?.conditions?.find(({ type = '' }) => type.toLowerCase() === name.toLowerCase());
  if (condition === undefined) return false;
  const observed = condition.observedGeneration ?? object.status?.observedGeneration;
  if (observed !== undefined && observed < (object.metadata?.generation ?? 0)) return false;
  return (condition.status ?? '').toLowerCase() === status.toLowerCase();
}

function matchesPath(object: KubeObject, path: readonly JsonPath[], value: string | undefined): boolean {
  const found = findAll(path, object, { allowMissingKeys: true });
  if (value === undefined) return found.some((one) => one !== undefined && one !== null);
  return found.length === 1 && valueText(found[0]) === value;
}

function judgeJob({ status }: Job): Verdict {
  const isTrue = (name: string) => status?.conditions?.find((condition) => condition.type === name && condition.status === 'True');
  if (isTrue('Complete') !== undefined) return MET;
  const failed = isTrue('Failed');
  return failed === undefined ? WAITING : { type: 'failed', why: `${failed.reason}: ${failed.message}` };
}

function judgePod({ status }: Pod): Verdict {
  if (status?.phase === 'Succeeded') return MET;
  if (status?.phase !== 'Failed') return WAITING;
  const ended = status.containerStatuses?.map(({ state }) => state?.terminated).find((state) => state !== undefined && state.exitCode !== 0);
  return { type: 'failed', why: status.message ?? (ended === undefined ? (status.reason ?? 'Failed') : `exit code ${ended.exitCode}`) };
}
