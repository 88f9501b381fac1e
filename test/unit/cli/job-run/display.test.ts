// What is written where: lines of logs never mix with states, a terminal has one live line, a question makes all wait.
import { describe, expect, test } from '@jest/globals';
import type { Output } from '../../../../src/cli/context.ts';
import { RunDisplay } from '../../../../src/cli/job-run/display.ts';
import { settle, VirtualClock } from '../../../support/virtual-clock.ts';

function screen(isTerminal: boolean): { readonly text: () => string; readonly output: Output } {
  let text = '';
  return { text: () => text, output: { write: async (more) => void (text += more.toString()), isTerminal, columns: 60, colour: false } };
}

function show(isTerminal: boolean) {
  const [logs, messages, clock] = [screen(isTerminal), screen(isTerminal), new VirtualClock()];
  return { logs, messages, clock, display: new RunDisplay({ logs: logs.output, messages: messages.output, clock }) };
}

const LIVE = '\r\u001b[K';

describe('where there is no terminal', () => {
  test('each new state is a line, and logs go their own way', async () => {
    const { display, logs, messages } = show(false);
    display.state('a', '0/1');
    display.state('a', '0/1');
    await display.log('hello\n');
    display.state('a', '1/1');
    await display.end();
    expect([logs.text(), messages.text()]).toEqual(['hello\n', 'a: 0/1\na: 1/1\n']);
  });
});

describe('on a terminal', () => {
  test('states are one line that goes away for each other line, and has a clock', async () => {
    const { display, messages, clock } = show(true);
    display.state('a', '0/1');
    await settle();
    expect(messages.text()).toBe(`${LIVE}a: 0/1  0s`);
    await display.say('news');
    expect(messages.text()).toBe(`${LIVE}a: 0/1  0s${LIVE}news\n${LIVE}a: 0/1  0s`);
    await clock.advance(1_000);
    expect(messages.text().endsWith(`${LIVE}a: 0/1  1s`)).toBe(true);
    await display.end();
    expect(messages.text().endsWith(LIVE)).toBe(true);
    expect(clock.waits).toEqual([]);
  });

  test('a long line is cut: one that wraps could not be taken away', async () => {
    const { display, messages } = show(true);
    display.state('a', 'x'.repeat(100));
    await settle();
    expect(messages.text()).toBe(`${LIVE}a: ${'x'.repeat(56)}`);
  });

  test('everything waits while a question is open', async () => {
    const { display, logs, messages } = show(true);
    const answer = Promise.withResolvers<string>();
    const asked = display.ask('Really? ', () => answer.promise);
    await settle();
    const logged = display.log('hello\n');
    await settle();
    expect([logs.text(), messages.text()]).toEqual(['', 'Really? ']);
    answer.resolve('yes');
    expect(await asked).toBe('yes');
    await logged;
    expect(logs.text()).toBe('hello\n');
  });
});
