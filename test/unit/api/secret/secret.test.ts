import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Secret } from '../../../../src/api/generated/types.ts';
import { defaultSecret, validateSecret, validateSecretUpdate } from '../../../../src/api/secret/secret.ts';
import { errorTexts } from '../../../support/error-texts.ts';

const secret = (own: Partial<Secret>): Secret => ({ metadata: { name: 's' }, type: 'Opaque', ...own });
const FIXED = 'Forbidden: field is immutable when `immutable` is set';

describe('stringData', () => {
  test('is written into data and not kept', () => {
    expect(defaultSecret({ data: { a: 'b2xk', b: 'Yg==' }, stringData: { a: 'new' } })).toEqual({ data: { a: 'bmV3', b: 'Yg==' }, type: 'Opaque' });
  });

  test('of any text reads back as its bytes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const { data } = defaultSecret({ stringData: { a: text } });
        expect(Buffer.from(data!['a']!, 'base64').toString()).toBe(Buffer.from(text).toString());
      }),
    );
  });

  test('of a megabyte does not overflow the stack', () => {
    expect(defaultSecret({ stringData: { a: 'x'.repeat(1_000_000) } }).data?.['a']).toHaveLength(1_333_336);
  });
});

test('a Secret without anything has no data', () => {
  expect(defaultSecret({})).toEqual({ type: 'Opaque' });
});

test.each<[title: string, own: Partial<Secret>, errors: readonly unknown[]]>([
  ['an opaque one passes', { data: { a: 'b2xk' } }, []],
  ['a type of somebody else passes', { type: 'example.com/mine' }, []],
  ['a key is like a file name', { data: { 'a b': '' } }, [expect.stringContaining('data[a b]: Invalid value: "a b": a valid config key')]],
  ['there is at most a mebibyte', { data: { a: 'A'.repeat(1_398_104) } }, ['data: Too long: may not be more than 1048576 bytes']],
  ['TLS has certificate and key', { type: 'kubernetes.io/tls' }, ['data[tls.crt]: Required value', 'data[tls.key]: Required value']],
  ['a TLS certificate may be empty', { type: 'kubernetes.io/tls', data: { 'tls.crt': '', 'tls.key': '' } }, []],
  ['a login has user or password', { type: 'kubernetes.io/basic-auth' }, ['data[username]: Required value', 'data[password]: Required value']],
  ['a password alone is a login', { type: 'kubernetes.io/basic-auth', data: { password: '' } }, []],
  ['a key for SSH is not empty', { type: 'kubernetes.io/ssh-auth', data: { 'ssh-privatekey': '' } }, ['data[ssh-privatekey]: Required value']],
  ['a login for registries is there', { type: 'kubernetes.io/dockerconfigjson' }, ['data[.dockerconfigjson]: Required value']],
  ['a login for registries is JSON', { type: 'kubernetes.io/dockerconfigjson', data: { '.dockerconfigjson': btoa('x') } }, [expect.stringMatching(/^data\[\.dockerconfigjson\]: Invalid value: "<secret contents redacted>": /)]],
  ['an old login for registries is JSON', { type: 'kubernetes.io/dockercfg', data: { '.dockercfg': btoa('{}') } }, []],
  ['a token is of an account', { type: 'kubernetes.io/service-account-token' }, ['metadata.annotations[kubernetes.io/service-account.name]: Required value']],
])('%s', (_title, own, errors) => {
  expect(errorTexts(validateSecret(secret(own)))).toEqual(errors);
});

test.each<[title: string, old: Partial<Secret>, next: Partial<Secret>, errors: readonly string[]]>([
  ['a mutable one may change', { data: { a: 'b2xk' } }, { data: { a: 'bmV3' } }, []],
  ['a type stays', {}, { type: 'mine' }, ['type: Invalid value: "mine": field is immutable']],
  ['a fixed one may be annotated', { immutable: true }, { metadata: { name: 's', annotations: { a: 'b' } }, immutable: true }, []],
  ['a fixed one keeps its data', { immutable: true }, { data: { a: 'bmV3' }, immutable: true }, [`data: ${FIXED}`]],
  ['a fixed one stays fixed', { immutable: true }, { immutable: false }, [`immutable: ${FIXED}`]],
])('%s', (_title, old, next, errors) => {
  expect(errorTexts(validateSecretUpdate(secret(next), secret(old)))).toEqual(errors);
});
