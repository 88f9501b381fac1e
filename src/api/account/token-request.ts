// pure: TokenRequests: upstream's defaults, limits, and the length of life that a Pod's own token really gets.
import { child, invalid, type FieldError } from '../field-errors.ts';
import type { TokenRequest, TokenRequestSpec } from '../generated/types.ts';
import { ISSUER } from './account-names.ts';

const DEFAULT_SECONDS = 3_600;
const MIN_SECONDS = 600;
const MAX_SECONDS = 2 ** 32;
/** What the token of every container asks for: a lifetime that tells it apart from others. */
export const POD_TOKEN_SECONDS = 3_607;
const YEAR_SECONDS = 365 * 24 * 3_600;

export function defaultTokenRequest(request: TokenRequest): TokenRequest {
  const { audiences = [], expirationSeconds = DEFAULT_SECONDS, ...rest } = request.spec ?? {};
  return { ...request, spec: { ...rest, audiences: audiences.length === 0 ? [ISSUER] : audiences, expirationSeconds } };
}

/** The limits of expirationSeconds, also where a volume asks for a token. */
export function checkTokenSeconds(seconds: number, field: string): FieldError[] {
  return [
    ...(seconds < MIN_SECONDS ? [invalid(field, seconds, 'may not specify a duration less than 10 minutes')] : []),
    ...(seconds > MAX_SECONDS ? [invalid(field, seconds, 'may not specify a duration larger than 2^32 seconds')] : []),
  ];
}

export function validateTokenRequest({ spec }: TokenRequest): FieldError[] {
  return checkTokenSeconds(spec?.expirationSeconds ?? DEFAULT_SECONDS, child('spec', 'expirationSeconds'));
}

export interface Lifetime {
  readonly seconds: number;
  readonly warnAfterSeconds?: number;
}

/** Clients of old read a Pod's token once, so it outlasts what was asked for; kube: a year. */
export function lifetimeOf({ audiences = [], boundObjectRef, expirationSeconds = DEFAULT_SECONDS }: TokenRequestSpec): Lifetime {
  const isPodsOwn = boundObjectRef?.kind === 'Pod' && expirationSeconds === POD_TOKEN_SECONDS && audiences.every((audience) => audience === ISSUER);
  return isPodsOwn ? { seconds: YEAR_SECONDS, warnAfterSeconds: expirationSeconds } : { seconds: expirationSeconds };
}
