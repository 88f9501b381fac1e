import { describe, expect, test } from '@jest/globals';
import { boundClaims, secretClaims, userOf, type BoundClaims } from '../../../../src/api/account/claims.ts';
import { judgeClaims, sharedAudiences, type BoundObjects } from '../../../../src/api/account/judge-claims.ts';
import type { Pod, Secret, ServiceAccount } from '../../../../src/api/generated/types.ts';
import { toTime } from '../../../../src/api/time.ts';

const NOW = Date.UTC(2026, 0, 1);
const MINUTE = 60_000;
const meta = (name: string, uid: string, more = {}) => ({ metadata: { name, namespace: 'ns', uid, ...more } });
const account: ServiceAccount = meta('robot', 'sa-1');
const pod: Pod = meta('p', 'pod-1');
const secret: Secret = meta('s', 'sec-1');

const objects = (found: { readonly account?: ServiceAccount | undefined; readonly pod?: Pod | undefined; readonly secret?: Secret | undefined } = {}): BoundObjects => {
  const all = { account, pod, secret, ...found };
  return { account: () => all.account, pod: () => all.pod, secret: () => all.secret };
};
const claims = (more: Partial<Parameters<typeof boundClaims>[0]> = {}): BoundClaims => boundClaims({ account, audiences: ['api'], seconds: 600, id: 'j1', ...more }, NOW);
const deleted = (agoMs: number) => ({ deletionTimestamp: toTime(NOW - agoMs) });

describe('a token', () => {
  test('says whose it is, for whom, how long, and what it is bound to', () => {
    expect(claims({ pod, node: { metadata: { name: 'n', uid: 'n-1' } }, warnAfterSeconds: 60 })).toEqual({
      aud: ['api'],
      exp: NOW / 1000 + 600,
      iat: NOW / 1000,
      iss: 'https://kubernetes.default.svc.cluster.local',
      jti: 'j1',
      'kubernetes.io': { namespace: 'ns', node: { name: 'n', uid: 'n-1' }, pod: { name: 'p', uid: 'pod-1' }, serviceaccount: { name: 'robot', uid: 'sa-1' }, warnafter: NOW / 1000 + 60 },
      nbf: NOW / 1000,
      sub: 'system:serviceaccount:ns:robot',
    });
  });

  test('makes its bearer the account, with groups and what it is bound to', () => {
    expect(userOf(claims({ pod }))).toEqual({
      username: 'system:serviceaccount:ns:robot',
      uid: 'sa-1',
      groups: ['system:serviceaccounts', 'system:serviceaccounts:ns', 'system:authenticated'],
      extra: { 'authentication.kubernetes.io/credential-id': ['JTI=j1'], 'authentication.kubernetes.io/pod-name': ['p'], 'authentication.kubernetes.io/pod-uid': ['pod-1'] },
    });
  });
});

describe('judging a token', () => {
  test.each<[title: string, judged: { readonly claims?: BoundClaims; readonly at?: number; readonly objects?: BoundObjects }, why: string | undefined]>([
    ['good', {}, undefined],
    ['a little over its end: clocks differ', { at: NOW + 11 * MINUTE }, undefined],
    ['over its end', { at: NOW + 11 * MINUTE + 1 }, 'service account token has expired'],
    ['before its time', { at: NOW - MINUTE - 1 }, 'service account token is not valid yet'],
    ['of an account that is gone', { objects: objects({ account: undefined }) }, 'serviceaccounts "robot" not found'],
    ['of an account made anew', { objects: objects({ account: meta('robot', 'sa-2') }) }, 'service account UID (sa-2) does not match claim (sa-1)'],
    ['of an account deleted long ago', { objects: objects({ account: meta('robot', 'sa-1', deleted(2 * MINUTE)) }) }, 'service account ns/robot has been deleted'],
    ['of an account just deleted', { objects: objects({ account: meta('robot', 'sa-1', deleted(1_000)) }) }, undefined],
    ['bound to a Pod that is there', { claims: claims({ pod }) }, undefined],
    ['bound to a Pod that is gone', { claims: claims({ pod }), objects: objects({ pod: undefined }) }, 'service account token has been invalidated'],
    ['bound to a Pod made anew', { claims: claims({ pod }), objects: objects({ pod: meta('p', 'pod-2') }) }, 'pod UID (pod-2) does not match service account pod ref claim (pod-1)'],
    ['bound to a Pod that should be gone by now', { claims: claims({ pod }), objects: objects({ pod: meta('p', 'pod-1', deleted(2 * MINUTE)) }) }, 'service account token has been invalidated'],
    ['bound to a Secret that is gone', { claims: claims({ secret }), objects: objects({ secret: undefined }) }, 'service account token has been invalidated'],
  ])('%s', (_title, judged, why) => {
    expect(judgeClaims(judged.claims ?? claims(), 'text', judged.objects ?? objects(), judged.at ?? NOW)).toBe(why);
  });

  test.each<[title: string, held: Secret | undefined, why: string | undefined]>([
    ['that holds it', { ...secret, data: { token: btoa('text') } }, undefined],
    ['that holds another', { ...secret, data: { token: btoa('other') } }, "service account token does not match server's copy"],
    ['that is gone', undefined, 'service account token has been invalidated'],
  ])('of a Secret %s', (_title, held, why) => {
    expect(judgeClaims(secretClaims(account, 's'), 'text', objects({ secret: held }), NOW)).toBe(why);
  });
});

test('audiences are those that both name', () => {
  expect(sharedAudiences(claims({ audiences: ['a', 'b'] }), ['b', 'c'], 'api')).toEqual(['b']);
  expect(sharedAudiences(secretClaims(account, 's'), ['api', 'c'], 'api')).toEqual(['api']);
});
