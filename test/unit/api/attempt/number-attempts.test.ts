// Attempts counted, and Jobs of one name told apart.
import { describe, expect, test } from '@jest/globals';
import type { Attempt } from '../../../../src/api/attempt/attempt.ts';
import { fromNewest, generationsOf, numberAttempts } from '../../../../src/api/attempt/number-attempts.ts';
import { attempt } from '../../../support/attempts.ts';

const at = (second: number, change: Partial<Attempt> = {}): Attempt => attempt({ startedAt: `2026-01-01T00:00:0${second}.000Z`, ...change });
const numbers = (attempts: readonly Attempt[]): string[] => numberAttempts(attempts).map(({ number, attempt: { pod, container, restart } }) => `${number} ${pod}/${container}/${restart}`);

describe('numbers', () => {
  test.each<{ what: string; attempts: readonly Attempt[]; seen: readonly string[] }>([
    { what: 'nothing', attempts: [], seen: [] },
    { what: 'restarts of one container', attempts: [at(3, { restart: 1 }), at(1)], seen: ['1 pi-abcde/main/0', '2 pi-abcde/main/1'] },
    {
      what: 'Pods of a Job by their start, whatever their names',
      attempts: [at(2, { pod: 'a' }), at(1, { pod: 'b' }), at(3, { pod: 'b', restart: 1 })],
      seen: ['1 b/main/0', '2 a/main/0', '3 b/main/1'],
    },
    {
      what: 'each container for itself',
      attempts: [at(1, { container: 'init', isInit: true }), at(2), at(3, { container: 'side' }), at(4, { restart: 1 })],
      seen: ['1 pi-abcde/init/0', '1 pi-abcde/main/0', '1 pi-abcde/side/0', '2 pi-abcde/main/1'],
    },
    {
      what: 'each index for itself',
      attempts: [0, 1, 0, 1].map((index, second) => at(second, { pod: `p${second}`, job: { name: 'pi', uid: 'j', index } })),
      seen: ['1 p0/main/0', '1 p1/main/0', '2 p2/main/0', '2 p3/main/0'],
    },
    {
      what: 'what never started by its end',
      attempts: [at(1, { pod: 'b' }), attempt({ pod: 'a', startedAt: undefined, finishedAt: '2026-01-01T00:00:02.000Z' }), at(3, { pod: 'c' })],
      seen: ['1 b/main/0', '2 a/main/0', '3 c/main/0'],
    },
    { what: 'starts at the same moment by name, then restart', attempts: [at(1, { pod: 'b' }), at(1, { restart: 1, pod: 'a' }), at(1, { pod: 'a' })], seen: ['1 a/main/0', '2 a/main/1', '3 b/main/0'] },
  ])('count $what', ({ attempts, seen }) => expect(numbers(attempts)).toEqual(seen));
});

test('the one before the newest is found for each index', () => {
  const attempts = [0, 1, 0, 1, 0].map((index, second) => at(second, { pod: `p${second}`, job: { name: 'pi', uid: 'j', index } }));
  expect(fromNewest(numberAttempts(attempts), 0).map(({ attempt: { pod } }) => pod)).toEqual(['p4', 'p3']);
  expect(fromNewest(numberAttempts(attempts), 1).map(({ attempt: { pod } }) => pod)).toEqual(['p2', 'p1']);
  expect(fromNewest(numberAttempts(attempts), 5)).toEqual([]);
});

test('Jobs of one name are told apart by uid, newest first', () => {
  const of = (second: number, uid: string) => at(second, { podUid: `pod-${second}`, job: { name: 'pi', uid } });
  const found = generationsOf([of(3, 'second'), of(1, 'first'), of(2, 'first')], 'job');
  expect(found.map(({ uid, attempts }) => [uid, attempts.length])).toEqual([['second', 1], ['first', 2]]);
  expect(generationsOf([of(3, 'second'), of(1, 'first')], 'pod').map(({ uid }) => uid)).toEqual(['pod-3', 'pod-1']);
});
