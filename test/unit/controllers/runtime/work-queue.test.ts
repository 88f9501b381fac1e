import { expect, test } from '@jest/globals';
import type { Clock } from '../../../../src/base/clock.ts';
import { WorkQueue } from '../../../../src/controllers/runtime/work-queue.ts';
import { SleepyClock } from '../../../support/sleepy-clock.ts';
import { settle, VirtualClock } from '../../../support/virtual-clock.ts';

const HOUR = 3_600_000;

/** Takes keys as they come, at once done with each. */
function drain(queue: WorkQueue): string[] {
  const taken: string[] = [];
  void (async () => {
    for (let key = await queue.take(); key !== undefined; key = await queue.take()) {
      taken.push(key);
      queue.done(key);
    }
  })();
  return taken;
}

test('a key waits once, and comes again when it is added while worked on', async () => {
  const queue = new WorkQueue(new VirtualClock());
  queue.add('a');
  queue.add('a');
  expect(await queue.take()).toBe('a');
  queue.add('a');
  queue.add('b');
  expect(await queue.take()).toBe('b');
  queue.done('a');
  expect(await queue.take()).toBe('a');
  queue.close();
});

test('delayed keys come at their times, in their order', async () => {
  const clock = new VirtualClock();
  const queue = new WorkQueue(clock);
  const taken = drain(queue);
  queue.add('late', 3_000);
  queue.add('soon', 1_000);
  await clock.advance(999);
  expect(taken).toEqual([]);
  await clock.advance(1);
  expect(taken).toEqual(['soon']);
  await clock.advance(2_000);
  expect(taken).toEqual(['soon', 'late']);
  queue.close();
});

test('a key that is added at once comes now, and not again later', async () => {
  const clock = new VirtualClock();
  const queue = new WorkQueue(clock);
  const taken = drain(queue);
  queue.add('a', 1_000);
  queue.add('a');
  await clock.advance(10_000);
  expect(taken).toEqual(['a']);
});

test('failures in a row are given ever more time', async () => {
  const clock = new VirtualClock();
  const queue = new WorkQueue(clock);
  for (const delay of [5, 10, 20]) {
    queue.addAfterFailure('a');
    expect(clock.waits).toEqual([delay]);
    const key = queue.take();
    await clock.advance(delay);
    expect(await key).toBe('a');
    queue.done('a');
  }
});

test('no timer is armed while nothing waits, one whatever waits, none once closed', async () => {
  const clock = new VirtualClock();
  const queue = new WorkQueue(clock);
  drain(queue);
  expect(clock.waits).toEqual([]);
  queue.add('now');
  expect(clock.waits).toEqual([]);
  for (let key = 0; key < 100; key += 1) queue.add(`key-${key}`, 1_000 + key);
  expect(clock.waits).toEqual([1_000]);
  await clock.advance(2_000);
  expect(clock.waits).toEqual([]);
  queue.add('last', 5_000);
  queue.close();
  expect(clock.waits).toEqual([]);
});

test('a key that waits for years is waited for in steps', async () => {
  const clock = new VirtualClock();
  const queue = new WorkQueue(clock);
  const taken = drain(queue);
  queue.add('yearly', 40 * 24 * HOUR);
  expect(clock.waits).toEqual([30_000]);
  await clock.advance(60_000);
  expect([taken, clock.waits]).toEqual([[], [30_000]]);
  queue.close();
});

test('after a sleep, what fell due comes within half a minute', async () => {
  const clock = new SleepyClock();
  const queue = new WorkQueue(clock);
  const taken = drain(queue);
  queue.add('a', 2 * HOUR);
  queue.add('b', 20 * HOUR);
  await clock.awake.advance(10_000);
  clock.sleep(8 * HOUR);
  await clock.awake.advance(20_000);
  expect(taken).toEqual(['a']);
  queue.close();
});

test('after a sleep, what is to come in a moment is not held up by the alarm of before', async () => {
  const clock = new SleepyClock();
  const queue = new WorkQueue(clock);
  const taken = drain(queue);
  queue.add('a', 20 * HOUR);
  clock.sleep(8 * HOUR);
  queue.add('b', 5);
  await clock.awake.advance(5);
  expect(taken).toEqual(['b']);
  queue.close();
});

test('after the clock is set back all look for themselves what is due, within half a minute', async () => {
  const clock = new SleepyClock();
  const queue = new WorkQueue(clock);
  const taken = drain(queue);
  queue.add('retry', 60_000);
  clock.sleep(-HOUR);
  await clock.awake.advance(30_000);
  expect(taken).toEqual(['retry']);
  queue.close();
});

test('ten thousand keys that wait for years wake the process twice a minute, and no more', async () => {
  const clock = new VirtualClock();
  let wakeUps = 0;
  const counting: Clock = { now: () => clock.now(), setTimer: (delayMs, run) => clock.setTimer(delayMs, () => ((wakeUps += 1), run())) };
  const queue = new WorkQueue(counting);
  const taken = drain(queue);
  for (let key = 0; key < 10_000; key += 1) queue.add(`key-${key}`, 365 * 24 * HOUR + key);
  await clock.advance(HOUR);
  await settle();
  expect([taken, wakeUps]).toEqual([[], 120]);
  queue.close();
});
