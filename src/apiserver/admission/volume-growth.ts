// A bound claim may ask for more only where the class that made its volume lets volumes grow.
import type { PersistentVolumeClaim, StorageClass } from '../../api/generated/types.ts';
import { PERSISTENT_VOLUME_CLAIMS, STORAGE_CLASSES, type Resource } from '../../api/kinds.ts';
import type { KubeObject } from '../../api/object.ts';
import { compareQuantities } from '../../api/quantity.ts';
import { forbiddenError } from '../../api/status-error.ts';
import { className } from '../../api/volume/storage-facts.ts';
import type { Call } from '../call.ts';
import { decodeEntry, storageKey } from '../stored-object.ts';

const CLASSES = STORAGE_CLASSES as Resource;

export function requireGrowable(call: Call, next: KubeObject, current: KubeObject): void {
  if (call.resource !== (PERSISTENT_VOLUME_CLAIMS as Resource)) return;
  const [after, before] = [next as PersistentVolumeClaim, current as PersistentVolumeClaim].map(({ spec }) => spec?.resources?.requests?.['storage'] ?? '0') as [string, string];
  if (compareQuantities(after, before) <= 0) return;
  if ((current as PersistentVolumeClaim).status?.phase !== 'Bound') throw forbiddenError(call.resource, call.name, 'Only bound persistent volume claims can be expanded');
  const entry = call.server.store.peek(storageKey(CLASSES, '', className(next as PersistentVolumeClaim)));
  const found = entry && (decodeEntry(CLASSES, entry) as StorageClass);
  if (found?.allowVolumeExpansion === true) return;
  throw forbiddenError(call.resource, call.name, 'only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize');
}
