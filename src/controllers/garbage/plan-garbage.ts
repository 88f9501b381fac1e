// pure: what the garbage collector does about one object, given what became of its owners and who depends on it.
import type { OwnerReference } from '../../api/generated/types.ts';
import type { KubeObject } from '../../api/object.ts';

/** What is known of an owner: there, gone for sure, or there but waiting for its dependents to go. */
export type OwnerState = 'living' | 'absent' | 'waiting';

export interface GarbageObserved {
  readonly object: KubeObject;
  readonly owners: readonly { readonly reference: OwnerReference; readonly state: OwnerState }[];
  /** Objects that name this one as an owner. */
  readonly dependents: readonly KubeObject[];
}

export type GarbageAction =
  | { readonly type: 'delete-object' }
  /** Drops references to owners that are gone or going, where another owner lives on. */
  | { readonly type: 'drop-owners'; readonly uids: readonly string[] }
  /** Dependents lose their reference to this object. */
  | { readonly type: 'orphan-dependents' }
  | { readonly type: 'delete-dependents'; readonly dependents: readonly KubeObject[] }
  | { readonly type: 'remove-finalizer'; readonly finalizer: typeof ORPHAN | typeof FOREGROUND };

export const ORPHAN = 'orphan';
export const FOREGROUND = 'foregroundDeletion';

export function planGarbage({ object, owners, dependents }: GarbageObserved): GarbageAction[] {
  const { deletionTimestamp, finalizers = [] } = object.metadata ?? {};
  if (deletionTimestamp !== undefined) {
    if (finalizers.includes(ORPHAN)) return [{ type: 'orphan-dependents' }, { type: 'remove-finalizer', finalizer: ORPHAN }];
    return finalizers.includes(FOREGROUND) ? planForeground(object, dependents) : [];
  }
  if (owners.length === 0) return [];
  const dangling = owners.filter(({ state }) => state !== 'living');
  if (dangling.length === owners.length) return [{ type: 'delete-object' }];
  return dangling.length === 0 ? [] : [{ type: 'drop-owners', uids: dangling.map(({ reference }) => reference.uid) }];
}

/** The owner stays until every dependent that blocks it is gone; dependents with another owner are theirs to judge. */
function planForeground(object: KubeObject, dependents: readonly KubeObject[]): GarbageAction[] {
  const uid = object.metadata?.uid;
  const blocking = dependents.filter(({ metadata }) => metadata?.ownerReferences?.some((owner) => owner.uid === uid && owner.blockOwnerDeletion === true));
  const toDelete = dependents.filter(({ metadata }) => metadata?.deletionTimestamp === undefined && metadata?.ownerReferences?.length === 1);
  return [
    ...(toDelete.length > 0 ? [{ type: 'delete-dependents', dependents: toDelete } as const] : []),
    ...(blocking.length === 0 ? [{ type: 'remove-finalizer', finalizer: FOREGROUND } as const] : []),
  ];
}
