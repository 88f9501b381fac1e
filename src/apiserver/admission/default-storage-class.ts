// A claim that names no class gets the default one; without a default it waits for one.
import type { PersistentVolumeClaim, StorageClass } from '../../api/generated/types.ts';
import { PERSISTENT_VOLUME_CLAIMS, STORAGE_CLASSES, type Resource } from '../../api/kinds.ts';
import type { KubeObject } from '../../api/object.ts';
import { defaultClassOf, wantsDefaultClass } from '../../api/volume/storage-facts.ts';
import type { Call } from '../call.ts';
import { decodeEntry, storagePrefix } from '../stored-object.ts';

const CLASSES = STORAGE_CLASSES as Resource;

export async function withDefaultClass(call: Call, object: KubeObject): Promise<KubeObject> {
  const claim = object as PersistentVolumeClaim;
  if (call.resource !== (PERSISTENT_VOLUME_CLAIMS as Resource) || claim.spec === undefined || !wantsDefaultClass(claim)) return object;
  const { entries } = await call.server.store.list(storagePrefix(CLASSES, ''));
  const chosen = defaultClassOf(entries.map((entry) => decodeEntry(CLASSES, entry) as StorageClass));
  if (chosen === undefined) return object;
  const admitted: PersistentVolumeClaim = { ...claim, spec: { ...claim.spec, storageClassName: chosen.metadata?.name } };
  return admitted;
}
