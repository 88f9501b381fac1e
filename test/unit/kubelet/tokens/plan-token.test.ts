import { describe, expect, test } from '@jest/globals';
import { toTime } from '../../../../src/api/time.ts';
import { refreshTime, tokenKey, tokenRequest, tokensOf } from '../../../../src/kubelet/tokens/plan-token.ts';
import { aContainer, aPod } from '../../../support/pod-seen.ts';

const NOW = Date.UTC(2026, 0, 1);
const HOUR = 3_600_000;

test('the tokens of a Pod are those of all sources of all its volumes', () => {
  const [first, second] = [{ path: 'a' }, { path: 'b', audience: 'vault' }];
  const volumes = [{ name: 'none', emptyDir: {} }, { name: 'v', projected: { sources: [{ serviceAccountToken: first }, { configMap: { name: 'c' } }, { serviceAccountToken: second }] } }];
  expect(tokensOf(aPod({ containers: [aContainer('c')], volumes }))).toEqual([{ volume: 'v', projection: first }, { volume: 'v', projection: second }]);
  expect(tokensOf(aPod())).toEqual([]);
});

test('one token does for all that ask for the same, wherever they put it', () => {
  expect(tokenKey({ path: 'a' })).toBe(tokenKey({ path: 'b', expirationSeconds: 3600, audience: '' }));
  expect(new Set([{ path: 'a' }, { path: 'a', audience: 'vault' }, { path: 'a', expirationSeconds: 600 }].map(tokenKey)).size).toBe(3);
});

test('it is asked for in the name of the Pod, and bound to it', () => {
  const pod = aPod({}, { metadata: { name: 'p', namespace: 'ns', uid: 'u' } });
  expect(tokenRequest(pod, { path: 'a' }).spec).toEqual({ audiences: [], expirationSeconds: 3600, boundObjectRef: { apiVersion: 'v1', kind: 'Pod', name: 'p', uid: 'u' } });
  expect(tokenRequest(pod, { path: 'a', audience: 'vault', expirationSeconds: 600 }).spec).toMatchObject({ audiences: ['vault'], expirationSeconds: 600 });
});

describe('it is replaced', () => {
  test.each<[title: string, lifeHours: number, afterHours: number]>([
    ['when four fifths of an hour are over', 1, 0.8],
    ['the same of a day', 24, 19.2],
    ['every day, however long it lives', 24 * 365, 24],
  ])('%s', (_title, lifeHours, afterHours) => {
    const answer = { spec: { expirationSeconds: lifeHours * 3600 }, status: { expirationTimestamp: toTime(NOW + lifeHours * HOUR) } };
    expect(refreshTime(answer, NOW) - NOW).toBeCloseTo(afterHours * HOUR, -2);
  });

  test('by what was asked for where the server does not say when it ends', () => {
    expect(refreshTime({ spec: { expirationSeconds: 3600 } }, NOW) - NOW).toBeCloseTo(0.8 * HOUR, -2);
  });
});
