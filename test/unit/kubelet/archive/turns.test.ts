// A few at a time, in the order in which they came.
import { expect, test } from '@jest/globals';
import { Turns } from '../../../../src/kubelet/archive/turns.ts';
import { settle } from '../../../support/virtual-clock.ts';

test('no more work runs at once than there are turns, and failures give their turn back', async () => {
  const turns = new Turns(2);
  const gates = Array.from({ length: 5 }, () => Promise.withResolvers<string>());
  const begun: number[] = [];
  const done = gates.map(({ promise }, index) =>
    turns.run(() => {
      begun.push(index);
      return promise;
    }),
  );
  await settle();
  expect(begun).toEqual([0, 1]);
  gates[1]!.reject(new Error('failed'));
  await expect(done[1]).rejects.toThrow('failed');
  await settle();
  expect(begun).toEqual([0, 1, 2]);
  gates[0]!.resolve('first');
  gates[2]!.resolve('third');
  await settle();
  expect(begun).toEqual([0, 1, 2, 3, 4]);
  gates[3]!.resolve('fourth');
  gates[4]!.resolve('fifth');
  expect(await Promise.allSettled(done)).toMatchObject([{ value: 'first' }, { status: 'rejected' }, { value: 'third' }, { value: 'fourth' }, { value: 'fifth' }]);
});
