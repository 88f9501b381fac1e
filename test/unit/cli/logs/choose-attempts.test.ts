// Which attempts a logs command means.
import { describe, expect, test } from '@jest/globals';
import type { Attempt } from '../../../../src/api/attempt/attempt.ts';
import { numberAttempts } from '../../../../src/api/attempt/number-attempts.ts';
import { attemptTable } from '../../../../src/cli/logs/attempt-table.ts';
import { chooseAttempts, type AttemptChoice } from '../../../../src/cli/logs/choose-attempts.ts';
import { attempt } from '../../../support/attempts.ts';

const of = (second: number, change: Partial<Attempt> = {}): Attempt =>
  attempt({ pod: `pi-${second}`, podUid: `pod-${second}`, startedAt: `2026-01-01T00:00:0${second}.000Z`, job: { name: 'pi', uid: 'new' }, ...change });
const old = (second: number): Attempt => of(second, { job: { name: 'pi', uid: 'old' } });
const GONE: AttemptChoice = { kind: 'job', name: 'pi', liveUid: undefined, wish: { type: 'newest' }, archived: false, allContainers: false };
const choose = (attempts: readonly Attempt[], choice: Partial<AttemptChoice>): readonly string[] | string => {
  const chosen = chooseAttempts(attempts, { ...GONE, ...choice });
  return chosen.type === 'none' ? chosen.problem : chosen.attempts.map(({ number, attempt: { pod, container, restart } }) => `${number} ${pod}/${container}/${restart}`);
};
const number = (count: number) => ({ type: 'number', number: count }) as const;

describe('a logs command', () => {
  test.each<{ what: string; attempts: readonly Attempt[]; choice: Partial<AttemptChoice>; seen: readonly string[] | string }>([
    { what: 'of nothing', attempts: [], choice: {}, seen: 'no job named pi is there, and none has left attempts' },
    { what: 'of a Job that has not begun', attempts: [], choice: { liveUid: 'new', wish: number(1) }, seen: 'job/pi has not started a container yet' },
    { what: 'with a number', attempts: [of(1), of(2)], choice: { wish: number(2) }, seen: ['2 pi-2/main/0'] },
    { what: 'with a number that is too high', attempts: [of(1), of(2)], choice: { wish: number(3) }, seen: 'job/pi has no attempt 3; there are attempts 1 to 2' },
    { what: 'with a number where there is one', attempts: [of(1)], choice: { wish: number(3) }, seen: 'job/pi has no attempt 3; there is only attempt 1' },
    { what: 'of an Indexed Job', attempts: [0, 1, 0].map((index, second) => of(second, { job: { name: 'pi', uid: 'new', index } })), choice: { wish: number(1) }, seen: ['1 pi-0/main/0', '1 pi-1/main/0'] },
    { what: 'of the one before', attempts: [of(1), of(2), of(3)], choice: { wish: { type: 'previous' } }, seen: ['2 pi-2/main/0'] },
    { what: 'of the one before where there is one', attempts: [of(1)], choice: { wish: { type: 'previous' } }, seen: 'job/pi has no attempt before its newest' },
    { what: 'of the newest of each Pod', attempts: [of(1), of(2, { pod: 'pi-1', podUid: 'pod-1', restart: 1 }), of(3)], choice: { archived: true }, seen: ['2 pi-1/main/1', '3 pi-3/main/0'] },
    { what: 'of the newest Job of the name', attempts: [old(1), of(2)], choice: { archived: true }, seen: ['1 pi-2/main/0'] },
    { what: 'of the Job that is there', attempts: [old(1), of(2)], choice: { liveUid: 'new', wish: number(1) }, seen: ['1 pi-2/main/0'] },
    { what: 'of the Job before the one that is there', attempts: [old(1), of(2)], choice: { liveUid: 'new', archived: true }, seen: ['1 pi-1/main/0'] },
    { what: 'of what the Job that is there has left', attempts: [of(1), of(2, { isArchived: false })], choice: { liveUid: 'new', archived: true }, seen: ['1 pi-1/main/0'] },
    { what: 'of nothing left yet', attempts: [of(2, { isArchived: false })], choice: { liveUid: 'new', archived: true }, seen: 'nothing of job/pi is archived yet: its containers are there' },
    { what: 'of a Job just deleted, whose containers are still there', attempts: [of(2, { isArchived: false })], choice: { archived: true }, seen: ['1 pi-2/main/0'] },
    { what: 'of a uid', attempts: [old(1), of(2)], choice: { uid: 'ol' }, seen: ['1 pi-1/main/0'] },
    { what: 'of a uid that nobody had', attempts: [old(1)], choice: { uid: 'x' }, seen: 'no job named pi with uid x has left attempts; there are old' },
    { what: 'of the default container', attempts: [of(1), of(1, { container: 'side', isDefault: false })], choice: {}, seen: ['1 pi-1/main/0'] },
    { what: 'of a named container', attempts: [of(1), of(1, { container: 'side', isDefault: false })], choice: { container: 'side' }, seen: ['1 pi-1/side/0'] },
    { what: 'of no such container', attempts: [of(1)], choice: { container: 'x' }, seen: 'job/pi has no attempts of container x' },
    { what: 'of all containers', attempts: [of(1), of(1, { container: 'side', isDefault: false })], choice: { allContainers: true }, seen: ['1 pi-1/main/0', '1 pi-1/side/0'] },
    { what: 'of a Pod that ended in its init container', attempts: [of(1, { container: 'init', isInit: true, isDefault: false })], choice: {}, seen: ['1 pi-1/init/0'] },
    { what: 'of a Pod', attempts: [of(1), of(2, { pod: 'pi-1', podUid: 'pod-1', restart: 1 })], choice: { kind: 'pod', name: 'pi-1', wish: number(2) }, seen: ['2 pi-1/main/1'] },
  ])('$what', ({ attempts, choice, seen }) => expect(choose(attempts, choice)).toEqual(seen));

  test('is told of others that had the name', () => {
    expect(chooseAttempts([old(1), of(2)], { ...GONE, archived: true })).toMatchObject({ older: ['old'] });
    expect(chooseAttempts([old(1), of(2, { isArchived: true })], { ...GONE, liveUid: 'old', archived: true })).toMatchObject({ older: ['old'] });
  });
});

describe('the table of attempts', () => {
  const now = Date.UTC(2026, 0, 1, 0, 1);

  test('has a line an attempt, its times as ages', () => {
    expect(attemptTable(numberAttempts([of(0, { finishedAt: '2026-01-01T00:00:05.000Z' }), of(2, { finishedAt: undefined, exitCode: undefined, reason: undefined }), of(3, { startedAt: undefined, exitCode: 127, reason: 'StartError' })]), now)).toBe(
      ['ATTEMPT   POD    CONTAINER   STARTED     DURATION    EXIT   REASON', '1         pi-0   main        60s ago     5s          1      Error', '2         pi-2   main        58s ago     58s         -      Running', '3         pi-3   main        <unknown>   <unknown>   127    StartError', ''].join('\n'),
    );
  });

  test('has the index of an Indexed Job', () => {
    const [head, first] = attemptTable(numberAttempts([of(0, { job: { name: 'pi', uid: 'new', index: 4 } })]), now).split('\n');
    expect(head).toMatch(/^ATTEMPT +INDEX +POD/);
    expect(first).toMatch(/^1 +4 +pi-0/);
  });
});
