// Ctrl-C while Jobs are followed: a question on a terminal, the end of the Jobs elsewhere.
import { PassThrough } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import type { CliContext, Interrupt, Output } from '../../../../src/cli/context.ts';
import { RunDisplay } from '../../../../src/cli/job-run/display.ts';
import { holdInterrupts } from '../../../../src/cli/job-run/interruption.ts';
import { settle, VirtualClock } from '../../../support/virtual-clock.ts';

function follow({ isTerminal = true, owned = 'job.batch/x' } = {}) {
  let text = '';
  let hear: (by: Interrupt) => void = () => {};
  const output: Output = { write: async (more) => void (text += more.toString()), isTerminal, columns: 80, colour: false };
  const stdin = Object.assign(new PassThrough(), { isTTY: isTerminal });
  const clock = new VirtualClock();
  const interrupts: CliContext['interrupts'] = {
    hold: (callback) => {
      hear = callback;
      return () => (hear = () => {});
    },
  };
  const context = { stdin, err: output, out: output, clock, interrupts } as unknown as CliContext;
  const interruption = holdInterrupts(context, { display: new RunDisplay({ logs: output, messages: output, clock }), owned: () => owned });
  const type = async (line: string): Promise<void> => {
    await settle();
    stdin.write(line);
    await settle();
  };
  const interrupt = async (by: Interrupt = 'SIGINT'): Promise<void> => {
    hear(by);
    await settle();
  };
  return { interruption, interrupt, type, text: () => text, stdin };
}

describe('on a terminal', () => {
  test('Ctrl-C asks', async () => {
    const { interruption, interrupt, text } = follow();
    await interrupt();
    expect([interruption.decided(), text()]).toEqual([undefined, '\nDelete job.batch/x? [y/N]; press Ctrl-C again to delete ']);
  });

  test.each([
    ['y\n', 'delete'],
    ['Yes\n', 'delete'],
    ['n\n', 'leave'],
    ['\n', 'leave'],
  ])('%j means to %s', async (answer, wish) => {
    const { interruption, interrupt, type } = follow();
    await interrupt();
    await type(answer);
    expect([interruption.decided(), await interruption.wish]).toEqual([wish, wish]);
  });

  test('the end of the input means to leave', async () => {
    const { interruption, interrupt, stdin } = follow();
    await interrupt();
    stdin.end();
    expect(await interruption.wish).toBe('leave');
  });

  test('a second Ctrl-C means to delete, a third one not to wait for it', async () => {
    const { interruption, interrupt } = follow();
    await interrupt();
    await interrupt();
    expect(interruption.decided()).toBe('delete');
    await interrupt();
    await interruption.again;
  });

  test('SIGTERM asks nobody', async () => {
    const { interruption, interrupt } = follow();
    await interrupt('SIGTERM');
    expect(interruption.decided()).toBe('delete');
  });

  test('the question is taken back when there is nothing left to delete', async () => {
    const { interruption, interrupt, type } = follow();
    await interrupt();
    interruption.withdraw();
    await type('y\n');
    expect(interruption.decided()).toBeUndefined();
  });

  test('nothing is asked of somebody who only looks on', async () => {
    const { interruption, interrupt, text } = follow({ owned: '' });
    await interrupt();
    expect([interruption.decided(), text()]).toEqual(['leave', '']);
  });
});

describe('elsewhere', () => {
  test.each(['SIGINT', 'SIGTERM'] as const)('%s deletes at once', async (by) => {
    const { interruption, interrupt, text } = follow({ isTerminal: false });
    await interrupt(by);
    expect([interruption.decided(), text()]).toEqual(['delete', '']);
  });

  test('after the end the interrupts belong to others', async () => {
    const { interruption, interrupt } = follow({ isTerminal: false });
    interruption.end();
    await interrupt();
    expect(interruption.decided()).toBeUndefined();
  });
});
