// A write that the server itself decides (binding, eviction, finalize): no client object is decoded or validated, but it
// is the same read-modify-write, with the same end for objects that nothing holds back.
import { sameValue } from '../../api/equality.ts';
import type { KubeObject } from '../../api/object.ts';
import { notFoundError } from '../../api/status-error.ts';
import type { Call } from '../call.ts';
import { conversionOf } from '../conversion/conversion.ts';
import { decodeEntry, encodeObject, storageKey } from '../stored-object.ts';

export async function rewriteObject(
  call: Call,
  change: (current: KubeObject) => KubeObject,
  { dryRun }: { readonly dryRun: boolean },
): Promise<KubeObject> {
  const { resource } = call;
  const { store } = call.server;
  const key = storageKey(resource, call.namespace, call.name);
  const entry = store.peek(key);
  if (entry === undefined) throw notFoundError(resource, call.name);
  const current = decodeEntry(resource, entry);
  const next = change(current);
  if (dryRun) return next;
  const encode = encodeObject(conversionOf(resource).toStored(next));
  if (isReleased(call, next)) return decodeEntry(resource, await store.delete(key, entry.revision, encode));
  // A write that changes nothing takes no revision, but its reply still waits for what it read to be on disk.
  if (sameValue(next, current)) return decodeEntry(resource, (await store.get(key)) ?? entry);
  return decodeEntry(resource, await store.update(key, entry.revision, encode));
}

/** A deleted object that nothing holds back any more goes with this very write. */
function isReleased(call: Call, object: KubeObject): boolean {
  const { deletionTimestamp, deletionGracePeriodSeconds = 0, finalizers = [] } = object.metadata ?? {};
  if (deletionTimestamp === undefined || deletionGracePeriodSeconds !== 0 || finalizers.length > 0) return false;
  return call.strategy.holdsDeletion?.(object) !== true;
}
