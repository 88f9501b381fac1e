// What Ctrl-C and SIGTERM do to the program: end it, or tell the verb that holds them.
import type { Interrupt, Interrupts } from './context.ts';

/** How long a verb may tidy up after Ctrl-C before it is cut off. */
const TIDY_MS = 300;
/** Somebody who interrupts a verb this often does not care for what it has to tidy up. */
const PATIENCE = 3;

/** What a shell reports for a program that the signal ended. */
const EXIT_CODE = { SIGINT: 130, SIGTERM: 143 };

export interface ProgramEnd {
  /** Aborted by the first Ctrl-C that nobody holds. */
  readonly stop: AbortController;
  readonly exit: (code: number) => void;
}

export function createInterrupts({ stop, exit }: ProgramEnd): Interrupts & { hear(by: Interrupt): void } {
  let holder: ((by: Interrupt) => void) | undefined;
  let held = 0;
  return {
    hold(onInterrupt) {
      holder = onInterrupt;
      held = 0;
      return () => (holder = undefined);
    },
    hear(by) {
      held += 1;
      if (holder !== undefined && held < PATIENCE) return holder(by);
      if (holder !== undefined || by === 'SIGTERM' || stop.signal.aborted) return exit(EXIT_CODE[by]);
      stop.abort(new Error('interrupted'));
      setTimeout(() => exit(EXIT_CODE[by]), TIDY_MS).unref();
    },
  };
}
