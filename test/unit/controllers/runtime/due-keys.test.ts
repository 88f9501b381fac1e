import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { DueKeys } from '../../../../src/controllers/runtime/due-keys.ts';

test('nothing waits at first', () => {
  const keys = new DueKeys();
  expect([keys.size, keys.next(), keys.takeUntil(Infinity)]).toEqual([0, undefined, []]);
});

test('keys come out at their times, earliest first, once', () => {
  const keys = new DueKeys();
  for (const [key, due] of [['c', 30], ['a', 10], ['b', 20]] as const) keys.add(key, due);
  expect(keys.takeUntil(20)).toEqual(['a', 'b']);
  expect(keys.takeUntil(20)).toEqual([]);
  expect([keys.size, keys.next()]).toEqual([1, 30]);
});

test('the earlier of two times of a key wins', () => {
  const keys = new DueKeys();
  keys.add('a', 20);
  keys.add('a', 30);
  expect(keys.next()).toBe(20);
  keys.add('a', 10);
  expect(keys.takeUntil(100)).toEqual(['a']);
});

test('a key that is dropped does not come, and may be added for later', () => {
  const keys = new DueKeys();
  keys.add('a', 10);
  keys.drop('a');
  expect(keys.next()).toBeUndefined();
  keys.add('a', 20);
  expect(keys.takeUntil(15)).toEqual([]);
  expect(keys.takeUntil(20)).toEqual(['a']);
});

type Step = { readonly key: string; readonly due: number } | { readonly drop: string } | { readonly until: number };

test('it does what a map that is searched through does', () => {
  const key = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
  const step: fc.Arbitrary<Step> = fc.oneof(
    { weight: 6, arbitrary: fc.record({ key, due: fc.nat({ max: 1000 }) }) },
    { weight: 2, arbitrary: fc.record({ drop: key }) },
    { weight: 1, arbitrary: fc.record({ until: fc.nat({ max: 1000 }) }) },
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 400 }), (steps) => {
      const keys = new DueKeys();
      const model = new Map<string, number>();
      for (const one of steps) {
        if ('key' in one) {
          keys.add(one.key, one.due);
          model.set(one.key, Math.min(one.due, model.get(one.key) ?? Infinity));
        } else if ('drop' in one) {
          keys.drop(one.drop);
          model.delete(one.drop);
        } else {
          const due = [...model].filter(([, time]) => time <= one.until);
          expect(keys.takeUntil(one.until).sort()).toEqual(due.map(([name]) => name).sort());
          for (const [name] of due) model.delete(name);
        }
        expect([keys.size, keys.next()]).toEqual([model.size, model.size === 0 ? undefined : Math.min(...model.values())]);
      }
    }),
  );
});
