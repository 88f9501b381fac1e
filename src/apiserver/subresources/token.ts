// POST serviceaccounts/NAME/token: a token for the account, good for a time, and for as long as what it is bound to lives.
import { boundClaims, type TokenTerms } from '../../api/account/claims.ts';
import { defaultTokenRequest, lifetimeOf, validateTokenRequest } from '../../api/account/token-request.ts';
import type { BoundObjectReference, Node, Pod, Secret, ServiceAccount, TokenRequest } from '../../api/generated/types.ts';
import { NODES, PODS, SECRETS, type Resource } from '../../api/kinds.ts';
import type { KubeObject } from '../../api/object.ts';
import { decodeBody } from '../../api/schema/decode.ts';
import { badRequestError, invalidError, notFoundError, StatusError } from '../../api/status-error.ts';
import { toTime } from '../../api/time.ts';
import type { Call, Verb } from '../call.ts';
import { replyValue } from '../reply.ts';
import { readBody } from '../request-body.ts';
import { decodeEntry, storageKey } from '../stored-object.ts';

export const requestToken: Verb = async (call) => {
  const { clock, ids, keys } = call.server;
  const body = readBody(call.request);
  if (body === undefined) throw badRequestError('the request has no body: a TokenRequest was expected');
  const request = defaultTokenRequest(decodeBody('AuthenticationV1TokenRequest', body.value) as TokenRequest);
  const errors = validateTokenRequest(request);
  if (errors.length > 0) throw invalidError({ ...call.resource, group: 'authentication.k8s.io', kind: 'TokenRequest' }, call.name, errors);
  const account = read<ServiceAccount>(call, call.resource, call.name);
  const spec = request.spec!;
  const bound = spec.boundObjectRef === undefined ? {} : boundObject(call, spec.boundObjectRef);
  const now = clock.now();
  const claims = boundClaims({ account, ...bound, ...lifetimeOf(spec), audiences: spec.audiences!, id: ids.uid() }, now);
  return replyValue(
    {
      kind: 'TokenRequest',
      apiVersion: 'authentication.k8s.io/v1',
      metadata: { name: call.name, namespace: call.namespace, creationTimestamp: toTime(now) },
      spec,
      status: { token: keys.sign(claims), expirationTimestamp: toTime(now + spec.expirationSeconds! * 1_000) },
    } satisfies TokenRequest,
    201,
  );
};

function boundObject(call: Call, reference: BoundObjectReference): Pick<TokenTerms, 'pod' | 'node' | 'secret'> {
  const { apiVersion = 'v1', kind = '', name = '' } = reference;
  if (apiVersion !== 'v1' || (kind !== 'Pod' && kind !== 'Secret')) throw badRequestError(`cannot bind token to object of type ${kindText(apiVersion, kind)}`);
  if (kind === 'Secret') {
    const secret = read<Secret>(call, SECRETS as Resource, name);
    requireUid(secret, reference);
    return { secret };
  }
  const pod = read<Pod>(call, PODS as Resource, name);
  const account = pod.spec?.serviceAccountName ?? '';
  if (account !== call.name) throw badRequestError(`cannot bind token for serviceaccount ${JSON.stringify(call.name)} to pod running with serviceaccount ${JSON.stringify(account)}`);
  requireUid(pod, reference);
  const entry = call.server.store.peek(storageKey(NODES as Resource, '', pod.spec?.nodeName ?? ''));
  return { pod, ...(entry === undefined ? {} : { node: decodeEntry(NODES as Resource, entry) as Node }) };
}

function requireUid({ metadata }: KubeObject, { kind = '', name = '', uid = '' }: BoundObjectReference): void {
  if (uid === '' || uid === metadata?.uid) return;
  const why = `the UID in the bound object reference (${uid}) does not match the UID in record. The object might have been deleted and then recreated`;
  throw new StatusError({ code: 409, reason: 'Conflict', message: `Operation cannot be fulfilled on ${kind} ${JSON.stringify(name)}: ${why}`, details: { name, kind } });
}

function read<T extends KubeObject>({ server, namespace }: Call, resource: Resource, name: string): T {
  const entry = server.store.peek(storageKey(resource, namespace, name));
  if (entry === undefined) throw notFoundError(resource, name);
  return decodeEntry(resource, entry) as T;
}

/** "apps/v1, Kind=Deployment": how upstream prints a group, version and kind. */
function kindText(apiVersion: string, kind: string): string {
  return `${apiVersion.includes('/') ? apiVersion : `/${apiVersion}`}, Kind=${kind}`;
}
