// Secrets that hold a token, over the real API: filled, put right, and gone with their account.
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { secretClaims } from '../../../src/api/account/claims.ts';
import type { Secret, TokenReview } from '../../../src/api/generated/types.ts';
import { SECRETS, SERVICE_ACCOUNTS, TOKEN_REVIEWS, type Resource } from '../../../src/api/kinds.ts';
import type { KubeObject } from '../../../src/api/object.ts';
import { systemClock } from '../../../src/base/clock.ts';
import { silentLogger } from '../../../src/base/log.ts';
import { startControllers, type RunningControllers } from '../../../src/controllers/runtime/run-controllers.ts';
import { createTokenSecretController } from '../../../src/controllers/service-account-token/token-secret-controller.ts';
import { startInformers, type Informers } from '../../../src/daemon/informers.ts';
import { startApi, type TestApi } from '../../support/api.ts';
import { eventually } from '../../support/eventually.ts';

const namespace = 'default';
let api: TestApi;
let informers: Informers;
let controllers: RunningControllers;

beforeEach(async () => {
  api = await startApi();
  const shared = { clock: systemClock, log: silentLogger };
  informers = startInformers({ client: api.client, resources: [SECRETS, SERVICE_ACCOUNTS] as unknown as Resource<KubeObject>[], ...shared });
  await informers.synced;
  const seen = { secrets: informers.of(SECRETS), accounts: informers.of(SERVICE_ACCOUNTS) };
  controllers = startControllers([createTokenSecretController({ ...seen, client: api.client, rootCa: 'the authority', issue: (account, name) => api.keys.sign(secretClaims(account, name)) })], shared);
  await api.client.create(SERVICE_ACCOUNTS, { metadata: { name: 'robot', namespace } });
});

afterEach(async () => {
  await controllers.stop();
  await informers.stop();
  await api.close();
});

const create = (name: string, account: string): Promise<Secret> =>
  api.client.create(SECRETS, { metadata: { name, namespace, annotations: { 'kubernetes.io/service-account.name': account } }, type: 'kubernetes.io/service-account-token' });
const read = (name: string): Promise<Secret> => api.client.get(SECRETS, { namespace, name });
const isFilled = (name: string): Promise<Secret> =>
  eventually(`${name} is filled`, async () => {
    const secret = await read(name);
    return secret.data?.['token'] === undefined ? undefined : secret;
  });
const isGone = (name: string) => eventually(`${name} is gone`, async () => (await api.client.list(SECRETS, { namespace })).items.every(({ metadata }) => metadata?.name !== name));
const review = async (token: string): Promise<TokenReview['status']> => (await api.client.create(TOKEN_REVIEWS, { spec: { token } })).status;

test('it is filled with a token that counts as long as the Secret holds it', async () => {
  await create('s', 'robot');
  const { data, metadata } = await isFilled('s');
  expect([atob(data!['ca.crt']!), atob(data!['namespace']!)]).toEqual(['the authority', 'default']);
  expect(metadata?.annotations?.['kubernetes.io/service-account.uid']).toBe((await api.client.get(SERVICE_ACCOUNTS, { namespace, name: 'robot' })).metadata?.uid);
  const token = atob(data!['token']!);
  expect(await review(token)).toMatchObject({ authenticated: true, user: { username: 'system:serviceaccount:default:robot' } });
  await api.client.delete(SECRETS, { namespace, name: 's' });
  expect(await review(token)).toEqual({ user: {}, error: '[invalid bearer token, service account token has been invalidated]' });
});

test('it is put right, and its token then is another only where it was lost', async () => {
  await create('s', 'robot');
  const { data } = await isFilled('s');
  await api.client.patch(SECRETS, { namespace, name: 's' }, { type: 'merge', body: { data: { 'ca.crt': btoa('forged') } } });
  await eventually('the certificate is back', async () => atob((await read('s')).data!['ca.crt']!) === 'the authority');
  await api.client.patch(SECRETS, { namespace, name: 's' }, { type: 'merge', body: { data: { token: null } } });
  expect(Object.keys((await isFilled('s')).data!).sort()).toEqual(Object.keys(data!).sort());
});

test('it goes with its account, and never stays without one', async () => {
  await create('s', 'robot');
  await isFilled('s');
  await api.client.delete(SERVICE_ACCOUNTS, { namespace, name: 'robot' });
  await isGone('s');
  await create('lost', 'nobody');
  await isGone('lost');
});

test('other Secrets are none of its business', async () => {
  await api.client.create(SECRETS, { metadata: { name: 'own', namespace, annotations: { 'kubernetes.io/service-account.name': 'nobody' } } });
  await create('s', 'robot');
  await isFilled('s');
  expect((await read('own')).data).toBeUndefined();
});
