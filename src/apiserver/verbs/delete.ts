// DELETE of one object.
import { PODS, SERVICE_ACCOUNTS, type Resource } from '../../api/kinds.ts';
import type { Status } from '../../api/generated/types.ts';
import type { KubeObject } from '../../api/object.ts';
import type { Call, Verb } from '../call.ts';
import { presentObject } from '../present.ts';
import { replyValue } from '../reply.ts';
import { isDryRun } from '../write-options.ts';
import { deleteObject } from './delete-object.ts';
import { propagationOf, readDeleteOptions } from './delete-options.ts';

/** Upstream answers the deletion of these with the object, of all others with a Status. */
const RETURNS_OBJECT: readonly Resource[] = [PODS as Resource, SERVICE_ACCOUNTS as Resource];

export const deleteOne: Verb = async (call) => {
  const options = readDeleteOptions(call);
  const { object, gone } = await deleteObject(call, options, { dryRun: isDryRun(call, options.dryRun) });
  call.warnings.push(...(call.strategy.warningsOnDelete?.(propagationOf(call.resource, options).chosen) ?? []));
  return gone && !RETURNS_OBJECT.includes(call.resource) ? replyValue(deletedStatus(call, object)) : presentObject(call, object);
};

function deletedStatus({ resource, name }: Call, object: KubeObject): Status {
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    details: { name, ...(resource.group === '' ? {} : { group: resource.group }), kind: resource.plural, uid: object.metadata?.uid },
  };
}
