// A Pod runs as a ServiceAccount of its namespace, which must exist; its token is mounted into every container.
import { DEFAULT_ACCOUNT } from '../../api/account/account-names.ts';
import { withAccount } from '../../api/account/mount-token.ts';
import type { Pod, ServiceAccount } from '../../api/generated/types.ts';
import { PODS, SERVICE_ACCOUNTS, type Resource } from '../../api/kinds.ts';
import type { KubeObject } from '../../api/object.ts';
import { forbiddenError } from '../../api/status-error.ts';
import type { Call } from '../call.ts';
import { decodeEntry, storageKey } from '../stored-object.ts';

const ACCOUNTS = SERVICE_ACCOUNTS as Resource;
const SUFFIX_LENGTH = 5;

/** Of a new namespace the account "default" may be a moment late: its Pods are let in, and the kubelet waits for it. */
export function withServiceAccount(call: Call, object: KubeObject): KubeObject {
  const pod = object as Pod;
  if (call.resource !== (PODS as Resource) || pod.spec === undefined) return object;
  const name = pod.spec.serviceAccountName || DEFAULT_ACCOUNT;
  const entry = call.server.store.peek(storageKey(ACCOUNTS, call.namespace, name));
  if (entry === undefined && name !== DEFAULT_ACCOUNT) {
    const why = `error looking up service account ${call.namespace}/${name}: serviceaccount ${JSON.stringify(name)} not found`;
    throw forbiddenError(call.resource, pod.metadata?.name || pod.metadata?.generateName || '', why);
  }
  const account = entry && (decodeEntry(ACCOUNTS, entry) as ServiceAccount);
  const admitted: Pod = { ...pod, spec: withAccount(pod.spec, account, () => call.server.ids.suffix(SUFFIX_LENGTH)) };
  return admitted;
}
