// Ctrl-C and SIGTERM: the end of the program, unless a verb holds them.
import { describe, expect, test } from '@jest/globals';
import type { Interrupt } from '../../../src/cli/context.ts';
import { createInterrupts } from '../../../src/cli/interrupts.ts';

function listen() {
  const [stop, exits, heard]: [AbortController, number[], Interrupt[]] = [new AbortController(), [], []];
  const interrupts = createInterrupts({ stop, exit: (code) => void exits.push(code) });
  return { stop, exits, heard, interrupts, hold: () => interrupts.hold((by) => void heard.push(by)) };
}

describe('held by nobody', () => {
  test('the first Ctrl-C aborts, the second ends', () => {
    const { interrupts, stop, exits } = listen();
    interrupts.hear('SIGINT');
    expect([stop.signal.aborted, exits]).toEqual([true, []]);
    interrupts.hear('SIGINT');
    expect(exits).toEqual([130]);
  });

  test('SIGTERM ends at once', () => {
    const { interrupts, exits } = listen();
    interrupts.hear('SIGTERM');
    expect(exits).toEqual([143]);
  });
});

describe('held by a verb', () => {
  test('it is told of two, and the third ends the program', () => {
    const { interrupts, hold, stop, exits, heard } = listen();
    hold();
    for (const by of ['SIGINT', 'SIGTERM', 'SIGINT'] as const) interrupts.hear(by);
    expect([heard, exits, stop.signal.aborted]).toEqual([['SIGINT', 'SIGTERM'], [130], false]);
  });

  test('that lets go of them again, they are as they were', () => {
    const { interrupts, hold, stop, heard } = listen();
    hold()();
    interrupts.hear('SIGINT');
    expect([heard, stop.signal.aborted]).toEqual([[], true]);
  });
});
