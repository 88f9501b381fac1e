// The agenda against a sorted list.
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Agenda } from '../../../src/rehearsal/agenda.ts';

test('gives what is due by time, and in the order of entry at one time', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(20)), (times) => {
      const agenda = new Agenda();
      const done: string[] = [];
      for (const [order, at] of times.entries()) agenda.add(at, () => void done.push(`${at}/${order}`));
      for (let due = agenda.take(); due !== undefined; due = agenda.take()) due.run();
      const wanted = times.map((at, order) => ({ at, order })).sort((a, b) => a.at - b.at || a.order - b.order);
      expect(done).toEqual(wanted.map(({ at, order }) => `${at}/${order}`));
      expect(agenda.next()).toBeUndefined();
    }),
  );
});
