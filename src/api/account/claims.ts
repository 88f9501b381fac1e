// pure: what a ServiceAccount's token says, and whom it makes of its bearer.
import type { Node, Pod, Secret, ServiceAccount, UserInfo } from '../generated/types.ts';
import type { KubeObject } from '../object.ts';
import { accountUser, ISSUER, userNamed } from './account-names.ts';

export interface Reference {
  readonly name: string;
  readonly uid: string;
}

/** Times are in seconds since the epoch. */
export interface BoundClaims {
  readonly aud: readonly string[];
  readonly exp: number;
  readonly iat: number;
  readonly iss: string;
  readonly jti: string;
  readonly 'kubernetes.io': {
    readonly namespace: string;
    readonly node?: Reference;
    readonly pod?: Reference;
    readonly secret?: Reference;
    readonly serviceaccount: Reference;
    /** The token goes on working for clients that never read it again, but was meant to be replaced by then. */
    readonly warnafter?: number;
  };
  readonly nbf: number;
  readonly sub: string;
}

/** What a Secret of type service-account-token holds: it lasts as long as the Secret does. */
export interface SecretClaims {
  readonly iss: typeof SECRET_ISSUER;
  readonly 'kubernetes.io/serviceaccount/namespace': string;
  readonly 'kubernetes.io/serviceaccount/secret.name': string;
  readonly 'kubernetes.io/serviceaccount/service-account.name': string;
  readonly 'kubernetes.io/serviceaccount/service-account.uid': string;
  readonly sub: string;
}

export type Claims = BoundClaims | SecretClaims;

export const SECRET_ISSUER = 'kubernetes/serviceaccount';

export interface TokenTerms {
  readonly account: ServiceAccount;
  readonly pod?: Pod | undefined;
  /** Where the Pod runs. */
  readonly node?: Node | undefined;
  readonly secret?: Secret | undefined;
  readonly audiences: readonly string[];
  /** How long it lasts. */
  readonly seconds: number;
  readonly warnAfterSeconds?: number | undefined;
  /** Tells tokens apart. */
  readonly id: string;
}

export function boundClaims({ account, pod, node, secret, ...terms }: TokenTerms, now: number): BoundClaims {
  const iat = Math.floor(now / 1_000);
  const namespace = account.metadata?.namespace ?? '';
  return {
    aud: terms.audiences,
    exp: iat + terms.seconds,
    iat,
    iss: ISSUER,
    jti: terms.id,
    'kubernetes.io': {
      namespace,
      ...(node === undefined ? {} : { node: referenceTo(node) }),
      ...(pod === undefined ? {} : { pod: referenceTo(pod) }),
      ...(secret === undefined ? {} : { secret: referenceTo(secret) }),
      serviceaccount: referenceTo(account),
      ...(terms.warnAfterSeconds === undefined ? {} : { warnafter: iat + terms.warnAfterSeconds }),
    },
    nbf: iat,
    sub: accountUser(namespace, account.metadata?.name ?? ''),
  };
}

export function secretClaims(account: ServiceAccount, secretName: string): SecretClaims {
  const { namespace = '', name = '', uid = '' } = account.metadata ?? {};
  return {
    iss: SECRET_ISSUER,
    'kubernetes.io/serviceaccount/namespace': namespace,
    'kubernetes.io/serviceaccount/secret.name': secretName,
    'kubernetes.io/serviceaccount/service-account.name': name,
    'kubernetes.io/serviceaccount/service-account.uid': uid,
    sub: accountUser(namespace, name),
  };
}

export function isSecretClaims(claims: Claims): claims is SecretClaims {
  return claims.iss === SECRET_ISSUER;
}

/** The account, and what the token is bound to, as fields of the caller. */
export function userOf(claims: Claims): UserInfo {
  if (isSecretClaims(claims)) return { ...userNamed(claims.sub), uid: claims['kubernetes.io/serviceaccount/service-account.uid'] };
  const { node, pod, serviceaccount } = claims['kubernetes.io'];
  const extra = {
    'authentication.kubernetes.io/credential-id': [`JTI=${claims.jti}`],
    ...(node === undefined ? {} : { 'authentication.kubernetes.io/node-name': [node.name], 'authentication.kubernetes.io/node-uid': [node.uid] }),
    ...(pod === undefined ? {} : { 'authentication.kubernetes.io/pod-name': [pod.name], 'authentication.kubernetes.io/pod-uid': [pod.uid] }),
  };
  return { ...userNamed(claims.sub), uid: serviceaccount.uid, extra };
}

function referenceTo({ metadata }: KubeObject): Reference {
  return { name: metadata?.name ?? '', uid: metadata?.uid ?? '' };
}
