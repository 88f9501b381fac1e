// pure: which tokens a Pod's volumes hold, how each is asked for, and when it is time for a new one.
import type { Pod, ServiceAccountTokenProjection, TokenRequest } from '../../api/generated/types.ts';
import { fromTime } from '../../api/time.ts';

const DEFAULT_SECONDS = 3_600;
const LONGEST_USE_MS = 24 * 3_600_000;
/** Of a token's life, after which it is replaced. */
const USED_UP = 0.8;

export interface WantedToken {
  readonly volume: string;
  readonly projection: ServiceAccountTokenProjection;
}

export function tokensOf({ spec }: Pod): readonly WantedToken[] {
  return (spec?.volumes ?? []).flatMap(({ name, projected }) =>
    (projected?.sources ?? []).flatMap(({ serviceAccountToken: projection }) => (projection === undefined ? [] : [{ volume: name, projection }])),
  );
}

/** Equal for projections that one token will do for. */
export function tokenKey({ audience = '', expirationSeconds = DEFAULT_SECONDS }: ServiceAccountTokenProjection): string {
  return `${expirationSeconds}/${audience}`;
}

export function tokenRequest({ metadata }: Pod, { audience = '', expirationSeconds = DEFAULT_SECONDS }: ServiceAccountTokenProjection): TokenRequest {
  const { name = '', uid = '' } = metadata ?? {};
  return {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    spec: { audiences: audience === '' ? [] : [audience], boundObjectRef: { apiVersion: 'v1', kind: 'Pod', name, uid }, expirationSeconds },
  };
}

export function refreshTime({ spec, status }: TokenRequest, now: number): number {
  const lifeMs = (spec?.expirationSeconds ?? DEFAULT_SECONDS) * 1_000;
  const expiresAt = fromTime(status?.expirationTimestamp) ?? now + lifeMs;
  return Math.min(expiresAt - lifeMs * (1 - USED_UP), expiresAt - lifeMs + LONGEST_USE_MS);
}
