// pure: the names that ServiceAccounts and their tokens go by, and who a caller is by its name alone.
import type { UserInfo } from '../generated/types.ts';

/** Who issues tokens, and whom they are for unless they say otherwise. */
export const ISSUER = 'https://kubernetes.default.svc.cluster.local';
/** Where every container finds its token, the authority's certificate and its namespace. */
export const TOKEN_MOUNT_PATH = '/var/run/secrets/kubernetes.io/serviceaccount';
/** In every namespace: the certificate that the API is known by. */
export const ROOT_CA_CONFIG_MAP = 'kube-root-ca.crt';
export const DEFAULT_ACCOUNT = 'default';

export const TOKEN_SECRET_TYPE = 'kubernetes.io/service-account-token';
/** Annotations of a Secret of that type. */
export const ACCOUNT_NAME_ANNOTATION = 'kubernetes.io/service-account.name';
export const ACCOUNT_UID_ANNOTATION = 'kubernetes.io/service-account.uid';

const USER_PREFIX = 'system:serviceaccount:';
const AUTHENTICATED = 'system:authenticated';

export function accountUser(namespace: string, name: string): string {
  return `${USER_PREFIX}${namespace}:${name}`;
}

/** A caller of whom nothing but the name is known. */
export function userNamed(username: string): UserInfo {
  if (!username.startsWith(USER_PREFIX)) return { username, groups: username.startsWith('system:node:') ? ['system:nodes', AUTHENTICATED] : [AUTHENTICATED] };
  const [namespace = ''] = username.slice(USER_PREFIX.length).split(':');
  return { username, groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, AUTHENTICATED] };
}

/** Whoever owns the home, by name. */
export function administrator(username: string): UserInfo {
  return { username, groups: ['system:masters', AUTHENTICATED] };
}
