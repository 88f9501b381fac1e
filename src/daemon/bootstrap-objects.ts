// What a cluster has before anybody creates anything: the four namespaces.
import { NAMESPACES } from '../api/kinds.ts';
import { isAlreadyExists } from '../api/status-error.ts';
import type { Client } from '../client/client.ts';

const BOOTSTRAP_NAMESPACES = ['default', 'kube-system', 'kube-public', 'kube-node-lease'];

export async function createBootstrapObjects(client: Client): Promise<void> {
  await Promise.all(
    BOOTSTRAP_NAMESPACES.map((name) =>
      client.create(NAMESPACES, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } }).catch((error: unknown) => {
        if (!isAlreadyExists(error)) throw error;
      }),
    ),
  );
}
