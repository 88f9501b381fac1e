// pure: the flags by which minik logs asks for attempts, checked.
import { UsageError } from '../context.ts';
import type { AttemptWish } from './choose-attempts.ts';

export interface AttemptFlags {
  readonly attempt?: string;
  readonly attempts?: boolean;
  readonly archived?: boolean;
  readonly uid?: string;
  readonly previous?: boolean;
  readonly selector?: string;
}

/** Undefined when only what is there now is asked for. `--previous` alone is asked of what is there first. */
export function attemptWish(flags: AttemptFlags): AttemptWish | undefined {
  const { attempt, attempts, archived, previous, selector, uid } = flags;
  if ([attempt !== undefined, attempts === true, previous === true].filter(Boolean).length > 1) throw new UsageError('only one of --attempt, --attempts and --previous may be given');
  const isWished = attempt !== undefined || attempts === true || archived === true || uid !== undefined;
  if (!isWished) return undefined;
  if (selector !== undefined) throw new UsageError('--attempt, --attempts, --archived and --uid need the name of a Job or Pod, not a selector (-l)');
  if (attempt !== undefined) return { type: 'number', number: numberOf(attempt) };
  if (attempts === true) return { type: 'table' };
  return { type: previous === true ? 'previous' : 'newest' };
}

function numberOf(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new UsageError(`--attempt must be a whole number from 1 on, not "${text}"; --attempts lists them`);
  return Number(text);
}
