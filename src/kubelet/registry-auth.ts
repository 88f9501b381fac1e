// pure: credentials for a registry from a Pod's imagePullSecrets, as the runtime wants them.
import type { Secret } from '../api/generated/types.ts';
import { secretBytes } from './config-objects.ts';

interface Login {
  readonly username: string;
  readonly password: string;
}

/** Undefined when no secret has a login for this registry. */
export function registryAuth(registry: string, secrets: readonly Secret[]): string | undefined {
  for (const secret of secrets) {
    const login = loginOf(registry, secret);
    if (login === undefined) continue;
    const text = JSON.stringify({ ...login, serveraddress: registry });
    return btoa(String.fromCharCode(...new TextEncoder().encode(text))).replaceAll('+', '-').replaceAll('/', '_');
  }
  return undefined;
}

function loginOf(registry: string, secret: Secret): Login | undefined {
  const json = secretBytes(secret, '.dockerconfigjson');
  const legacy = secretBytes(secret, '.dockercfg');
  const entries = json === undefined ? asRecord(parse(legacy)) : asRecord(asRecord(parse(json))['auths']);
  for (const [host, entry] of Object.entries(entries)) {
    if (hostOf(host) !== registry && !(registry === 'docker.io' && hostOf(host) === 'index.docker.io')) continue;
    const { username, password, auth } = asRecord(entry);
    if (typeof username === 'string' && typeof password === 'string') return { username, password };
    const [name = '', ...secretPart] = typeof auth === 'string' ? atob(auth).split(':') : [];
    if (secretPart.length > 0) return { username: name, password: secretPart.join(':') };
  }
  return undefined;
}

function hostOf(url: string): string {
  return url.replace(/^https?:\/\//, '').split('/')[0] ?? '';
}

function parse(bytes: Uint8Array | undefined): unknown {
  try {
    return bytes === undefined ? {} : JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return {};
  }
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
