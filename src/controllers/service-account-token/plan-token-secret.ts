// pure: what is to be done about a Secret that asks for a token: fill it, or remove it when its account is no more.
import { ACCOUNT_NAME_ANNOTATION, ACCOUNT_UID_ANNOTATION, TOKEN_SECRET_TYPE } from '../../api/account/account-names.ts';
import type { Secret, ServiceAccount } from '../../api/generated/types.ts';

export type TokenSecretAction =
  | { readonly type: 'fill'; readonly secret: Secret; readonly account: ServiceAccount }
  | { readonly type: 'delete'; readonly secret: Secret };

export function asksForToken({ type }: Secret): boolean {
  return type === TOKEN_SECRET_TYPE;
}

export function accountNameOf({ metadata }: Secret): string {
  return metadata?.annotations?.[ACCOUNT_NAME_ANNOTATION] ?? '';
}

/** `rootCa` in base64, as Secrets hold it. */
export function planTokenSecret(secret: Secret, account: ServiceAccount | undefined, rootCa: string): TokenSecretAction[] {
  if (!asksForToken(secret) || secret.metadata?.deletionTimestamp !== undefined) return [];
  const uid = secret.metadata?.annotations?.[ACCOUNT_UID_ANNOTATION] ?? '';
  if (account === undefined || (uid !== '' && uid !== account.metadata?.uid)) return [{ type: 'delete', secret }];
  const { data = {} } = secret;
  const isComplete = uid !== '' && data['ca.crt'] === rootCa && (data['token'] ?? '') !== '' && (data['namespace'] ?? '') !== '';
  return isComplete ? [] : [{ type: 'fill', secret, account }];
}
