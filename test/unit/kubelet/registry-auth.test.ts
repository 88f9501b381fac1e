import { describe, expect, test } from '@jest/globals';
import { goDurationText } from '../../../src/api/go-duration-text.ts';
import { registryOf } from '../../../src/kubelet/image-name.ts';
import { registryAuth } from '../../../src/kubelet/registry-auth.ts';

const secret = (auths: object) => ({ data: { '.dockerconfigjson': btoa(JSON.stringify({ auths })) } });
const decoded = (text: string | undefined): unknown => (text === undefined ? undefined : JSON.parse(Buffer.from(text, 'base64url').toString()));

describe('registryAuth', () => {
  test.each([
    ['no secret', [], undefined],
    ['a login', [secret({ 'r.io': { username: 'u', password: 'p' } })], { username: 'u', password: 'p', serveraddress: 'r.io' }],
    ['a login in one field', [secret({ 'https://r.io/v1/': { auth: btoa('u:p:q') } })], { username: 'u', password: 'p:q', serveraddress: 'r.io' }],
    ['a login elsewhere', [secret({ 'other.io': { auth: btoa('u:p') } })], undefined],
    ['the second secret', [secret({}), secret({ 'r.io': { auth: btoa('u:p') } })], { username: 'u', password: 'p', serveraddress: 'r.io' }],
    ['nonsense', [{ data: { '.dockerconfigjson': btoa('{') } }], undefined],
  ])('%s', (_title, secrets, wants) => {
    expect(decoded(registryAuth('r.io', secrets))).toEqual(wants);
  });

  test('Docker Hub goes by its old name', () => {
    expect(decoded(registryAuth('docker.io', [secret({ 'https://index.docker.io/v1/': { auth: btoa('u:p') } })]))).toMatchObject({ username: 'u' });
  });
});

test.each([
  ['busybox', 'docker.io'],
  ['library/busybox:1', 'docker.io'],
  ['gcr.io/kuar-demo/kuard-amd64:blue', 'gcr.io'],
  ['localhost:5000/x', 'localhost:5000'],
])('the registry of %s is %s', (reference, registry) => {
  expect(registryOf(reference)).toBe(registry);
});

test.each([
  [0, '0s'],
  [523.9, '523ms'],
  [1_200, '1.2s'],
  [123_400, '2m3.4s'],
  [300_000, '5m0s'],
  [3_600_000, '1h0m0s'],
])('%d ms is %s', (ms, text) => {
  expect(goDurationText(ms)).toBe(text);
});
