// What somebody who follows Jobs sees: log lines as they come, messages, and the state of the Jobs: one live line on a
// terminal, else a line for each change. All of it goes through one queue, so that lines never mix.
import { humanDuration } from '../../api/duration-text.ts';
import type { Clock, Timer } from '../../base/clock.ts';
import type { Output } from '../context.ts';

const TICK_MS = 1_000;
const CLEAR_LINE = '\r\u001b[K';

export class RunDisplay {
  readonly #logs: Output;
  readonly #messages: Output;
  readonly #clock: Clock;
  readonly #began: number;
  readonly #states = new Map<string, string>();
  #queue: Promise<void> = Promise.resolve();
  #held: Promise<void> | undefined;
  #live = false;
  #timer: Timer | undefined;

  /** Messages and states go to `messages`: stderr. */
  constructor({ logs, messages, clock }: { readonly logs: Output; readonly messages: Output; readonly clock: Clock }) {
    this.#logs = logs;
    this.#messages = messages;
    this.#clock = clock;
    this.#began = clock.now();
  }

  /** States are shown in a line that is drawn over and over. */
  get isLive(): boolean {
    return this.#messages.isTerminal;
  }

  /** Whole lines with their ends. Resolves when the reader has taken them: a slow reader slows the source. */
  log(lines: string): Promise<void> {
    return this.#write(this.#logs, lines);
  }

  say(line: string): Promise<void> {
    return this.#write(this.#messages, `${line}\n`);
  }

  /** What `name` is doing now. */
  state(name: string, text: string): void {
    if (this.#states.get(name) === text) return;
    this.#states.set(name, text);
    if (this.#messages.isTerminal) this.#redraw();
    else void this.say(`${name}: ${text}`);
  }

  /** Nothing more is told of `name`. */
  forget(name: string): void {
    this.#states.delete(name);
  }

  /** Asks, while everything else waits. */
  async ask<T>(question: string, answer: () => Promise<T>): Promise<T> {
    await this.#queue;
    const held = Promise.withResolvers<void>();
    this.#held = held.promise;
    try {
      await this.#messages.write(`${this.#live ? CLEAR_LINE : ''}${question}`);
      this.#live = false;
      return await answer();
    } finally {
      this.#held = undefined;
      held.resolve();
    }
  }

  /** Takes the live line away and waits until all is written. */
  async end(): Promise<void> {
    this.#timer?.cancel();
    this.#states.clear();
    await this.#write(this.#messages, '');
  }

  #write(output: Output, text: string): Promise<void> {
    return this.#enqueue(async () => {
      if (this.#live) await this.#messages.write(CLEAR_LINE);
      this.#live = false;
      await output.write(text);
      if (this.#messages.isTerminal) await this.#draw();
    });
  }

  #redraw(): void {
    void this.#enqueue(() => this.#draw());
  }

  async #draw(): Promise<void> {
    this.#timer?.cancel();
    if (this.#states.size === 0) return;
    const text = `${[...this.#states].map(([name, state]) => `${name}: ${state}`).join('  ')}  ${humanDuration(this.#clock.now() - this.#began)}`;
    this.#live = true;
    await this.#messages.write(`${CLEAR_LINE}${text.slice(0, Math.max(this.#messages.columns - 1, 20))}`);
    this.#timer = this.#clock.setTimer(TICK_MS, () => this.#redraw());
  }

  #enqueue(task: () => Promise<void>): Promise<void> {
    const run = this.#queue.then(async () => {
      await this.#held;
      await task();
    });
    // Whoever waits for it hears of the failure; the next one writes all the same.
    this.#queue = run.catch(() => {});
    return run;
  }
}
