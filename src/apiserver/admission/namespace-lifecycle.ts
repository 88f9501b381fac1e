// Nothing is created in a namespace that is absent or going.
import type { Namespace } from '../../api/generated/types.ts';
import { NAMESPACES, type Resource } from '../../api/kinds.ts';
import { notFoundError, resourceText, StatusError } from '../../api/status-error.ts';
import type { Call } from '../call.ts';
import { decodeEntry, storageKey } from '../stored-object.ts';

const RESOURCE = NAMESPACES as Resource;

export function requireLiveNamespace(call: Call, name: string): void {
  const { resource, server, namespace } = call;
  if (!resource.namespaced) return;
  const entry = server.store.peek(storageKey(RESOURCE, '', namespace));
  if (entry === undefined) throw notFoundError(RESOURCE, namespace);
  const found = decodeEntry(RESOURCE, entry) as Namespace;
  if (found.metadata?.deletionTimestamp === undefined) return;
  const why = `unable to create new content in namespace ${namespace} because it is being terminated`;
  throw new StatusError({
    code: 403,
    reason: 'Forbidden',
    message: `${resourceText(resource)} "${name}" is forbidden: ${why}`,
    details: {
      name,
      ...(resource.group === '' ? {} : { group: resource.group }),
      kind: resource.plural,
      causes: [{ reason: 'NamespaceTerminating', message: `namespace ${namespace} is being terminated`, field: 'metadata.namespace' }],
    },
  });
}
