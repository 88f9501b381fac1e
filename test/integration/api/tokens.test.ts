import { createHash, createPublicKey, verify } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Pod, TokenRequest, TokenRequestSpec, TokenReview } from '../../../src/api/generated/types.ts';
import { PODS, SECRETS, SERVICE_ACCOUNTS, TOKEN_REVIEWS, type Resource } from '../../../src/api/kinds.ts';
import { userOf } from '../../../src/api/account/claims.ts';
import { createNamespaceObjects, startApi, type TestApi } from '../../support/api.ts';
import { samplePod } from '../../support/sample-pod.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

const namespace = 'default';
let api: TestApi;
let clock: VirtualClock;

beforeEach(async () => {
  clock = new VirtualClock();
  api = await startApi({ clock });
  await createNamespaceObjects(api.client, namespace);
  await api.client.create(SERVICE_ACCOUNTS, { metadata: { name: 'robot', namespace } });
});

afterEach(() => api.close());

const request = async (spec: TokenRequestSpec = {}, name = 'robot'): Promise<TokenRequest> =>
  api.client.create(SERVICE_ACCOUNTS as Resource<TokenRequest>, { metadata: { namespace }, spec }, { subresource: 'token', name });
const review = async (token: string, audiences?: string[]): Promise<TokenReview['status']> =>
  (await api.client.create(TOKEN_REVIEWS, { spec: { token, ...(audiences === undefined ? {} : { audiences }) } })).status;
const createPod = (name: string, account = 'robot'): Promise<Pod> => api.client.create(PODS, { ...samplePod({ serviceAccountName: account }), metadata: { name, namespace } });
const part = (token: string, at: number): Record<string, unknown> => JSON.parse(Buffer.from(token.split('.')[at]!, 'base64url').toString()) as Record<string, unknown>;
const getJson = async (path: string): Promise<{ readonly value: Record<string, unknown>; readonly type: unknown }> => {
  const { body, headers } = await api.client.request({ path });
  return { value: (body as { value: Record<string, unknown> }).value, type: headers['content-type'] };
};

describe('a TokenRequest', () => {
  test('is answered with a token that a review accepts, for an hour unless said', async () => {
    const { kind, apiVersion, metadata, spec, status } = await request();
    expect({ kind, apiVersion, name: metadata?.name }).toEqual({ kind: 'TokenRequest', apiVersion: 'authentication.k8s.io/v1', name: 'robot' });
    expect(spec).toEqual({ audiences: ['https://kubernetes.default.svc.cluster.local'], expirationSeconds: 3600 });
    expect(Date.parse(status!.expirationTimestamp!) - Math.floor(clock.now() / 1000) * 1000).toBe(3_600_000);
    expect(await review(status!.token!)).toEqual({
      authenticated: true,
      audiences: ['https://kubernetes.default.svc.cluster.local'],
      user: { username: 'system:serviceaccount:default:robot', uid: expect.any(String), groups: ['system:serviceaccounts', 'system:serviceaccounts:default', 'system:authenticated'], extra: { 'authentication.kubernetes.io/credential-id': [expect.stringMatching(/^JTI=/)] } },
    });
    await clock.advance(3_661_000);
    expect(await review(status!.token!)).toEqual({ user: {}, error: '[invalid bearer token, service account token has expired]' });
  });

  test.each<[title: string, spec: TokenRequestSpec, message: string]>([
    ['too short', { expirationSeconds: 599 }, 'TokenRequest.authentication.k8s.io "robot" is invalid: spec.expirationSeconds: Invalid value: 599: may not specify a duration less than 10 minutes'],
    ['far too long', { expirationSeconds: 2 ** 32 + 1 }, 'TokenRequest.authentication.k8s.io "robot" is invalid: spec.expirationSeconds: Invalid value: 4294967297: may not specify a duration larger than 2^32 seconds'],
    ['bound to what cannot be', { boundObjectRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'd' } }, 'cannot bind token to object of type apps/v1, Kind=Deployment'],
    ['bound to a Pod that is not there', { boundObjectRef: { apiVersion: 'v1', kind: 'Pod', name: 'nobody' } }, 'pods "nobody" not found'],
  ])('that is %s is refused', async (_title, spec, message) => {
    await expect(request(spec)).rejects.toMatchObject({ message });
  });

  test('for an account that is not there is refused', async () => {
    await expect(request({}, 'nobody')).rejects.toMatchObject({ message: 'serviceaccounts "nobody" not found', code: 404 });
  });

  test('bound to a Pod of another account, or of another uid, is refused', async () => {
    await createPod('p', 'default');
    const boundObjectRef = { apiVersion: 'v1', kind: 'Pod', name: 'p' };
    await expect(request({ boundObjectRef })).rejects.toMatchObject({ code: 400, message: 'cannot bind token for serviceaccount "robot" to pod running with serviceaccount "default"' });
    const why = 'the UID in the bound object reference (other) does not match the UID in record. The object might have been deleted and then recreated';
    await expect(request({ boundObjectRef: { ...boundObjectRef, uid: 'other' } }, 'default')).rejects.toMatchObject({ code: 409, message: `Operation cannot be fulfilled on Pod "p": ${why}` });
  });

  test('bound to a Pod stops counting when the Pod goes', async () => {
    const pod = await createPod('p');
    const { status } = await request({ boundObjectRef: { apiVersion: 'v1', kind: 'Pod', name: 'p', uid: pod.metadata!.uid! } });
    expect((await review(status!.token!))?.user?.extra).toMatchObject({ 'authentication.kubernetes.io/pod-name': ['p'], 'authentication.kubernetes.io/pod-uid': [pod.metadata!.uid] });
    await api.client.delete(PODS, { namespace, name: 'p' }, { gracePeriodSeconds: 0 });
    expect(await review(status!.token!)).toEqual({ user: {}, error: '[invalid bearer token, service account token has been invalidated]' });
  });

  test('bound to a Secret stops counting when the Secret goes', async () => {
    await api.client.create(SECRETS, { metadata: { name: 's', namespace } });
    const { status } = await request({ boundObjectRef: { apiVersion: 'v1', kind: 'Secret', name: 's' } });
    expect((await review(status!.token!))?.authenticated).toBe(true);
    await api.client.delete(SECRETS, { namespace, name: 's' });
    expect((await review(status!.token!))?.error).toBe('[invalid bearer token, service account token has been invalidated]');
  });

  test('of a Pod for its own use outlasts what was asked for, and says when it should have been replaced', async () => {
    await createPod('p');
    const { status } = await request({ expirationSeconds: 3607, boundObjectRef: { apiVersion: 'v1', kind: 'Pod', name: 'p' } });
    const claims = part(status!.token!, 1) as { exp: number; iat: number; 'kubernetes.io': { warnafter: number } };
    expect([claims.exp - claims.iat, claims['kubernetes.io'].warnafter - claims.iat]).toEqual([365 * 24 * 3600, 3607]);
    expect(Date.parse(status!.expirationTimestamp!) - Math.floor(clock.now() / 1000) * 1000).toBe(3_607_000);
  });
});

describe('a TokenReview', () => {
  test('holds a token to the audiences that are asked for', async () => {
    const { status } = await request({ audiences: ['vault', 'other'] });
    expect(await review(status!.token!, ['vault', 'third'])).toMatchObject({ authenticated: true, audiences: ['vault'] });
    expect(await review(status!.token!)).toEqual({ user: {}, error: '[invalid bearer token, token audiences ["vault" "other"] is invalid for the target audiences ["https://kubernetes.default.svc.cluster.local"]]' });
  });

  test.each<[title: string, change: (token: string) => string]>([
    ['something else', () => 'nonsense'],
    ['a token with another payload', (token) => token.replace(/\.[^.]*\./, `.${Buffer.from('{"sub":"system:serviceaccount:default:default"}').toString('base64url')}.`)],
    ['a token without a signature', (token) => token.replace(/\.[^.]*$/, '.')],
    ['a token that claims to need none', (token) => token.replace(/^[^.]*/, Buffer.from('{"alg":"none"}').toString('base64url')).replace(/\.[^.]*$/, '.')],
  ])('of %s is not authenticated', async (_title, change) => {
    const { status } = await request();
    expect(await review(change(status!.token!))).toEqual({ user: {}, error: 'invalid bearer token' });
  });

  test('without a token, and any other verb, are refused', async () => {
    await expect(review('')).rejects.toMatchObject({ message: 'TokenReview.authentication.k8s.io "" is invalid: spec.token: Required value' });
    await expect(api.client.list(TOKEN_REVIEWS)).rejects.toMatchObject({ code: 405 });
  });
});

test('anybody can check a token with the published key', async () => {
  const { value: configuration } = await getJson('/.well-known/openid-configuration');
  expect(configuration).toMatchObject({ issuer: 'https://kubernetes.default.svc.cluster.local', jwks_uri: 'https://kubernetes.default.svc.cluster.local/openid/v1/jwks', id_token_signing_alg_values_supported: ['ES256'] });
  const { value: keys, type } = await getJson('/openid/v1/jwks');
  expect(type).toBe('application/jwk-set+json');
  const [jwk] = keys['keys'] as [Record<string, string>];
  const key = createPublicKey({ key: jwk, format: 'jwk' });
  const { status } = await request();
  const [header, payload, signature] = status!.token!.split('.') as [string, string, string];
  expect(part(status!.token!, 0)).toEqual({ alg: 'ES256', kid: jwk['kid'] });
  expect(jwk['kid']).toBe(createHash('sha256').update(key.export({ type: 'spki', format: 'der' })).digest('base64url'));
  expect(verify('sha256', Buffer.from(`${header}.${payload}`), { key, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url'))).toBe(true);
});

test('a caller learns who it is', async () => {
  const { status } = await request();
  const claims = part(status!.token!, 1) as unknown as Parameters<typeof userOf>[0];
  const ask = async (identity: object): Promise<unknown> => {
    const signal = new AbortController().signal;
    const body = { type: 'value', value: { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' } } as const;
    const response = await api.handle({ method: 'POST', path: '/apis/authentication.k8s.io/v1/selfsubjectreviews', query: new URLSearchParams(), headers: {}, body, user: 'system:node:n', signal, ...identity });
    return (response.body as { value: { status: unknown } }).value.status;
  };
  expect(await ask({ identity: userOf(claims) })).toEqual({ userInfo: userOf(claims) });
  expect(await ask({})).toEqual({ userInfo: { username: 'system:node:n', groups: ['system:nodes', 'system:authenticated'] } });
});

describe('admission', () => {
  test('refuses a Pod of an account that is not there, by name or by the beginning of one', async () => {
    const why = 'is forbidden: error looking up service account default/nobody: serviceaccount "nobody" not found';
    await expect(createPod('p', 'nobody')).rejects.toMatchObject({ code: 403, message: `pods "p" ${why}` });
    await expect(api.client.create(PODS, { ...samplePod({ serviceAccountName: 'nobody' }), metadata: { generateName: 'g-', namespace } })).rejects.toMatchObject({ message: `pods "g-" ${why}` });
  });

  test('lets Pods of the default account in before the account is there', async () => {
    await api.client.delete(SERVICE_ACCOUNTS, { namespace, name: 'default' });
    expect((await createPod('early', 'default')).spec?.volumes?.[0]?.name).toMatch(/^kube-api-access-[a-z0-9]{5}$/);
  });

  test('mounts one volume, whose name does not change when it is asked again', async () => {
    const pod = await createPod('p');
    expect(pod.spec?.containers[0]?.volumeMounts).toEqual([{ name: pod.spec?.volumes?.[0]?.name, mountPath: '/var/run/secrets/kubernetes.io/serviceaccount', readOnly: true }]);
    const { resourceVersion: _version, uid: _uid, ...metadata } = pod.metadata!;
    await api.client.delete(PODS, { namespace, name: 'p' }, { gracePeriodSeconds: 0 });
    expect((await api.client.create(PODS, { ...pod, metadata })).spec?.volumes).toEqual(pod.spec?.volumes);
  });
});
