// A Service is given its addresses and ports last, when all else about it is good: in the very turn in which it is written,
// so that no two can be given the same.
import { SERVICES, type Resource } from '../../api/kinds.ts';
import type { KubeObject } from '../../api/object.ts';
import { AllocationError, allocateAddresses } from '../../api/service/allocate.ts';
import { internalError, invalidError } from '../../api/status-error.ts';
import type { Call } from '../call.ts';
import { storageKey } from '../stored-object.ts';

export function withServiceAddresses(call: Call, next: KubeObject, { current, dryRun }: { readonly current?: KubeObject; readonly dryRun: boolean }): KubeObject {
  if (call.resource !== (SERVICES as Resource)) return next;
  const name = next.metadata?.name ?? '';
  const pool = call.server.addresses.poolFor(storageKey(call.resource, call.namespace, name), { remember: !dryRun });
  try {
    return allocateAddresses(next, current, pool);
  } catch (error) {
    if (!(error instanceof AllocationError)) throw error;
    throw error.errors.length > 0 ? invalidError(call.resource, name, error.errors) : internalError(error.message);
  }
}
