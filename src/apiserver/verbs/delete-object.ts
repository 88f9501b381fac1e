// What a deletion does to one object: preconditions, propagation finalizers, grace period, and the end.
import type { DeleteOptions, ObjectMeta } from '../../api/generated/types.ts';
import { sameValue } from '../../api/equality.ts';
import { conflictError, forbiddenError, notFoundError } from '../../api/status-error.ts';
import type { KubeObject } from '../../api/object.ts';
import { fromTime, toTime } from '../../api/time.ts';
import type { Call } from '../call.ts';
import { conversionOf } from '../conversion/conversion.ts';
import { decodeEntry, encodeObject, storageKey } from '../stored-object.ts';
import { propagationOf } from './delete-options.ts';

export interface Deletion {
  /** As stored now, or as it was at its end. */
  readonly object: KubeObject;
  readonly gone: boolean;
}

const PROPAGATION_FINALIZERS = { Orphan: 'orphan', Foreground: 'foregroundDeletion', Background: undefined } as const;

export async function deleteObject(call: Call, options: DeleteOptions, { dryRun }: { readonly dryRun: boolean }): Promise<Deletion> {
  const { resource, server, strategy } = call;
  const key = storageKey(resource, call.namespace, call.name);
  const entry = server.store.peek(key);
  if (entry === undefined) throw notFoundError(resource, call.name);
  const current = decodeEntry(resource, entry);
  const forbidden = strategy.forbidsDeletion?.(current);
  if (forbidden !== undefined) throw forbiddenError(resource, call.name, forbidden);
  requirePreconditions(call, current, options);
  const grace = strategy.gracePeriodSeconds?.(current, options.gracePeriodSeconds) ?? 0;
  const marked = markDeleted(call, current, { finalizers: finalizersFor(call, current, options), grace });
  const held = grace > 0 || (marked.metadata?.finalizers ?? []).length > 0 || strategy.holdsDeletion?.(marked) === true;
  if (dryRun) return { object: marked, gone: !held };
  const encode = encodeObject(conversionOf(resource).toStored(marked));
  if (!held) return { object: decodeEntry(resource, await server.store.delete(key, entry.revision, encode)), gone: true };
  // Deleting again what is being deleted changes nothing and takes no revision.
  const again = sameValue(marked, current);
  const after = again ? ((await server.store.get(key)) ?? entry) : await server.store.update(key, entry.revision, encode);
  return { object: decodeEntry(resource, after), gone: false };
}

function requirePreconditions(call: Call, current: KubeObject, { preconditions }: DeleteOptions): void {
  const meta = current.metadata ?? {};
  if (preconditions?.uid !== undefined && preconditions.uid !== meta.uid) {
    throw conflictError(call.resource, call.name, `Precondition failed: UID in precondition: ${preconditions.uid}, UID in object meta: ${meta.uid}`);
  }
  if (preconditions?.resourceVersion !== undefined && preconditions.resourceVersion !== meta.resourceVersion) {
    throw conflictError(
      call.resource,
      call.name,
      `Precondition failed: ResourceVersion in precondition: ${preconditions.resourceVersion}, ResourceVersion in object meta: ${meta.resourceVersion}`,
    );
  }
}

/** A propagation that was asked for replaces an earlier one; none asked for keeps it. */
function finalizersFor(call: Call, current: KubeObject, options: DeleteOptions): string[] {
  const present = current.metadata?.finalizers ?? [];
  const { policy, chosen } = propagationOf(call.resource, options);
  const earlier = present.some((finalizer) => finalizer === 'orphan' || finalizer === 'foregroundDeletion');
  if (!chosen && earlier) return present;
  const others = present.filter((finalizer) => finalizer !== 'orphan' && finalizer !== 'foregroundDeletion');
  const added = PROPAGATION_FINALIZERS[policy];
  return added === undefined ? others : [...others, added];
}

/** A repeated deletion may only shorten the grace period. */
function markDeleted(call: Call, current: KubeObject, { finalizers, grace }: { readonly finalizers: string[]; readonly grace: number }): KubeObject {
  const { finalizers: _old, ...meta } = current.metadata ?? {};
  const earlierGrace = meta.deletionGracePeriodSeconds;
  const seconds = meta.deletionTimestamp === undefined || earlierGrace === undefined ? grace : Math.min(grace, earlierGrace);
  const earlierDeadline = fromTime(meta.deletionTimestamp);
  const deadline = call.server.clock.now() + seconds * 1000;
  const metadata: ObjectMeta = {
    ...meta,
    ...(finalizers.length === 0 ? {} : { finalizers }),
    deletionTimestamp: toTime(earlierDeadline === undefined ? deadline : Math.min(deadline, earlierDeadline)),
    deletionGracePeriodSeconds: seconds,
  };
  const marked = { ...current, metadata };
  return call.strategy.markDeleted?.(marked) ?? marked;
}
