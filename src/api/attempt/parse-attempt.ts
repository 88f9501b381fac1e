// pure: an attempt read back from a file or a reply; undefined for anything else.
import type { Attempt } from './attempt.ts';

const TEXTS = ['namespace', 'pod', 'podUid', 'container', 'image'] as const;
const OPTIONAL_TEXTS = ['startedAt', 'finishedAt', 'reason', 'message', 'logProblem'] as const;
const OPTIONAL_NUMBERS = ['exitCode', 'signal'] as const;
const FLAGS = ['isInit', 'isDefault', 'isTruncated', 'isArchived'] as const;

export function parseAttempt(value: unknown): Attempt | undefined {
  if (!isRecord(value)) return undefined;
  const isWhole =
    TEXTS.every((name) => typeof value[name] === 'string') &&
    FLAGS.every((name) => typeof value[name] === 'boolean') &&
    OPTIONAL_TEXTS.every((name) => value[name] === undefined || typeof value[name] === 'string') &&
    OPTIONAL_NUMBERS.every((name) => value[name] === undefined || Number.isInteger(value[name])) &&
    isCount(value['restart']) &&
    isCount(value['logBytes']) &&
    isJob(value['job']);
  return isWhole ? (value as unknown as Attempt) : undefined;
}

function isJob(value: unknown): boolean {
  if (value === undefined) return true;
  if (!isRecord(value) || typeof value['name'] !== 'string' || typeof value['uid'] !== 'string') return false;
  return value['index'] === undefined || isCount(value['index']);
}

function isCount(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) >= 0;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
