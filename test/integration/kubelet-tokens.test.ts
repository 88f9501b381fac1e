// Tokens in the volumes of Pods: on the real API and store, with the fake runtime and a clock that the test moves.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Pod, PodSpec } from '../../src/api/generated/types.ts';
import { CONFIG_MAPS, PODS, SERVICE_ACCOUNTS, TOKEN_REVIEWS } from '../../src/api/kinds.ts';
import { KubeletBench } from '../support/kubelet-bench.ts';
import { soon } from '../support/virtual-clock.ts';

const namespace = 'default';
const HOUR = 3_600_000;
let bench: KubeletBench;

beforeEach(async () => {
  bench = await KubeletBench.start();
});
afterEach(() => bench.close());

const start = async (name: string, change: Partial<PodSpec> = {}): Promise<Pod> => {
  await bench.createPodOf(name, { containers: [{ name: 'main', image: 'busybox', imagePullPolicy: 'IfNotPresent', command: ['sh', '-c', 'sleep 1000000'] }], ...change });
  return bench.untilPhase(name, 'Running');
};
const folderOf = (pod: Pod, volume = pod.spec!.volumes![0]!.name): string => join(bench.podsDir, pod.metadata!.uid!, 'volumes/kubernetes.io~projected', volume);
const read = (pod: Pod, file: string, volume?: string): string => readFileSync(join(folderOf(pod, volume), file), 'utf8');
const review = async (token: string, audiences?: string[]) => (await bench.api.client.create(TOKEN_REVIEWS, { spec: { token, ...(audiences === undefined ? {} : { audiences }) } })).status;

test('every container finds a token, the authority and its namespace', async () => {
  const pod = await start('p');
  expect(readdirSync(folderOf(pod)).filter((name) => !name.startsWith('..')).sort()).toEqual(['ca.crt', 'namespace', 'token']);
  expect([read(pod, 'ca.crt'), read(pod, 'namespace')]).toEqual(['a certificate', 'default']);
  expect(await review(read(pod, 'token'))).toMatchObject({
    authenticated: true,
    user: { username: 'system:serviceaccount:default:default', extra: { 'authentication.kubernetes.io/pod-uid': [pod.metadata!.uid], 'authentication.kubernetes.io/node-name': ['node-1'] } },
  });
});

test('a token is replaced when four fifths of its life are over, and not before', async () => {
  const volumes = [{ name: 'v', projected: { sources: [{ serviceAccountToken: { path: 'token', audience: 'vault', expirationSeconds: 7200 } }] } }];
  const pod = await start('p', { volumes, automountServiceAccountToken: false });
  const first = read(pod, 'token', 'v');
  expect(await review(first, ['vault'])).toMatchObject({ authenticated: true, audiences: ['vault'] });
  await bench.clock.advance(1.55 * HOUR);
  expect(read(pod, 'token', 'v')).toBe(first);
  await bench.clock.advance(0.06 * HOUR);
  await soon('the token is replaced', () => read(pod, 'token', 'v') !== first);
  expect(await review(read(pod, 'token', 'v'), ['vault'])).toMatchObject({ authenticated: true });
});

test('a token that lives long is replaced every day', async () => {
  const volumes = [{ name: 'v', projected: { sources: [{ serviceAccountToken: { path: 'token', expirationSeconds: 30 * 24 * 3600 } }] } }];
  const pod = await start('p', { volumes, automountServiceAccountToken: false });
  const first = read(pod, 'token', 'v');
  await bench.clock.advance(24.1 * HOUR);
  await soon('the token is replaced', () => read(pod, 'token', 'v') !== first);
});

test('another change of the volume leaves the token as it is', async () => {
  const pod = await start('p');
  const token = read(pod, 'token');
  await bench.api.client.patch(CONFIG_MAPS, { namespace, name: 'kube-root-ca.crt' }, { type: 'merge', body: { data: { 'ca.crt': 'another' } } });
  await soon('the certificate is replaced', () => read(pod, 'ca.crt') === 'another');
  expect(read(pod, 'token')).toBe(token);
});

test('a Pod that is early waits for the account of its namespace', async () => {
  await bench.api.client.delete(SERVICE_ACCOUNTS, { namespace, name: 'default' });
  await bench.createPodOf('early', { containers: [{ name: 'main', image: 'busybox', imagePullPolicy: 'IfNotPresent', command: ['sleep', '100'] }] });
  const said = 'Warning FailedMount MountVolume.SetUp failed for volume "kube-api-access-';
  await soon('it says why', async () => (await bench.events('early')).some((event) => event.startsWith(said) && event.endsWith(': failed to fetch token: serviceaccounts "default" not found')));
  await bench.api.client.create(SERVICE_ACCOUNTS, { metadata: { name: 'default', namespace } });
  await bench.clock.advance(1_000);
  await bench.untilPhase('early', 'Running');
});

test('a token ends with its Pod', async () => {
  const pod = await start('p');
  const token = read(pod, 'token');
  await bench.api.client.delete(PODS, { namespace, name: 'p' }, { gracePeriodSeconds: 0 });
  expect(await review(token)).toMatchObject({ error: '[invalid bearer token, service account token has been invalidated]' });
});
