// What a cluster has before anybody creates anything: the four namespaces, the system's PriorityClasses, and a StorageClass
// so that claims just work.
import type { StorageClass } from '../api/generated/types.ts';
import { NAMESPACES, PRIORITY_CLASSES, STORAGE_CLASSES } from '../api/kinds.ts';
import { SYSTEM_CLASSES } from '../api/priority/system-classes.ts';
import { isAlreadyExists } from '../api/status-error.ts';
import { DEFAULT_CLASS, DIRECTORY_PROVISIONER } from '../api/volume/storage-names.ts';
import type { Client } from '../client/client.ts';

const BOOTSTRAP_NAMESPACES = ['default', 'kube-system', 'kube-public', 'kube-node-lease'];

/** As kind's and the clouds': what a claim gets is decided when its first Pod is placed. */
const STANDARD_CLASS: StorageClass = {
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: { name: 'standard', annotations: { [DEFAULT_CLASS]: 'true' } },
  provisioner: DIRECTORY_PROVISIONER,
  reclaimPolicy: 'Delete',
  volumeBindingMode: 'WaitForFirstConsumer',
  allowVolumeExpansion: true,
};

export async function createBootstrapObjects(client: Client): Promise<void> {
  await Promise.all([
    ...BOOTSTRAP_NAMESPACES.map((name) => client.create(NAMESPACES, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } }).catch(unlessPresent)),
    ...SYSTEM_CLASSES.map((one) => client.create(PRIORITY_CLASSES, one).catch(unlessPresent)),
    createStandardClass(client),
  ]);
}

/** Only where there is no class at all: whoever replaced it with their own is not to get it back. */
async function createStandardClass(client: Client): Promise<void> {
  const { items } = await client.list(STORAGE_CLASSES, { limit: 1 });
  if (items.length === 0) await client.create(STORAGE_CLASSES, STANDARD_CLASS).catch(unlessPresent);
}

function unlessPresent(error: unknown): void {
  if (!isAlreadyExists(error)) throw error;
}
