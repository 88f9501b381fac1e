import { expect, test } from '@jest/globals';
import { watchWake } from '../../../src/base/wake.ts';
import { SleepyClock } from '../../support/sleepy-clock.ts';

const HOUR = 3_600_000;

test('it has been awake since the start', async () => {
  const clock = new SleepyClock();
  const start = clock.now();
  const wake = watchWake(clock);
  await clock.awake.advance(HOUR);
  expect(wake.awakeSince()).toBe(start);
});

test('after a sleep it is awake since somebody asked', async () => {
  const clock = new SleepyClock();
  const wake = watchWake(clock);
  await clock.awake.advance(HOUR);
  clock.sleep(8 * HOUR);
  const noticed = clock.now();
  expect(wake.awakeSince()).toBe(noticed);
  await clock.awake.advance(HOUR);
  expect(wake.awakeSince()).toBe(noticed);
});

test('after a sleep of which nobody asked it is awake since half a minute later at most', async () => {
  const clock = new SleepyClock();
  const wake = watchWake(clock);
  await clock.awake.advance(10_000);
  clock.sleep(8 * HOUR);
  const woke = clock.now();
  await clock.awake.advance(HOUR);
  expect(wake.awakeSince()).toBe(woke + 20_000);
});

test('a look that is a little late is no sleep', async () => {
  const clock = new SleepyClock();
  const start = clock.now();
  const wake = watchWake(clock);
  for (let minute = 0; minute < 100; minute += 1) {
    await clock.awake.advance(60_000);
    clock.sleep(5_000);
  }
  expect(wake.awakeSince()).toBe(start);
});

test('a clock that is set back has nothing behind it that is still to come', async () => {
  const clock = new SleepyClock();
  const start = clock.now();
  const wake = watchWake(clock);
  await clock.awake.advance(HOUR);
  clock.sleep(-5 * HOUR);
  expect(wake.awakeSince()).toBe(start - 4 * HOUR);
});

test('it looks no more once it is stopped', () => {
  const clock = new SleepyClock();
  const wake = watchWake(clock);
  expect(clock.awake.waits).toEqual([30_000]);
  wake.stop();
  expect(clock.awake.waits).toEqual([]);
});
