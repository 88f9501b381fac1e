// Whether a bearer token counts now, and who its bearer is.
import { ISSUER } from '../../api/account/account-names.ts';
import { userOf } from '../../api/account/claims.ts';
import { judgeClaims, sharedAudiences, type BoundObjects } from '../../api/account/judge-claims.ts';
import type { UserInfo } from '../../api/generated/types.ts';
import { PODS, SECRETS, SERVICE_ACCOUNTS, type Resource } from '../../api/kinds.ts';
import { formatStringList } from '../../api/string-list.ts';
import type { KubeObject } from '../../api/object.ts';
import type { Clock } from '../../base/clock.ts';
import type { Store } from '../../store/store.ts';
import { decodeEntry, storageKey } from '../stored-object.ts';
import type { TokenKeys } from './token-keys.ts';

export type Judgement =
  | { readonly type: 'accepted'; readonly user: UserInfo; readonly audiences: readonly string[] }
  /** '' for what is no token of ours at all. */
  | { readonly type: 'refused'; readonly why: string };

export interface JudgeOptions {
  readonly keys: TokenKeys;
  readonly store: Pick<Store, 'peek'>;
  readonly clock: Clock;
}

/** The audiences that are wanted: those of the API itself unless said. */
export function judgeToken({ keys, store, clock }: JudgeOptions, token: string, wanted: readonly string[] = []): Judgement {
  const claims = keys.read(token);
  if (claims === undefined) return { type: 'refused', why: '' };
  const why = judgeClaims(claims, token, boundObjects(store), clock.now());
  if (why !== undefined) return { type: 'refused', why };
  const asked = wanted.length === 0 ? [ISSUER] : wanted;
  const audiences = sharedAudiences(claims, asked, ISSUER);
  if (audiences.length > 0) return { type: 'accepted', user: userOf(claims), audiences };
  const own = 'aud' in claims ? claims.aud : [ISSUER];
  return { type: 'refused', why: `token audiences ${formatStringList(own)} is invalid for the target audiences ${formatStringList(asked)}` };
}

function boundObjects(store: Pick<Store, 'peek'>): BoundObjects {
  const read = <T extends KubeObject>(resource: Resource<T>) => (namespace: string, name: string): T | undefined => {
    const entry = store.peek(storageKey(resource as Resource, namespace, name));
    return entry && (decodeEntry(resource as Resource, entry) as T);
  };
  return { account: read(SERVICE_ACCOUNTS), pod: read(PODS), secret: read(SECRETS) };
}
