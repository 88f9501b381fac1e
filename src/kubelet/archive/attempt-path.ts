// pure: where an attempt lies in the archive: NAMESPACE/POD-UID/CONTAINER-RESTART, with .json for the facts and .log.
import type { Attempt } from '../../api/attempt/attempt.ts';

export const FACTS = '.json';
export const LOG = '.log';
export const TEMPORARY = '.tmp';

/** Without the ending. Names come from labels of containers too, so none may lead elsewhere: undefined then. */
export function attemptPath({ namespace, podUid, container, restart }: Pick<Attempt, 'namespace' | 'podUid' | 'container' | 'restart'>): string | undefined {
  const isSafe = [namespace, podUid, container].every((name) => /^[a-zA-Z0-9][a-zA-Z0-9.-]*$/.test(name)) && Number.isInteger(restart) && restart >= 0;
  return isSafe ? `${namespace}/${podUid}/${container}-${restart}` : undefined;
}

/** What a folder of a Pod holds: attempts, by their names without ending, and what a crash has left over. */
export function sortFolder(names: readonly string[]): { readonly attempts: readonly string[]; readonly leftovers: readonly string[] } {
  const attempts = names.filter((name) => name.endsWith(FACTS)).map((name) => name.slice(0, -FACTS.length));
  const known = new Set(attempts.flatMap((name) => [name + FACTS, name + LOG]));
  const leftovers = names.filter((name) => !known.has(name) && (name.endsWith(TEMPORARY) || name.endsWith(LOG)));
  return { attempts, leftovers };
}
