import { expect, test } from '@jest/globals';
import { ListenSlot } from '../../../../src/network/proxy/thread/listen-slot.ts';
import { settle, VirtualClock } from '../../../support/virtual-clock.ts';

class Port {
  readonly clock = new VirtualClock();
  readonly told: string[] = [];
  /** Somebody else's. */
  isTaken = false;
  isOpen = false;
  opened = 0;
  gate: Promise<void> = Promise.resolve();
  readonly slot = new ListenSlot({
    clock: this.clock,
    report: (state, code) => this.told.push([state, code].filter((part) => part !== undefined).join(' ')),
    open: async () => {
      await this.gate;
      if (this.isTaken) throw Object.assign(new Error('taken'), { code: 'EADDRINUSE' });
      this.isOpen = true;
      this.opened += 1;
      return { close: () => (this.isOpen = false), refresh: () => undefined };
    },
  });
}

test('a port that nobody is behind is tried once, and closed', async () => {
  const port = new Port();
  await port.slot.want('resting');
  await port.slot.want('resting');
  expect(port).toMatchObject({ isOpen: false, opened: 1, told: ['resting'] });
});

test('it opens with the first backend and closes with the last', async () => {
  const port = new Port();
  await port.slot.want('resting');
  await port.slot.want('open');
  await port.slot.want('open');
  expect(port).toMatchObject({ isOpen: true, opened: 2 });
  await port.slot.want('resting');
  expect(port).toMatchObject({ isOpen: false, opened: 2, told: ['resting', 'open', 'resting'] });
});

test('one that is taken is tried again, later each time, until it is free', async () => {
  const port = new Port();
  port.isTaken = true;
  await port.slot.want('open');
  await port.clock.advance(250);
  await port.clock.advance(500);
  expect(port.told).toEqual(['failed EADDRINUSE', 'failed EADDRINUSE', 'failed EADDRINUSE']);
  port.isTaken = false;
  await port.clock.advance(2_000);
  expect(port).toMatchObject({ isOpen: true });
  expect(port.told.at(-1)).toBe('open');
  expect(port.clock.waits).toEqual([]);
});

test('changes while it is being opened come to what was wanted last', async () => {
  const port = new Port();
  let go = (): void => {};
  port.gate = new Promise((resolve) => (go = resolve));
  const [first, last] = [port.slot.want('open'), port.slot.want('resting')];
  go();
  await Promise.all([first, last]);
  expect(port).toMatchObject({ isOpen: false, told: ['resting'] });
});

test('given up while it is being opened, it closes as soon as it is', async () => {
  const port = new Port();
  let go = (): void => {};
  port.gate = new Promise((resolve) => (go = resolve));
  void port.slot.want('open');
  port.slot.close();
  go();
  await settle();
  expect(port).toMatchObject({ isOpen: false, told: ['gone'] });
});

test('given up while it is taken, it is not tried again', async () => {
  const port = new Port();
  port.isTaken = true;
  await port.slot.want('open');
  port.slot.close();
  await port.clock.advance(60_000);
  expect(port).toMatchObject({ opened: 0, told: ['failed EADDRINUSE', 'gone'] });
});
