// What the fake runtime runs: the few shell words that tests use, on the test's clock. Like a process with pid 1, it
// takes no notice of TERM unless it has set a trap.
import { appendFileSync } from 'node:fs';
import type { Clock, Timer } from '../../src/base/clock.ts';

export interface FakeProcessOptions {
  readonly words: readonly string[];
  readonly env: ReadonlyMap<string, string>;
  readonly clock: Clock;
  readonly write: (stream: 'stdout' | 'stderr', text: string) => void;
  /** Where a path of the container lies on the host; undefined: nowhere. */
  readonly hostPath: (path: string) => string | undefined;
  readonly onExit: (exitCode: number, oomKilled: boolean) => void;
}

const PROGRAMS = new Set(['sh', '/bin/sh', 'true', 'false', 'echo', 'sleep', 'pause', 'hog', 'id', 'cat', 'head']);

export function canRun(words: readonly string[]): boolean {
  return PROGRAMS.has(words[0] ?? '');
}

export class FakeProcess {
  readonly #options: FakeProcessOptions;
  readonly #steps: string[];
  #trap: string | undefined;
  #timer: Timer | undefined;
  #isOver = false;
  #input = '';
  #inputEnded = false;
  #isReading = false;

  constructor(options: FakeProcessOptions) {
    const { words } = options;
    this.#options = options;
    const isShell = words[0] === 'sh' || words[0] === '/bin/sh';
    const script = isShell ? (words[1] === '-c' ? (words[2] ?? '') : '') : words.join(' ');
    this.#steps = script.split(/;|&&|\n/).map((step) => step.trim());
  }

  run(): void {
    let last = 0;
    while (!this.#isOver) {
      const step = this.#steps.shift();
      if (step === undefined) return this.#exit(last);
      const [word = '', ...rest] = step.split(/\s+/);
      if (word === 'sleep' || word === 'pause') return this.#sleep(word === 'pause' ? 1e9 : Number(rest[0]));
      if (word === 'cat') {
        this.#isReading = true;
        return this.#readOn();
      }
      if (word === 'exit') return this.#exit(Number(rest[0] ?? 0));
      if (word === 'hog') return this.#exit(137, true);
      last = this.#simple(word, step);
    }
  }

  /** Text on its standard input. */
  feed(text: string): void {
    this.#input += text;
    this.#readOn();
  }

  endInput(): void {
    this.#inputEnded = true;
    this.#readOn();
  }

  #readOn(): void {
    if (!this.#isReading || this.#isOver) return;
    if (this.#input !== '') this.#options.write('stdout', this.#input);
    this.#input = '';
    if (!this.#inputEnded) return;
    this.#isReading = false;
    this.run();
  }

  signal(name: string): void {
    if (this.#isOver) return;
    if (name === 'KILL' || name === 'SIGKILL') return this.#exit(137);
    const trap = this.#trap;
    if (trap === undefined || trap === '') return;
    this.#timer?.cancel();
    this.#steps.splice(0, this.#steps.length, ...trap.split(';').map((step) => step.trim()));
    this.run();
  }

  #simple(word: string, step: string): number {
    const { env, hostPath, write } = this.#options;
    if (word === 'false') return 1;
    const zeros = /^head -c (\d+) \/dev\/zero$/.exec(step);
    if (zeros !== null) write('stdout', '\0'.repeat(Number(zeros[1])));
    const trap = /^trap '([^']*)' TERM$/.exec(step);
    if (trap !== null) this.#trap = trap[1]!;
    if (word !== 'echo' && word !== 'printf') return 0;
    const [, text = '', target] = /^(?:echo|printf)\s+(.*?)\s*(?:>\s*(\S+))?$/.exec(step) ?? [];
    const shown = text.replace(/\$(\w+)/g, (_whole, name: string) => env.get(name) ?? '').replace(/^(["'])(.*)\1$/, '$2') + (word === 'echo' ? '\n' : '');
    if (target === undefined) write('stdout', shown);
    else if (target === '&2') write('stderr', shown);
    else {
      const path = hostPath(target);
      if (path !== undefined) appendFileSync(path, shown);
    }
    return 0;
  }

  #sleep(seconds: number): void {
    this.#timer = this.#options.clock.setTimer(seconds * 1_000, () => this.run());
  }

  #exit(exitCode: number, oomKilled = false): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#timer?.cancel();
    this.#options.onExit(exitCode, oomKilled);
  }
}
