// What others need to check tokens by themselves: the documents of OpenID Connect discovery.
import { ISSUER } from '../../api/account/account-names.ts';
import type { ApiResponse } from '../../api/wire.ts';
import type { TokenKeys } from './token-keys.ts';

export const CONFIGURATION_PATH = '/.well-known/openid-configuration';
export const KEYS_PATH = '/openid/v1/jwks';

/** Undefined for any other path. */
export function issuerDocument(path: string, keys: TokenKeys): ApiResponse | undefined {
  if (path === CONFIGURATION_PATH) return reply(configuration(), 'application/json');
  return path === KEYS_PATH ? reply(keys.publicKeys, 'application/jwk-set+json') : undefined;
}

function configuration(): object {
  return {
    issuer: ISSUER,
    jwks_uri: `${ISSUER}${KEYS_PATH}`,
    response_types_supported: ['id_token'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['ES256'],
  };
}

function reply(value: object, contentType: string): ApiResponse {
  return { status: 200, headers: { 'content-type': contentType, 'cache-control': 'public, max-age=3600' }, body: { type: 'value', value } };
}
