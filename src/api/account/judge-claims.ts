// pure: whether a token that was truly issued here still counts: in its time, for this audience, its account and what it is
// bound to still there. The words are upstream's.
import type { Pod, Secret, ServiceAccount } from '../generated/types.ts';
import type { KubeObject } from '../object.ts';
import { fromTime } from '../time.ts';
import { isSecretClaims, type BoundClaims, type Claims, type Reference, type SecretClaims } from './claims.ts';

/** Objects as they are now; undefined: no such object. */
export interface BoundObjects {
  account(namespace: string, name: string): ServiceAccount | undefined;
  pod(namespace: string, name: string): Pod | undefined;
  secret(namespace: string, name: string): Secret | undefined;
}

/** Clocks differ, and who is being deleted has a last word to say. */
const LEEWAY_MS = 60_000;
const INVALIDATED = 'service account token has been invalidated';

/** Why it does not count; undefined when it does. `token` is the text that said it. */
export function judgeClaims(claims: Claims, token: string, objects: BoundObjects, now: number): string | undefined {
  return isSecretClaims(claims) ? judgeSecret(claims, token, objects, now) : (judgeTimes(claims, now) ?? judgeObjects(claims, objects, now));
}

/** The audiences that both sides name; [] when the token is not meant for any of them. */
export function sharedAudiences(claims: Claims, wanted: readonly string[], apiAudience: string): readonly string[] {
  const own = isSecretClaims(claims) ? [apiAudience] : claims.aud;
  return wanted.filter((audience) => own.includes(audience));
}

function judgeTimes({ exp, nbf }: BoundClaims, now: number): string | undefined {
  if (now > exp * 1_000 + LEEWAY_MS) return 'service account token has expired';
  return now < nbf * 1_000 - LEEWAY_MS ? 'service account token is not valid yet' : undefined;
}

function judgeObjects({ 'kubernetes.io': bound }: BoundClaims, objects: BoundObjects, now: number): string | undefined {
  const { namespace, serviceaccount, secret, pod } = bound;
  return (
    judgeAccount(objects, { namespace, ...serviceaccount }, now) ??
    (secret && judgeBound(objects.secret(namespace, secret.name), secret, { kind: 'secret', now })) ??
    (pod && judgeBound(objects.pod(namespace, pod.name), pod, { kind: 'pod', now }))
  );
}

function judgeAccount(objects: BoundObjects, claimed: Reference & { readonly namespace: string }, now: number): string | undefined {
  const account = objects.account(claimed.namespace, claimed.name);
  if (account === undefined) return `serviceaccounts "${claimed.name}" not found`;
  if (isLongDeleted(account, now)) return `service account ${claimed.namespace}/${claimed.name} has been deleted`;
  const uid = account.metadata?.uid ?? '';
  return uid === claimed.uid ? undefined : `service account UID (${uid}) does not match claim (${claimed.uid})`;
}

function judgeBound(object: KubeObject | undefined, claimed: Reference, { kind, now }: { readonly kind: 'pod' | 'secret'; readonly now: number }): string | undefined {
  if (object === undefined || isLongDeleted(object, now)) return INVALIDATED;
  const uid = object.metadata?.uid ?? '';
  return uid === claimed.uid ? undefined : `${kind} UID (${uid}) does not match service account ${kind} ref claim (${claimed.uid})`;
}

/** Such a token has no end: it counts while its Secret holds it. */
function judgeSecret(claims: SecretClaims, token: string, objects: BoundObjects, now: number): string | undefined {
  const namespace = claims['kubernetes.io/serviceaccount/namespace'];
  const name = claims['kubernetes.io/serviceaccount/service-account.name'];
  const uid = claims['kubernetes.io/serviceaccount/service-account.uid'];
  const secret = objects.secret(namespace, claims['kubernetes.io/serviceaccount/secret.name']);
  if (secret === undefined || secret.metadata?.deletionTimestamp !== undefined) return 'service account token has been invalidated';
  if (secret.data?.['token'] !== btoa(token)) return "service account token does not match server's copy";
  return judgeAccount(objects, { namespace, name, uid }, now);
}

function isLongDeleted({ metadata }: KubeObject, now: number): boolean {
  const deletedAt = fromTime(metadata?.deletionTimestamp);
  return deletedAt !== undefined && deletedAt < now - LEEWAY_MS;
}
