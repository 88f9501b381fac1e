// pure: Secrets: stringData is written into data and never returned; typed Secrets need their keys.
import { ACCOUNT_NAME_ANNOTATION, TOKEN_SECRET_TYPE } from '../account/account-names.ts';
import { base64Length, IMMUTABLE_TEXT, MAX_DATA_BYTES } from '../configmap/validate-configmap.ts';
import { checkConfigKey, checkSubdomain } from '../dns-name.ts';
import { sameValue } from '../equality.ts';
import { forbidden, immutable, invalid, key, required, tooLong, type FieldError } from '../field-errors.ts';
import type { Secret } from '../generated/types.ts';
import { validateMeta, validateMetaUpdate } from '../meta/validate-meta.ts';

export function defaultSecret(secret: Secret): Secret {
  const { stringData, ...rest } = secret;
  const written = Object.fromEntries(Object.entries(stringData ?? {}).map(([name, text]) => [name, encode(text)]));
  const data = { ...rest.data, ...written };
  return { ...rest, ...(Object.keys(data).length === 0 ? {} : { data }), type: rest.type || 'Opaque' };
}

export function validateSecret(secret: Secret): FieldError[] {
  return [...validateMeta(secret.metadata, checkSubdomain), ...validateData(secret)];
}

function validateData(secret: Secret): FieldError[] {
  const data = secret.data ?? {};
  const size = Object.values(data).reduce((sum, text) => sum + base64Length(text), 0);
  return [
    ...Object.keys(data).flatMap((name) => checkConfigKey(name).map((problem) => invalid(key('data', name), name, problem))),
    ...(size > MAX_DATA_BYTES ? [tooLong('data', MAX_DATA_BYTES)] : []),
    ...validateType(secret.type ?? '', data, secret.metadata?.annotations ?? {}),
  ];
}

export function validateSecretUpdate(next: Secret, old: Secret): FieldError[] {
  const fixed =
    old.immutable === true
      ? [...(next.immutable === true ? [] : [forbidden('immutable', IMMUTABLE_TEXT)]), ...(sameValue(next.data ?? {}, old.data ?? {}) ? [] : [forbidden('data', IMMUTABLE_TEXT)])]
      : [];
  return [...validateMetaUpdate(next.metadata), ...(next.type === old.type ? [] : [immutable('type', next.type)]), ...fixed, ...validateData(next)];
}

function validateType(type: string, data: Readonly<Record<string, string>>, annotations: Readonly<Record<string, string>>): FieldError[] {
  const need = (...names: readonly string[]): FieldError[] => names.filter((name) => !Object.hasOwn(data, name)).map((name) => required(key('data', name)));
  switch (type) {
    case 'kubernetes.io/tls':
      return need('tls.crt', 'tls.key');
    case 'kubernetes.io/ssh-auth':
      return data['ssh-privatekey'] ? [] : [required(key('data', 'ssh-privatekey'))];
    case 'kubernetes.io/basic-auth':
      return Object.hasOwn(data, 'username') || Object.hasOwn(data, 'password') ? [] : need('username', 'password');
    case 'kubernetes.io/dockercfg':
      return [...need('.dockercfg'), ...validateJson(data, '.dockercfg')];
    case 'kubernetes.io/dockerconfigjson':
      return [...need('.dockerconfigjson'), ...validateJson(data, '.dockerconfigjson')];
    case TOKEN_SECRET_TYPE:
      return (annotations[ACCOUNT_NAME_ANNOTATION] ?? '') === '' ? [required(key('metadata.annotations', ACCOUNT_NAME_ANNOTATION))] : [];
    default:
      return [];
  }
}

function validateJson(data: Readonly<Record<string, string>>, name: string): FieldError[] {
  const text = data[name];
  if (text === undefined) return [];
  try {
    JSON.parse(atob(text));
    return [];
  } catch (error) {
    return [invalid(key('data', name), '<secret contents redacted>', (error as Error).message)];
  }
}

function encode(text: string): string {
  // Spreading a large array into one call overflows the stack.
  return btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(''));
}
