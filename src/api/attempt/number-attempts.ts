// pure: attempts counted from 1 in the order of their start, and told apart where several objects had the same name.
import { compareAttempts, type Attempt } from './attempt.ts';

export interface NumberedAttempt {
  readonly number: number;
  readonly attempt: Attempt;
}

/** Of one Job or one Pod. Each container counts for itself; in an Indexed Job, each completion index does. */
export function numberAttempts(attempts: readonly Attempt[]): readonly NumberedAttempt[] {
  const counts = new Map<string, number>();
  return [...attempts].sort(compareAttempts).map((attempt) => {
    const key = countedTogether(attempt);
    const number = (counts.get(key) ?? 0) + 1;
    counts.set(key, number);
    return { number, attempt };
  });
}

/** Of each count the attempt that is `back` before its newest: 0 is the newest. */
export function fromNewest(numbered: readonly NumberedAttempt[], back: number): readonly NumberedAttempt[] {
  return [...Map.groupBy(numbered, ({ attempt }) => countedTogether(attempt)).values()].flatMap((same) => same.at(-1 - back) ?? []);
}

function countedTogether({ job, container }: Attempt): string {
  return `${job?.index ?? ''}/${container}`;
}

export interface Generation {
  /** Of the Job or the Pod. */
  readonly uid: string;
  readonly attempts: readonly Attempt[];
}

/** Jobs, or Pods, that had the same name one after the other: newest first. */
export function generationsOf(attempts: readonly Attempt[], kind: 'job' | 'pod'): readonly Generation[] {
  const sorted = [...attempts].sort(compareAttempts);
  const uidOf = (attempt: Attempt): string => (kind === 'job' ? (attempt.job?.uid ?? '') : attempt.podUid);
  // Entries are in the order of first starts.
  return [...Map.groupBy(sorted, uidOf)].map(([uid, own]) => ({ uid, attempts: own })).reverse();
}
