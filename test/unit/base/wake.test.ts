import { expect, test } from '@jest/globals';
import { watchWake } from '../../../src/base/wake.ts';

const HOUR = 3_600_000;

class Machine {
  wall = Date.UTC(2026, 0, 1);
  awake = 1_000;

  run(ms: number): void {
    this.wall += ms;
    this.awake += ms;
  }

  readonly watch = watchWake({ now: () => this.wall, awakeMs: () => this.awake });
}

test('it has been awake since the start', () => {
  const machine = new Machine();
  const start = machine.wall;
  machine.run(10 * HOUR);
  expect(machine.watch.awakeSince()).toBe(start);
});

test('after a sleep it is awake since that was noticed', () => {
  const machine = new Machine();
  machine.run(HOUR);
  machine.wall += 8 * HOUR;
  const noticed = machine.wall;
  expect(machine.watch.awakeSince()).toBe(noticed);
  machine.run(HOUR);
  expect(machine.watch.awakeSince()).toBe(noticed);
});

test('a clock that is steered a little is no sleep', () => {
  const machine = new Machine();
  const start = machine.wall;
  for (let hour = 0; hour < 100; hour += 1) {
    machine.run(HOUR);
    machine.wall += 2_000;
    expect(machine.watch.awakeSince()).toBe(start);
  }
});

test('a clock that is set back has nothing behind it that is still to come', () => {
  const machine = new Machine();
  const start = machine.wall;
  machine.run(HOUR);
  machine.wall -= 5 * HOUR;
  expect(machine.watch.awakeSince()).toBe(start - 4 * HOUR);
});
