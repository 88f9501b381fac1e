// pure: which attempts a logs command means, or why there are none.
import type { Attempt } from '../../api/attempt/attempt.ts';
import { fromNewest, generationsOf, numberAttempts, type Generation, type NumberedAttempt } from '../../api/attempt/number-attempts.ts';

export type AttemptWish =
  | { readonly type: 'number'; readonly number: number }
  /** The one before the newest. */
  | { readonly type: 'previous' }
  | { readonly type: 'table' }
  /** Of each Pod the newest: what the log of a Job or Pod that is there shows. */
  | { readonly type: 'newest' };

export interface AttemptChoice {
  readonly kind: 'job' | 'pod';
  readonly name: string;
  /** Of the object that is there now. */
  readonly liveUid: string | undefined;
  readonly wish: AttemptWish;
  /** Not of the object that is there, if one is. */
  readonly archived: boolean;
  /** The beginning of the uid of a Job or Pod. */
  readonly uid?: string;
  readonly container?: string;
  readonly allContainers: boolean;
}

export type ChosenAttempts =
  /** `older`: uids of others that had the name, newest first. */
  | { readonly type: 'attempts'; readonly attempts: readonly NumberedAttempt[]; readonly older: readonly string[] }
  /** `known` are the attempts that there are. */
  | { readonly type: 'none'; readonly problem: string; readonly known: readonly NumberedAttempt[] };

export function chooseAttempts(attempts: readonly Attempt[], choice: AttemptChoice): ChosenAttempts {
  const { kind, name } = choice;
  const generations = generationsOf(attempts, kind);
  const meant = generationMeant(generations, choice);
  if (meant === undefined) return { type: 'none', problem: absenceText(generations, choice), known: [] };
  const numbered = numberAttempts(meant.attempts);
  const own = choice.wish.type === 'table' && choice.container === undefined ? numbered : ofContainers(numbered, choice);
  if (own.length === 0) return { type: 'none', problem: `${kind}/${name} has no attempts of container ${choice.container ?? ''}`, known: numbered };
  const wished = granted(own, choice.wish);
  if (wished.length === 0) return { type: 'none', problem: refusalText(own, choice), known: own };
  return { type: 'attempts', attempts: wished, older: generations.slice(generations.findIndex((generation) => generation.uid === meant.uid) + 1).map(({ uid }) => uid) };
}

function generationMeant(generations: readonly Generation[], { liveUid, archived, uid }: AttemptChoice): Generation | undefined {
  if (uid !== undefined) return generations.find((generation) => generation.uid.startsWith(uid));
  const live = generations.find((generation) => generation.uid === liveUid);
  if (!archived) return liveUid === undefined ? generations[0] : live;
  const gone = generations.find((generation) => generation.uid !== liveUid);
  if (gone !== undefined || live === undefined) return gone;
  const kept = live.attempts.filter(({ isArchived }) => isArchived);
  return kept.length === 0 ? undefined : { uid: live.uid, attempts: kept };
}

function ofContainers(numbered: readonly NumberedAttempt[], { container, allContainers }: AttemptChoice): readonly NumberedAttempt[] {
  if (allContainers) return numbered;
  if (container !== undefined) return numbered.filter(({ attempt }) => attempt.container === container);
  const defaults = numbered.filter(({ attempt }) => attempt.isDefault);
  // A Pod that ended in its init containers never came to its default one.
  return defaults.length > 0 ? defaults : numbered;
}

function granted(own: readonly NumberedAttempt[], wish: AttemptWish): readonly NumberedAttempt[] {
  switch (wish.type) {
    case 'number':
      return own.filter(({ number }) => number === wish.number);
    case 'previous':
      return fromNewest(own, 1);
    case 'table':
      return own;
    case 'newest':
      return [...Map.groupBy(own, ({ attempt }) => `${attempt.podUid}/${attempt.container}`).values()].map((runs) => runs.at(-1)!);
  }
}

function refusalText(own: readonly NumberedAttempt[], { kind, name, wish }: AttemptChoice): string {
  if (wish.type === 'previous') return `${kind}/${name} has no attempt before its newest`;
  const highest = Math.max(...own.map(({ number }) => number));
  const range = highest === 1 ? 'only attempt 1' : `attempts 1 to ${highest}`;
  return wish.type === 'number' ? `${kind}/${name} has no attempt ${wish.number}; there ${highest === 1 ? 'is' : 'are'} ${range}` : `${kind}/${name} has no attempts`;
}

function absenceText(generations: readonly Generation[], { kind, name, uid, liveUid, archived }: AttemptChoice): string {
  if (uid !== undefined) return `no ${kind} named ${name} with uid ${uid} has left attempts${generations.length === 0 ? '' : `; there are ${generations.map((generation) => generation.uid).join(', ')}`}`;
  if (archived && liveUid !== undefined) return `nothing of ${kind}/${name} is archived yet: its containers are there`;
  if (liveUid !== undefined) return `${kind}/${name} has not started a container yet`;
  return `no ${kind} named ${name} is there, and none has left attempts`;
}
